"""Every figure of a week equals a count in plain Python over the same posts, and leads to the posts behind it."""

import statistics
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes_figures import Post, World, keep_world, make_world
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.database import Store
from assistant.domain import Analysis, Figure, Mention, TriageAction
from assistant.domain.calendar import find_days, period_before, read_hours
from assistant.errors import InputError
from assistant.reports.figures import (
    Measure,
    build_span,
    find_period,
    find_posts,
    find_week,
    measure,
    table,
    value,
    week_of,
)
from assistant.reports.figures.tables import MeasuringTables

ZONES = ["UTC", "Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/Havana"]
# An ordinary week, both changes of the clocks in Europe and America, and both ends of a year of 53 weeks.
WEEKS = ["2026-W46", "2026-W13", "2026-W43", "2026-W10", "2026-W44", "2026-W53", "2027-W01"]
LATER = datetime(2027, 3, 1, tzinfo=UTC)


def measure_period(store: Store, label: str, zone: ZoneInfo, now: datetime = LATER) -> tuple[Figure, ...]:
    tables = MeasuringTables(store)
    measuring = Measure(zone, read_hours("Mon-Fri 09:00-17:00", zone), 8)
    return measure(tables, build_span(tables, find_period(label, zone), measuring, now), measuring)


def in_week(moment: datetime, label: str, zone: ZoneInfo) -> bool:
    """By the calendar on the wall, without any of our own code."""
    year, number, _ = moment.astimezone(zone).isocalendar()
    return f"{year}-W{number:02d}" == label


def recount(world: World, label: str, zone: ZoneInfo) -> dict[str, object]:
    """Figures, counted anew in plain Python."""
    week = [post for post in world.posts if in_week(post[0].created_at, label, zone)]
    mentions = [mention for mention, _, _ in week]
    figures: dict[str, object] = {
        "posts": len(week),
        "authors": len({(m.network, m.author) for m in mentions if m.author}),
        "questions_asked": sum(in_week(at, label, zone) for _, at in world.questions),
        "questions_unanswered": sum(in_week(at, label, zone) and not found for found, at in world.questions),
    }
    figures |= {f"posts_by_network.{name}": number for name, number in Counter(m.network for m in mentions).items()}
    for feeling in ("negative", "neutral", "positive", "unsure"):
        posts = sum(a.sentiment == feeling for _, a, _ in week if a)
        if posts or feeling != "unsure":
            figures[f"posts_by_sentiment.{feeling}"] = posts
    for action in TriageAction:
        figures[f"posts_by_triage.{action}"] = sum(found is action for _, _, found in week)
    monday = date.fromisocalendar(int(label[:4]), int(label[6:]), 1)
    for day in (monday + timedelta(number) for number in range(7)):
        figures[f"posts_by_day.{day}"] = sum(m.created_at.astimezone(zone).date() == day for m in mentions)
    words = Counter(word for _, a, _ in week if a for word in a.words)
    telling = {word: number for word, number in words.items() if 1 < number <= max(6, len(week)) / 3}
    figures |= {f"topic_words.{word}": number for word, number in telling.items()}
    return figures | recount_replies(world, label, zone, week)


def recount_replies(world: World, label: str, zone: ZoneInfo, week: list[Post]) -> dict[str, object]:
    created = {mention.mention_id: mention.created_at for mention, _, _ in world.posts}
    sent = [reply for reply in world.replies if in_week(reply.sent_at, label, zone)]
    hours = [(reply.sent_at - created[reply.mention_id]).total_seconds() / 3600 for reply in sent]
    answered = {reply.mention_id for reply in world.replies}
    wanting = [mention.mention_id for mention, _, action in week if action is TriageAction.REPLY]
    edited = {d.draft_id for d in world.decisions if d.action == "edit"}
    ends = {
        (d.action, d.draft_id) for d in world.decisions if d.action != "edit" and in_week(d.decided_at, label, zone)
    }
    kinds = Counter(
        "rejected" if action == "reject" else "approved after an edit" if draft in edited else "approved unedited"
        for action, draft in ends
    )
    share = 100 * len(answered & set(wanting)) / len(wanting) if wanting else None
    return {
        "replies": len(sent),
        "calendar_hours_to_reply": statistics.median(hours) if hours else None,
        "answered_share": share,
        **{f"drafts_by_decision.{name}": number for name, number in kinds.items()},
    }


def posts_behind(world: World, name: str, label: str, zone: ZoneInfo) -> set[str] | None:
    """All posts that a figure points at, by its name; None for figures that another test looks at."""
    query, _, part = name.partition(".")
    week = [post for post in world.posts if in_week(post[0].created_at, label, zone)]
    tests: dict[str, Callable[[Mention, Analysis | None, TriageAction | None], bool]] = {
        "posts": lambda m, a, t: True,
        "authors": lambda m, a, t: bool(m.author),
        "posts_by_network": lambda m, a, t: m.network == part,
        "posts_by_sentiment": lambda m, a, t: a is not None and a.sentiment == part,
        "posts_by_triage": lambda m, a, t: t == part,
        "answered_share": lambda m, a, t: t is TriageAction.REPLY,
        "topic_words": lambda m, a, t: a is not None and part in a.words,
        "posts_by_day": lambda m, a, t: str(m.created_at.astimezone(zone).date()) == part,
    }
    if query in tests:
        return {post[0].mention_id for post in week if tests[query](*post)}
    if query in ("replies", "calendar_hours_to_reply", "hours_to_reply"):
        return {reply.mention_id for reply in world.replies if in_week(reply.sent_at, label, zone)}
    return None


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10**9),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    label=st.sampled_from(WEEKS),
    size=st.sampled_from([0, 3, 40, 120]),
)
def test_every_figure_equals_an_independent_count_of_the_same_posts_and_leads_to_them(
    seed: int, zone: ZoneInfo, label: str, size: int
) -> None:
    monday = datetime.fromisocalendar(int(label[:4]), int(label[6:]), 1).replace(tzinfo=UTC)
    world = make_world(seed, monday - timedelta(days=4), 14, size)
    with tempfile.TemporaryDirectory() as home:
        store = keep_world(world, Path(home))
        figures = measure_period(store, label, zone)
        behind = {figure.name: find_posts(MeasuringTables(store), figure, 1000) for figure in figures}
        store.close()

    counted = recount(world, label, zone)
    assert len({figure.name for figure in figures}) == len(figures)
    by_name: dict[str, object] = {figure.name: figure.value for figure in figures}
    words = {name: counted.pop(name) for name in list(counted) if name.startswith("topic_words.")}
    found = {name: by_name.pop(name) for name in list(by_name) if name.startswith("topic_words.")}
    assert len(found) == min(10, len(words))
    assert found.items() <= words.items()
    for name in ("calendar_hours_to_reply", "answered_share"):
        expected = counted.pop(name)
        assert by_name.get(name) == (None if expected is None else pytest.approx(expected, abs=0.0501)), name
    queries = {name.partition(".")[0] for name in counted}
    assert {name: by_name[name] for name in by_name if name.partition(".")[0] in queries} == counted
    for figure in figures:
        assert figure.query.startswith(("select", "with"))
        assert figure.period == label
        expected_posts = posts_behind(world, figure.name, label, zone)
        if expected_posts is not None:
            assert set(behind[figure.name]) == expected_posts, figure.name


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES])
def test_the_weeks_of_a_year_follow_on_each_other_and_begin_on_mondays_at_midnight(zone: ZoneInfo) -> None:
    labels = [f"2026-W{number:02d}" for number in range(1, 54)] + ["2027-W01", "2027-W02"]
    weeks = [find_week(label, zone) for label in labels]
    for week, following in pairwise(weeks):
        local = week.start_at.astimezone(zone)
        assert (local.isoweekday(), local.hour, local.minute) == (1, 0, 0)
        assert week.end_at == following.start_at
        assert period_before(following, zone) == week
        assert week_of(week.start_at, zone) == week
        assert week_of(week.end_at - timedelta(milliseconds=1), zone) == week
    hours = {(week.end_at - week.start_at) // timedelta(hours=1) for week in weeks}
    assert hours == ({168} if zone.key in ("UTC", "Asia/Kolkata") else {167, 168, 169})


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES])
def test_months_and_quarters_follow_on_each_other_and_their_days_fill_them(zone: ZoneInfo) -> None:
    months = [find_period(f"2026-{number:02d}", zone) for number in range(1, 13)] + [find_period("2027-01", zone)]
    quarters = [find_period(f"2026-Q{number}", zone) for number in range(1, 5)] + [find_period("2027-q1", zone)]
    for period, following in (*pairwise(months), *pairwise(quarters)):
        assert period.end_at == following.start_at
        assert period_before(following, zone) == period
        days = find_days(period, zone)
        assert (days[0].start_at, days[-1].end_at) == (period.start_at, period.end_at)
        assert all(day.end_at == after.start_at for day, after in pairwise(days))
    assert len(find_days(months[1], zone)) == 28
    assert len(find_days(quarters[0], zone)) == 14  # weeks, the first and the last one cut


def test_a_period_is_written_in_one_way_and_anything_else_is_refused() -> None:
    zone = ZoneInfo("Europe/Warsaw")
    assert find_week("2026-w46", zone).label == "2026-W46"
    assert find_period("2026-W5", zone).label == "2026-W05"
    wrong = ["", "2026", "2026-46", "2026-W00", "2026-W54", "2027-W53", "W46-2026", "2026-W46-1", "9999-W53", "x"]
    for label in [*wrong, "2026-00", "2026-13", "2026-Q5", "2026-Q0", "9999-12"]:
        with pytest.raises(InputError, match="isn't a week"):
            find_period(label, zone)


def test_a_post_at_the_last_millisecond_of_a_week_is_in_it_and_the_next_one_is_not(tmp_path: Path) -> None:
    zone = ZoneInfo("Europe/Warsaw")
    world = World()
    borders = ["2026-10-18T22:00:00.000", "2026-10-25T22:59:59.999", "2026-10-25T23:00:00.000"]  # the clocks go back
    for number, border in enumerate(borders):
        moment = datetime.fromisoformat(f"{border}+00:00")
        world.posts.append((Mention(f"x:{number}", "x", str(number), "ada", "Hi", moment), None, None))
    store = keep_world(world, tmp_path)

    for label, ids in (("2026-W42", []), ("2026-W43", ["x:1", "x:0"]), ("2026-W44", ["x:2"])):
        figures = measure_period(store, label, zone)
        assert value(figures, "posts") == len(ids)
        posts = next(figure for figure in figures if figure.name == "posts")
        assert find_posts(MeasuringTables(store), posts, 10) == ids
        assert sum(row["value"] for row in table(figures, "posts_by_day")) == len(ids)


def test_an_empty_week_has_zeros_and_no_made_up_share(tmp_path: Path) -> None:
    zone = ZoneInfo("UTC")
    figures = measure_period(keep_world(World(), tmp_path), "2026-W46", zone)
    assert {value(figures, name) for name in ("posts", "authors", "replies", "questions_asked")} == {0}
    for name in ("answered_share", "hours_to_reply", "calendar_hours_to_reply", "sla_kept", "net_sentiment"):
        assert value(figures, name) is None
    assert [row["value"] for row in table(figures, "posts_by_day")] == [0] * 7
