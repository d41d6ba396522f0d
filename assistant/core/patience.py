"""A whole call within its time: clients limit each read alone, and a server that drips never exceeds that."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def call_within(seconds: float, work: Callable[[], T]) -> T:
    """Call a function that may wait for a server. Raises TimeoutError after these seconds, whatever it still does."""
    done: Future[T] = Future()
    # A daemon: nobody waits for it any more, and the end of the program must not either.
    Thread(target=_settle, args=(done, work), name="a call with a limit", daemon=True).start()
    return done.result(seconds)


def _settle(done: Future[T], work: Callable[[], T]) -> None:
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001  # it belongs to whoever waits
        done.set_exception(error)
    else:
        done.set_result(result)
