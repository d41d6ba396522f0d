"""The audit can only grow, every change to it is noticed, and nothing of a customer stands in it."""

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from fakes_reply import NOW, Desk, make_mention

from assistant.core.anchor import note_head, read_heads
from assistant.core.audit import AuditTables
from assistant.core.database import Store
from assistant.errors import ConfigError, StoreError
from assistant.listening.tables.upstream import UpstreamTables
from assistant.privacy.tables import ForgettingTables
from assistant.replies.tables.lessons import forget_lessons


@pytest.fixture
def audit(store: Store, now: datetime) -> AuditTables:
    tables = AuditTables(store)
    for number in range(5):
        tables.append(now, "ada", "approve", f"draft:{number}", {"text": "ü"})
    return tables


def open_raw(store: Store) -> sqlite3.Connection:
    """As somebody with a database editor would, who takes the triggers away first."""
    raw = sqlite3.connect(store.path)
    for (name,) in raw.execute(
        "select name from sqlite_master where type = 'trigger' and name glob 'audit_*'"
    ).fetchall():
        raw.execute(f"drop trigger {name}")
    return raw


def test_a_chain_that_nobody_touched_is_whole(audit: AuditTables) -> None:
    found = audit.verify()
    assert (found.rows, found.problem, found.broken) == (5, "", None)
    assert audit.verify(list(audit.rows())[2]["hash"]).problem == ""
    assert "no row has the hash" in audit.verify("0" * 64).problem


@pytest.mark.parametrize(
    "change",
    [
        "update audit set who = 'eve' where number = 2",
        "delete from audit where number = 2",
        "delete from audit",
        "insert or replace into audit select 2, at, 'eve', action, subject, details, previous_hash, hash from audit"
        " where number = 2",
        "insert into audit select 9, at, who, action, subject, details, previous_hash, hash from audit limit 1",
        "update audit_head set number = 2",
        "delete from audit_head",
    ],
)
def test_the_database_itself_refuses_every_change(store: Store, audit: AuditTables, change: str) -> None:
    with pytest.raises(StoreError, match="append-only"):
        store.change(change)
    assert audit.verify().problem == ""


@pytest.mark.parametrize(
    ("change", "broken", "told"),
    [
        ("update audit set who = 'eve' where number = 3", 3, "row 3 was changed"),
        ("update audit set details = '{}' where number = 1", 1, "row 1 was changed"),
        ("delete from audit where number = 2", 2, "row 2 is missing"),
        ("update audit set previous_hash = 'x' where number = 4", 4, "row 4 does not follow"),
        ("delete from audit where number > 3", None, "the last row is 3, but 5 rows were written: the end was cut off"),
        ("update audit_head set number = 4", None, "the last row is 5, but 4 rows were written"),
        ("select 1", None, "the triggers that forbid changes were taken away"),
    ],
)
def test_whoever_changes_it_all_the_same_is_found_out(
    store: Store, audit: AuditTables, change: str, broken: int | None, told: str
) -> None:
    raw = open_raw(store)
    raw.execute(change)
    raw.commit()
    raw.close()
    found = audit.verify()
    assert found.broken == broken
    assert told in found.problem


@pytest.mark.parametrize(
    "trigger",
    [
        "create trigger audit_no_update before update on audit begin select 1; end",
        "create trigger anything before insert on audit begin select raise(ignore); end",
    ],
)
def test_a_guard_that_guards_nothing_and_a_trigger_beside_the_guards_are_found_out(
    store: Store, audit: AuditTables, trigger: str
) -> None:
    raw = sqlite3.connect(store.path)
    raw.execute("drop trigger audit_no_update")
    raw.execute(trigger)
    raw.commit()
    raw.close()
    assert "taken away or changed" in audit.verify().problem


def test_a_chain_that_was_cut_with_its_head_is_found_out_by_a_hash_noted_before(
    store: Store, audit: AuditTables
) -> None:
    noted = audit.verify().head
    sql = "select sql from sqlite_master where type = 'trigger' and name glob 'audit_*'"
    triggers = [row["sql"] for row in store.rows(sql)]
    raw = open_raw(store)
    raw.execute("delete from audit where number > 3")
    raw.execute("update audit_head set number = 3, hash = (select hash from audit where number = 3)")
    for trigger in triggers:
        raw.execute(trigger)
    raw.commit()
    raw.close()
    assert audit.verify().problem == "", "nothing in the database tells"
    assert "no row has the hash" in audit.verify(noted).problem


def test_a_row_goes_with_what_it_records(store: Store, audit: AuditTables, now: datetime) -> None:
    def fail() -> None:
        with store.transaction():
            audit.append(now, "ada", "approve", "draft:9")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert audit.verify().rows == 5


def test_settings_that_say_who_decides_stand_before_the_first_decision_under_them(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {})
    desk.approved()
    desk.approved(mention=make_mention("2"))
    desk.policy = type(desk.policy)(tell_settings=lambda: {"REVIEWERS": ["U1"]})
    desk.rewire(desk.drafts)
    desk.approved(mention=make_mention("3"))
    assert [row["action"] for row in desk.tables.audit.rows()] == [
        *("settings", "approve", "approve", "settings", "approve")
    ]


def test_forgetting_a_person_takes_their_words_and_leaves_the_chain_whole(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {})
    post = make_mention(text="zorbelflux hurts")
    draft_id = desk.add_draft("Dear zorbelflux.", post)
    desk.reviewing.edit(draft_id, "Sorry, zorbelflux.", "bo", NOW)
    desk.reviewing.reject(draft_id, "zorbelflux is a friend", "bo", NOW)
    rows = list(desk.tables.audit.rows())
    ForgettingTables(desk.store, UpstreamTables(desk.store, forget_lessons)).bury(["file:1"], NOW, "forgotten")
    assert desk.tables.audit.verify().problem == ""
    assert list(desk.tables.audit.rows()) == rows
    assert "zorbelflux" not in str(rows)
    [edit] = desk.tables.decisions.edits(draft_id)
    assert (edit.before, edit.after, edit.word_distance > 0) == ("", "", True)
    assert desk.tables.baselines.find(draft_id) is None


def test_hashes_that_were_noted_on_another_disk_find_out_a_chain_that_was_written_anew(
    audit: AuditTables, tmp_path: Path, now: datetime
) -> None:
    place = str(tmp_path / "other" / "audit.txt")
    assert read_heads(place) == []
    with pytest.raises(ConfigError, match="AUDIT_ANCHOR"):
        note_head(place, now, 1, "0" * 64)
    (tmp_path / "other").mkdir()
    for _ in range(2):
        audit.append(now, "ann", "approve", "draft:1")
        note_head(place, now, *(audit.find_head() or (0, "")))
    assert len(read_heads(place)) == 2
    assert audit.verify(*read_heads(place)).problem == ""
    note_head(place, now, 3, "0" * 64)
    assert "no row has the hash 0000" in audit.verify(*read_heads(place)).problem
