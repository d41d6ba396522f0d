"""The audit's last hash, noted each day where whoever rewrites the database does not reach."""

import re
from datetime import datetime
from pathlib import Path

from assistant.core.database import to_text
from assistant.errors import ConfigError

_CHANNEL = re.compile(r"[CG][A-Z0-9]{6,20}")
_LINE = re.compile(r"\S+ \d+ ([0-9a-f]{64})")


def find_channel(place: str) -> str:
    """The Slack channel that AUDIT_ANCHOR names; empty where it names a file, or nothing."""
    return place if _CHANNEL.fullmatch(place) else ""


def note_head(place: str, at: datetime, number: int, head: str) -> None:
    """Add a line to the file: when, how many rows, the hash of the last. Raises ConfigError."""
    try:
        with Path(place).expanduser().open("a", encoding="ascii") as file:
            file.write(f"{to_text(at)} {number} {head}\n")
    except OSError as error:
        raise _refuse(error) from error


def read_heads(place: str) -> list[str]:
    """Every hash that the file holds, oldest first; none where there is no file yet. Raises ConfigError."""
    if not place or find_channel(place):
        return []
    try:
        lines = Path(place).expanduser().read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _refuse(error) from error
    return [found[1] for line in lines if (found := _LINE.fullmatch(line))]


def _refuse(error: OSError) -> ConfigError:
    return ConfigError(
        f"The file that AUDIT_ANCHOR names cannot be used: {error.strerror}.", "Check it and its rights."
    )
