"""The tables of a home: at one glance, and one shape for new and older homes."""

import sqlite3
from pathlib import Path

import pytest

from assistant.core.database import Store
from assistant.core.schema import Schema, build_schema, read_shape
from assistant.errors import StoreError
from assistant.knowledge.tables.passages import build_passage_schema

_FIRST = Path(__file__).parent / "first_schema.sql"
_POST = "insert into mentions (mention_id, network, external_id, author, text, created_at, collected_at) values"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A home's database from before versions were counted, with a post in it."""
    path = tmp_path / "earshot.db"
    connection = sqlite3.connect(path)
    connection.executescript(_FIRST.read_text())
    connection.execute(f"{_POST} ('rss:1', 'rss', '1', 'ann', 'the saddle', '2026-11-16T09:00:00.000Z', '')")
    connection.commit()
    connection.close()
    return path


def test_an_older_home_is_opened_with_its_data(older: Path) -> None:
    store = Store(older)
    assert store.value("select text from mentions") == "the saddle"
    assert store.value("select count(*) from mention_terms") == 1
    assert Store(older).value("select count(*) from mentions") == 1, "and again"


def test_an_older_home_ends_up_with_the_tables_of_a_new_one(older: Path, store: Store) -> None:
    opened = Store(older)
    assert read_shape(opened.db.conn) == read_shape(store.db.conn) == build_schema().build_shape()
    for table in [row["name"] for row in store.rows("select name from sqlite_master where type = 'table'")]:
        columns = f"pragma table_xinfo({table})"
        assert opened.rows(columns) == store.rows(columns)


def test_a_home_of_an_unfinished_version_is_refused_with_a_way_out(older: Path) -> None:
    connection = sqlite3.connect(older)
    connection.execute("delete from _sqlite_migrations where name > 'm024'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="trial version") as caught:
        Store(older)
    assert "last update" in caught.value.hint


def test_steps_run_once_in_order_and_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    first = Schema("create table a (one text);", "")
    Store(path, first).change("insert into a values ('kept')")
    fails = Schema("", "", ("alter table a add column two text;", "delete from a; select 1 from nowhere;"))
    with pytest.raises(StoreError, match="nowhere"):
        Store(path, fails)
    second = Schema("", "", (*fails.steps[:1], "update a set two = 'new';"))
    assert Store(path, second).rows("select * from a") == [{"one": "kept", "two": "new"}]
    assert Store(path, second).value("pragma user_version") == 3


def test_what_older_homes_computed_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "passages.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        """
        create table _sqlite_migrations (id integer primary key, migration_set text, name text, applied_at text);
        insert into _sqlite_migrations values (1, 'passages', 'm001_passages', '');
        create table passages (chunk_id integer primary key, vector blob not null, signs blob not null);
        insert into passages values (1, x'00', x'00');
        """
    )
    connection.close()
    assert Store(path, build_passage_schema()).value("select count(*) from passages") == 1
