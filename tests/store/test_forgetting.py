"""What is forgotten leaves every table and every byte of the database; what others wrote and decided stays."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fakes_forgetting import AUTHOR, Traces, find_traces, is_sound

from assistant.core.database import Store
from assistant.domain import Decision, DecisionAction, DraftStatus, Reply
from assistant.errors import ReviewError, StoreError
from assistant.listening.tables.purge import Depth
from assistant.privacy.tables import Author
from assistant.replies.tables.decisions import DecisionTables
from assistant.replies.tables.send_ledger import LedgerTables

NOTE = "It was forgotten."


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def traces(home: Path, now: datetime) -> Traces:
    return Traces(home, now)


def _forget_all(traces: Traces) -> None:
    for author in traces.forgetting.authors():
        if author.name == AUTHOR:
            traces.forgetting.bury(traces.forgetting.posts_of(author), traces.now, NOTE)
            traces.forgetting.bury_parents(author, traces.now)
    traces.forgetting.purging.run(traces.now)


def test_the_bytes_of_a_person_are_there_before_and_gone_after(traces: Traces, home: Path) -> None:
    traces.leave_traces()
    assert {trace.split()[0] for trace in find_traces(home)} == {
        "quillon",
        "zorbelflux",
        "grimbleton",
        "wexfordish",
        "parentsaid",
    }
    traces.store.change("delete from corrections where mention_id = 'x:3'")
    traces.store.change("delete from findings where mention_id = 'x:3'")
    _forget_all(traces)
    assert find_traces(home) == []
    assert is_sound(home)


def test_among_many_posts_none_of_a_persons_is_left_in_parts_of_pages_that_are_free(traces: Traces, home: Path) -> None:
    with traces.store.transaction():
        for number in range(600):
            traces.post(number, AUTHOR if number % 7 == 0 else "bo")
    traces.store.change("update corrections set label = 'x'")
    traces.store.change("update findings set label = 'x'")
    _forget_all(traces)
    assert find_traces(home) == []
    assert is_sound(home)
    assert traces.mentions.count() == 600 - 86


def test_every_place_is_counted(traces: Traces) -> None:
    traces.leave_traces()
    ids = ["x:1", "x:2"]
    counted = traces.forgetting.count(ids)
    removed = traces.forgetting.bury(ids, traces.now, NOTE)
    assert (counted.posts, counted.analyses, counted.findings, counted.words) == (2, 2, 2, 8)
    assert (counted.terms, counted.vectors, counted.corrections, counted.topic_posts) == (2, 2, 2, 1)
    assert (counted.drafts, counted.answers, counted.cards) == (1, 1, 0)
    assert (removed.parents, removed.stale_drafts) == (1, (1,))
    assert removed.posts == counted.posts
    assert not any(vars(traces.forgetting.count(ids)).values())


def test_the_posts_terms_and_vectors_follow(traces: Traces) -> None:
    traces.leave_traces()
    _forget_all(traces)
    [kept] = traces.store.rows("select mention_id from mention_terms where terms <> ''")
    assert kept["mention_id"] == "x:3"
    assert sum(len(numbers) for numbers in traces.numbers.outdated().values()) == 2


def test_an_answer_to_staff_keeps_what_others_said(traces: Traces) -> None:
    traces.leave_traces()
    _forget_all(traces)
    row = traces.store.rows("select answer, documents from questions")[0]
    answer = json.loads(row["answer"])
    assert answer["answer"] == "2 posts.\n(This post was removed.) [1]\n“Post 3 by bo” [2]"
    assert [citation["quote"] for citation in answer["citations"]] == ["", "Post 3 by bo"]
    assert json.loads(row["documents"]) == ["x:3"]


def test_an_answer_that_puts_a_quote_in_other_words_is_made_anew(traces: Traces) -> None:
    first = traces.post(1)
    traces.ask(first)
    answer = json.loads(traces.store.value("select answer from questions"))
    traces.store.change("update questions set answer = ?", json.dumps({**answer, "answer": "zorbelflux1, they say"}))
    traces.forgetting.bury(["x:1"], traces.now, NOTE)
    answer = json.loads(traces.store.value("select answer from questions"))
    assert answer["answer"] == "2 posts.\n(This post was removed.)"


def test_nobody_can_approve_or_send_what_waited_and_it_says_nothing_more(traces: Traces) -> None:
    first, second = traces.post(1), traces.post(2)
    pending, approved = traces.draft(first), traces.draft(second)
    decisions, text = DecisionTables(traces.store), traces.drafts.find(approved).text
    decision = Decision(approved, DecisionAction.APPROVE, "bo", traces.now, text)
    decisions.decide(decision, text, DraftStatus.APPROVED)
    removed = traces.forgetting.bury(["x:1", "x:2"], traces.now, NOTE)
    assert removed.stale_drafts == (pending, approved)
    for draft_id in removed.stale_drafts:
        draft = traces.drafts.find(draft_id)
        assert (draft.status, draft.text, draft.sentences, draft.note) == (DraftStatus.STALE, "", (), NOTE)
    assert [decision.decided_by for decision in decisions.of_draft(approved)] == ["bo"]


def test_a_draft_that_was_being_made_meanwhile_is_not_kept(traces: Traces) -> None:
    first = traces.post(1)
    traces.forgetting.bury(["x:1"], traces.now, NOTE)
    with pytest.raises(ReviewError, match="was removed"):
        traces.draft(first)


def test_an_analysis_and_a_vector_that_were_being_made_meanwhile_are_not_kept(traces: Traces) -> None:
    first = traces.post(1)
    numbers = list(traces.numbers.number([first]).values())
    traces.forgetting.bury(["x:1"], traces.now, NOTE)
    traces.find_out(first)
    traces.numbers.mark_kept(numbers)
    assert not any(vars(replace(traces.forgetting.count(["x:1"]), vectors=0, corrections=0)).values())
    assert traces.numbers.outdated() == {"2026-11": numbers}


def test_what_was_sent_stays(traces: Traces) -> None:
    first = traces.post(1, days=9)
    draft_id = traces.draft(first, "Sorry.")
    traces.drafts.move(draft_id, DraftStatus.PENDING, DraftStatus.APPROVED, traces.now)
    LedgerTables(traces.store, traces.drafts).end_assisted(
        Reply(draft_id, "x:1", "x", "r1", "Sorry.", traces.now, how="assist")
    )
    removed = traces.forgetting.drop(["x:1"], traces.now, NOTE)
    assert (removed.posts, removed.drafts) == (1, 0)
    assert traces.drafts.find(draft_id).text == "Sorry."
    assert traces.mentions.find("x:1").text == ""


def test_a_forgotten_post_never_comes_back_neither_as_a_post_nor_as_what_another_answers(traces: Traces) -> None:
    first = traces.post(1)
    traces.parent()
    traces.forgetting.bury(["x:1"], traces.now, NOTE)
    traces.parent()
    traces.forgetting.bury_parents(Author("x", AUTHOR, 0, 1), traces.now)
    assert traces.upstream.keep([first], traces.now).known == 1
    traces.parent()
    traces.parent(external_id="1")
    assert traces.store.rows("select * from parent_posts") == []
    assert traces.mentions.count() == 0


def test_old_posts_are_deleted_whole_and_those_with_drafts_keep_their_bare_ids(traces: Traces) -> None:
    for number in (1, 2):
        traces.post(number, days=40)
    traces.post(3, "bo")
    traces.draft(traces.mentions.find("x:2"))
    limit_at = traces.now - timedelta(days=30)
    ids = traces.forgetting.older_than(limit_at, 9)
    removed = traces.forgetting.drop(ids, traces.now, NOTE)
    assert (ids, removed.posts, removed.drafts) == (["x:1", "x:2"], 2, 1)
    rows = traces.store.rows("select mention_id, text, removed_at is not null as is_bare from mentions order by 1")
    assert [(row["mention_id"], row["is_bare"]) for row in rows] == [("x:2", 1), ("x:3", 0)]
    assert traces.forgetting.older_than(limit_at, 9) == []
    assert sum(len(numbers) for numbers in traces.numbers.outdated().values()) == 2


def test_where_the_first_of_many_copies_goes_the_oldest_copy_is_the_first(traces: Traces) -> None:
    for number, days in ((1, 9), (2, 5), (3, 4)):
        traces.post(number, days=days)
    traces.store.db.conn.execute("insert into copies values ('x:2', 'x:1'), ('x:3', 'x:1')")
    traces.store.db.conn.commit()
    assert traces.forgetting.count_copies(["x:1"]) == 2
    traces.forgetting.bury(["x:1"], traces.now, NOTE)
    assert traces.store.rows("select * from copies") == [{"mention_id": "x:3", "first_id": "x:2"}]


def test_a_topic_that_nobody_elses_posts_are_in_goes_with_its_label(traces: Traces) -> None:
    first, other = traces.post(1), traces.post(3, "bo")
    traces.discover(first)
    traces.forgetting.bury(["x:1"], traces.now, NOTE)
    assert traces.store.rows("select * from discovered_topics") == []
    traces.discover(other)
    traces.forgetting.bury(["x:1"], traces.now, NOTE)
    assert len(traces.store.rows("select * from discovered_topics")) == 1


def test_a_purge_that_others_hold_up_is_told_and_stays_wanted(traces: Traces, home: Path) -> None:
    traces.leave_traces()
    reader = Store(home / "earshot.db")
    reader.db.execute("begin").fetchall()
    reader.db.execute("select count(*) from mentions").fetchall()
    traces.store.db.execute("pragma busy_timeout = 50").fetchall()
    with pytest.raises(StoreError, match="while another Earshot reads"):
        _forget_all(traces)
    assert traces.forgetting.purging.wanted is Depth.ALL
    reader.close()
    traces.forgetting.purging.run(traces.now)
    assert traces.forgetting.purging.wanted is None


def test_what_retention_deletes_is_overwritten(traces: Traces, home: Path) -> None:
    traces.post(1, days=40)
    traces.forgetting.drop(["x:1"], traces.now, NOTE)
    assert traces.forgetting.purging.wanted is Depth.JOURNAL
    traces.forgetting.purging.run(traces.now)
    assert find_traces(home) == []
    assert is_sound(home)


def test_retention_purges_once_a_day(traces: Traces) -> None:
    purging = traces.forgetting.purging
    for wanted_after in (None, Depth.JOURNAL):
        purging.want(Depth.JOURNAL)
        purging.run(traces.now)
        assert purging.wanted == wanted_after
    purging.run(traces.now + timedelta(days=1))
    assert purging.wanted is None


def test_a_whole_purge_that_is_wanted_is_not_made_less(traces: Traces) -> None:
    traces.forgetting.purging.want(Depth.ALL)
    traces.forgetting.purging.want(Depth.JOURNAL)
    assert traces.forgetting.purging.wanted is Depth.ALL
