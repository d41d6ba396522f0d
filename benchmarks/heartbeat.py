"""The longest time that no other thread of this process could run: Python lets one at a time."""

import threading
from time import perf_counter
from types import TracebackType

_EVERY_SECONDS = 0.005


class Heartbeat:
    """Beats while it is open; `longest` is the longest gap between two beats, in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Heartbeat":
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End."""
        self._stopped.set()
        self._thread.join()

    def _beat(self) -> None:
        last = perf_counter()
        while not self._stopped.wait(_EVERY_SECONDS):
            now = perf_counter()
            self.longest, last = max(self.longest, now - last - _EVERY_SECONDS), now
