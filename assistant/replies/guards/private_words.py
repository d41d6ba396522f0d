"""guards.yaml: the company's own words that must never leave, and the hosts it may link to."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.core.yaml_files import FieldsFile, read_settings_file
from assistant.replies.guards.lookalikes import build_pattern

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
    """The words in guards.yaml; a host means the hosts below it too. `unreleased` are dates, however written."""

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
    text = read_settings_file(path, is_needed, "GUARDS_FILE")
    return PrivateWords() if text is None else parse_private_words(text, str(path))


def parse_private_words(text: str, name: str) -> PrivateWords:
    """The text of guards.yaml, checked. No message repeats a value: they are what must not leave."""
    fields = list(PrivateWords.model_fields)
    return FieldsFile(name, _MEND).parse_form(text, PrivateWords, "code_names", fields) or PrivateWords()
