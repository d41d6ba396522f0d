"""Folders, files and pages that a person names, into the index; what vanished leaves, the rest stays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from assistant.domain import Audience
from assistant.errors import InputError, SourceError
from assistant.knowledge.ingest import web
from assistant.knowledge.ingest.addresses import check_address
from assistant.knowledge.ingest.moves import follow_root, is_path, list_gone
from assistant.knowledge.ingest.report import IngestReport, Skipped
from assistant.knowledge.search.index import SearchIndex
from assistant.knowledge.sources.folder.read import FolderSource
from assistant.knowledge.sources.intake import DocumentIntake, FindReaders, is_too_much
from assistant.knowledge.sources.page.read import PageSource
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.sources import SourceTables

Progress = Callable[[str], None]

MayRemove = Callable[[str, int, int], bool]
"""Asked before many of a root's documents are removed: (root, how many are not there any more, of how many)."""


class Ingest:
    """Brings documents into store and index; `find_claimed` names who alone may read a path or an address."""

    def __init__(
        self,
        documents: DocumentTables,
        sources: SourceTables,
        index: SearchIndex,
        max_bytes: int,
        find_claimed: FindReaders = lambda place: (),
    ) -> None:
        self._find_claimed = find_claimed
        self._documents = documents
        self._sources = sources
        self._index = index
        self._max_bytes = max_bytes

    def run(
        self,
        places: list[str],
        audience: Audience | None,
        now: datetime,
        progress: Progress = lambda text: None,
        may_remove: MayRemove = lambda root, gone, known: False,
        address: str | None = None,
    ) -> IngestReport:
        """Ingest paths and addresses. Raises InputError for a path that is not there, before anything is changed.

        `address` says from now on how the addresses of these folders' documents are made, see `addresses`.
        """
        run = _Run(audience, now, may_remove, progress, address, IngestReport())
        paths = find_paths(places)
        if address:
            check_address(address)
        self._index.check_embedder()
        for path in paths:
            self._ingest_path(self._find_root(path), path, run)
        for place in places:
            if web.is_url(place):
                self._ingest_page(place, run)
        run.report.embedded = self._index.catch_up(lambda done: progress(f"{done} chunks embedded"))
        gone = list_gone(self._documents)
        run.report.gone = [_tell_gone(source, len(self._documents.hashes(source))) for source in gone]
        return run.report

    def remove_source(self, source: str) -> int:
        """Take all documents of a source away, whether or not it is still there; returns how many. Its address too."""
        known = self._documents.hashes(source)
        for document_id in known:
            self._documents.remove(source, document_id)
        self._sources.keep_address(source, "")
        self._index.catch_up()
        return len(known)

    def _ingest_path(self, root: Path, path: Path, run: "_Run") -> None:
        folder = FolderSource(root, self._max_bytes, run.audience, start=path)
        page = folder.read("")  # it lists all before anything is changed: listing may fail
        known = self.prepare_folder(folder, run.address, run.report)
        find = partial(self._find_claimed_file, root)
        intake = DocumentIntake(self._documents, folder.root, known, folder.list_ids(), run.now, run.report, find)
        for document in page.documents:
            intake.take(document)
            run.progress(document.document_id)
        scope = "" if path == root else path.relative_to(root).as_posix()
        within = [document_id for document_id in known if _is_within(document_id, scope)]
        self._remove_vanished(path, within, intake, folder.list_ids(), run)
        run.report.changes += intake.changes

    def prepare_folder(self, folder: FolderSource, address: str | None, report: IngestReport) -> dict[str, str]:
        """Bring what is known of a folder in line with where it lies now; returns its known documents' hashes."""
        self._absorb_roots_below(folder.folder)
        old = follow_root(self._documents, folder.folder, folder.found, folder.find_digest)
        if old:
            report.moved += len(self._documents.hashes(folder.root))
            self._documents.forget_hashes(folder.root)
            self._sources.keep_address(folder.root, self._sources.find_address(old) or "")
        known = self._documents.hashes(folder.root)
        if address is not None and self._sources.keep_address(folder.root, address):
            known = dict.fromkeys(known, "")  # every one of them gets another address
        folder.address = self._sources.find_address(folder.root)
        return known

    def _remove_vanished(
        self, path: Path, within: list[str], intake: DocumentIntake, seen: frozenset[str], run: "_Run"
    ) -> None:
        vanished = [document_id for document_id in within if document_id not in seen]
        if is_too_much(len(vanished), len(within)) and not run.may_remove(str(path), len(vanished), len(within)):
            reason = f"{len(vanished)} of {len(within)} documents are not there any more: they stay in the index"
            run.report.kept.append(Skipped(str(path), reason))
        else:
            intake.remove(vanished)

    def _ingest_page(self, url: str, run: "_Run") -> None:
        try:
            root, document_id = web.split_url(url)
        except SourceError as error:
            run.report.skipped.append(Skipped(url, error.message))
            return
        known = self._documents.hashes(root)
        lists = self._find_claimed(url)
        intake = DocumentIntake(self._documents, root, known, known, run.now, run.report, lambda _: lists)
        for document in PageSource(root, {document_id: url}, self._max_bytes, run.audience).read("").documents:
            intake.take(document)
        intake.remove(intake.gone)
        run.report.changes += intake.changes

    def _find_claimed_file(self, root: Path, document_id: str) -> tuple[tuple[str, ...], ...]:
        return self._find_claimed(str(root if root.is_file() else root / document_id))

    def _find_root(self, path: Path) -> Path:
        """A known root that holds the path, so that one file never stands in the index twice; else the path itself."""
        for source in self._documents.sources():
            if is_path(source) and path.is_relative_to(source):
                return Path(source)
        return path

    def _absorb_roots_below(self, root: Path) -> None:
        for source in self._documents.sources():
            if is_path(source) and Path(source) != root and Path(source).is_relative_to(root):
                for document_id in self._documents.hashes(source):
                    self._documents.remove(source, document_id)


@dataclass(frozen=True)
class _Run:
    """What a person asked for, and what came of it."""

    audience: Audience | None
    now: datetime
    may_remove: MayRemove
    progress: Progress
    address: str | None
    report: IngestReport


def _tell_gone(source: str, number: int) -> Skipped:
    said = "document of it is" if number == 1 else "documents of it are"
    return Skipped(source, f"is not there any more, and {number} {said} still found: earshot sources remove {source!r}")


def find_paths(places: list[str]) -> list[Path]:
    """The places that are no addresses, as paths. Raises InputError for one that is not there."""
    return [find_path(place) for place in places if not web.is_url(place)]


def find_path(place: str) -> Path:
    """A file or folder. Raises InputError where there is none."""
    path = Path(place).expanduser().resolve()
    if not path.exists():
        raise InputError(f"There is no file or folder {place}.", "Give a path that exists, or an https:// address.")
    return path


def _is_within(document_id: str, scope: str) -> bool:
    return not scope or document_id == scope or document_id.startswith(f"{scope}/")
