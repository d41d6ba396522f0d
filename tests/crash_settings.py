"""Changes a setting in a process of its own and kills it, without warning, at the 1st, the 2nd, ... line of the code.

python crash_settings.py HOME changes the setting in a copy of HOME for each line, and prints the copies.
"""

import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from fakes import FakeEmbedder

import assistant
from assistant.app import Assistant
from assistant.core.config import Settings

ADMIN, BEFORE, AFTER = "U0ANNA", "0 9 * * 1", "30 8 * * 2"
_SWEPT = ("live_settings/changes.py", "live_settings/overlay.py", "core/audit.py")


def open_home(home: Path) -> Assistant:
    """The parts over a home; no models are loaded for it."""
    return Assistant(
        Settings.model_validate({"earshot_home": home, "digest_schedule": BEFORE}), embedder=FakeEmbedder()
    )


def change(parts: Assistant) -> None:
    """What an admin does."""
    parts.live_settings.adjusting.change("digest_schedule", AFTER, ADMIN, parts.clock())


def die_at_line(home: Path, number: int) -> None:
    """Ends at the line of this number, or by itself with status 0 when there are fewer."""
    root = Path(assistant.__file__).parent
    swept = {str(root / name) for name in _SWEPT}
    left = number

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if frame.f_code.co_filename not in swept:
            return None
        left -= event == "line"
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    parts = open_home(home)
    parts.live_settings.adjusting  # noqa: B018  # built before the lines are counted
    sys.settrace(trace)
    change(parts)
    sys.settrace(None)
    os._exit(0)


def sweep(home: Path) -> None:
    """One process for each line; each leaves its home behind."""
    for number in range(1, 10_000):
        copy = home.parent / f"{home.name}-{number}"
        shutil.copytree(home, copy)
        child = os.fork()
        if child == 0:
            die_at_line(copy, number)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{copy}\n")
        if os.WIFEXITED(status):
            sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    sweep(Path(sys.argv[1]))
