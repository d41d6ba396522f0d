"""What a summary rests on: coverage, comparison, error bars, aims, working hours and replies."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_figures import measure_period

from assistant.core.database import Store
from assistant.domain import (
    About,
    Analysis,
    Decision,
    DecisionAction,
    Draft,
    DraftStatus,
    Figure,
    Mention,
    Reply,
    Sentiment,
    Triage,
    TriageAction,
)
from assistant.domain.calendar import read_hours
from assistant.errors import ConfigError, TransientNetworkError
from assistant.listening.tables.posts import MentionTables
from assistant.listening.tables.upstream import CursorTables
from assistant.replies.tables.decisions import DecisionTables, Edit
from assistant.replies.tables.drafts import DraftTables
from assistant.replies.tables.send_ledger import LedgerTables
from assistant.reports.figures import NAMES, find, value
from assistant.reports.figures.goals import judge_goals, read_goals
from assistant.reports.figures.maturity import State, judge_maturity
from assistant.reports.figures.responses import is_promise
from assistant.reports.figures.sentiment import estimate
from assistant.reports.figures.topics import tell_move

UTC_ZONE = ZoneInfo("UTC")
MONDAY = datetime(2026, 11, 9, tzinfo=UTC)
AFTER = datetime(2026, 11, 17, tzinfo=UTC)


def add_post(store: Store, number: int, at: datetime, network: str = "x", sentiment: str = "negative") -> str:
    mention_id = f"{network}:{number}"
    tables = MentionTables(store)
    tables.add([Mention(mention_id, network, str(number), f"p{number}", "Text", at)], at)
    found = Analysis(mention_id, Sentiment(sentiment), 0.0, (), False, "test")
    tables.add_analyses([(found, Triage(mention_id, TriageAction.REPLY, ""))], at)
    return mention_id


def fill_two_weeks(store: Store, network: str, now: int, before: int) -> None:
    for number in range(now):
        add_post(store, number, MONDAY + timedelta(hours=number % 160), network)
    for number in range(before):
        add_post(store, 1000 + number, MONDAY - timedelta(days=7) + timedelta(hours=number % 160), network)


def test_a_week_is_compared_only_on_networks_that_were_heard_in_both_weeks(tmp_path: Path) -> None:
    store = Store(tmp_path / "earshot.db")
    cursors = CursorTables(store)
    cursors.note_read("x", "", MONDAY - timedelta(days=30))
    cursors.note_read("reddit", "", MONDAY + timedelta(hours=1))  # listened to since this week
    fill_two_weeks(store, "x", 6, 4)
    fill_two_weeks(store, "reddit", 50, 0)
    posts = find(measure_period(store, "2026-W46", UTC_ZONE, AFTER), "posts")
    assert posts is not None
    assert (posts.value, posts.compared, posts.before, posts.change) == (56, 6, 4, 2)


def test_a_network_that_was_down_for_a_day_is_told_and_not_compared(tmp_path: Path) -> None:
    store = Store(tmp_path / "earshot.db")
    cursors = CursorTables(store)
    cursors.note_read("x", "", MONDAY - timedelta(days=30))
    fill_two_weeks(store, "x", 6, 4)
    cursors.note_failure("x", "It is down.", MONDAY + timedelta(days=1))
    cursors.note_failure("x", "It is down.", MONDAY + timedelta(days=1, hours=9))
    cursors.note_read("x", "", MONDAY + timedelta(days=2))
    figures = measure_period(store, "2026-W46", UTC_ZONE, AFTER)
    assert store.rows("select kind, began_at, ended_at from outages") == [
        {"kind": "down", "began_at": "2026-11-10T00:00:00.000Z", "ended_at": "2026-11-11T00:00:00.000Z"}
    ]
    posts = find(figures, "posts")
    assert posts is not None
    assert posts.change is None
    assert "gaps on x" in posts.coverage


def test_an_outage_that_a_partial_reading_interrupts_stays_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "earshot.db")
    cursors = CursorTables(store)
    error = TransientNetworkError("A part is down.", "Wait.")
    for hour in range(4):
        cursors.note_partial("x", "", MONDAY + timedelta(hours=hour), error, is_capped=hour == 2)
    assert store.rows("select kind, began_at, ended_at from outages where kind = 'down'") == [
        {"kind": "down", "began_at": "2026-11-09T00:00:00.000Z", "ended_at": None}
    ]


def test_a_week_that_is_not_over_is_compared_with_none(tmp_path: Path) -> None:
    store = Store(tmp_path / "earshot.db")
    CursorTables(store).note_read("x", "", MONDAY - timedelta(days=30))
    fill_two_weeks(store, "x", 6, 4)
    posts = find(measure_period(store, "2026-W46", UTC_ZONE, MONDAY + timedelta(days=3)), "posts")
    assert posts is not None
    assert posts.before is None


def test_a_changed_or_removed_post_changes_the_figures_of_a_week_that_was_measured_before(tmp_path: Path) -> None:
    store = Store(tmp_path / "earshot.db")
    first, second = add_post(store, 1, MONDAY), add_post(store, 2, MONDAY)
    assert value(measure_period(store, "2026-W46", UTC_ZONE), "posts_by_sentiment.negative") == 2
    MentionTables(store).corrections.add(first, {About.SENTIMENT: "positive"}, "ada", AFTER)
    store.change("delete from mentions where mention_id = ?", second)
    figures = measure_period(store, "2026-W46", UTC_ZONE)
    assert (value(figures, "posts"), value(figures, "posts_by_sentiment.positive")) == (1, 1)


def test_the_error_bar_comes_from_checked_posts_and_is_not_made_up_without_them(tmp_path: Path) -> None:
    store = Store(tmp_path / "earshot.db")
    ids = [add_post(store, number, MONDAY) for number in range(100)]
    bare = find(measure_period(store, "2026-W46", UTC_ZONE), "posts_by_sentiment.negative")
    assert bare is not None
    assert (bare.low, bare.high) == (None, None)
    corrections = MentionTables(store).corrections
    for number, mention_id in enumerate(ids[:20]):
        label = "neutral" if number < 5 else "negative"  # a quarter of what was found negative is not
        corrections.add(mention_id, {About.SENTIMENT: label}, "ada", AFTER)
    checked = find(measure_period(store, "2026-W46", UTC_ZONE), "posts_by_sentiment.negative")
    assert checked is not None
    assert checked.low is not None
    assert checked.high is not None
    # 15 are known to be negative; of the other 80 about three in four are.
    assert (checked.low + checked.high) / 2 == pytest.approx(75, abs=1)
    assert checked.low >= 15
    assert checked.high <= 95


def test_where_all_posts_were_looked_at_the_error_bar_is_no_wider_than_the_number(tmp_path: Path) -> None:
    store = Store(tmp_path / "earshot.db")
    for number in range(30):
        label = "neutral" if number < 5 else "negative"
        MentionTables(store).corrections.add(add_post(store, number, MONDAY), {About.SENTIMENT: label}, "ada", AFTER)
    add_post(store, 31, MONDAY)
    negative = find(measure_period(store, "2026-W46", UTC_ZONE), "posts_by_sentiment.negative")
    assert negative is not None
    assert (negative.value, negative.low, negative.high) == (26, 25, 26)


def test_the_edit_distance_is_the_mean_of_the_weeks_edits(tmp_path: Path) -> None:
    store = Store(tmp_path / "earshot.db")
    draft = Draft(0, add_post(store, 1, MONDAY), "Text.", DraftStatus.PENDING, (), (), "quoting", "", MONDAY)
    draft_id = DraftTables(store).add(draft)
    for at, distance in ((MONDAY, 0.1), (MONDAY, 0.5), (MONDAY - timedelta(days=1), 1.0)):
        DecisionTables(store).add_edit(Edit(draft_id, "ada", at, "Text.", "Other text.", distance, distance))
    assert value(measure_period(store, "2026-W46", UTC_ZONE), "edit_distance") == 30


@given(
    wrong=st.floats(0, 0.5),
    negative=st.integers(50, 5000),
    positive=st.integers(50, 5000),
    checks=st.integers(20, 400),
)
def test_the_estimate_is_the_share_that_checks_say_and_its_error_falls_with_their_number(
    wrong: float, negative: int, positive: int, checks: int
) -> None:
    flipped = round(wrong * checks)
    found = {"negative": float(negative), "positive": float(positive)}
    table = {
        "negative": {"negative": checks - flipped, "positive": flipped},
        "positive": {"positive": checks - flipped, "negative": flipped},
    }
    mean, error = estimate(found, table, "negative")
    assert mean == pytest.approx(negative * (1 - flipped / checks) + positive * flipped / checks)
    more = {label: {truth: 4 * number for truth, number in row.items()} for label, row in table.items()}
    assert estimate(found, more, "negative")[1] < error


def test_a_topic_moves_only_where_chance_does_not_explain_it() -> None:
    assert tell_move(60, 1000, 20, 1000) == "rising"
    assert tell_move(20, 1000, 60, 1000) == "falling"
    assert tell_move(20, 1000, 0, 1000) == "new"
    assert tell_move(22, 1000, 20, 1000) == ""
    assert tell_move(40, 2000, 20, 1000) == ""  # twice as many of twice as many
    assert tell_move(3, 10, 0, 10) == ""


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [
        ("2026-11-13T16:00", "2026-11-16T10:00", 2.0),  # Friday afternoon to Monday morning
        ("2026-11-14T10:00", "2026-11-15T20:00", 0.0),
        ("2026-11-09T08:00", "2026-11-09T18:00", 8.0),
        ("2026-11-09T12:00", "2026-11-09T11:00", 0.0),
        ("2026-10-23T09:00", "2026-10-26T09:30", 8.5),  # over the change of the clocks
    ],
)
def test_only_working_hours_count(first: str, last: str, hours: float) -> None:
    zone = ZoneInfo("Europe/Warsaw")
    start, end = (datetime.fromisoformat(f"{moment}:00").replace(tzinfo=zone) for moment in (first, last))
    assert read_hours("Mon-Fri 09:00-17:00", zone).between(start, end) == pytest.approx(hours)


@given(st.integers(0, 365 * 24 * 60), st.floats(0.1, 40))
def test_going_back_some_working_hours_leaves_just_as_many_between(minutes: int, hours: float) -> None:
    opening = read_hours("Mon-Fri 09:00-17:00, Sat 10:00-14:00", ZoneInfo("Europe/Warsaw"))
    end = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    assert opening.between(opening.go_back(end, hours), end) == pytest.approx(hours, abs=0.001)


@pytest.mark.parametrize("text", ["", "always", "Mon-Fri", "Fri-Mon 09:00-17:00", "Mon 17:00-09:00", "Mon 9:00-25:00"])
def test_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"write it like|must come before|from 00:00"):
        read_hours(text, UTC_ZONE)


GOAL = "goals:\n  - aim: Answer\n    measure: answered_share\n    target: at least 80 %\n    by: 2026-12-31\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("answered_share", "happiness", "line 3: there is no figure happiness"),
        ("at least 80 %", "soon", "line 4: goals.1.target must be written like at least 80"),
        ("2026-12-31", "someday", "line 5: goals.1.by must be a day"),
        ("aim: Answer", "aims: Answer", "line 2: there is no field goals.1.aims, perhaps aim is meant"),
        ("goals:", "goal:", "line 1"),
    ],
)
def test_a_wrong_goal_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = tmp_path / "goals.yaml"
    file.write_text(GOAL.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        read_goals(file, True, NAMES)
    assert told in caught.value.message


def test_a_goal_is_met_missed_open_or_not_measured(tmp_path: Path) -> None:
    file = tmp_path / "goals.yaml"
    file.write_text(GOAL)
    goals = read_goals(file, True, NAMES)

    def judge(found: float | None, today: str) -> str:
        figure = Figure("answered_share", found, "percent", "select")
        return judge_goals(goals, (figure,), date.fromisoformat(today))[0].verdict

    assert judge(80.0, "2026-11-16") == "met"
    assert judge(79.9, "2026-12-31") == "not met yet"
    assert judge(79.9, "2027-01-01") == "missed"
    assert judge(None, "2026-11-16") == "not measured in this period"
    example = read_goals(Path(__file__).parent.parent / "goals.example.yaml", True, NAMES)
    assert len(example) == 3


def test_a_stage_is_reached_only_with_all_stages_before_it() -> None:
    def judge(**values: float) -> str:
        figures = [Figure(name, found, "", "") for name, found in values.items()]
        return judge_maturity(State(figures, (), True, True, 3)).stage

    assert judge() == "none yet"
    assert judge(posts=3) == "presence"
    assert judge(posts=3, replies=2, answered_share=30) == "engagement"
    assert judge(posts=3, replies=2, answered_share=30, sla_kept=90) == "formalised"
    assert judge(posts=3, sla_kept=90) == "presence"


def test_a_promise_is_something_we_say_we_will_do() -> None:
    assert is_promise("We'll get back to you by Friday.")
    assert is_promise("I will look into it.")
    assert not is_promise("You will get a reply.")
    assert not is_promise("We sent it yesterday.")


def test_a_reply_that_was_taken_away_again_has_answered_nobody(tmp_path: Path) -> None:
    store = Store(tmp_path / "earshot.db")
    mention_id = add_post(store, 1, MONDAY)
    drafts = DraftTables(store)
    draft_id = drafts.add(Draft(0, mention_id, "Text.", DraftStatus.PENDING, (), (), "quoting", "", MONDAY))
    decided = Decision(draft_id, DecisionAction.APPROVE, "ada", MONDAY, "Text.")
    assert DecisionTables(store).decide(decided, "Text.", DraftStatus.APPROVED)
    ledger = LedgerTables(store, drafts)
    assert ledger.end_assisted(Reply(draft_id, mention_id, "x", "r1", "Text.", MONDAY, None, "assist"))
    names = ("replies", "answered_share", "sla_kept")
    assert [value(measure_period(store, "2026-W46", UTC_ZONE), name) for name in names] == [1, 100, 100]
    assert ledger.note_deleted(draft_id, "ada", MONDAY)
    assert [value(measure_period(store, "2026-W46", UTC_ZONE), name) for name in names] == [1, 0, 0]
