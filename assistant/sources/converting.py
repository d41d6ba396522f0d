"""Turns the bytes of a file or page into Markdown and its marks: title, audience, owner, dates."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import frontmatter
import yaml

from assistant.errors import SourceError

_FRONT_MATTER = re.compile(r"\A---\s*\n.*?\n---\s*\n", re.DOTALL)
_FIRST_HEADING = re.compile(r"^#{1,2}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_OFFICE = {".docx", ".pptx"}
_ENCRYPTED_OFFICE = b"\xd0\xcf\x11\xe0"  # an OLE container: password-protected Office files are wrapped in one
TEXT_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
SUFFIXES = TEXT_SUFFIXES | {".html", ".htm", ".pdf"} | _OFFICE


@dataclass(frozen=True)
class Converted:
    """Markdown text without its front matter, the title found in it, and the front matter's marks."""

    text: str
    title: str | None
    marks: Mapping[str, Any]


def convert(content: bytes, suffix: str) -> Converted:
    """Convert by file suffix. Raises SourceError whose message completes the sentence `skipped, because it …`."""
    if not content.strip():
        raise SourceError("is empty")
    if suffix in TEXT_SUFFIXES:
        return _convert_text(_decode(content))
    if suffix in _OFFICE and content.startswith(_ENCRYPTED_OFFICE):
        raise SourceError("is encrypted: save a copy without a password")
    if suffix == ".pdf":
        _refuse_encrypted_pdf(content)
    return _convert_binary(content, suffix)


def to_date(value: object) -> date | None:
    """A date from front matter, whichever way YAML read it; None where it is no date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError as error:
        raise SourceError(f"is not valid UTF-8 (byte {error.start}): save it as UTF-8") from error


def _convert_text(text: str) -> Converted:
    try:
        post = frontmatter.loads(text)
        body, marks = post.content, post.metadata
    except (yaml.YAMLError, ValueError, TypeError, AttributeError):
        # Broken front matter marks nothing, so the page stays internal; its text is still worth finding.
        body, marks = _FRONT_MATTER.sub("", text), {}
    if not body.strip():
        raise SourceError("has no text below its front matter")
    return Converted(body, _first_heading(body), marks)


def _refuse_encrypted_pdf(content: bytes) -> None:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        is_locked = reader.is_encrypted and not reader.decrypt("")
    except (PyPdfError, ValueError, KeyError, OSError) as error:
        raise SourceError("is not a readable PDF") from error
    if is_locked:
        raise SourceError("is encrypted: save a copy without a password")


def _convert_binary(content: bytes, suffix: str) -> Converted:
    from markitdown import MarkItDown, MarkItDownException, StreamInfo

    try:
        result = MarkItDown(enable_plugins=False).convert_stream(
            io.BytesIO(content), stream_info=StreamInfo(extension=suffix)
        )
    except (MarkItDownException, ValueError, KeyError, OSError, RecursionError) as error:
        raise SourceError(f"is not a readable {suffix[1:].upper()} file") from error
    text = result.markdown.replace("\x00", "")
    if not text.strip():
        raise SourceError("has no text in it (a scan? Earshot does not read pictures)")
    return Converted(text, result.title or _first_heading(text), {})


def _first_heading(text: str) -> str | None:
    found = _FIRST_HEADING.search(text)
    return re.sub(r"[*_`]+", "", found[1]).strip() if found else None
