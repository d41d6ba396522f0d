"""What durable work promises: done once, taken up after a crash, caught up once after a pause."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from assistant.core.database import Store
from assistant.core.schedule_tables import ScheduleTables
from assistant.errors import TransientNetworkError
from assistant.service.jobs import DurableWork, Handler, Schedule, find_last_due

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


class Desk:
    """Notes what was worked off; fails as often as told."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.done: list[Any] = []
        self.failures = 0
        self.changed = Event()
        self._works: list[DurableWork] = []

    def handle(self, payload: dict[str, Any]) -> None:
        """Take one piece of work."""
        if self.failures:
            self.failures -= 1
            raise TransientNetworkError("not now")
        self._note(payload["number"])

    def serve(self, due_at: datetime) -> None:
        """Take one due time."""
        self._note(due_at)

    def open(self, now: datetime = NOON, handlers: dict[str, Handler] | None = None) -> DurableWork:
        """Start work on this home."""
        marks = ScheduleTables(Store(self.home / "earshot.db"))
        schedule = Schedule("digest", "0 9 * * *", "UTC", self.serve)
        work = DurableWork(self.home / "work.db", {"note": self.handle, **(handlers or {})}, [schedule], marks)
        work.start(now)
        self._works.append(work)
        return work

    def wait(self, work: DurableWork) -> list[Any]:
        """What is done once nothing is left to do."""
        while not work.is_idle():
            self.changed.wait(0.05)
            self.changed.clear()
        return self.done

    def close(self) -> None:
        """Stop what was started last."""
        if self._works:
            self._works.pop().stop()

    def _note(self, what: object) -> None:
        self.done.append(what)
        self.changed.set()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with a home of its own."""
    made = Desk(tmp_path)
    yield made
    made.close()


def test_the_same_key_is_worked_off_once(desk: Desk) -> None:
    work = desk.open()
    for number in range(5):
        work.put("note", "one key", {"number": number})
    assert desk.wait(work) == [0]


def test_a_key_is_remembered_over_a_restart(desk: Desk) -> None:
    work = desk.open()
    work.put("note", "one key", {"number": 1})
    desk.wait(work)
    desk.close()
    work = desk.open()
    work.put("note", "one key", {"number": 2})
    assert desk.wait(work) == [1]


def test_what_may_pass_is_tried_again(desk: Desk) -> None:
    desk.failures = 1
    work = desk.open()
    work.put("note", "one key", {"number": 1})
    assert desk.wait(work) == [1]


def test_what_never_passes_is_tried_after_every_pause_and_then_told_in_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("assistant.service.jobs._PAUSES_SECONDS", (0.01, 0.02))
    desk.failures = 9
    work = desk.open()
    work.put("note", "a", {"number": 1})
    assert desk.wait(work) == []
    assert desk.failures == 6
    assert caplog.text.count("is tried again") == 2
    assert caplog.text.count("failed: not now") == 1


def test_twenty_that_wait_for_slack_hold_up_nothing_else(desk: Desk) -> None:
    released = Event()

    def wait(payload: dict[str, Any]) -> None:
        released.wait(30)

    work = desk.open(handlers={"wait": wait})
    try:
        for number in range(20):
            work.put("wait", f"waits {number}", {})
        work.put("note", "goes on", {"number": 1})
        desk.changed.wait(10)
        assert desk.done == [1]
    finally:
        released.set()


def test_what_waits_for_its_next_try_ends_at_once_at_a_stop_and_is_taken_up_at_the_next_start(desk: Desk) -> None:
    desk.failures = 5  # after the fifth, the next try is 6 seconds away
    work = desk.open()
    work.put("note", "one key", {"number": 1})
    while desk.failures > 3:
        desk.changed.wait(0.05)
    began = time.monotonic()
    desk.close()
    assert time.monotonic() - began < 2.5
    desk.failures = 0
    assert desk.wait(desk.open()) == [1]


def test_work_that_ended_long_ago_is_forgotten_and_what_waits_is_not(desk: Desk) -> None:
    released, counts = Event(), list[int]()

    def wait(payload: dict[str, Any]) -> None:
        released.wait(30)

    def tidy(payload: dict[str, Any]) -> None:
        counts.append(work.forget_ended(datetime.now(UTC) + timedelta(days=payload["days"])))

    work = desk.open(handlers={"wait": wait, "tidy": tidy})
    work.put("note", "one key", {"number": 1})
    work.put("wait", "another", {})
    time.sleep(1)  # DBOS notes a moment after the work that it ended
    for days in (-1, 1):
        work.put("tidy", f"{days} days", {"days": days})
        while len(counts) < (days + 3) // 2:
            desk.changed.wait(0.05)
    with closing(sqlite3.connect(desk.home / "work.db")) as database:
        kept = "\n".join(database.iterdump())
    released.set()
    assert counts[0] == 0
    assert "note/one key" not in kept
    assert "wait/another" in kept


def test_a_new_schedule_has_missed_nothing(desk: Desk) -> None:
    assert desk.wait(desk.open()) == []


def test_many_missed_times_are_caught_up_once_with_the_last_of_them(desk: Desk) -> None:
    desk.open()
    desk.close()
    work = desk.open(NOON + timedelta(days=9))
    assert desk.wait(work) == [datetime(2026, 11, 27, 9, tzinfo=UTC)]
    desk.close()
    assert len(desk.wait(desk.open(NOON + timedelta(days=9, hours=1)))) == 1


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 3, 29, 7, 30, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)),  # 9:00 in summer time
        (datetime(2026, 3, 28, 8, 30, tzinfo=UTC), datetime(2026, 3, 28, 8, tzinfo=UTC)),  # 9:00 in winter time
        (datetime(2026, 10, 25, 8, 0, 1, tzinfo=UTC), datetime(2026, 10, 25, 8, tzinfo=UTC)),
    ],
)
def test_due_times_follow_the_clock_on_the_wall(now: datetime, due: datetime) -> None:
    schedule = Schedule("digest", "0 9 * * *", "Europe/Warsaw", lambda due_at: None)
    assert find_last_due(schedule, now) == due
