"""guards.yaml: the company's own words that must never leave, and the hosts it may link to."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import ConfigError
from assistant.guards.folding import build_pattern
from assistant.networks.fields import FieldsFile

_MEND = "guards.example.yaml shows how it is written."
_LEAST_CANARY_SIGNS = 6


def _check_words(value: str) -> str:
    if build_pattern(value) is None:
        raise ValueError("must have letters or digits")
    return value


def _check_canary(value: str) -> str:
    if sum(sign.isalnum() for sign in value) < _LEAST_CANARY_SIGNS:
        raise ValueError(f"must have at least {_LEAST_CANARY_SIGNS} letters or digits, or it is found by chance")
    return value


def _to_host(value: str) -> str:
    host = value.strip().lower().removeprefix("*.").removesuffix("/")
    if not host or "/" in host or " " in host or ":" in host:
        raise ValueError("must be a host such as wiki.larkspur.example, without https:// and path")
    return host


Words = Annotated[str, Field(min_length=2, max_length=200), AfterValidator(_check_words)]
Canary = Annotated[Words, AfterValidator(_check_canary)]
Host = Annotated[str, Field(max_length=200), AfterValidator(_to_host)]


class PrivateWords(BaseModel, str_strip_whitespace=True):
    """What guards.yaml lists; a host means the hosts below it too. `unreleased` are dates, however written."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    code_names: tuple[Words, ...] = ()
    staff: tuple[Words, ...] = ()
    channels: tuple[Words, ...] = ()
    hosts: tuple[Host, ...] = ()
    phrases: tuple[Words, ...] = ()
    canaries: tuple[Canary, ...] = ()
    unreleased: tuple[Words, ...] = ()
    allowed_hosts: tuple[Host, ...] = ()


def read_private_words(path: Path, is_needed: bool) -> PrivateWords:
    """Read guards.yaml; nothing without the file, unless it is needed. Raises ConfigError with file and line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        if is_needed:
            raise ConfigError(f"GUARDS_FILE {path} is not there.", "Write it, or mend the setting.") from error
        return PrivateWords()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as UTF-8 text.", "Save it as UTF-8, or mend its rights.") from error
    return parse_private_words(text, str(path))


def parse_private_words(text: str, name: str) -> PrivateWords:
    """The text of guards.yaml, checked. No message repeats a value: they are what must not leave."""
    file = FieldsFile(name, _MEND)
    content = file.parse(text)
    if content is None:
        return PrivateWords()
    if not isinstance(content, dict):
        raise ConfigError(f"{name}, line 1: it must hold fields, such as code_names:", _MEND)
    try:
        return PrivateWords.model_validate(content)
    except ValidationError as error:
        raise ConfigError(file.tell(error, list(PrivateWords.model_fields)), _MEND) from None
