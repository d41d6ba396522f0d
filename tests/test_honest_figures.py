"""Figures that cannot mislead: what was withdrawn, repeated or pasted is left out, and few are said to be few."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fakes_figures import Post, World, keep_world
from test_figures import measure_period

from assistant.domain import (
    Analysis,
    Decision,
    DecisionAction,
    DraftStatus,
    Figure,
    Mention,
    Question,
    Reply,
    Sentiment,
    TriageAction,
)
from assistant.domain.listening import PASTED
from assistant.listening.insights.answers import Opinions
from assistant.listening.tables.insights import OpinionTables
from assistant.replies.tables.decisions import DecisionTables
from assistant.replies.tables.drafts import DraftTables
from assistant.replies.tables.send_ledger import LedgerTables
from assistant.reports.figures import find, group, value
from assistant.reports.figures.goals import Goal, judge_goals

UTC_ZONE = ZoneInfo("UTC")
MONDAY = datetime(2026, 11, 9, 9, tzinfo=UTC)
WEEK = "2026-W46"


def make_post(number: int, network: str = "x", copy_of: str | None = None, is_sorted: bool = True) -> Post:
    name = f"{network}:{number}"
    moment = MONDAY + timedelta(minutes=number)
    mention = Mention(name, network, str(number), f"author-{number}", "Where is my bike?", moment, "en")
    analysis = Analysis(name, Sentiment.NEGATIVE, -0.9, ("bike",), True, "test", copy_of=copy_of)
    return mention, analysis if is_sorted else None, TriageAction.REPLY if is_sorted else None


def test_repeats_and_what_colleagues_pasted_are_no_posts(tmp_path: Path) -> None:
    world = World(posts=[make_post(1), make_post(2, copy_of="x:1"), make_post(3, PASTED)])
    store = keep_world(world, tmp_path)
    figures = measure_period(store, WEEK, UTC_ZONE)
    store.close()
    assert value(figures, "posts") == 1
    assert value(figures, "repeats") == 1
    assert value(figures, "posts_by_triage.reply") == 1
    assert sum(int(figure.value or 0) for figure in group(figures, "posts_by_day")) == 1
    assert [figure.name for figure in group(figures, "posts_by_network")] == ["posts_by_network.x"]


def test_a_question_gets_the_number_that_the_digest_has(tmp_path: Path) -> None:
    rival = make_post(4)
    world = World(posts=[make_post(1), make_post(2, copy_of="x:1"), make_post(3, PASTED), rival, make_post(5, "forum")])
    store = keep_world(world, tmp_path)
    store.change("insert into mention_brands (mention_id, name, is_ours) values (?, 'Velofix', 0)", rival[0].mention_id)
    figures = measure_period(store, WEEK, UTC_ZONE)
    answer = Opinions(OpinionTables(store), UTC_ZONE).answer(Question("How many posts in week 46?"), MONDAY)
    store.close()
    assert answer
    assert answer.answer.startswith(f"{value(figures, 'posts')} posts in week {WEEK}")
    assert value(figures, "posts") == 2


def test_tables_add_up_with_the_posts_that_are_not_sorted_yet(tmp_path: Path) -> None:
    store = keep_world(World(posts=[make_post(1), make_post(2, is_sorted=False)]), tmp_path)
    figures = measure_period(store, WEEK, UTC_ZONE)
    store.close()
    assert value(figures, "posts_without.sorting") == 1
    found = sum(int(figure.value or 0) for figure in group(figures, "posts_by_sentiment"))
    assert found + 1 == value(figures, "posts")


def test_an_approval_that_was_undone_is_none(tmp_path: Path) -> None:
    world = World(posts=[make_post(1)], drafted={1: "x:1"})
    store = keep_world(world, tmp_path)
    approve = Decision(1, DecisionAction.APPROVE, "ada", MONDAY + timedelta(hours=1), "Text.")
    assert DecisionTables(store).decide(approve, "Text.", DraftStatus.APPROVED)
    ledger = LedgerTables(store, DraftTables(store))
    assert ledger.undo(1, "ada", MONDAY + timedelta(hours=1, minutes=1))
    figures = measure_period(store, WEEK, UTC_ZONE)
    assert group(figures, "drafts_by_decision") == []
    assert value(figures, "unedited_share") is None
    again = Decision(1, DecisionAction.APPROVE, "ada", MONDAY + timedelta(hours=2), "Text.")
    assert DecisionTables(store).decide(again, "Text.", DraftStatus.APPROVED)
    assert value(measure_period(store, WEEK, UTC_ZONE), "drafts_by_decision.approved unedited") == 1
    store.close()


def test_the_promise_runs_from_when_the_customer_wrote(tmp_path: Path) -> None:
    world = World(posts=[make_post(1)], drafted={1: "x:1"})
    world.decisions = [Decision(1, DecisionAction.APPROVE, "ada", MONDAY + timedelta(days=2), "Text.")]
    world.replies = [Reply(1, "x:1", "x", "", "Text.", MONDAY + timedelta(days=2), None, "assist")]
    store = keep_world(world, tmp_path)
    # It was found an hour before the reply, two working days after it was written.
    store.change("update mentions set collected_at = '2026-11-11T08:00:00.000Z'")
    figures = measure_period(store, WEEK, UTC_ZONE)
    store.close()
    assert value(figures, "sla_kept") == 0
    assert float(value(figures, "hours_to_reply") or 0) > 8
    assert float(value(figures, "hours_to_reply_by_stage.written to found") or 0) > 8


def test_an_aim_that_rests_on_one_reply_of_many_is_not_met() -> None:
    goal = Goal(aim="Be quick", measure="hours_to_reply", target="at most 4", by=date(2026, 12, 31))
    quick = Figure("hours_to_reply", 0.5, "working hours", "", base=1)
    wanting = Figure("answered_share", 0.6, "percent", "", base=170)
    [standing] = judge_goals([goal], [quick, wanting], date(2026, 11, 16))
    assert not standing.is_met
    assert standing.verdict == "too few to say, it rests on 1 and takes 85"
    enough = Figure("hours_to_reply", 0.5, "working hours", "", base=90)
    assert judge_goals([goal], [enough, wanting], date(2026, 11, 16))[0].verdict == "met"


def test_no_time_is_saved_in_an_empty_week(tmp_path: Path) -> None:
    store = keep_world(World(), tmp_path)
    assert find(measure_period(store, WEEK, UTC_ZONE), "minutes_spared") is None
    store.close()
