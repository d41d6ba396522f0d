"""Documents into the index: what is new or changed is read and embedded, what vanished leaves, the rest stays."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from assistant.domain import Audience, Document
from assistant.errors import EmptyDocumentError, InputError, SourceError
from assistant.knowledge.ingest import files, web
from assistant.knowledge.ingest.chunking import split_document
from assistant.knowledge.ingest.owners import Owners
from assistant.knowledge.search.index import SearchIndex
from assistant.knowledge.tables.documents import DocumentTables, PassagePiece
from assistant.text.tokens import find_terms, strip_markup

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Skipped:
    """A file or page that was not read; `reason` completes the sentence `document_id …`."""

    document_id: str
    reason: str


@dataclass
class IngestReport:
    """The result of an ingest: documents and chunks written, documents unchanged or removed, and what was skipped."""

    documents: int = 0
    chunks: int = 0
    unchanged: int = 0
    removed: int = 0
    embedded: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    unread: list[Skipped] = field(default_factory=list)  # parts of documents that were read

    @property
    def is_all_skipped(self) -> bool:
        """True where there was something to read and none of it is in the index."""
        return bool(self.skipped) and not self.documents and not self.unchanged


class Ingest:
    """Brings documents into store and index."""

    def __init__(self, documents: DocumentTables, index: SearchIndex, max_bytes: int) -> None:
        self._documents = documents
        self._index = index
        self._max_bytes = max_bytes

    def run(
        self, places: list[str], audience: Audience | None, now: datetime, progress: Progress = lambda text: None
    ) -> IngestReport:
        """Ingest paths and addresses. Raises InputError for a path that is not there, before anything is changed."""
        report = IngestReport()
        paths = find_paths(places)
        self._index.check_embedder()
        for path in paths:
            self._ingest_path(path, audience, now, report, progress)
        for place in places:
            if web.is_url(place):
                self._ingest_page(place, audience, now, report)
        report.embedded = self._index.catch_up(lambda done: progress(f"{done} chunks embedded"))
        return report

    def _ingest_path(
        self, path: Path, audience: Audience | None, now: datetime, report: IngestReport, progress: Progress
    ) -> None:
        root = self._find_root(path)
        found = list(files.find_files(root, path))  # all of them before anything is changed: listing may fail
        self._absorb_roots_below(root)
        known = self._documents.hashes(str(root))
        owners = Owners(root, path)
        seen = set()
        for file in found:
            seen.add(file.document_id)
            try:
                self._ingest_file(file, audience, known, owners, now, report)
                progress(file.document_id)
            except SourceError as error:
                self._skip(file.document_id, str(root), file.document_id, error, known, report)
        scope = "" if path == root else path.relative_to(root).as_posix()
        for document_id in known:
            if document_id not in seen and _is_within(document_id, scope):
                self._documents.remove(str(root), document_id)
                report.removed += 1

    def _ingest_file(
        self,
        file: files.FoundFile,
        audience: Audience | None,
        known: dict[str, str],
        owners: Owners,
        now: datetime,
        report: IngestReport,
    ) -> None:
        content = files.read_content(file, self._max_bytes)
        digest = files.hash_content(content, audience)
        if known.get(file.document_id) == digest:
            # Who may know changes outside the file: nothing is embedded again for it.
            self._documents.change_owner(str(file.root), file.document_id, owners.find(file.path))
        if known.get(file.document_id) in (digest, files.mark_owned(digest)):
            report.unchanged += 1
            return
        converted = files.convert_file(file, content)
        self._write(files.build_document(file, content, converted, audience, owners), now, report)
        report.unread += [Skipped(file.document_id, f"was read without its {part}") for part in converted.unread]

    def _ingest_page(self, url: str, audience: Audience | None, now: datetime, report: IngestReport) -> None:
        source, document_id, known = "", url, dict[str, str]()
        try:
            source, document_id = web.split_url(url)
            known = self._documents.hashes(source)
            content = web.fetch_page(url, self._max_bytes)
            if known.get(document_id) == web.hash_page(content, audience):
                report.unchanged += 1
            else:
                self._write(web.read_page(url, content, audience), now, report)
        except SourceError as error:
            self._skip(url, source, document_id, error, known, report)

    def _write(self, document: Document, now: datetime, report: IngestReport) -> None:
        pieces = split_document(document.text, document.title)
        if not pieces:
            raise EmptyDocumentError("has headings but no text")
        report.chunks += self._documents.replace(document, [_to_piece(document.title, *piece) for piece in pieces], now)
        report.documents += 1

    def _skip(
        self, place: str, source: str, document_id: str, error: SourceError, known: dict[str, str], report: IngestReport
    ) -> None:
        """Report what cannot be read; what was kept of it leaves when it is gone or says nothing any more."""
        is_known, is_gone = document_id in known, isinstance(error, web.PageGoneError)
        if is_known and (is_gone or isinstance(error, EmptyDocumentError)):
            self._documents.remove(source, document_id)
            del known[document_id]
            report.removed += 1
        earlier = " (its earlier version stays)" if document_id in known else ""
        if not (is_known and is_gone):
            report.skipped.append(Skipped(place, error.message + earlier))

    def _find_root(self, path: Path) -> Path:
        """A known root that holds the path, so that one file never stands in the index twice; else the path itself."""
        for source in self._documents.sources():
            if not web.is_url(source) and path.is_relative_to(source):
                return Path(source)
        return path

    def _absorb_roots_below(self, root: Path) -> None:
        for source in self._documents.sources():
            if not web.is_url(source) and Path(source) != root and Path(source).is_relative_to(root):
                for document_id in self._documents.hashes(source):
                    self._documents.remove(source, document_id)


def _to_piece(title: str, heading: str, text: str) -> PassagePiece:
    return PassagePiece(heading, text, (find_terms(title), find_terms(heading), find_terms(strip_markup(text))))


def find_paths(places: list[str]) -> list[Path]:
    """The places that are no addresses, as paths. Raises InputError for one that is not there."""
    return [_existing_path(place) for place in places if not web.is_url(place)]


def _existing_path(place: str) -> Path:
    path = Path(place).expanduser().resolve()
    if not path.exists():
        raise InputError(f"There is no file or folder {place}.", "Give a path that exists, or an https:// address.")
    return path


def _is_within(document_id: str, scope: str) -> bool:
    return not scope or document_id == scope or document_id.startswith(f"{scope}/")
