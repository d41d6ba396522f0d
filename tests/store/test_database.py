"""The database: all or nothing, one shape for all processes, and plain words when it cannot be used."""

import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.database import Store, to_text, to_time
from assistant.errors import StoreError

_MARK = "insert into schedule_marks values (?, 'x')"
_COUNT = "select count(*) from schedule_marks"


def _fail_after(store: Store, *names: str) -> None:
    with store.transaction():
        store.change_many(_MARK, [(name,) for name in names])
        assert store.value(_COUNT) >= len(names)
        raise KeyError


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(KeyError):
        _fail_after(store, "a", "b")
    assert store.value(_COUNT) == 0
    with store.transaction() as db:
        db.execute(_MARK, ["a"])
        store.change(_MARK, "b")
    assert store.value(_COUNT) == 2


def test_an_inner_transaction_may_fail_alone(store: Store) -> None:
    with store.transaction():
        store.change(_MARK, "outer")
        with pytest.raises(KeyError):
            _fail_after(store, "inner")
    assert [row["name"] for row in store.rows("select name from schedule_marks")] == ["outer"]


def test_what_was_committed_is_there_for_the_next_process(store: Store) -> None:
    store.change(_MARK, "kept")
    assert Store(store.path).value(_COUNT) == 1
    assert not store.db.conn.in_transaction


def test_a_commit_that_fails_leaves_no_transaction_open(store: Store) -> None:
    store.db.execute("create table child (mark text references schedule_marks(name) deferrable initially deferred)")
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        store.change("insert into child values ('nobody')")
    assert not store.db.conn.in_transaction
    store.change(_MARK, "next")
    assert Store(store.path).value(_COUNT) == 1


def test_foreign_keys_are_kept(store: Store) -> None:
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        store.change("insert into chunks (document, position, heading, text, terms) values (99, 0, '', '', 0)")


def test_a_newer_database_is_refused_in_plain_words(store: Store) -> None:
    store.db.execute("pragma user_version = 999")
    with pytest.raises(StoreError, match=r"newer Earshot \(it has version 999\)") as caught:
        Store(store.path)
    assert "Update Earshot" in caught.value.hint


@pytest.mark.parametrize(
    "content", [b"This is no database, and long enough to be read as one." * 20, b"SQLite format 3"]
)
def test_a_file_that_is_no_database_is_refused_in_plain_words(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "earshot.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is not a sound database") as caught:
        Store(path)
    assert "backup" in caught.value.hint
    assert path.read_bytes() == content


def test_a_folder_in_place_of_the_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=f"The database {tmp_path.name} refused"):
        Store(tmp_path)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path / "home" / "earshot.db")


def test_a_full_disk_is_said_plainly_and_harms_nothing(store: Store) -> None:
    store.change(_MARK, "before")
    pages = store.value("pragma page_count")
    store.db.execute(f"pragma max_page_count = {pages + 1}")
    with pytest.raises(StoreError, match="is full") as caught:
        store.change_many(_MARK, [(f"{i}" * 2000,) for i in range(100)])
    assert "safe" in caught.value.hint
    store.db.execute("pragma max_page_count = 100000")
    store.change(_MARK, "after")
    assert [row["name"] for row in store.rows("select name from schedule_marks order by name desc")] == [
        "before",
        "after",
    ]


def test_a_locked_database_is_said_plainly(store: Store) -> None:
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("begin immediate")
    store.db.execute("pragma busy_timeout = 1")
    with pytest.raises(StoreError, match="is busy"):
        store.change(_MARK, "a")
    assert store.value(_COUNT) == 0, "reading needs no lock"
    other.execute("commit")
    other.close()
    store.change(_MARK, "a")


def test_two_threads_wait_for_each_other_and_lose_nothing(store: Store) -> None:
    def add(first: int) -> None:
        for number in range(first, first + 50):
            with store.transaction() as db:
                count = next(iter(db.query(_COUNT)))["count(*)"]
                db.execute(_MARK, [f"{number}-{count}"])
        store.close()

    threads = [threading.Thread(target=add, args=(first,)) for first in (0, 1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.value(_COUNT) == 100


def test_processes_that_start_at_once_create_the_tables_once(tmp_path: Path) -> None:
    script = "import sys, pathlib, assistant.core.database as d; sys.stdin.read(1); d.Store(pathlib.Path(sys.argv[1]))"
    for turn in range(3):
        path = tmp_path / f"{turn}" / "earshot.db"
        command = [sys.executable, "-c", script, str(path)]
        started = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
        for process in started:
            assert process.stdin
            process.stdin.write(b".")
            process.stdin.flush()
        assert [process.communicate()[1] for process in started] == [b""] * 4
        assert Store(path).value("select count(*) from audit_head") == 1


def test_opening_twice_changes_nothing(store: Store) -> None:
    before = store.rows("select * from sqlite_master order by name")
    assert Store(store.path).rows("select * from sqlite_master order by name") == before


def test_a_backup_is_a_whole_database(store: Store, tmp_path: Path) -> None:
    store.change(_MARK, "a")
    store.backup_to(tmp_path / "copy.db")
    assert Store(tmp_path / "copy.db").value(_COUNT) == 1


def test_a_backup_to_nowhere_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"copy\.db"):
        store.backup_to(tmp_path / "nowhere" / "copy.db")


zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# The edges of the calendar are left out: there no other zone has the moment.
moments = st.datetimes(timezones=zones).filter(lambda moment: 1 < moment.year < 9999)


@given(moment=moments)
def test_a_time_comes_back_to_the_millisecond_in_utc(moment: datetime) -> None:
    found = to_time(to_text(moment))
    assert found.tzinfo is UTC
    assert timedelta() <= moment - found < timedelta(milliseconds=1)


@given(first=moments, second=moments)
def test_the_order_of_the_texts_is_the_order_of_the_times(first: datetime, second: datetime) -> None:
    assert (to_text(first) <= to_text(second)) == (to_time(to_text(first)) <= to_time(to_text(second)))
