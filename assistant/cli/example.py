"""The example company that both demos show: where it lies, and the time at which its recorded week is replayed."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import assistant
from assistant.errors import InputError

# The recorded week is replayed as if it were still its Sunday evening, so that times to reply mean something.
REPLAYED_FROM = datetime(2026, 11, 15, 18, 0, tzinfo=UTC)


def find_root() -> Path:
    """The checkout. Raises InputError where Earshot was installed without one."""
    root = Path(assistant.__file__).parent.parent
    if not (root / "examples" / "week.jsonl").is_file():
        raise InputError("The example company is not here.", "Run the demo from a clone of the repository.")
    return root


def tick_from(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands at this moment now, and goes on."""
    began = time.monotonic()
    return lambda: moment + timedelta(seconds=time.monotonic() - began)
