"""Fields of YAML files that people write: sections, names of keys, and addresses."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict

_KEY_NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
_MOST_KEY_CHARACTERS = 60


class SettingsSection(BaseModel):
    """Fields that stand together; no other field is allowed, and no value ever repeated."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _check_key_name(value: str) -> str:
    if not _KEY_NAME.fullmatch(value) or len(value) > _MOST_KEY_CHARACTERS:
        raise ValueError(
            "must be the NAME of an environment variable, such as MY_API_KEY, and never the key itself: "
            "put the key into .env and its name here"
        )
    return value


def _check_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address:
        raise ValueError("must be an address that starts with https:// or http://")
    if parts.username or parts.password:
        raise ValueError("must not hold a password")
    return value


KeyName = Annotated[str, AfterValidator(_check_key_name)]
PageAddress = Annotated[str, AfterValidator(_check_address)]
Address = Annotated[PageAddress, AfterValidator(lambda value: value.rstrip("/"))]
