"""Rounds over a real database: a spike is told once, whatever the order and the restarts; replies before their time."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alerts.fakes_counts import MONDAY, add_history, add_posts, burst, make_rules, make_watching
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.alerts.tables import AlertTables, CountTables
from assistant.core.database import Store
from assistant.domain import Alert, AlertKind, Series

NOON = MONDAY + timedelta(hours=12)
ROUND = timedelta(minutes=5)


def look_to_the_end(store: Store, now: datetime) -> list[Alert]:
    """Rounds until no hours are left to count."""
    watching = make_watching(store)
    found = watching.look(now)
    while store.value("select count(*) from stale_hours"):
        found += watching.look(now)
    return found


def test_a_spike_is_found_with_what_it_is_about_and_what_would_be_usual(store: Store) -> None:
    add_history(store, NOON)
    look_to_the_end(store, NOON)
    add_posts(store, burst(NOON + ROUND, 30), sentiment="negative", topic="billing")
    [alert] = look_to_the_end(store, NOON + ROUND)
    assert alert.series == Series("x", "billing", "negative")
    assert (alert.posts, alert.minutes, alert.is_severe) == (15, 10, False)  # of the first five minutes
    assert alert.usual < 1
    assert Series("", "billing", "") in alert.also


def test_the_same_spike_is_told_once_however_often_and_after_whatever_restart(store: Store) -> None:
    add_history(store, NOON)
    look_to_the_end(store, NOON)
    add_posts(store, burst(NOON + ROUND, 30))
    assert len(look_to_the_end(store, NOON + ROUND)) == 1
    add_posts(store, burst(NOON + 3 * ROUND, 30))
    assert [make_watching(store).look(NOON + step * ROUND) for step in range(1, 40)] == [[]] * 39
    assert len(AlertTables(store).since(MONDAY)) == 1


def test_a_spike_that_becomes_far_worse_is_told_again(store: Store) -> None:
    add_history(store, NOON)
    look_to_the_end(store, NOON)
    add_posts(store, burst(NOON + ROUND, 24))
    assert len(look_to_the_end(store, NOON + ROUND)) == 1
    add_posts(store, burst(NOON + 3 * ROUND, 600))
    assert look_to_the_end(store, NOON + 3 * ROUND) == []  # within the hour it is the same spike
    add_posts(store, burst(NOON + 14 * ROUND, 600))
    assert len(look_to_the_end(store, NOON + 14 * ROUND)) == 1


def test_a_spike_that_turns_severe_is_told_at_once(store: Store) -> None:
    add_history(store, NOON)
    look_to_the_end(store, NOON)
    add_posts(store, burst(NOON + ROUND, 30), sentiment="negative")
    add_posts(store, burst(NOON + 2 * ROUND, 60), sentiment="negative")
    assert [alert.is_severe for alert in look_to_the_end(store, NOON + 2 * ROUND)] == [False, True]


def test_two_spikes_that_cannot_be_the_same_posts_are_two_alerts(store: Store) -> None:
    add_history(store, NOON)
    add_history(store, NOON, network="reddit")
    look_to_the_end(store, NOON)
    add_posts(store, burst(NOON + ROUND, 40), "x", "negative")
    add_posts(store, burst(NOON + ROUND, 30), "reddit", "positive")
    assert {alert.series.network for alert in look_to_the_end(store, NOON + ROUND)} == {"x", "reddit"}


def test_of_a_young_network_nothing_is_said_and_that_is_told(store: Store) -> None:
    add_history(store, NOON, days=2)
    add_posts(store, burst(NOON + ROUND, 200), sentiment="negative")
    assert look_to_the_end(store, NOON + ROUND) == []
    [state] = make_watching(store).describe_networks(NOON)
    assert (state.network, state.is_young) == ("x", True)


def test_a_network_that_is_newly_listened_to_is_no_spike_of_all_networks(store: Store) -> None:
    add_history(store, NOON, days=20)
    look_to_the_end(store, NOON)
    add_posts(store, burst(NOON + ROUND, 300), "reddit")
    assert look_to_the_end(store, NOON + ROUND) == []


def test_posts_that_are_read_late_are_found_all_the_same(store: Store) -> None:
    add_history(store, NOON)
    look_to_the_end(store, NOON)
    add_posts(store, burst(NOON - timedelta(hours=1), 30))
    assert [alert.posts for alert in look_to_the_end(store, NOON)] == [15]


def test_after_downtime_the_missed_hours_are_looked_at_up_to_a_day_back(store: Store) -> None:
    add_history(store, NOON)
    look_to_the_end(store, NOON)
    add_posts(store, burst(NOON + timedelta(hours=2), 30))
    assert len(look_to_the_end(store, NOON + timedelta(hours=15))) == 1


def test_a_large_import_of_the_past_tells_of_nothing_that_is_long_over(store: Store) -> None:
    add_history(store, NOON)
    add_posts(store, burst(NOON - timedelta(days=4), 300))
    assert look_to_the_end(store, NOON) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), rounds=st.lists(st.booleans(), min_size=6, max_size=6))
def test_the_order_in_which_posts_come_and_when_it_restarts_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], rounds: list[bool]
) -> None:
    store = Store(tmp_path_factory.mktemp("home") / "earshot.db")
    parts: list[list[datetime]] = [burst(NOON, 30)[place::6] for place in range(6)]
    add_history(store, NOON, days=5)
    look_to_the_end(store, NOON)
    found: list[Alert] = []
    for place, is_round in zip(order, rounds, strict=True):
        add_posts(store, parts[place], sentiment="negative")
        found += make_watching(store).look(NOON) if is_round else []
    found += look_to_the_end(store, NOON)
    # Told when the first 10 were seen, or later with more of them, but once.
    assert [alert.series.network for alert in found] == ["x"]
    assert CountTables(store).series(0)[Series("x", "", "negative")] == 30
    store.close()


def test_posts_about_competitors_alone_are_nobody_s_spike(store: Store) -> None:
    add_history(store, NOON)
    theirs = add_posts(store, burst(NOON, 200), sentiment="negative")
    store.change_many("insert into mention_brands values (?, 'Rival', 0)", [(one,) for one in theirs])
    assert look_to_the_end(store, NOON) == []


def test_counts_stay_when_posts_are_forgotten(store: Store) -> None:
    add_history(store, NOON, days=5)
    look_to_the_end(store, NOON)
    before = CountTables(store).series(0)
    store.change("delete from mentions")
    look_to_the_end(store, NOON)
    assert CountTables(store).series(0) == before


def test_a_round_in_which_nothing_new_came_counts_nothing_again(store: Store) -> None:
    add_history(store, NOON, days=5)
    look_to_the_end(store, NOON)
    assert store.value("select count(*) from stale_hours") == 0


class TestRepliesThatAreNearlyLate:
    """Eight working hours are promised, and warned of after six."""

    def test_they_are_warned_of_once_and_together_before_the_promise_is_broken(self, store: Store) -> None:
        ids = add_posts(store, [MONDAY.replace(hour=9), MONDAY.replace(hour=9, minute=10)], action="reply")
        assert make_watching(store).look(MONDAY.replace(hour=14, minute=55)) == []
        [alert] = make_watching(store).look(MONDAY.replace(hour=15, minute=15))
        assert (alert.kind, alert.posts, alert.mention_ids) == (AlertKind.SLA, 2, tuple(ids))
        assert make_watching(store).look(MONDAY.replace(hour=15, minute=20)) == []

    def test_a_backlog_that_comes_in_over_an_hour_is_one_alert_and_not_one_a_round(self, store: Store) -> None:
        backlog = [MONDAY.replace(hour=9) + timedelta(minutes=minute) for minute in range(60)]
        add_posts(store, backlog, action="reply")
        watching = make_watching(store)
        rounds = [watching.look(MONDAY.replace(hour=14) + timedelta(minutes=5 * number)) for number in range(36)]
        found = [alert for alerts in rounds for alert in alerts]
        assert [alert.posts for alert in found] == [60]
        assert len(set(found[0].mention_ids)) == 60

    def test_all_that_waited_before_the_first_start_is_one_alert(self, store: Store) -> None:
        add_posts(store, [MONDAY - timedelta(days=6) + timedelta(hours=hour) for hour in range(120)], action="reply")
        alerts = [
            alert for number in range(12) for alert in make_watching(store).look(MONDAY + timedelta(minutes=5 * number))
        ]
        assert len(alerts) == 1

    def test_a_short_promise_gathers_for_minutes_only(self, store: Store) -> None:
        add_posts(store, [MONDAY.replace(hour=9), MONDAY.replace(hour=9, minute=40)], action="reply")
        watching = make_watching(store, replace(make_rules(), reply_within_hours=1))
        [alert] = watching.look(MONDAY.replace(hour=9, minute=50))
        assert alert.posts == 1

    def test_nights_and_weekends_do_not_count(self, store: Store) -> None:
        friday = MONDAY - timedelta(days=3)
        add_posts(store, [friday.replace(hour=16)], action="reply")
        assert make_watching(store).look(MONDAY.replace(hour=13, minute=55)) == []
        assert len(make_watching(store).look(MONDAY.replace(hour=14, minute=5))) == 1

    def test_who_has_an_answer_or_needs_none_is_not_warned_of(self, store: Store) -> None:
        answered, refused, _ = add_posts(store, [MONDAY.replace(hour=9)] * 3, action="reply")
        add_posts(store, [MONDAY.replace(hour=9)], action="watch")
        columns = "mention_id, text, status, sentences, citations, writer, prompt_version, created_at, changed_at"
        sql = f"insert into drafts (draft_id, {columns}) values (?, ?, 'T', ?, '[]', '[]', 'w', 'v', '', '')"
        store.change_many(sql, [(1, answered, "sent"), (2, refused, "rejected")])
        [alert] = make_watching(store).look(MONDAY.replace(hour=16))
        assert alert.posts == 1


@pytest.mark.parametrize(("hour", "is_quiet"), [(21, False), (22, True), (3, True), (7, False), (12, False)])
def test_in_quiet_hours_only_what_is_severe_disturbs(store: Store, hour: int, is_quiet: bool) -> None:
    watching = make_watching(store, make_rules("22:00-07:00"))
    calm = Alert(1, AlertKind.SPIKE, Series(), NOON, 10, False, NOON)
    assert watching.is_due(calm, MONDAY.replace(hour=hour)) is not is_quiet
    assert watching.is_due(replace(calm, is_severe=True), MONDAY.replace(hour=hour))


def test_many_negative_posts_make_a_spike_severe(tmp_path: Path) -> None:
    for feeling in ("negative", "positive"):
        store = Store(tmp_path / feeling / "earshot.db")
        add_history(store, NOON)
        add_posts(store, burst(NOON, 180), sentiment=feeling)
        [alert] = look_to_the_end(store, NOON)
        assert alert.is_severe is (feeling == "negative")
        store.close()
