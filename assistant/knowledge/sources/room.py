"""What sources need of the program."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.errors import ConfigError


@dataclass(frozen=True)
class SourceRoom:
    """What sources need of the program: room for copies, the size of a document, keys by name, and the time."""

    folder: Path
    max_bytes: int
    read_key: Callable[[str], str]
    now: Callable[[], datetime]

    def find_key(self, name: str | None) -> str:
        """The value of a key by the name of its variable; empty for none. Raises ConfigError when it is not set."""
        value = self.read_key(name) if name else ""
        if name and not value:
            raise ConfigError(f"The key {name} is not set.", "Put it into .env, or into the environment.")
        return value
