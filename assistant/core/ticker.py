"""A round of work every few seconds, in a thread of its own."""

import threading
from collections.abc import Callable

from assistant.errors import logged


class Ticker:
    """Calls `tick` again and again until it is stopped. A round that fails is in the log, and the next one comes.

    `doing` names the thread, and completes `while …`.
    """

    def __init__(self, seconds: float, doing: str, tick: Callable[[], object]) -> None:
        self._seconds = seconds
        self._doing = doing
        self._tick = tick
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=doing, daemon=True)

    def start(self) -> None:
        """Begin: the first round comes after the first pause."""
        self._thread.start()

    def stop(self, is_waiting: bool = True) -> None:
        """End after the round that is under way, which may ask `is_stopped` to be shorter; wait for that end or not."""
        self._stopped.set()
        if is_waiting and self._thread.is_alive():
            self._thread.join()

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    def wait(self, seconds: float) -> None:
        """Wait within a round, no longer than until it is stopped."""
        self._stopped.wait(seconds)

    def _run(self) -> None:
        while not self._stopped.wait(self._seconds):
            with logged(self._doing):
                self._tick()
