"""Which settings may be changed while Earshot runs, and how a value is checked: no secret is ever among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.core.config import Settings, load_settings
from assistant.errors import ConfigError, InputError
from assistant.listening.analysis.topics import Topic, check_names, parse_topic

ADMINS, TOPICS = "admins", "topics"
_UNCHANGED = "Nothing was changed."
Value = str | tuple[str, ...] | tuple[Topic, ...]


class Kind(StrEnum):
    """What a setting holds, and so how it is asked for."""

    CHANNEL = "channel"
    CHANNELS = "channels"
    PEOPLE = "people"
    SCHEDULE = "schedule"
    TOPICS = "topics"


@dataclass(frozen=True)
class Adjustable:
    """A setting that may be changed; `name` is a field of Settings, or `topics`, `title` says it to people."""

    name: str
    title: str
    kind: Kind

    @property
    def variable(self) -> str:
        """What the environment calls it: topics stand in the file that TOPICS_FILE names."""
        return "TOPICS_FILE" if self.kind is Kind.TOPICS else self.name.upper()


ADJUSTABLE = (
    Adjustable("review_channel", "Channel for review cards", Kind.CHANNEL),
    Adjustable("digest_channel", "Channel for the weekly summary", Kind.CHANNEL),
    Adjustable("alert_channel", "Channel for alerts", Kind.CHANNEL),
    Adjustable("internal_channels", "Channels where answers may use internal documents", Kind.CHANNELS),
    Adjustable("digest_schedule", "When the weekly summary is posted", Kind.SCHEDULE),
    Adjustable("reviewers", "Reviewers", Kind.PEOPLE),
    Adjustable("second_approvers", "Second approvers", Kind.PEOPLE),
    Adjustable("managers", "Managers", Kind.PEOPLE),
    Adjustable(ADMINS, "Admins", Kind.PEOPLE),
    Adjustable(TOPICS, "Own topics", Kind.TOPICS),
)
_BY_NAME = {one.name: one for one in ADJUSTABLE} | {one.variable.casefold(): one for one in ADJUSTABLE}


def find_adjustable(name: str) -> Adjustable:
    """By its name, in capitals or not. Raises InputError for one that is not to be changed here."""
    found = _BY_NAME.get(name.strip().casefold())
    if found is None:
        names = ", ".join(one.name.upper() for one in ADJUSTABLE)
        raise InputError(f"{name} cannot be changed while Earshot runs.", f"These can be: {names}.")
    return found


def check_value(adjustable: Adjustable, value: Any) -> Value:
    """The value as the program uses it. Raises ConfigError in the words in which the environment's is refused."""
    if adjustable.kind is Kind.TOPICS:
        topics = tuple(one if isinstance(one, Topic) else parse_topic(one) for one in value)
        check_names(topics, "Own topics")
        return topics
    if not isinstance(value, str):
        value = tuple(dict.fromkeys(str(one).strip() for one in value if str(one).strip()))
    # Every other setting has its default here: only this one can be at fault, whatever the environment says.
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    try:
        checked: Value = getattr(load_settings(**{**defaults, adjustable.name: value}), adjustable.name)
    except ConfigError as error:
        raise ConfigError(error.message, _UNCHANGED) from error
    return checked.strip() if isinstance(checked, str) else checked


def to_plain(value: Value) -> Any:
    """A value as JSON takes it."""
    return value if isinstance(value, str) else [one if isinstance(one, str) else one.model_dump() for one in value]


def describe_value(value: Value) -> str:
    """A value in words, for a terminal; topics by their names."""
    if isinstance(value, str):
        return value or "nothing"
    return ", ".join(one if isinstance(one, str) else one.name for one in value) or "nothing"


def list_names(values: Sequence[Topic]) -> list[str]:
    """The names of topics."""
    return [topic.name for topic in values]
