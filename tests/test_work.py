"""What durable work promises: done once, taken up after a crash, caught up once after a pause."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any, ClassVar

import pytest

from assistant.core.database import Store
from assistant.core.job import Asker, Job, JobHandlers
from assistant.core.schedule_tables import ScheduleTables
from assistant.errors import EarshotError, InputError, TransientNetworkError
from assistant.service.jobs import DurableWork, JsonWork, Schedule, find_last_due

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Note(Job):
    """Something to note; `text` came with a later Earshot."""

    kind: ClassVar = "note"
    number: int
    text: str = ""

    @property
    def asker(self) -> Asker:
        return Asker("U1", "C1")


@dataclass(frozen=True)
class Wait(Job):
    """Something that takes long."""

    kind: ClassVar = "wait"


@dataclass(frozen=True)
class Tidy(Job):
    """Forget what ended before this many days from now."""

    kind: ClassVar = "tidy"
    days: int


class Desk:
    """Notes what was worked off; fails as often as told."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.done: list[Any] = []
        self.failures = 0
        self.failed: list[tuple[Job, str]] = []
        self.changed = Event()
        self._works: list[DurableWork] = []

    def handle(self, note: Note) -> None:
        """Do one job."""
        if self.failures:
            self.failures -= 1
            raise TransientNetworkError("not now")
        self._note(note.number)

    def serve(self, due_at: datetime) -> None:
        """Take one due time."""
        self._note(due_at)

    def fail(self, job: Job, error: EarshotError) -> None:
        """Hear of a job that failed for good."""
        self.failed.append((job, error.message))

    def open(self, now: datetime = NOON, handlers: JobHandlers | None = None) -> DurableWork:
        """Start work on this home."""
        handlers = handlers or JobHandlers()
        handlers.add(Note, self.handle)
        marks = ScheduleTables(Store(self.home / "earshot.db"))
        schedule = Schedule("digest", "0 9 * * *", "UTC", self.serve)
        work = DurableWork(self.home / "work.db", handlers, [schedule], marks, self.fail)
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
        work.put(Note(number), "one key")
    assert desk.wait(work) == [0]


def test_a_key_is_remembered_over_a_restart(desk: Desk) -> None:
    work = desk.open()
    work.put(Note(1), "one key")
    desk.wait(work)
    desk.close()
    work = desk.open()
    work.put(Note(2), "one key")
    assert desk.wait(work) == [1]


def test_what_may_pass_is_tried_again(desk: Desk) -> None:
    desk.failures = 1
    work = desk.open()
    work.put(Note(1), "one key")
    assert desk.wait(work) == [1]


def test_what_never_passes_is_tried_after_every_pause_and_then_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("assistant.service.jobs._PAUSES_SECONDS", (0.01, 0.02))
    desk.failures = 9
    work = desk.open()
    work.put(Note(1), "a")
    assert desk.wait(work) == []
    assert desk.failures == 6
    assert caplog.text.count("is tried again") == 2
    assert desk.failed == [(Note(1), "not now")]


def test_twenty_that_wait_for_slack_hold_up_nothing_else(desk: Desk) -> None:
    released = Event()

    def wait(job: Wait) -> None:
        released.wait(30)

    handlers = JobHandlers()
    handlers.add(Wait, wait)
    work = desk.open(handlers=handlers)
    try:
        for number in range(20):
            work.put(Wait(), f"waits {number}")
        work.put(Note(1), "goes on")
        desk.changed.wait(10)
        assert desk.done == [1]
    finally:
        released.set()


def test_what_waits_for_its_next_try_ends_at_once_at_a_stop_and_is_taken_up_at_the_next_start(desk: Desk) -> None:
    desk.failures = 5  # after the fifth, the next try is 6 seconds away
    work = desk.open()
    work.put(Note(1), "one key")
    while desk.failures > 3:
        desk.changed.wait(0.05)
    began = time.monotonic()
    desk.close()
    assert time.monotonic() - began < 2.5
    desk.failures = 0
    assert desk.wait(desk.open()) == [1]


def test_work_that_ended_long_ago_is_forgotten_and_what_waits_is_not(desk: Desk) -> None:
    released, counts = Event(), list[int]()

    def wait(job: Wait) -> None:
        released.wait(30)

    def tidy(job: Tidy) -> None:
        counts.append(work.forget_ended(datetime.now(UTC) + timedelta(days=job.days)))

    handlers = JobHandlers()
    handlers.add(Wait, wait)
    handlers.add(Tidy, tidy)
    work = desk.open(handlers=handlers)
    work.put(Note(1), "one key")
    work.put(Wait(), "another")
    time.sleep(1)  # DBOS notes a moment after the work that it ended
    for days in (-1, 1):
        work.put(Tidy(days), f"{days} days")
        while len(counts) < (days + 3) // 2:
            desk.changed.wait(0.05)
    with closing(sqlite3.connect(desk.home / "work.db")) as database:
        kept = "\n".join(database.iterdump())
    released.set()
    assert counts[0] == 0
    assert "note/one key" not in kept
    assert "wait/another" in kept


def test_what_is_written_down_is_json_and_no_code(desk: Desk) -> None:
    work = desk.open()
    work.put(Note(1, "plain words"), "one key")
    desk.wait(work)
    with closing(sqlite3.connect(desk.home / "work.db")) as database:
        kept = "\n".join(database.iterdump())
    assert "plain words" in kept
    assert "py_pickle" not in kept
    moment = {"args": [NOON, {"a": None}], "failed": None}
    assert JsonWork().deserialize(JsonWork().serialize(moment)) == moment
    assert "no such" in str(JsonWork().deserialize(JsonWork().serialize(ValueError("no such"))))


def test_a_job_that_an_older_earshot_wrote_is_done_or_refused_with_a_word(desk: Desk) -> None:
    handlers = JobHandlers()
    handlers.add(Note, desk.handle)
    assert handlers.read("note", {"number": 1, "gone": True}) == Note(1)
    with pytest.raises(InputError, match="No job of this Earshot is called letter"):
        handlers.read("letter", {"number": 1})
    with pytest.raises(InputError, match="A job called note cannot be read: number"):
        handlers.read("note", {"text": "which?"})


def test_two_handlers_of_one_kind_are_a_fault(desk: Desk) -> None:
    handlers = JobHandlers()
    handlers.add(Note, desk.handle)
    with pytest.raises(ValueError, match="two handlers for note"):
        handlers.add(Note, desk.handle)


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
