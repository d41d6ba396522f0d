"""Takes the documents that a source offers into the tables: what is new or changed is read, the rest stays."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from assistant.core.apart import run_apart
from assistant.domain import Document, ReaderSet
from assistant.errors import EmptyDocumentError, GoneError, SourceError
from assistant.knowledge.ingest.chunking import split_document
from assistant.knowledge.ingest.converted import Converted
from assistant.knowledge.ingest.files import mark_owned
from assistant.knowledge.ingest.moves import Moves
from assistant.knowledge.ingest.report import DocumentChange, IngestReport, Skipped
from assistant.knowledge.sources.protocol import SourceContent, SourceDocument
from assistant.knowledge.tables.documents import DocumentTables, PassagePiece
from assistant.text.tokens import find_terms, strip_markup

_SECONDS = 300  # of reading one document: a PDF of hundreds of pages takes minutes, and what takes longer is named
_MOST_UNASKED = 4

FindReaders = Callable[[str], tuple[tuple[str, ...], ...]]
"""document_id -> the lists that all must name somebody who may read it; none for all that its audience lets."""


def is_too_much(gone: int, known: int) -> bool:
    """Say whether so many documents vanished at once that a person should say whether it is meant.

    More than a fifth, or all; of a few, all but one may go unasked.
    """
    return gone * 5 > known and (gone > _MOST_UNASKED or gone == known > 1)


class DocumentIntake:
    """Of one source and one round. `known` are content hashes by document id; `names` are ids that are still there.

    `changes` are the documents that were written or removed; `gone` those that their source does not have any more:
    they stay until `remove` is called. `find_readers` narrows who may read a document, whatever itself says.
    """

    def __init__(
        self,
        documents: DocumentTables,
        root: str,
        known: dict[str, str],
        names: Iterable[str],
        now: datetime,
        report: IngestReport,
        find_readers: FindReaders = lambda document_id: (),
    ) -> None:
        self._find_readers = find_readers
        self._documents = documents
        self._root = root
        self._known = known
        self._moves = Moves(documents, root, known, names)
        self._now = now
        self.report = report
        self.changes: list[DocumentChange] = []
        self.gone: set[str] = set()

    def take(self, document: SourceDocument, validator: str = "") -> str | None:
        """Read a document where it changed; returns its new validator, None where it could not be read."""
        try:
            content = document.load(validator)
            if content is None:
                self.report.unchanged += 1
                return validator
            self._take(document.document_id, content)
            return content.validator
        except SourceError as error:
            self._skip(document, error)
            return None

    def remove(self, document_ids: Iterable[str]) -> None:
        """Take documents out."""
        for document_id in document_ids:
            if self._known.pop(document_id, None) is not None:
                self._documents.remove(self._root, document_id)
                self.changes.append(DocumentChange(document_id))
                self.report.removed += 1

    def _take(self, document_id: str, content: SourceContent) -> None:
        content = _narrow(content, self._find_readers(document_id))
        if document_id not in self._known:
            self.report.moved += self._moves.follow(document_id, content.digest)
        kept = self._known.get(document_id)
        if kept == content.digest and content.find_owner:
            # Who may know changes outside the file: nothing is embedded again for it.
            self._documents.change_owner(self._root, document_id, content.find_owner())
        if kept in (content.digest, mark_owned(content.digest)):
            self.report.unchanged += 1
            return
        self._write(document_id, content)
        self._known[document_id] = content.digest
        self.changes.append(DocumentChange(document_id, content.changed_at))

    def _write(self, document_id: str, content: SourceContent) -> None:
        converted = run_apart(_SECONDS, content.convert)
        document = content.build(converted)
        cut = run_apart(_SECONDS, split_document, document.text, document.title)
        pieces = [_to_piece(document.title, *piece) for piece in cut]
        if not pieces:
            raise EmptyDocumentError("has headings but no text")
        remarks = (*converted.list_remarks(), *content.remarks)
        self.report.chunks += self._documents.replace(document, pieces, self._now, remarks)
        self.report.documents += 1
        self.report.unread += [Skipped(document_id, remark) for remark in remarks]

    def _skip(self, document: SourceDocument, error: SourceError) -> None:
        """Report what cannot be read; what was kept of it leaves when it says nothing any more."""
        document_id = document.document_id
        is_known = document_id in self._known
        if is_known and isinstance(error, GoneError):
            self.gone.add(document_id)
            return
        if is_known and isinstance(error, EmptyDocumentError):
            self.remove([document_id])
        earlier = " (its earlier version stays)" if document_id in self._known else ""
        self.report.skipped.append(Skipped(document.place or document_id, error.message + earlier))


def mark_readers(lists: tuple[tuple[str, ...], ...]) -> str:
    """How the hash begins of a document that its source has for these readers alone; empty for all."""
    return f"{ReaderSet(lists).name}-" if lists else ""


def _narrow(content: SourceContent, lists: tuple[tuple[str, ...], ...]) -> SourceContent:
    """The same content for those alone whom all these lists name, with a digest that says so."""
    if not lists:
        return content
    mark = mark_readers(lists)

    def build(converted: Converted) -> Document:
        document = content.build(converted)
        own = document.readers.lists if document.readers else ()
        return replace(document, readers=ReaderSet((*lists, *own)), content_hash=mark + document.content_hash)

    return replace(content, digest=mark + content.digest, build=build)


def _to_piece(title: str, heading: str, text: str) -> PassagePiece:
    return PassagePiece(heading, text, (find_terms(title), find_terms(heading), find_terms(strip_markup(text))))
