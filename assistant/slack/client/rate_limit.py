"""One outgoing queue a channel: Slack takes about one message a second in each, and nothing is dropped for it."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class RateLimit:
    """Lets one message at a time into a channel, and the next one `spacing_seconds` later."""

    def __init__(self, spacing_seconds: float = 1.0) -> None:
        self._spacing_seconds = spacing_seconds
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._free_at: dict[str, float] = {}
        self._guard = threading.Lock()

    @contextmanager
    def turn(self, channel: str) -> Iterator[None]:
        """Wait for the channel's turn and hold it: while Slack says Retry-After, all others of the channel wait too."""
        with self._guard:
            lock = self._locks[channel]
        with lock:
            time.sleep(max(0.0, self._free_at.get(channel, 0.0) - time.monotonic()))
            try:
                yield
            finally:
                self._free_at[channel] = time.monotonic() + self._spacing_seconds


class Allowance:
    """At most so many in any minute; who gets none does without."""

    def __init__(self, most_a_minute: int) -> None:
        self._most = most_a_minute
        self._spent: list[float] = []
        self._guard = threading.Lock()

    def take(self) -> bool:
        """Return whether one more is allowed now."""
        with self._guard:
            now = time.monotonic()
            self._spent = [at for at in self._spent if now - at < 60]
            if len(self._spent) >= self._most:
                return False
            self._spent.append(now)
            return True
