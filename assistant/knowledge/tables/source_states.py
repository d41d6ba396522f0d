"""Tables of how sources are read: when, how far, what failed, what waits for an admin, and how fresh answers are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.core.database import Row, Store, to_text, to_time

_KEPT = timedelta(days=90)
_SPAN = timedelta(days=30)


@dataclass(frozen=True)
class SourceState:
    """How a source was read last. `read_at` is when it was read whole, `listed_at` when all of it was compared.

    With `failed_since` it could not be read since then; its documents stay.
    """

    name: str
    root: str
    rule: str = ""
    cursor: str = ""
    tried_at: datetime | None = None
    read_at: datetime | None = None
    listed_at: datetime | None = None
    failed_since: datetime | None = None
    failure: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Freshness95:
    """Nineteen of twenty changes of a source were in answers after `seconds` at the most; `changes` is how many."""

    name: str
    seconds: float
    changes: int


class SourceStateTables:
    """Reads and writes the states of sources."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, name: str) -> SourceState | None:
        """The state of a source that was tried before."""
        row = self._store.row("select * from source_states where name = ?", name)
        return _to_state(row) if row else None

    def list_all(self) -> list[SourceState]:
        """All of them."""
        return [_to_state(row) for row in self._store.rows("select * from source_states order by name")]

    def note_tried(self, name: str, root: str, rule: str, now: datetime) -> None:
        """Note that a round begins."""
        self._store.change(
            "insert into source_states (name, root, rule, tried_at) values (?1, ?2, ?3, ?4)"
            " on conflict (name) do update set root = ?2, rule = ?3, tried_at = ?4",
            name,
            root,
            rule,
            to_text(now),
        )

    def keep_cursor(self, name: str, cursor: str) -> None:
        """Note how far a source was read."""
        self._store.change("update source_states set cursor = ? where name = ?", cursor, name)

    def note_read(self, name: str, now: datetime, is_listed: bool) -> None:
        """Note that a round came to its end, and nothing failed."""
        self._store.change(
            "update source_states set read_at = ?, listed_at = iif(?, ?, listed_at), failed_since = null,"
            " failure = '', hint = '' where name = ?",
            to_text(now),
            is_listed,
            to_text(now),
            name,
        )

    def note_failure(self, name: str, failure: str, hint: str, now: datetime) -> None:
        """Note that a source could not be read; since when is kept from the first failure on."""
        self._store.change(
            "update source_states set failed_since = coalesce(failed_since, ?), failure = ?, hint = ? where name = ?",
            to_text(now),
            failure,
            hint,
            name,
        )

    def forget(self, name: str, root: str) -> None:
        """Forget a source."""
        with self._store.transaction() as db:
            for table in ("source_stamps", "source_holds"):
                db.execute(f"delete from {table} where root = ?", (root,))
            for table in ("source_states", "source_delays"):
                db.execute(f"delete from {table} where name = ?", (name,))

    def stamps(self, root: str) -> dict[str, tuple[str, str]]:
        """document_id -> (stamp, validator) of what was read before."""
        rows = self._store.rows("select document_id, stamp, validator from source_stamps where root = ?", root)
        return {row["document_id"]: (row["stamp"], row["validator"]) for row in rows}

    def keep_stamps(self, root: str, stamps: Iterable[tuple[str, str, str]]) -> None:
        """Keep (document_id, stamp, validator) of what was read."""
        rows = [(root, *stamp) for stamp in stamps]
        self._store.change_many("insert or replace into source_stamps values (?, ?, ?, ?)", rows)

    def forget_stamps(self, root: str, document_ids: Iterable[str]) -> None:
        """Forget those of documents that are gone."""
        rows = [(root, document_id) for document_id in document_ids]
        self._store.change_many("delete from source_stamps where root = ? and document_id = ?", rows)

    def held(self, root: str) -> frozenset[str]:
        """The documents that wait for an admin's word to leave."""
        rows = self._store.rows("select document_id from source_holds where root = ?", root)
        return frozenset(row["document_id"] for row in rows)

    def count_held(self, root: str) -> tuple[int, str]:
        """How many documents wait, and since when the first of them; an empty text for none."""
        sql = "select count(*) as number, coalesce(min(held_at), '') as since from source_holds where root = ?"
        [row] = self._store.rows(sql, root)
        return row["number"], row["since"]

    def hold(self, root: str, document_ids: Iterable[str], now: datetime) -> None:
        """These wait, and no others any more."""
        with self._store.transaction() as db:
            kept = {
                row["document_id"]: row["held_at"]
                for row in self._store.rows("select document_id, held_at from source_holds where root = ?", root)
            }
            db.execute("delete from source_holds where root = ?", (root,))
            for document_id in document_ids:
                row = (root, document_id, kept.get(document_id, to_text(now)))
                db.execute("insert into source_holds values (?, ?, ?)", row)

    def note_delays(self, name: str, delays: Iterable[tuple[str, datetime]], now: datetime) -> None:
        """Note (document_id, changed_at) of what answers know from now on; what is old is forgotten."""
        with self._store.transaction() as db:
            db.execute("delete from source_delays where answered_at < ?", (to_text(now - _KEPT),))
            for document_id, changed_at in delays:
                row = (name, document_id, to_text(changed_at), to_text(now))
                sql = "insert into source_delays (name, document_id, changed_at, answered_at) values (?, ?, ?, ?)"
                db.execute(sql, row)

    def freshness(self, now: datetime) -> dict[str, Freshness95]:
        """By source, of the last thirty days."""
        rows = self._store.rows(
            """select name, seconds, changes from (select name, (julianday(answered_at) - julianday(changed_at))
            * 86400 as seconds, count(*) over (partition by name) as changes, row_number() over (partition by name
            order by julianday(answered_at) - julianday(changed_at)) as place from source_delays where answered_at > ?)
            where place = (changes * 95 + 99) / 100""",
            to_text(now - _SPAN),
        )
        return {row["name"]: Freshness95(row["name"], row["seconds"], row["changes"]) for row in rows}


def _to_state(row: Row) -> SourceState:
    times = {name: _to_time(row[name]) for name in ("tried_at", "read_at", "listed_at", "failed_since")}
    return SourceState(**{**row, **times})


def _to_time(text: str | None) -> datetime | None:
    return to_time(text) if text else None
