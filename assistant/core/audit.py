"""The audit: rows that are only ever added, each bound to the one before it by a hash.

Writes decisions into the audit, and before each the settings that it was taken under where they are new.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.core.database import Row, Store, to_text
from assistant.core.schema import Shape, build_schema, read_shape

_COLUMNS = "number, at, who, action, subject, details, previous_hash, hash"
_GUARDED = ("audit", "audit_head")
_BATCH = 1000


@dataclass(frozen=True)
class AuditCheck:
    """The result of checking the whole chain: `problem` is empty when it is sound; `broken` is the first bad row."""

    rows: int
    head: str
    problem: str = ""
    broken: int | None = None


class AuditTables:
    """Rows hold ids, hashes, names of staff and settings: nothing of a customer, so that all else can be forgotten."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def append(
        self, at: datetime, who: str, action: str, subject: str, details: Mapping[str, object] | None = None
    ) -> None:
        """Add a row, within the transaction that writes what it records: one cannot be without the other.

        `subject` is such as `draft:12`. No text of a customer may stand in `details`: give its hash, see `hash_text`.
        """
        with self._store.transaction():
            head = self._store.row("select number, hash from audit_head")
            number, previous = (head["number"], head["hash"]) if head else (0, "")
            told = json.dumps(details or {}, ensure_ascii=False, sort_keys=True)
            row = (number + 1, to_text(at), who, action, subject, told, previous)
            self._store.change(f"insert into audit ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)", *row, _hash_row(row))

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Every row whose number is higher, oldest first, read piece by piece."""
        while batch := self._store.rows(
            f"select {_COLUMNS} from audit where number > ? order by number limit {_BATCH}", after
        ):
            yield from batch
            after = batch[-1]["number"]

    def latest_rows(self, limit: int) -> list[Row]:
        """The newest rows, oldest of them first."""
        return self._store.rows(f"select {_COLUMNS} from audit order by number desc limit ?", limit)[::-1]

    def latest(self, action: str) -> Row | None:
        """The newest row of an action."""
        return self._store.row(f"select {_COLUMNS} from audit where action = ? order by number desc limit 1", action)

    def find_head(self) -> tuple[int, str] | None:
        """The number and the hash of the last row; None before the first decision."""
        head = self._store.row("select number, hash from audit_head")
        return (int(head["number"]), str(head["hash"])) if head else None

    def verify(self, *known_hashes: str) -> AuditCheck:
        """Compute the whole chain again. Hashes that were noted outside of the database must be part of it."""
        count, previous, missing = 0, "", dict.fromkeys(known_hashes)
        for row in self.rows():
            problem = _find_fault(row, count + 1, previous)
            if problem:
                return AuditCheck(count, previous, problem, count + 1)
            count, previous = count + 1, str(row["hash"])
            missing.pop(previous, None)
        return AuditCheck(count, previous, self._check_head(count, previous) or _miss(missing))

    def _check_head(self, count: int, last_hash: str) -> str:
        head = self._store.row("select number, hash from audit_head")
        if head is None or (head["number"], head["hash"]) != (count, last_hash):
            kept = head["number"] if head else "no"
            return f"the last row is {count}, but {kept} rows were written: the end was cut off or put on"
        is_guarded = _find_guards(read_shape(self._store.db.conn)) == _find_guards(build_schema().build_shape())
        return "" if is_guarded else "the triggers that forbid changes were taken away or changed"


def _find_guards(shape: Shape) -> Shape:
    return {key: value for key, value in shape.items() if key[0] == "trigger" and value[0] in _GUARDED}


def hash_text(text: str) -> str:
    """Hash a text for the audit: enough to prove that it was this one, but unreadable."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _hash_row(row: tuple[object, ...]) -> str:
    return hash_text(json.dumps(row, separators=(",", ":")))


def _find_fault(row: Row, number: int, previous: str) -> str:
    if row["number"] != number:
        return f"row {number} is missing"
    if row["previous_hash"] != previous:
        return f"row {number} does not follow the row before it"
    *content, kept = (row[name] for name in _COLUMNS.split(", "))
    return "" if _hash_row(tuple(content)) == kept else f"row {number} was changed"


def _miss(missing: Iterable[str]) -> str:
    return next((f"no row has the hash {one}: the chain was rewritten, or its end was cut off" for one in missing), "")


_SETTINGS = "settings"


class Recorder:
    """`tell_settings` gives those that say who may decide and what; none may be a secret. `via`: where people come in.

    They are asked for each time: an admin may change them while Earshot runs.
    """

    def __init__(self, audit: AuditTables, tell_settings: Callable[[], Mapping[str, object]], via: str) -> None:
        self._audit = audit
        self._tell_settings = tell_settings
        self._via = via

    def record(self, now: datetime, who: str, action: str, subject: str, **details: object) -> None:
        """Add a row; call it within the transaction of what it records. See AuditTables.append."""
        latest, settings = self._audit.latest(_SETTINGS), json.loads(json.dumps(self._tell_settings()))
        if latest is None or json.loads(latest["details"]) != settings:
            self._audit.append(now, "", _SETTINGS, "", settings)
        kept = {name: value for name, value in details.items() if value not in ("", (), None)}
        self._audit.append(now, who, action, subject, {**kept, "via": self._via})

    def record_draft(self, now: datetime, who: str, action: str, draft_id: int, **details: object) -> None:
        """A row about a draft."""
        self.record(now, who, action, f"draft:{draft_id}", **details)
