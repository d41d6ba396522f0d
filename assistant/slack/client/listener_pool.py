"""The threads that Bolt's listeners run in, counted: one that was acked late still works after Slack had its answer."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

_LISTENERS = 32  # of Bolt's own five, all may wait for a slow database at once
P = ParamSpec("P")
T = TypeVar("T")


class ListenerPool(ThreadPoolExecutor):
    """Runs listeners, and knows whether one still runs."""

    def __init__(self) -> None:
        super().__init__(_LISTENERS)
        self._lock = threading.Lock()
        self._running = 0

    def submit(self, listener: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin a listener."""
        with self._lock:
            self._running += 1
        future = super().submit(listener, *args, **kwargs)
        future.add_done_callback(self._count_end)
        return future

    def is_idle(self) -> bool:
        """Return whether every listener that began has ended."""
        with self._lock:
            return not self._running

    def _count_end(self, _: Future[Any]) -> None:
        with self._lock:
            self._running -= 1
