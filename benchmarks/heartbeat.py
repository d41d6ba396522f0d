"""The longest time that no other thread of this process could run: Python lets one at a time."""

import sys
import threading
import traceback
from pathlib import Path
from time import perf_counter
from types import TracebackType

_EVERY_SECONDS = 0.005
_WAITED = Path("/proc/thread-self/schedstat")  # of Linux: nanoseconds run, and waited for a core
_LINES = 6


class Heartbeat:
    """Beats while it is open; `longest` is the longest gap between two beats, in seconds.

    The time that its own thread was ready and no core was free is left out: that is the machine's. `place` is where the
    thread that opened it stood after the longest gap.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.place = ""
        self._watched = threading.get_ident()
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
        last, waited = perf_counter(), _read_wait()
        while not self._stopped.wait(_EVERY_SECONDS):
            now, waited_now = perf_counter(), _read_wait()
            gap = now - last - _EVERY_SECONDS - (waited_now - waited)
            if gap > self.longest:
                self.longest, self.place = gap, self._describe_place()
            last, waited = perf_counter(), waited_now

    def _describe_place(self) -> str:
        frame = sys._current_frames().get(self._watched)
        return "".join(traceback.format_stack(frame)[-_LINES:]) if frame else ""


def _read_wait() -> float:
    """The seconds that this thread has waited for a core; 0 where the system does not tell."""
    try:
        return int(_WAITED.read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
