"""Files that settings come from beside the environment: `.env`, one file for each secret, and `earshot.yaml`."""

import difflib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

from dotenv import dotenv_values
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from assistant.core.yaml_files import FieldsFile, read_settings_file
from assistant.errors import ConfigError

YAML_FILE = Path("earshot.yaml")
_ENV_FILE = Path(".env")
_IN_A_FILE = "_file"
_MEND = "earshot.example.yaml shows how it is written."
_UNREADABLE = (".env cannot be read as UTF-8 text.", "Save it as UTF-8, or remove it.")
Values = Mapping[str, str | None]


def read_key(name: str) -> str:
    """A secret by its name: of the environment, of the file that NAME_FILE names, or of either in `.env`; else empty.

    Raises ConfigError for a file that cannot be read.
    """
    return _find_key(os.environ, name) or _find_key(read_env_file(_ENV_FILE), name)


def read_env_file(path: Path) -> Values:
    """The lines of `.env`; none where it is not there. Raises ConfigError where it is no text."""
    try:
        return dotenv_values(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(*_UNREADABLE) from error


def show_example(field: FieldInfo) -> str:
    """Return a setting's example, or else its default, as written in `.env`."""
    value = field.examples[0] if field.examples else field.default
    return ",".join(value) if isinstance(value, tuple) else str(value)


def is_secret(field: FieldInfo) -> bool:
    """Return whether a setting is a secret."""
    return SecretStr in (field.annotation, *get_args(field.annotation))


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets that are named by a file: SLACK_BOT_TOKEN_FILE=/run/secrets/slack_bot_token."""

    def __init__(self, settings_class: type[BaseSettings], read: Callable[[], Values]) -> None:
        super().__init__(settings_class)
        self._read = read

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """See PydanticBaseSettingsSource; all fields are read at once."""
        raise NotImplementedError

    def __call__(self) -> dict[str, Any]:
        """The secrets that a file holds. Raises ConfigError."""
        values = {name.casefold(): value for name, value in self._read().items()}
        names = [name for name, field in self.settings_cls.model_fields.items() if is_secret(field)]
        found = {name: read_secret(name, values.get(f"{name}{_IN_A_FILE}") or "") for name in names}
        return {name: secret for name, secret in found.items() if secret}


class YamlSettings(PydanticBaseSettingsSource):
    """`earshot.yaml`: the same settings, in small letters, lists as lists."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """See PydanticBaseSettingsSource; all fields are read at once."""
        raise NotImplementedError

    def __call__(self) -> dict[str, Any]:
        """Its values. Raises ConfigError that names the line."""
        text = read_settings_file(YAML_FILE, is_needed=False, setting="")
        file = FieldsFile(str(YAML_FILE), _MEND)
        content = file.parse(text) if text else None
        if content is None:
            return {}
        if not isinstance(content, dict):
            raise ConfigError(f"{YAML_FILE}, line 1: it must hold settings, such as timezone: Europe/Paris", _MEND)
        return {
            name: value
            for field, entry in content.items()
            for name, value in self._take(field, entry, f"{YAML_FILE}, line {file.line_of((field,))}")
        }

    def _take(self, field: str, entry: Any, place: str) -> list[tuple[str, Any]]:
        name, fields = field.casefold(), self.settings_cls.model_fields
        secret = name.removesuffix(_IN_A_FILE)
        if name not in fields and secret in fields and is_secret(fields[secret]):
            return [(secret, read_secret(secret, str(entry)))]
        if name not in fields:
            likely = difflib.get_close_matches(name, fields, n=1)
            raise ConfigError(
                f"{place}: there is no such setting" + (f", perhaps {likely[0]} is meant." if likely else "."), _MEND
            )
        if is_secret(fields[name]):
            raise ConfigError(
                f"{place}: {name} is a secret.", f"Put it into .env, or name its file here: {name}{_IN_A_FILE}: PATH"
            )
        if isinstance(entry, dict):
            raise ConfigError(f"{place}: {name} takes a text or a list.", _MEND)
        return [(name, tuple(map(str, entry)) if isinstance(entry, list) else entry)]


def read_secret(name: str, path: str) -> str:
    """The text in a secret's file, without the line's end; empty for no path. Raises ConfigError."""
    if not path:
        return ""
    try:
        return Path(path).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, RuntimeError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        hint = "Check the path, and that Earshot's user may read it."
        raise ConfigError(f"{name.upper()}{_IN_A_FILE.upper()}: {path} cannot be read: {reason}.", hint) from error


def _find_key(values: Values, name: str) -> str:
    return values.get(name) or read_secret(name, values.get(f"{name}{_IN_A_FILE.upper()}") or "")
