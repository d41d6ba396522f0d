"""The shape of a database file: the tables of a new one, and the numbered steps that bring an older one up to it."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from assistant.errors import StoreError

# Step 2 is the first: see docs/database.md for how to write one.
_STEPS: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    """Today's tables as SQL, and the steps from version 1 to it; a file keeps its version in `user_version`."""

    script: str
    # Files made before versions were counted list their migrations: with this one as the last they are version 1.
    last_migration: str
    steps: Sequence[str] = ()

    @property
    def version(self) -> int:
        """The version of a file with today's tables."""
        return 1 + len(self.steps)

    def is_current(self, connection: sqlite3.Connection) -> bool:
        """Return false for a file that has to be changed first; raise StoreError for one of a newer Earshot."""
        version = _version(connection)
        if version > self.version:
            raise StoreError(
                f"The database {_path(connection)} was made by a newer Earshot (it has version {version}).",
                "Update Earshot, or point EARSHOT_HOME at another folder.",
            )
        return version == self.version

    def apply(self, connection: sqlite3.Connection) -> None:
        """Create the tables of a new file, or change those of an older one, each step whole or not at all."""
        if _version(connection) == 0:
            if _has_migrations(connection):
                self._adopt(connection)
            else:
                _run(connection, self.script, self.version)
        for number, step in enumerate(self.steps, start=2):
            if _version(connection) < number:
                _run(connection, step, number)

    def _adopt(self, connection: sqlite3.Connection) -> None:
        (last,) = connection.execute("select max(name) from _sqlite_migrations").fetchone()
        if last != self.last_migration:
            raise StoreError(
                f"The database {_path(connection)} was made by a trial version of Earshot (it has migration {last}).",
                "Start that version's last update once, then this one; or point EARSHOT_HOME at another folder.",
            )
        _run(connection, "drop table _sqlite_migrations;", 1)


def build_schema() -> Schema:
    """The tables of earshot.db."""
    return Schema((files("assistant.core") / "schema.sql").read_text("utf-8"), "m025_posted_digests", _STEPS)


def _run(connection: sqlite3.Connection, script: str, version: int) -> None:
    try:
        connection.executescript(f"begin immediate;\n{script}\npragma user_version = {version};\ncommit;")
    except BaseException:
        connection.rollback()
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


def _has_migrations(connection: sqlite3.Connection) -> bool:
    sql = "select 1 from sqlite_master where name = '_sqlite_migrations'"
    return connection.execute(sql).fetchone() is not None


def _path(connection: sqlite3.Connection) -> str:
    return str(connection.execute("select file from pragma_database_list where name = 'main'").fetchone()[0])
