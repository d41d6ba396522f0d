"""A crisis: opened by a person or once by a severe spike, kept as a timeline, closed with a report."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alerts.fakes_counts import MONDAY, add_posts

from assistant.alerts.crises import Crises, Freeze, write_report
from assistant.alerts.crisis_tables import CrisisTables
from assistant.alerts.tables import AlertTables
from assistant.core.database import Store
from assistant.core.prompts import Prompts
from assistant.domain import Alert, AlertKind, Series
from assistant.errors import InputError, ReviewError
from assistant.listening.tables.posts import MentionTables

NOON = MONDAY + timedelta(hours=12)
NEGATIVE = Series("x", "billing", "negative")
PROMPTS = Prompts(Path(__file__).parent.parent.parent / "prompts")


class Freezer:
    """Remembers who froze."""

    def __init__(self, error: str = "") -> None:
        self.calls: list[tuple[str, str]] = []
        self.error = error

    def __call__(self, who: str, why: str, now: datetime) -> str:
        self.calls.append((who, why))
        if self.error:
            raise ReviewError(self.error, "Ask an admin.")
        return "Nothing leaves."


def make_crises(store: Store, freeze: Freeze | None = None, opens_itself: bool = True) -> Crises:
    tables = AlertTables(store)
    return Crises(CrisisTables(store), tables, MentionTables(store), PROMPTS, freeze, opens_itself)


def add_alert(store: Store, key: str = "k", is_severe: bool = True) -> int:
    alert = Alert(0, AlertKind.SPIKE, NEGATIVE, NOON, 80, is_severe, NOON, minutes=10, usual=1.2, score=20)
    alert_id = AlertTables(store).add(key, alert)
    assert alert_id
    return alert_id


def read_timeline(crises: Crises, crisis_id: int = 1) -> str:
    return "\n".join(f"{event.who} {event.text}" for event in crises.view(crisis_id, NOON).events)


def test_a_severe_spike_opens_one_crisis_and_freezes_once_whatever_restarts(store: Store) -> None:
    alert_id = add_alert(store)
    freezer = Freezer()
    [crisis] = make_crises(store, freezer).take_alerts(NOON)
    assert (crisis.alert_id, crisis.opened_by, crisis.series, crisis.is_frozen) == (alert_id, "earshot", NEGATIVE, True)
    for _ in range(3):
        crises = make_crises(store, freezer)
        assert crises.take_alerts(NOON) == []
        crises.freeze_pending(NOON)
    assert freezer.calls == [("earshot", "crisis 1")]
    assert "80 negative posts about billing on" in read_timeline(crises)
    assert "nothing sends it:\nMany of you are writing about billing right now" in read_timeline(crises)


def test_a_second_severe_spike_joins_the_timeline_of_the_crisis_that_lasts(store: Store) -> None:
    add_alert(store)
    crises = make_crises(store)
    crises.take_alerts(NOON)
    second = add_alert(store, "second")
    assert crises.take_alerts(NOON) == crises.take_alerts(NOON) == []
    assert read_timeline(crises).count(f"alert {second}") == 1


def test_a_closed_crisis_is_not_opened_again_by_its_old_alerts(store: Store) -> None:
    add_alert(store)
    crises = make_crises(store)
    crises.take_alerts(NOON)
    add_alert(store, "second")
    crises.take_alerts(NOON)
    crises.close(1, "ann", NOON)
    assert crises.take_alerts(NOON) == []


def test_where_people_open_crises_a_severe_spike_opens_none(store: Store) -> None:
    add_alert(store)
    assert make_crises(store, opens_itself=False).take_alerts(NOON) == []


def test_a_spike_that_is_not_severe_opens_none_but_a_person_may(store: Store) -> None:
    alert_id = add_alert(store, is_severe=False)
    crises = make_crises(store)
    assert crises.take_alerts(NOON) == []
    opened = crises.open_for_alert(alert_id, "ann", NOON)
    assert crises.open_for_alert(alert_id, "ben", NOON) == opened
    assert opened.began_at == NOON - timedelta(minutes=10)


def test_a_crash_between_opening_and_freezing_freezes_after_the_restart(store: Store) -> None:
    class Crash(BaseException):
        """A power cut."""

    def crash(who: str, why: str, now: datetime) -> str:
        raise Crash

    with pytest.raises(Crash):
        make_crises(store, crash).open("The app is down", "ann", NOON)
    freezer = Freezer()
    make_crises(store, freezer).freeze_pending(NOON)
    assert freezer.calls == [("ann", "crisis 1")]
    assert make_crises(store).find(1).is_frozen


def test_a_freeze_that_is_refused_is_told_and_the_crisis_is_open_all_the_same(store: Store) -> None:
    crises = make_crises(store, Freezer("Only reviewers may freeze."))
    assert not crises.open("The app is down", "ann", NOON).is_frozen
    assert "couldn't freeze replies: Only reviewers may freeze. Ask an admin." in read_timeline(crises)


def test_where_nothing_can_be_frozen_the_timeline_says_so(store: Store) -> None:
    crises = make_crises(store)
    crises.open("The app is down", "ann", NOON)
    assert "can't freeze replies here" in read_timeline(crises)


def test_people_join_once_and_nobody_joins_or_closes_what_is_closed(store: Store) -> None:
    crises = make_crises(store)
    crises.open("The app is down", "ann", NOON)
    crises.join(1, "ben", NOON)
    assert crises.join(1, "ben", NOON).people == ("ben",)
    assert read_timeline(crises).count("ben is on it") == 1
    closed = crises.close(1, "ann", NOON + timedelta(hours=2))
    assert not closed.is_open
    for decide in (crises.join, crises.close):
        with pytest.raises(InputError, match="was closed by ann"):
            decide(1, "ben", NOON)


@pytest.mark.parametrize("title", ["", "  \n "])
def test_a_crisis_needs_a_title(store: Store, title: str) -> None:
    with pytest.raises(InputError, match="needs a title"):
        make_crises(store).open(title, "ann", NOON)


def test_the_report_has_the_timeline_the_hours_the_posts_and_the_replies(store: Store) -> None:
    ids = add_posts(store, [NOON, NOON + timedelta(minutes=61)], sentiment="negative", topic="billing")
    add_posts(store, [NOON], sentiment="positive")
    store.change("update mentions set text = 'I <b>hate</b> [it](http://evil.example)' where mention_id = ?", ids[0])
    columns = "mention_id, text, status, sentences, citations, writer, prompt_version, created_at, changed_at"
    sql = f"insert into drafts (draft_id, {columns}) values (1, ?, 'T', 'sent', '[]', '[]', 'w', 'v', '', '')"
    store.change(sql, ids[0])
    sent = """insert into replies (draft_id, mention_id, network, external_id, text, how, sent_at)
    values (1, ?, 'x', '9', 'T', 'api', '2026-11-16T12:30:00.000Z')"""
    store.change(sent, ids[0])
    crises = make_crises(store)
    crises.open("Bills *wrong*", "ann", NOON, NEGATIVE)
    crises.join(1, "ben", NOON)
    crises.close(1, "ann", NOON + timedelta(hours=26))
    report = write_report(crises.view(1, NOON + timedelta(days=9)))
    for told in (
        "# Crisis 1: Bills \\*wrong\\*", "Lasted 1 d 2 h", "Posts 2, of them negative 2; replies sent 1", "On it: ben",
        "| 2026-11-16 12:00 | 1 | 1 |", "| 2026-11-16 13:00 | 1 | 1 |", "I \\<b\\>hate\\</b\\> \\[it\\]\\(http://evil.example\\)",
        "2026-11-16 12:30 to x:0", "closed it after 1 d 2 h",
    ):  # fmt: skip
        assert told in report


def test_a_forgotten_post_leaves_the_report(store: Store) -> None:
    [post] = add_posts(store, [NOON], sentiment="negative", topic="billing")
    crises = make_crises(store)
    crises.open("Bills", "ann", NOON, NEGATIVE)
    assert crises.view(1, NOON).top_posts
    store.change("update mentions set text = '', author = '', removed_at = created_at where mention_id = ?", post)
    assert not crises.view(1, NOON).top_posts
