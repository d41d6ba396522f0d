"""Forgets a person in processes of their own, each of which is killed before another line of the code first runs.

python crash_forgetting.py HOME        leaves a copy of HOME for each line, and prints `copy file:line`
"""

import os
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from fakes_forgetting import AUTHOR

import assistant
from assistant.core.database import Store
from assistant.errors import InputError
from assistant.listening.tables.post_vectors import MentionVectorTables
from assistant.listening.tables.upstream import UpstreamTables
from assistant.privacy.forget import Erasure
from assistant.privacy.tables import ForgettingTables
from assistant.replies.tables.lessons import forget_lessons

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SWEPT = (
    "privacy/forget.py",
    "privacy/tables.py",
    "listening/tables/purge.py",
    "listening/tables/upstream.py",
)


def forget(home: Path) -> Store:
    """What `earshot forget` does; the vectors are only said to be gone."""
    store = Store(home / "earshot.db")
    numbers = MentionVectorTables(store)

    def forget_vectors() -> None:
        for outdated in numbers.outdated().values():
            numbers.forget(outdated)

    forgetting = Erasure(ForgettingTables(store, UpstreamTables(store, forget_lessons)), forget_vectors)
    try:
        forgetting.forget_author(AUTHOR, "", NOW)
    except InputError:
        forgetting.finish(NOW)
    return store


def die_at_line(home: Path, number: int, report: int) -> None:
    """Forget, and die before the given line, counted in the order in which they first run."""
    swept = {str(Path(assistant.__file__).parent / name) for name in SWEPT}
    left = number
    seen: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename not in swept:
            return None
        place = (frame.f_code.co_filename, frame.f_lineno)
        left -= event == "line" and place not in seen
        seen.add(place)
        if left <= 0:
            os.write(report, f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}".encode())
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    forget(home)
    os._exit(0)


def main() -> None:
    """See above."""
    home = Path(sys.argv[1])
    for number in range(1, 10_000):
        copy = home.parent / f"{home.name}-{number}"
        shutil.copytree(home, copy)
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            die_at_line(copy, number, write_end)
        os.close(write_end)
        _, status = os.waitpid(child, 0)
        place = os.read(read_end, 100).decode()
        os.close(read_end)
        if os.WIFEXITED(status):
            sys.exit(os.waitstatus_to_exitcode(status))
        sys.stdout.write(f"{copy} {place}\n")


if __name__ == "__main__":
    main()
