"""Durable work on DBOS Transact: what was begun survives a crash, and what is due runs on time, once."""

import json
import logging
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any, ParamSpec
from zoneinfo import ZoneInfo

from croniter import croniter
from dbos import DBOS, DBOSConfig, Serializer, SetWorkflowID

from assistant.core.job import FailureListener, Job, JobHandlers, write_job
from assistant.core.schedule_tables import ScheduleTables
from assistant.errors import EarshotError, edge

P = ParamSpec("P")

# Fixed, so that work begun by an older Earshot, or before a restart, is taken up again.
_VERSION = "1"
_EXECUTOR = "earshot"
_STOP_SECONDS = 10
_LISTEN_SECONDS = 0.05  # DBOS looks so often for messages, which Earshot sends none of, and takes as long to stop
_ENDED = ["SUCCESS", "ERROR", "CANCELLED"]
_BATCH = 500
_OPEN = ["PENDING", "ENQUEUED"]
_MOST_COUNTED = 1000
# What may pass is tried again for about six hours, each pause three tenths of the time that has passed: an outage must
# cost nobody their answer, and once it is over nobody should wait much longer than it lasted.
_PAUSES_SECONDS = tuple(2 * 1.3**number for number in range(31))
# Threads mostly wait: for a channel's turn, for Slack, for the next try. Those must never be all of them.
_THREADS = 64
_TIME, _ERROR = "$time", "$error"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Schedule:
    """Something that is due at times: `run` gets the time it was due. A cron expression in a time zone."""

    name: str
    cron: str
    timezone: str
    run: Callable[[datetime], None]


class _StoppedError(BaseException):
    """Ends work that waits for its next try. No Exception, so that DBOS records no end: the next start takes it up."""


class JsonWork(Serializer):
    """Work as JSON: DBOS's own way, pickles, would run whatever code somebody puts into work.db."""

    def serialize(self, data: Any) -> str:
        """Dates and errors are marked with what they are."""
        return json.dumps(data, ensure_ascii=False, default=_to_plain)

    def deserialize(self, serialized_data: str) -> Any:
        """The inverse; an error comes back as its words."""
        return json.loads(serialized_data, object_hook=_from_plain)

    def name(self) -> str:
        """Stands beside each row: work that an older Earshot left is read as it was written."""
        return "earshot_json"


def _to_plain(value: Any) -> dict[str, str]:
    if isinstance(value, datetime):
        return {_TIME: value.isoformat()}
    if isinstance(value, BaseException):
        return {_ERROR: f"{type(value).__name__}: {value}"}
    raise TypeError(f"work holds no {type(value).__name__}")


def _from_plain(value: dict[str, Any]) -> Any:
    if value.keys() == {_TIME}:
        return datetime.fromisoformat(value[_TIME])
    return RuntimeError(value[_ERROR]) if value.keys() == {_ERROR} else value


class DurableWork:
    """The inbox and the schedules of one process. DBOS is a singleton: one of these at a time."""

    def __init__(
        self,
        database: Path,
        handlers: JobHandlers,
        schedules: list[Schedule],
        marks: ScheduleTables,
        when_failed: FailureListener,
    ) -> None:
        self._handlers = handlers
        self._when_failed = when_failed
        self._schedules = {schedule.name: schedule for schedule in schedules}
        self._marks = marks
        self._stopping = Event()
        self._is_launched = False
        config: DBOSConfig = {
            "name": "earshot",
            "system_database_url": f"sqlite:///{database}",
            "application_version": _VERSION,
            "executor_id": _EXECUTOR,
            "log_level": "ERROR",  # its warnings tell of work that it takes up again after a crash
            "max_executor_threads": _THREADS,
            "notification_listener_polling_interval_sec": _LISTEN_SECONDS,
            "serializer": JsonWork(),
        }
        DBOS(config=config)
        self._work_off_flow = _register("work_off", self._work_off)
        self._run_due_flow = _register("run_due", self._run_due)

    def start(self, now: datetime) -> None:
        """Take up what a crash left, run once what was missed, and wait for what comes."""
        DBOS.launch()
        self._is_launched = True
        self._apply(list(self._schedules.values()))
        self._forget_others()
        for schedule in self._schedules.values():
            self._catch_up(schedule, now)

    def reschedule(self, schedule: Schedule, now: datetime) -> None:
        """Put a schedule in the place of the one of its name: it counts from now on, and has missed nothing."""
        self._schedules[schedule.name] = schedule
        self._marks.note_served(schedule.name, now)
        Context().run(self._apply, [schedule])

    def _apply(self, schedules: list[Schedule]) -> None:
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": schedule.name,
                    "workflow_fn": self._run_due_flow,
                    "schedule": schedule.cron,
                    "cron_timezone": schedule.timezone,
                    "context": schedule.name,
                }
                for schedule in schedules
            ]
        )

    def put(self, job: Job, key: str) -> None:
        """Write a job down, then begin it. When this returns it will be done; the same key again does nothing."""
        # A context of its own: within a step, DBOS refuses to begin anything.
        Context().run(self._begin, job, key)

    def _begin(self, job: Job, key: str) -> None:
        with SetWorkflowID(f"{job.kind}/{key}"):
            DBOS.start_workflow(self._work_off_flow, job.kind, write_job(job))

    def is_idle(self) -> bool:
        """Return whether every job is done."""
        return not DBOS.list_workflows(status=_OPEN, limit=1, load_input=False, load_output=False)

    def find_waiting(self) -> tuple[int, float]:
        """How many jobs are not done, up to a thousand, and since when the oldest waits, in seconds since 1970."""
        found = Context().run(
            lambda: DBOS.list_workflows(status=_OPEN, limit=_MOST_COUNTED, load_input=False, load_output=False)
        )
        began = [one.created_at / 1000 for one in found if one.created_at]
        return len(found), min(began, default=0.0)

    def forget_ended(self, before: datetime) -> int:
        """Forget the work that ended before this moment, with the words in it; returns how much it was.

        Its keys are forgotten too, so `before` has to be longer ago than anything is delivered again.
        """
        return Context().run(self._forget_ended, before)

    def _forget_ended(self, before: datetime) -> int:
        count = 0
        while ended := DBOS.list_workflows(
            status=_ENDED, completed_before=before.isoformat(), limit=_BATCH, load_input=False, load_output=False
        ):
            DBOS.delete_workflows([one.workflow_id for one in ended])
            count += len(ended)
        return count

    def stop(self) -> None:
        """Let what runs come to its end for a few seconds; the rest is taken up at the next start."""
        self._stopping.set()
        # DBOS looks once a second whether all is done, and first after a second.
        seconds = _STOP_SECONDS if self._is_launched and not self.is_idle() else 0
        self._is_launched = False
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=seconds)

    def _work_off(self, kind: str, fields: dict[str, Any]) -> None:
        DBOS.run_step({"name": kind}, self._handle, kind, fields)

    def _handle(self, kind: str, fields: dict[str, Any]) -> None:
        try:
            job = self._handlers.read(kind, fields)
        except EarshotError as error:
            _log.error("%s %s", error.message, error.hint)
            return
        # DBOS's own retries sleep through a stop, and would hold the process up for as long.
        for pause_seconds in (*_PAUSES_SECONDS, None):
            try:
                with edge(f"handling a {kind}"):
                    self._handlers.handle(job)
                return
            except EarshotError as error:
                if not error.is_transient or pause_seconds is None:
                    self._when_failed(job, error)
                    return
                _log.warning("a %s is tried again in %.0f s: %s %s", kind, pause_seconds, error.message, error.hint)
            if self._stopping.wait(pause_seconds):
                raise _StoppedError

    def _run_due(self, due_at: datetime, name: str) -> None:
        DBOS.run_step({"name": name}, self._serve, name, due_at)

    def _serve(self, name: str, due_at: datetime) -> None:
        try:
            with edge(f"running the schedule {name}"):
                self._schedules[name].run(due_at)
                self._marks.note_served(name, due_at)
        except EarshotError as error:
            _log.error("the schedule %s failed: %s %s", name, error.message, error.hint)

    def _forget_others(self) -> None:
        """A schedule that the settings no longer name must not come due."""
        for kept in DBOS.list_schedules():
            if kept["schedule_name"] not in self._schedules:
                DBOS.delete_schedule(kept["schedule_name"])

    def _catch_up(self, schedule: Schedule, now: datetime) -> None:
        """Run the last missed time once, however many were missed; a schedule that is new has missed none."""
        served = self._marks.served(schedule.name)
        if served is None:
            self._marks.note_served(schedule.name, now)
            return
        last_due = find_last_due(schedule, now)
        if served < last_due:
            with SetWorkflowID(f"caught-up/{schedule.name}/{last_due.isoformat()}"):
                DBOS.start_workflow(self._run_due_flow, last_due, schedule.name)


def _register(name: str, method: Callable[P, None]) -> Callable[P, None]:
    # DBOS marks the function it is given, which a bound method does not allow.
    def flow(*args: P.args, **kwargs: P.kwargs) -> None:
        method(*args, **kwargs)

    return DBOS.workflow(name=name)(flow)


def find_last_due(schedule: Schedule, now: datetime) -> datetime:
    """The last time at or before `now` when the schedule was due, as aware UTC."""
    due: datetime = croniter(schedule.cron, now.astimezone(ZoneInfo(schedule.timezone))).get_prev(datetime)
    return due.astimezone(UTC)
