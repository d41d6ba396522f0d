"""The shape of a database file: the tables of a new one, and the numbered steps that bring an older one up to it."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from assistant.errors import StoreError

# Step 2 is the first: see docs/database.md for how to write one.
_STEPS: tuple[str, ...] = (
    """create table agent_tokens (
        name text primary key, token_hash text not null unique, audience text not null,
        made_by text not null, made_at text not null, used_at text
    ) without rowid;""",
    """create table stops (
        channel text not null, thread_ts text not null, event_ts text not null, primary key (channel, thread_ts)
    ) without rowid;""",
    """create table source_addresses (source text primary key, address text not null);
    create table unread_parts (
        document integer not null references documents(id) on delete cascade,
        remark text not null
    );
    create index unread_parts_document on unread_parts(document);""",
    """alter table proposals add column url text not null default '';
    create table muted_threads (
        channel text not null, thread_ts text not null, primary key (channel, thread_ts)
    ) without rowid;""",
    """alter table mentions add column author_id text;
    alter table parent_posts add column author_id text;
    create index mentions_person on mentions(network, author_id) where author_id is not null;
    update mentions set author_id = substr(external_id, 6, instr(substr(external_id, 6), '/') - 1)
    where network = 'bluesky' and external_id like 'at://did:%/%' and removed_at is null;
    update parent_posts set author_id = substr(external_id, 6, instr(substr(external_id, 6), '/') - 1)
    where network = 'bluesky' and external_id like 'at://did:%/%';""",
    """create table source_states (
        name text primary key,
        root text not null,
        rule text not null default '',
        cursor text not null default '',
        tried_at text,
        read_at text,
        listed_at text,
        failed_since text,
        failure text not null default '',
        hint text not null default ''
    ) without rowid;
    create table source_stamps (
        root text not null,
        document_id text not null,
        stamp text not null,
        validator text not null,
        primary key (root, document_id)
    ) without rowid;
    create table source_holds (
        root text not null,
        document_id text not null,
        held_at text not null,
        primary key (root, document_id)
    ) without rowid;
    create table source_delays (
        id integer primary key,
        name text not null,
        document_id text not null,
        changed_at text not null,
        answered_at text not null
    );
    create index source_delays_answered on source_delays(answered_at);
    create table recalls (
        draft_id integer not null references drafts(draft_id) on delete cascade,
        document_id text not null,
        quote text not null,
        source text not null,
        title text not null,
        owner text not null,
        says_now text not null,
        noticed_at text not null,
        primary key (draft_id, document_id, quote)
    ) without rowid;""",
    """create table follows (
        follow_id integer primary key autoincrement, user text not null, about text not null, author text not null,
        cron text not null, told_at text not null, unique (user, about, author, cron)
    );""",
    """alter table documents add column lang text not null default '';
    alter table documents add column translation_of text not null default '';""",
    """create table flaws (
        flaw_id integer primary key autoincrement,
        flaw_key text not null unique,
        kind text not null check (kind in ('contradiction', 'duplicate', 'overdue')),
        source text not null,
        document_id text not null,
        text text not null,
        other_source text not null default '',
        other_document_id text not null default '',
        other_text text not null default '',
        status text not null check (status in ('open', 'accepted', 'ignored', 'fixed')),
        found_at text not null,
        decided_by text not null default '',
        decided_at text
    );""",
    """alter table proposals add column title text not null default '';
    alter table proposals add column edited_by text not null default '';""",
    """alter table documents add column readers text not null default '';
    create table reader_sets (name text primary key, lists text not null) without rowid;""",
)
_NO_CODE = re.compile(r"--[^\n]*\n|\s")

Shape = dict[tuple[str, str], tuple[str, str]]
"""Tables, views, indexes and triggers by type and name, with their table and SQL (without comments, spaces, case)."""


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

    def build_shape(self) -> Shape:
        """The shape of a new file."""
        connection = sqlite3.connect(":memory:")
        connection.executescript(self.script)
        return read_shape(connection)


def read_shape(connection: sqlite3.Connection) -> Shape:
    """Return what a file holds besides data, without SQLite's own tables."""
    rows = connection.execute("select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite_%'")
    return {(kind, name): (table, _NO_CODE.sub("", sql or "").lower()) for kind, name, table, sql in rows}


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
