"""Keeps the index as its sources are: what changed there is read, what is gone leaves, what fails is kept and said."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from filelock import FileLock, Timeout

from assistant.errors import CursorExpiredError, EarshotError, InputError, edge
from assistant.knowledge.ingest.report import DocumentChange, IngestReport, Skipped
from assistant.knowledge.ingest.web import is_url
from assistant.knowledge.search.index import SearchIndex
from assistant.knowledge.sources.folder.read import FolderSource
from assistant.knowledge.sources.ingest import Ingest
from assistant.knowledge.sources.intake import DocumentIntake, is_too_much, mark_readers
from assistant.knowledge.sources.page.read import PageSource
from assistant.knowledge.sources.protocol import AskableSource, Source, SourcePage
from assistant.knowledge.sources.registry import build_source, find_root
from assistant.knowledge.sources.room import SourceRoom
from assistant.knowledge.sources.section import SourceSection
from assistant.knowledge.sources.website.read import WebsiteSource
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.source_states import SourceState, SourceStateTables

_READ_BY = "1"  # raise it when converting or cutting changes, so that unchanged documents are read again
_CLOSED = "is open to some people only there: nobody reads it here"
Progress = Callable[[str], None]


@dataclass
class SyncReport:
    """A round of one source: what was read, how many documents wait to leave, and why it failed, if it did."""

    name: str
    ingest: IngestReport = field(default_factory=IngestReport)
    held: int = 0
    failure: str = ""
    hint: str = ""


class Syncing:
    """Reads one source at a time; nobody else reads it meanwhile, in whatever process."""

    def __init__(
        self,
        documents: DocumentTables,
        states: SourceStateTables,
        index: SearchIndex,
        ingest: Ingest,
        room: SourceRoom,
    ) -> None:
        self._documents = documents
        self._states = states
        self._index = index
        self._ingest = ingest
        self._room = room

    def sync(
        self,
        section: SourceSection,
        is_full: bool = False,
        may_remove: bool = False,
        progress: Progress = lambda text: None,
    ) -> SyncReport:
        """Read what changed since the last round; all of it, and compared with the list of all, when it is full.

        `may_remove` is an admin's word that what is gone may leave, however much it is. A source that fails is noted
        and told in the report. Raises InputError where another process reads it now.
        """
        with self._alone(section.name):
            return self._sync(section, is_full, may_remove, progress)

    def remove_held(self, section: SourceSection) -> IngestReport:
        """Let the documents leave that waited for an admin's word."""
        root, report = find_root(section), IngestReport()
        with self._alone(section.name):
            known, held = self._documents.hashes(root), self._states.held(root)
            intake = DocumentIntake(self._documents, root, known, known, self._room.now(), report)
            intake.remove(held)
            self._states.forget_stamps(root, held)
            self._states.hold(root, (), self._room.now())
            self._index.catch_up()
        report.changes += intake.changes
        return report

    def forget(self, section: SourceSection) -> int:
        """Take a source out with all of its documents; returns how many there were."""
        root = find_root(section)
        with self._alone(section.name):
            count = self._ingest.remove_source(root)
            self._states.forget(section.name, root)
        return count

    def _alone(self, name: str) -> "_Alone":
        self._room.folder.mkdir(parents=True, exist_ok=True)
        return _Alone(name, FileLock(self._room.folder / f"{name}.lock", thread_local=False))

    def _sync(self, section: SourceSection, is_full: bool, may_remove: bool, progress: Progress) -> SyncReport:
        report, rule, began_at = SyncReport(section.name), f"{_READ_BY} {section.rule}", self._room.now()
        before = self._states.find(section.name)
        self._states.note_tried(section.name, find_root(section), rule, began_at)
        try:
            with edge(f"reading the source {section.name}"):
                self._withdraw(section, report)
                anew = before is None or before.rule != rule
                round_ = self._build_round(section, None if anew else before, report, progress)
                cursor = "" if is_full or anew or before is None else before.cursor
                is_listed = round_.run(cursor, is_full or anew, may_remove)
                self._states.note_read(section.name, began_at, is_listed)
        except EarshotError as error:
            report.failure, report.hint = error.message, error.hint
            self._states.note_failure(section.name, error.message, error.hint, self._room.now())
        return report

    def _withdraw(self, section: SourceSection, report: SyncReport) -> None:
        """What more people know than may read it now leaves before anything is read, which may fail."""
        root, now = find_root(section), self._room.now()
        known = self._documents.hashes(root)
        open_now = [one for one in known if not known[one].startswith(mark_readers(section.find_readers(one)))]
        if open_now:
            intake = DocumentIntake(self._documents, root, known, known, now, report.ingest)
            intake.remove(open_now)
            self._states.forget_stamps(root, open_now)
            self._index.catch_up()
            report.ingest.changes += intake.changes

    def _build_round(
        self, section: SourceSection, before: SourceState | None, report: SyncReport, progress: Progress
    ) -> "_Round":
        """A round that goes on from what is known; without `before` everything counts as new."""
        source = build_source(section, self._room)
        known = self._prepare(source)
        stamps = self._states.stamps(source.root) if before else {}
        tables = _RoundTables(self._documents, self._states, self._index, self._room.now)
        known = known if before else dict.fromkeys(known, "")
        since = before.read_at if before else None
        return _Round(tables, section, source, known, stamps, since, report, progress)

    def _prepare(self, source: Source) -> dict[str, str]:
        if isinstance(source, FolderSource):
            return self._ingest.prepare_folder(source, source.address, IngestReport())
        if isinstance(source, PageSource | WebsiteSource):
            self._adopt(source)
        return self._documents.hashes(source.root)

    def _adopt(self, source: PageSource | WebsiteSource) -> None:
        """Take over pages that somebody read by hand before: none is in the index twice, or embedded again."""
        for site in filter(is_url, self._documents.sources()):
            for document_id in self._documents.hashes(site):
                path = "" if document_id == "index" else document_id
                if here := source.claim(f"{site}/{path}"):
                    self._documents.move(site, document_id, source.root, here)


class _Alone:
    """The time in which nobody else reads a source."""

    def __init__(self, name: str, lock: FileLock) -> None:
        self._name = name
        self._lock = lock

    def __enter__(self) -> None:
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise InputError(f"The source {self._name} is being read already.", "Try again in a while.") from error

    def __exit__(self, *error: object) -> None:
        self._lock.release()


@dataclass(frozen=True)
class _RoundTables:
    documents: DocumentTables
    states: SourceStateTables
    index: SearchIndex
    now: Callable[[], datetime]


class _Round:
    """One reading of one source. `since` is when it was read whole before; None where all of it is new to us."""

    def __init__(
        self,
        tables: _RoundTables,
        section: SourceSection,
        source: Source,
        known: dict[str, str],
        stamps: dict[str, tuple[str, str]],
        since: datetime | None,
        report: SyncReport,
        progress: Progress,
    ) -> None:
        self._tables = tables
        self._name = section.name
        self._find_readers = section.find_readers
        self._source = source
        self._known = known
        self._stamps = stamps
        self._since = since
        self._report = report
        self._progress = progress
        self._offered: set[str] = set()
        self._gone: set[str] = set()

    def run(self, cursor: str, is_full: bool, may_remove: bool) -> bool:
        """Returns whether all that the source holds was compared. Raises as the source does."""
        try:
            return self._run(cursor, is_full, may_remove)
        finally:
            if isinstance(self._source, AskableSource):
                self._source.close()

    def _run(self, cursor: str, is_full: bool, may_remove: bool) -> bool:
        listed: frozenset[str] | None = None
        is_last = False
        while not is_last:
            try:
                page = self._source.read(cursor)
            except CursorExpiredError:
                if not cursor:
                    raise
                cursor, is_full = "", True
                continue
            self._take(page, is_full)
            listed, cursor, is_last = page.listed if page.listed is not None else listed, page.next, page.is_last
            self._tables.states.keep_cursor(self._name, cursor)
        if is_full and listed is None:
            listed = self._source.list_ids()
        self._settle(listed, may_remove)
        return listed is not None

    def _take(self, page: SourcePage, is_full: bool) -> None:
        names = page.listed if page.listed is not None else self._known.keys() - page.gone
        intake = self._build_intake(names)
        kept = []
        for document in page.documents:
            self._offered.add(document.document_id)
            stamp, validator = self._stamps.get(document.document_id, ("", ""))
            if document.stamp and stamp == document.stamp and (document.is_exact or not is_full):
                intake.report.unchanged += 1
                continue
            self._progress(document.place or document.document_id)
            found = intake.take(document, validator)
            if found is not None and (found, document.stamp) != (validator, stamp):
                kept.append((document.document_id, document.stamp, found))
        self._gone |= intake.gone | page.gone
        self._close(page.closed, intake)
        self._tables.states.keep_stamps(self._source.root, kept)
        self._finish(intake)

    def _close(self, closed: Mapping[str, str], intake: DocumentIntake) -> None:
        """What only some may read at its place leaves at once: there is no doubt to ask anybody about."""
        intake.remove(closed)
        self._tables.states.forget_stamps(self._source.root, closed.keys())
        self._report.ingest.skipped += [Skipped(place or key, _CLOSED) for key, place in closed.items()]

    def _settle(self, listed: frozenset[str] | None, may_remove: bool) -> None:
        """Let leave what is gone, unless it is too much to be believed."""
        states, root = self._tables.states, self._source.root
        here = self._offered if listed is None else listed
        missing = (states.held(root) if listed is None else self._known.keys()) - here
        gone = (self._gone | missing) & self._known.keys()
        if not may_remove and is_too_much(len(gone), len(self._known)):
            self._report.held = len(gone)
            states.hold(root, gone, self._tables.now())
            return
        if isinstance(self._source, AskableSource):
            doubtful = frozenset(missing & self._known.keys()) - self._gone
            gone -= doubtful - self._source.find_gone(doubtful)
        intake = self._build_intake(self._known)
        intake.remove(gone)
        states.forget_stamps(root, gone)
        states.hold(root, (), self._tables.now())
        self._finish(intake)

    def _build_intake(self, names: Iterable[str]) -> DocumentIntake:
        tables = self._tables
        now = tables.now()
        report = self._report.ingest
        return DocumentIntake(tables.documents, self._source.root, self._known, names, now, report, self._find_readers)

    def _finish(self, intake: DocumentIntake) -> None:
        """Let answers know what was taken in, and note how long that took since it changed."""
        report = self._report.ingest
        report.embedded += self._tables.index.catch_up(lambda done: self._progress(f"{done} chunks embedded"))
        report.changes += intake.changes
        if self._since:
            now = self._tables.now()
            delays = [(change.document_id, _find_moment(change, self._since, now)) for change in intake.changes]
            self._tables.states.note_delays(self._name, delays, now)


def _find_moment(change: DocumentChange, since: datetime, now: datetime) -> datetime:
    """When a document changed: as its source says, where that can be true; else right after the last round."""
    said = change.changed_at
    return said if said and since <= said <= now else since
