"""Opens the SQLite database and translates its errors; every thread gets a connection of its own."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlite_utils import Database

from assistant.core.schema import Schema, build_schema
from assistant.errors import BusyStoreError, StoreError

Row = dict[str, Any]

_BUSY_MILLISECONDS = 30_000


class Store:
    """The database file of one EARSHOT_HOME. Raises StoreError when it is unreadable or from a newer Earshot."""

    def __init__(self, path: Path, schema: Schema | None = None) -> None:
        self.path = path
        self._local = threading.local()
        schema = schema or build_schema()
        with translated_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            if not schema.is_current(self.db.conn):
                with FileLock(path.with_suffix(".migrating")):
                    self._keep_copy(schema)
                    schema.apply(self.db.conn)

    def _keep_copy(self, schema: Schema) -> None:
        """Before tables change: an upgrade that goes wrong can be taken back with the Earshot before it."""
        if schema.is_current(self.db.conn) or not self.db.table_names():
            return  # another process was first, or the file is new
        version = self.db.execute("pragma user_version").fetchone()[0]
        target = self.path.with_name(f"{self.path.name}.before-upgrade-from-{version}")
        if not target.exists():
            self.backup_to(target)

    @property
    def db(self) -> Database:
        """This thread's connection."""
        existing: Database | None = getattr(self._local, "db", None)
        if existing is None:
            existing = self._local.db = self._connect()
        return existing

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """All rows of a query as dictionaries."""
        with translated_errors(self.path):
            return list(self.db.query(sql, values))

    def named_rows(self, sql: str, values: dict[str, Any]) -> list[Row]:
        """All rows of a query whose values are given by name."""
        with translated_errors(self.path):
            return list(self.db.query(sql, values))

    def row(self, sql: str, *values: Any) -> Row | None:
        """The first row of a query, or None."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        found = self.row(sql, *values)
        return next(iter(found.values())) if found else None

    def change(self, sql: str, *values: Any) -> int:
        """Run one statement in a transaction of its own (or the one around it); returns how many rows it changed."""
        with self.transaction() as db:
            return int(db.execute(sql, values).rowcount)

    def change_many(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        """Run one statement for many rows in a transaction."""
        with self.transaction() as db:
            db.conn.executemany(sql, values)

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """All or nothing; nested ones become savepoints.

        The outermost one takes the write lock at once: a transaction that begins by reading and then writes would
        be refused by SQLite when another process wrote in between, without waiting for the busy timeout.
        """
        with translated_errors(self.path):
            if self.db.conn.in_transaction:
                with self.db.atomic():
                    yield self.db
                return
            self.db.conn.execute("begin immediate")
            try:
                yield self.db
                self.db.conn.commit()
            except BaseException:  # also of a commit that failed: else the next transaction would be part of this one
                self.db.conn.rollback()
                raise

    def backup_to(self, target: Path) -> None:
        """Write a consistent copy of the database to `target`, also while others write."""
        with translated_errors(target):
            copy = sqlite3.connect(target)
            try:
                self.db.conn.backup(copy)
            finally:
                copy.close()

    def close(self) -> None:
        """Close this thread's connection."""
        if getattr(self._local, "db", None) is not None:
            self._local.db.close()
            self._local.db = None

    def _connect(self) -> Database:
        db = Database(sqlite3.connect(self.path, timeout=_BUSY_MILLISECONDS / 1000))
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = full")
        db.execute("pragma foreign_keys = on")
        return db


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's and the file system's errors into StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explain(path, str(error)) from error
    except OSError as error:
        raise StoreError(
            f"{path.name} cannot be used: {error.strerror or error}.", "Check EARSHOT_HOME and its rights."
        ) from error


def _explain(path: Path, text: str) -> StoreError:
    name = path.name  # where it lies is nobody's business in Slack
    if "disk is full" in text:
        return StoreError(f"The disk that holds {name} is full.", "Free some space; what was saved before is safe.")
    if "locked" in text or "busy" in text:
        return BusyStoreError(f"The database {name} is busy.", "Another Earshot writes to it; try again in a moment.")
    if "not a database" in text or "malformed" in text:
        return StoreError(f"{name} is not a sound database.", "Bring back a backup: earshot restore FILE.")
    return StoreError(f"The database {name} refused: {text}.", "earshot doctor checks it.")


def to_text(moment: datetime) -> str:
    """An aware time as UTC text whose order is the order of time, to the millisecond."""
    # Not strftime, whose %Y leaves the zeros of an early year out.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def to_time(text: str) -> datetime:
    """The inverse of `to_text`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
