"""The stop button of a session: what is at work ends at once, and a stopped question is never answered, also later."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from assistant.core.job import Job, JobHandlers
from assistant.errors import EarshotError
from assistant.slack.answers.delivery import AnswerPlace
from assistant.slack.cards.freeze import build_freeze_button
from assistant.slack.client.blocks import build_section
from assistant.slack.client.poster import Poster
from assistant.slack.client.sessions import AgentSessions, SessionStatus
from assistant.slack.client.tables import SlackTables

T = TypeVar("T")
_STOPPED = "Stopped by <@{user}>."
_FREEZE_TOO = "Should replies to customers be frozen too? Nothing leaves until two people lift it."


class StoppedError(EarshotError):
    """Somebody stopped the question that this work is for."""


@dataclass(frozen=True)
class Stopped(Job):
    """A click on Stop: whatever was asked in this thread before `event_ts` is not answered."""

    kind: ClassVar = "stop"
    channel: str
    thread_ts: str
    user: str
    event_ts: str

    @property
    def key(self) -> str:
        """The same however often Slack delivers it."""
        return f"stop:{self.channel}:{self.thread_ts}:{self.event_ts}"


def read_stop(body: dict[str, Any]) -> Stopped | None:
    """The stop in an `agent_session_stopped` event; None for a session without a thread, which Earshot has none of."""
    event = body["event"]
    if not event.get("thread_ts"):
        return None
    return Stopped(event["channel"], event["thread_ts"], event.get("user") or "", str(event["event_ts"]))


class Stops:
    """What is at work in each thread, and what was stopped there, which the store keeps."""

    def __init__(self, tables: SlackTables) -> None:
        self._tables = tables
        self._guard = threading.Lock()
        self._at_work: dict[tuple[str, str], set[_Work[Any]]] = defaultdict(set)

    def hear(self, stopped: Stopped) -> None:
        """Write a stop down, then end what is at work there: a crash in between leaves it stopped."""
        self._tables.note_stop(stopped.channel, stopped.thread_ts, stopped.event_ts)
        with self._guard:
            for work in self._at_work[stopped.channel, stopped.thread_ts]:
                work.stop()

    def is_stopped(self, place: AnswerPlace) -> bool:
        """Return whether the question at this place was asked, or last edited, before a stop."""
        return self._tables.is_stopped(place.channel, place.thread_ts, place.since or place.ts)

    def run(self, place: AnswerPlace, make: Callable[[Callable[[], None]], T]) -> T | None:
        """Make something; None as soon as somebody stops it. `make` is given a check, which raises StoppedError.

        A search or a model that is being asked cannot be broken off from outside: it is left alone, its result is not
        read, and at its next check it ends.
        """
        with self._watch(place) as work:
            if self.is_stopped(place):
                return None
            work.start(make)
            return work.wait()

    @contextmanager
    def _watch(self, place: AnswerPlace) -> Iterator["_Work[Any]"]:
        work: _Work[Any] = _Work()
        key = (place.channel, place.thread_ts)
        with self._guard:
            self._at_work[key].add(work)
        try:
            yield work
        finally:
            with self._guard:
                self._at_work[key].discard(work)
                if not self._at_work[key]:
                    del self._at_work[key]


class _Work(Generic[T]):
    """Something that is made in a thread of its own, so that whoever waits can be woken."""

    def __init__(self) -> None:
        self._woken = threading.Event()
        self._is_stopped = False
        self._result: T | None = None
        self._error: BaseException | None = None

    def start(self, make: Callable[[Callable[[], None]], T]) -> None:
        threading.Thread(target=self._make, args=(make,), name="answer", daemon=True).start()

    def stop(self) -> None:
        self._is_stopped = True
        self._woken.set()

    def wait(self) -> T | None:
        self._woken.wait()
        if self._is_stopped:
            return None
        if self._error:
            raise self._error
        return self._result

    def _make(self, make: Callable[[Callable[[], None]], T]) -> None:
        try:
            self._result = make(self._check)
        except BaseException as error:  # noqa: BLE001  # it is raised again where somebody waits for it
            self._error = error
        finally:
            self._woken.set()

    def _check(self) -> None:
        if self._is_stopped:
            raise StoppedError("This was stopped.")


class StopFlow:
    """Says who stopped it, and lets the session rest; in a crisis it asks whether to freeze."""

    def __init__(self, posting: Poster, tables: SlackTables, sessions: AgentSessions) -> None:
        self._posting = posting
        self._tables = tables
        self._sessions = sessions

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle stops."""
        jobs.add(Stopped, self.tell)

    def tell(self, stopped: Stopped) -> None:
        """Do this for a stop, once."""
        self._sessions.set(stopped.channel, stopped.thread_ts, SessionStatus.ACTIVE)
        said = _STOPPED.format(user=stopped.user) if stopped.user else "Stopped."
        blocks = [build_section(said)]
        if self._tables.find_key(stopped.channel, stopped.thread_ts).startswith("crisis:"):
            said = f"{said} {_FREEZE_TOO}"
            blocks = [build_section(said), build_freeze_button()]
        self._posting.post_once(stopped.key, stopped.channel, said, blocks, stopped.thread_ts)
