"""Work on what strangers wrote, apart: in a child process that is used again, with limits of time, memory and output.

Readers of foreign formats hold the interpreter for as long as they run, and what they read may unpack to gigabytes.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, ParamSpec, TypeVar

from assistant.errors import EarshotError, UnexpectedError, UnreadableError, edge

P = ParamSpec("P")
T = TypeVar("T")
_Line = tuple[str, int, str]  # of the log: its logger, its level, its text
_MOST_CHILDREN = 4
_MEMORY_BYTES = 280_000_000  # above what a child has when it starts
_MODEL_BYTES = 700_000_000  # more, for as long as a model reads a picture
_OUTPUT_BYTES = 50_000_000
_START_SECONDS = 60
_SPARE_CPU_SECONDS = 5
_MOST_LINES, _MOST_LINE = 50, 4_000
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def run_apart(seconds: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a child; returns what it returns, raises the EarshotError that it raises.

    The function stands in a module, and pickle takes its values. Raises UnreadableError, whose message completes the
    sentence `a.pdf …`, where the work takes more than it may, or ends the child.
    """
    return _take_value(_share_children().ask(seconds, work, args, kwargs))  # type: ignore[no-any-return]


def run_apart_once(seconds: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call heavy work of our own in a child that ends with it: nobody waits meanwhile, and its memory is given back.

    Like `run_apart`, but such work may take the memory that it needs.
    """
    child = _Child(is_limited=False)
    try:
        return _take_value(child.ask(seconds, (work, args, kwargs)))  # type: ignore[no-any-return]
    finally:
        child.end()


def _take_value(answer: _Answer) -> Any:
    for name, level, text in answer.lines:
        logging.getLogger(name).log(level, "%s", text)
    if answer.error:
        raise answer.error
    return answer.value


@lru_cache(1)
def _share_children() -> _Children:
    return _Children()


@dataclass(frozen=True)
class _Answer:
    value: Any
    error: EarshotError | None
    lines: tuple[_Line, ...] = ()
    is_last: bool = False


class _Children:
    """The children of this process, each started when it is needed; they end with it."""

    def __init__(self) -> None:
        self._turns = BoundedSemaphore(_MOST_CHILDREN)
        self._idle: list[_Child] = []

    def ask(self, seconds: float, *work: Any) -> _Answer:
        """Ask one that has nothing to do; wait where all are at work."""
        with self._turns:
            child = self._take()
            try:
                answer = child.ask(seconds, work)
            except BaseException:  # also of Ctrl-C: what the child does now nobody waits for
                child.end()
                raise
            if answer.is_last:
                child.end()
            else:
                self._idle.append(child)
        return answer

    def _take(self) -> _Child:
        while self._idle:
            child = self._idle.pop()
            if child.is_alive():
                return child
            child.end()
        return _Child()


class _Child:
    """One child process, which does one piece of work at a time."""

    def __init__(self, is_limited: bool = True) -> None:
        # Not forked: a copy of a program with threads may hold locks that nobody in it gives back.
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, is_limited), daemon=True)
        self._process.start()
        theirs.close()
        try:
            # Its start is no part of a document's time: on a busy machine it takes seconds.
            if not self._connection.poll(_START_SECONDS):
                raise EOFError
            self._connection.recv_bytes()
        except (EOFError, OSError) as error:
            self.end()
            raise UnreadableError("was not read: the program that reads documents did not start") from error

    def is_alive(self) -> bool:
        """Return whether it takes work; the system ends processes where memory is short."""
        return self._process.is_alive()

    def ask(self, seconds: float, work: Any) -> _Answer:
        """Raise UnreadableError where there is no answer in time; the child is of no more use then."""
        try:
            self._connection.send((seconds, *work))
            if not self._connection.poll(seconds):
                raise UnreadableError(f"takes more than {seconds:.0f} seconds to read")
            answer: _Answer = pickle.loads(self._connection.recv_bytes(2 * _OUTPUT_BYTES))  # noqa: S301 - our own
        except (EOFError, OSError) as error:
            raise UnreadableError("ended the program that read it: it may be damaged, or too large") from error
        return answer

    def end(self) -> None:
        """Kill it: what it works on may never come to an end."""
        self._connection.close()
        self._process.kill()
        self._process.join()
        self._process.close()


class _Lines(logging.Handler):
    """Keeps lines for the log, which is the parent's to write: a child has no settings and leaves no secrets out."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.kept: list[_Line] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line, cut: what strangers wrote may stand in it."""
        if len(self.kept) < _MOST_LINES:
            self.kept.append((record.name, record.levelno, self.format(record)[:_MOST_LINE]))


def _serve(connection: Connection, is_limited: bool) -> None:
    """Work off what the parent sends until it is gone."""
    lines = _prepare()
    started_with = _limit_memory() if is_limited else _measure_memory()
    connection.send_bytes(b"ready")
    while True:
        try:
            seconds, work, args, kwargs = connection.recv()
        except (EOFError, OSError):
            return
        lines.kept.clear()
        _limit_cpu(seconds)
        value, error = _try(work, args, kwargs)
        del work, args, kwargs
        # What it grew by it mostly keeps: the next document begins with a child that has all of its memory before it.
        is_last = isinstance(error, UnreadableError) or _measure_memory() - started_with > _MEMORY_BYTES // 2
        try:
            connection.send_bytes(_pack(_Answer(value, error, tuple(lines.kept), is_last)))
        except OSError:
            return


def _prepare() -> _Lines:
    for name in _THREADS:  # the stacks of a thread for each core would be counted as the document's memory
        os.environ[name] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its children
    warnings.simplefilter("ignore")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # what a library prints must not get into a command's output
        os.dup2(nowhere, stream)
    lines = _Lines()
    logging.getLogger().handlers = [lines]
    return lines


def _limit_memory() -> int:
    """Limit it where the system can, which is Linux, and return how much there is now."""
    started_with = _measure_memory()
    if sys.platform == "linux":
        import resource

        most = started_with + _MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_DATA, (most, most + _MODEL_BYTES))
    return started_with


@contextmanager
def give_more_memory() -> Iterator[None]:
    """Let what is read in a child take more for a while, as a model that reads pictures does."""
    if sys.platform != "linux":
        yield
        return
    import resource

    usual, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (usual, most))


def _measure_memory() -> int:
    """What RLIMIT_DATA counts, in bytes; 0 where nobody says."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _limit_cpu(seconds: float) -> None:
    """Let it end by itself where nobody is left to end it."""
    if sys.platform == "win32":
        return
    import resource

    most = int(time.process_time() + seconds) + _SPARE_CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _try(work: Callable[..., Any], args: Any, kwargs: Any) -> tuple[Any, EarshotError | None]:
    try:
        with edge("reading a document"):
            return work(*args, **kwargs), None
    except EarshotError as error:
        if any(isinstance(one, MemoryError) for one in _list_causes(error)):
            return None, UnreadableError("needs more memory to read than one document may take")
        if isinstance(error, UnexpectedError):
            return None, UnreadableError(f"cannot be read. {error.message}", error.hint)
        error.__cause__ = error.__context__ = None  # its frames hold what was read
        return None, error.with_traceback(None)


def _list_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__


def _pack(answer: _Answer) -> bytes:
    try:
        packed = pickle.dumps(answer)
    except MemoryError:
        packed = b""
    if not 0 < len(packed) <= _OUTPUT_BYTES:
        error = UnreadableError(f"comes to more than {_OUTPUT_BYTES / 1e6:.0f} MB of text")
        packed = pickle.dumps(_Answer(None, error, (), is_last=True))
    return packed
