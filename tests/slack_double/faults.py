"""Faults that a test arms beforehand: failing calls, slow calls, lost acks, lost and doubled events."""

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

Status = int | Literal["reset", "lost"]


@dataclass(frozen=True)
class CallFault:
    """`reset` cuts the connection before the call has any effect; `lost` cuts it afterwards, which a caller cannot
    tell apart: the post may be there or not. `error` answers with that Slack error code and status 200.
    """

    status: Status = 429
    retry_after: int = 1
    error: str | None = None


class Faults:
    def __init__(self) -> None:
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

    def take(self, name: Literal["acks_to_drop", "events_to_drop", "events_to_duplicate", "files_to_refuse"]) -> bool:
        """Use up one armed fault of that name, if there is one."""
        left: int = getattr(self, name)
        setattr(self, name, max(0, left - 1))
        return left > 0
