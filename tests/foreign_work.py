"""What a hostile document makes its reader do, for children of tests: pickle finds functions in modules only."""

import logging
import os
import re
import sys

from assistant.errors import EmptyDocumentError


def say_hello(name: str) -> str:
    """Return a greeting, print and log it."""
    sys.stdout.write("printed\n")
    logging.getLogger("reader").warning("careful with %s", name)
    return f"hello {name}"


def find_pid() -> int:
    """Return the process in which this runs."""
    return os.getpid()


def hold() -> None:
    """Hold the interpreter for hours, as a quadratic pattern does."""
    re.match("(a+)+b", "a" * 60)


def fill_memory() -> int:
    """Take ten gigabytes."""
    return len([bytearray(1_000_000) for _ in range(10_000)])


def take_memory() -> int:
    """Take more than a stranger's document may."""
    return len(bytes(600_000_000))


def unfold() -> str:
    """Return more than anybody keeps."""
    return "x" * 60_000_000


def crash() -> None:
    """End as a fault in a library of C does."""
    os.abort()


def trip() -> float:
    """Fail in a way that nobody foresaw."""
    return 1 / 0


def refuse() -> None:
    """Fail in a way that is told to people."""
    raise EmptyDocumentError("is empty")
