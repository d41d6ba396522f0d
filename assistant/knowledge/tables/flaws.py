"""Tables of flaws: what is wrong with documents as a whole, and what people decided about it."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Audience
from assistant.errors import InputError


class FlawKind(StrEnum):
    """Two documents that contradict each other, or say the same, or one whose review is overdue."""

    CONTRADICTION = "contradiction"
    DUPLICATE = "duplicate"
    OVERDUE = "overdue"


class FlawStatus(StrEnum):
    """What people decided; what is not found any more is fixed without them."""

    OPEN = "open"
    ACCEPTED = "accepted"
    IGNORED = "ignored"
    FIXED = "fixed"


@dataclass(frozen=True)
class FoundFlaw:
    """A flaw as it was found: places are (source, document_id), texts stand there; a review's is its day."""

    kind: FlawKind
    place: tuple[str, str]
    text: str
    other_place: tuple[str, str] = ("", "")
    other_text: str = ""

    @property
    def key(self) -> str:
        """The same for the same texts in the same documents."""
        sides = sorted([(*self.place, self.text), (*self.other_place, self.other_text)])
        return hashlib.sha256(repr((str(self.kind), sides)).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Side:
    """One of the documents of a flaw, as it is now; `text` is what it says."""

    source: str
    document_id: str
    text: str
    title: str
    owner: str
    url: str | None
    audience: Audience


@dataclass(frozen=True)
class Flaw:
    """A flaw with its one or two documents."""

    flaw_id: int
    kind: FlawKind
    status: FlawStatus
    found_at: datetime
    decided_by: str
    sides: tuple[Side, ...]


class FlawTables:
    """Reads and writes flaws."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, found: Collection[FoundFlaw], now: datetime) -> None:
        """What is found stays as it was decided, but what was called fixed is open again; the rest is fixed."""
        keys = {flaw.key for flaw in found}
        with self._store.transaction() as db:
            for row in self._store.rows("select flaw_id, flaw_key from flaws where status in ('open', 'accepted')"):
                if row["flaw_key"] not in keys:
                    sql = "update flaws set status = 'fixed', decided_by = 'earshot', decided_at = ? where flaw_id = ?"
                    db.execute(sql, (to_text(now), row["flaw_id"]))
            for flaw in found:
                db.execute(
                    """insert into flaws (flaw_key, kind, source, document_id, text, other_source, other_document_id,
                    other_text, status, found_at) values (?, ?, ?, ?, ?, ?, ?, ?, 'open', ?) on conflict (flaw_key)
                    do update set status = 'open', found_at = excluded.found_at, decided_by = '', decided_at = null
                    where status = 'fixed'""",
                    (flaw.key, flaw.kind, *flaw.place, flaw.text, *flaw.other_place, flaw.other_text, to_text(now)),
                )

    def list_open(self) -> list[Flaw]:
        """Those that nobody decided, contradictions first."""
        return [flaw for flaw in self.list_all() if flaw.status is FlawStatus.OPEN]

    def list_all(self) -> list[Flaw]:
        """All whose documents are there, contradictions first, then the oldest."""
        rows = self._store.rows("select * from flaws order by kind, flaw_id")
        flaws = [self._read(row) for row in rows]
        return [flaw for flaw in flaws if all(side.title for side in flaw.sides)]

    def list_contradictions(self, document_ids: Collection[str]) -> list[Flaw]:
        """Those with a side in one of these documents that nobody called wrong."""
        marks = ", ".join("?" * len(document_ids))
        sql = f"""select * from flaws where kind = ? and status in (?, ?)
            and (document_id in ({marks}) or other_document_id in ({marks})) order by flaw_id"""
        known = (FlawKind.CONTRADICTION, FlawStatus.OPEN, FlawStatus.ACCEPTED)
        rows = self._store.rows(sql, *known, *document_ids, *document_ids)
        return [flaw for flaw in map(self._read, rows) if all(side.title for side in flaw.sides)]

    def find(self, flaw_id: int) -> Flaw:
        """Raises InputError where there is none of this number."""
        row = self._store.row("select * from flaws where flaw_id = ?", flaw_id)
        if row is None:
            raise InputError(f"There is no flaw {flaw_id}.", "earshot sources flaws lists them.", in_slack="")
        return self._read(row)

    def decide(self, flaw_id: int, status: FlawStatus, by: str, now: datetime) -> Flaw:
        """Decide a flaw, or decide it otherwise."""
        flaw = self.find(flaw_id)
        sql = "update flaws set status = ?, decided_by = ?, decided_at = ? where flaw_id = ?"
        self._store.change(sql, status, by, to_text(now), flaw_id)
        return replace(flaw, status=status, decided_by=by)

    def _read(self, row: Row) -> Flaw:
        places = [(row["source"], row["document_id"], row["text"])]
        if row["other_document_id"]:
            places.append((row["other_source"], row["other_document_id"], row["other_text"]))
        sides = tuple(self._read_side(*place) for place in places)
        kind, status = FlawKind(row["kind"]), FlawStatus(row["status"])
        return Flaw(row["flaw_id"], kind, status, to_time(row["found_at"]), row["decided_by"], sides)

    def _read_side(self, source: str, document_id: str, text: str) -> Side:
        sql = "select title, owner, url, audience, readers from documents where source = ? and document_id = ?"
        none: Row = {"title": "", "owner": "", "url": None, "audience": Audience.INTERNAL, "readers": ""}
        known = self._store.row(sql, source, document_id) or none
        audience = Audience(known["audience"]).for_sets([known["readers"]] if known["readers"] else [])
        return Side(source, document_id, text, known["title"], known["owner"] or "", known["url"], audience)
