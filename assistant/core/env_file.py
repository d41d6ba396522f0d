"""The file `.env` in the folder where Earshot starts: one setting at a time, and nothing else in it changes."""

import re
from pathlib import Path

from dotenv import set_key

from assistant.core.setting_files import read_key
from assistant.errors import ConfigError

ENV_FILE = Path(".env")
_ONLY_OURS = 0o600
_PLAIN = re.compile(r"[\w@%+:,./-]+")


def keep_setting(name: str, value: str) -> None:
    """Write a setting, unless it is so already. Raises ConfigError where `.env` cannot be written."""
    if read_key(name) == value:
        return
    try:
        ENV_FILE.touch(mode=_ONLY_OURS)
        # Docker's --env-file would take quotes for a part of the value.
        set_key(ENV_FILE, name, value, "never" if _PLAIN.fullmatch(value) else "always", follow_symlinks=True)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(".env cannot be written in this folder.", "Start earshot setup in another folder.") from error
