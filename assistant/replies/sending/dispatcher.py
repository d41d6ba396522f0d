"""Sends what is due while Earshot runs: when an undo window is over, and again after what may pass."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.core.ticker import Ticker
from assistant.domain import Draft
from assistant.errors import EarshotError, TransientNetworkError
from assistant.replies.sending.sender import ReplySender

_ROUND_SECONDS = 1.0
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=30)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Pause:
    until: datetime
    length: timedelta


class Dispatch:
    """Looks every second, and keeps nothing that a restart could lose: what is due is in the database."""

    def __init__(self, sending: ReplySender, clock: Callable[[], datetime], tell: Callable[[Draft], None]) -> None:
        self._sending = sending
        self._clock = clock
        self._tell = tell
        self._pauses: dict[int, _Pause] = {}
        self.ticker = Ticker(_ROUND_SECONDS, "sending what is due", self.send_due)

    def send_due(self) -> None:
        """Send what is due now; `tell` hears of each draft that was tried."""
        now = self._clock()
        for draft_id in self._sending.list_due(now):
            pause = self._pauses.get(draft_id)
            if self.ticker.is_stopped or (pause and now < pause.until):
                continue
            self._send(draft_id, pause, now)

    def _send(self, draft_id: int, pause: _Pause | None, now: datetime) -> None:
        try:
            self._tell(self._sending.send(draft_id))
            self._pauses.pop(draft_id, None)
        except EarshotError as error:
            _log.warning("draft %d did not leave: %s %s", draft_id, error.message, error.hint)
            length = min(pause.length * 2, _LONGEST_WAIT) if pause else _FIRST_WAIT
            asked = error.retry_at if isinstance(error, TransientNetworkError) else None
            self._pauses[draft_id] = _Pause(max(now + length, asked or now), length)
            if pause is None:
                self._tell(self._sending.find(draft_id))
