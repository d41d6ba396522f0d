"""Sends what is due while Earshot runs: when an undo window is over, and again after what may pass."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain import Draft
from assistant.errors import EarshotError, TransientNetworkError, edge
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
    """A thread of its own. It keeps nothing that a restart could lose: what is due is in the database."""

    def __init__(self, sending: ReplySender, clock: Callable[[], datetime], tell: Callable[[Draft], None]) -> None:
        self._sending = sending
        self._clock = clock
        self._tell = tell
        self._pauses: dict[int, _Pause] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dispatch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the reply that is leaving."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def send_due(self) -> None:
        """Send what is due now; `tell` hears of each draft that was tried."""
        now = self._clock()
        for draft_id in self._sending.list_due(now):
            pause = self._pauses.get(draft_id)
            if self._stopped.is_set() or (pause and now < pause.until):
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

    def _run(self) -> None:
        while not self._stopped.wait(_ROUND_SECONDS):
            try:
                with edge("sending what is due"):
                    self.send_due()
            except EarshotError as error:
                _log.error("what is due was not sent: %s %s", error.message, error.hint)
