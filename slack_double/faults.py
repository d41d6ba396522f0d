"""Faults that a test arms beforehand: failing, slow and held calls, lost acks, lost and doubled events."""

import asyncio
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

from .aliases import Json

MOST_HELD_SECONDS = 30
SHOWING = ("command", "response_url", "chat.", "views.", "assistant.", "agents.")
Status = int | Literal["reset", "lost"]


@dataclass(frozen=True)
class CallFault:
    """`reset` cuts the connection before the call has any effect; `lost` cuts it afterwards, which a caller cannot
    tell apart: the post may be there or not. `error` answers with that Slack error code and status 200.
    """

    status: Status = 429
    retry_after: int = 1
    error: str | None = None


class Gate:
    """Holds the first thing with these words that the app wants shown, until a test opens the gate.

    `held` is set when it stands there, `overtaken` when the app meanwhile shows anything else.
    """

    def __init__(self, words: str) -> None:
        self.words = words
        self.held = threading.Event()
        self.overtaken = threading.Event()
        self._opened = threading.Event()

    def open(self) -> None:
        self._opened.set()

    async def let_pass(self, name: str, content: Json) -> None:
        if not name.startswith(SHOWING) or self._opened.is_set():
            return
        if self.held.is_set():
            self.overtaken.set()
        elif self.words in str(content):
            self.held.set()
            await asyncio.to_thread(self._opened.wait, MOST_HELD_SECONDS)


class Faults:
    def __init__(self) -> None:
        self._gates: list[Gate] = []
        self._calls: defaultdict[str, deque[CallFault]] = defaultdict(deque)
        self._delays: dict[str, float] = {}
        self.acks_to_drop = 0
        self.events_to_drop = 0
        self.events_to_duplicate = 0
        self.files_to_refuse = 0
        self.event_delay = 0.0

    def fail(self, method: str, fault: CallFault, times: int) -> None:
        self._calls[method].extend([fault] * times)

    def next_fault(self, method: str) -> CallFault | None:
        faults = self._calls[method]
        return faults.popleft() if faults else None

    def delay(self, method: str, seconds: float) -> None:
        self._delays[method] = seconds

    def delay_of(self, method: str) -> float:
        return self._delays.get(method, 0.0)

    def hold(self, words: str) -> Gate:
        self._gates.append(Gate(words))
        return self._gates[-1]

    async def pass_gates(self, name: str, content: Json) -> None:
        """Return once no gate holds this; `command` is the name of what a command's ack shows."""
        for gate in self._gates:
            await gate.let_pass(name, content)

    def take(self, name: Literal["acks_to_drop", "events_to_drop", "events_to_duplicate", "files_to_refuse"]) -> bool:
        """Use up one armed fault of that name, if there is one."""
        left: int = getattr(self, name)
        setattr(self, name, max(0, left - 1))
        return left > 0
