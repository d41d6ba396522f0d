"""A document as a platform has it, as what a source gives."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from assistant.domain import Audience, Document
from assistant.knowledge.ingest.conversion import convert
from assistant.knowledge.ingest.converted import Converted
from assistant.knowledge.ingest.front_matter import is_nobody
from assistant.knowledge.ingest.reader_names import find_readers
from assistant.knowledge.sources.protocol import SourceContent

_FORMAT = "1"  # raise it when converting changes, so that documents are read again
NOT_PROVEN = "cannot be opened without a key: it counts as internal"


@dataclass(frozen=True)
class PlatformDocument:
    """What a platform says of a document, and its bytes; `suffix` says what they are, `owner` who last wrote it."""

    root: str
    document_id: str
    title: str
    url: str | None
    audience: Audience
    content: bytes
    suffix: str
    owner: str = ""
    changed_at: datetime | None = None
    remarks: tuple[str, ...] = ()


def offer_written(written: PlatformDocument, read: Callable[[bytes], Converted] | None = None) -> SourceContent:
    """A document as a source gives it; `read` turns its bytes into text where no file has such."""
    said = (_FORMAT, written.title, written.url, written.audience, written.owner, written.suffix)
    digest = hashlib.sha256(repr(said).encode() + written.content).hexdigest()
    reading = partial(read, written.content) if read else partial(convert, written.content, written.suffix)
    return SourceContent(
        digest, reading, partial(_build, written, digest), changed_at=written.changed_at, remarks=written.remarks
    )


def wrap_html(body: str) -> bytes:
    """A part of a page as a page that says its encoding."""
    return f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()


def find_audience(asked: Audience | None, is_open: bool) -> tuple[Audience, tuple[str, ...]]:
    """(audience, remarks): public only where somebody says so and everybody can open it at its place."""
    if asked is not Audience.PUBLIC:
        return Audience.INTERNAL, ()
    return (Audience.PUBLIC, ()) if is_open else (Audience.INTERNAL, (NOT_PROVEN,))


def _build(written: PlatformDocument, digest: str, converted: Converted) -> Document:
    # A mark in the text can only keep a document in: whoever may write there must not make it public.
    is_marked = str(converted.marks.get("audience") or "").lower() == Audience.INTERNAL
    return Document(
        source=written.root,
        document_id=written.document_id,
        title=" ".join(written.title.split()) or converted.title or written.document_id,
        text=converted.text,
        audience=Audience.INTERNAL if is_marked else written.audience,
        content_hash=digest,
        url=written.url,
        owner=None if is_nobody(written.owner) else written.owner or None,
        updated_on=written.changed_at.date() if written.changed_at else None,
        readers=find_readers(converted.marks),
    )
