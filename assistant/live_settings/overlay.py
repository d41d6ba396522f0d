"""Puts settings that were changed while Earshot ran over those of the environment.

Which settings may be changed while Earshot runs, and how a value is checked: no secret is ever among them.

Tables of settings that were changed while Earshot ran: every change is kept, the latest of each name counts.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import Any

from assistant.core.config import Settings, load_settings
from assistant.core.database import Store, to_text, to_time
from assistant.errors import ConfigError, InputError
from assistant.listening.analysis.topics import Topic, check_names, parse_topic

ADMINS, TOPICS = "admins", "topics"
_UNCHANGED = "Nothing was changed."
Value = str | tuple[str, ...] | tuple[Topic, ...]


class SettingKind(StrEnum):
    """The kind of a setting's value, and so of its form."""

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
    kind: SettingKind

    @property
    def variable(self) -> str:
        """Return its name in the environment: topics are in the file that TOPICS_FILE names."""
        return "TOPICS_FILE" if self.kind is SettingKind.TOPICS else self.name.upper()


ADJUSTABLE = (
    Adjustable("review_channel", "Channel for review cards", SettingKind.CHANNEL),
    Adjustable("digest_channel", "Channel for the weekly summary", SettingKind.CHANNEL),
    Adjustable("alert_channel", "Channel for alerts", SettingKind.CHANNEL),
    Adjustable("internal_channels", "Channels where answers may use internal documents", SettingKind.CHANNELS),
    Adjustable("help_channels", "Help channels: questions are answered without a mention", SettingKind.CHANNELS),
    Adjustable("help_thread_channels", "Help channels: in people's threads too", SettingKind.CHANNELS),
    Adjustable("digest_schedule", "When the weekly summary is posted", SettingKind.SCHEDULE),
    Adjustable("reviewers", "Reviewers", SettingKind.PEOPLE),
    Adjustable("second_approvers", "Second approvers", SettingKind.PEOPLE),
    Adjustable("managers", "Managers", SettingKind.PEOPLE),
    Adjustable(ADMINS, "Admins", SettingKind.PEOPLE),
    Adjustable(TOPICS, "Own topics", SettingKind.TOPICS),
)
_BY_NAME = {one.name: one for one in ADJUSTABLE} | {one.variable.casefold(): one for one in ADJUSTABLE}


def find_adjustable(name: str) -> Adjustable:
    """By its name, in capitals or not. Raises InputError for one that is not to be changed here."""
    found = _BY_NAME.get(name.strip().casefold())
    if found is None:
        names = ", ".join(one.name.upper() for one in ADJUSTABLE)
        raise InputError(f"{name} can't be changed while Earshot runs.", f"These can be: {names}.")
    return found


def check_value(adjustable: Adjustable, value: Any) -> Value:
    """The value as the program uses it. Raises ConfigError in the words in which the environment's is refused."""
    if adjustable.kind is SettingKind.TOPICS:
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


@dataclass(frozen=True)
class KeptSetting:
    """A setting that beats the environment's: `value` is plain JSON, `version` the number of the change."""

    name: str
    value: Any
    changed_by: str
    changed_at: datetime
    version: int


class SettingTables:
    """Reads and writes changes of settings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def transaction(self) -> AbstractContextManager[object]:
        """A change and its row in the audit, both or neither."""
        return self._store.transaction()

    def current(self) -> dict[str, KeptSetting]:
        """Return the values that count now, by name; without those that were set back."""
        rows = self._store.rows(
            """select * from setting_changes where value is not null and change_id in
            (select max(change_id) from setting_changes group by name) order by name"""
        )
        return {
            row["name"]: KeptSetting(
                row["name"],
                json.loads(row["value"]),
                row["changed_by"],
                to_time(row["changed_at"]),
                row["change_id"],
            )
            for row in rows
        }

    def version(self, name: str = "") -> int:
        """The number of the last change of a setting, or of any; 0 before the first one."""
        where = "where name = ?" if name else ""
        values = (name,) if name else ()
        return int(self._store.value(f"select max(change_id) from setting_changes {where}", *values) or 0)

    def add(self, name: str, value: Any, user: str, now: datetime) -> None:
        """Keep a change; None sets the setting back to the environment's value."""
        kept = None if value is None else json.dumps(value, ensure_ascii=False)
        sql = "insert into setting_changes (name, value, changed_by, changed_at) values (?, ?, ?, ?)"
        self._store.change(sql, name, kept, user, to_text(now))


ReadTopics = Callable[[], tuple[Topic, ...]]
"""The topics of TOPICS_FILE. May raise ConfigError."""


@dataclass(frozen=True)
class SettingState:
    """A setting as it counts: `kept` is the change that beats the environment's value, if there is one.

    `fault` says why a change that is kept does not count any more: a newer Earshot may refuse it.
    """

    adjustable: Adjustable
    value: Value
    environment: Value
    kept: KeptSetting | None = None
    fault: str = ""


class Overlay:
    """Changes the Settings in place, so that every part sees the new value the next time it looks."""

    def __init__(self, settings: Settings, tables: SettingTables, read_topics: ReadTopics) -> None:
        self._settings = settings
        self._tables = tables
        self._read_topics = read_topics
        self._environment: dict[str, Value] = {}
        self._kept: dict[str, KeptSetting] = {}
        self._faults: dict[str, str] = {}
        self._topics: tuple[Topic, ...] | None = None
        self._version = 0
        self._lock = Lock()

    def follow(self) -> frozenset[str]:
        """Take over what was changed since, here or in another process; the names of what counts again."""
        with self._lock:
            version = self._tables.version()
            if version == self._version:
                return frozenset()
            current = self._tables.current()
            changed = {n for n in {*current, *self._kept} if current.get(n) != self._kept.get(n)}
            self._kept, self._version, self._faults = current, version, {}
            for adjustable in ADJUSTABLE:
                if adjustable.name in {*changed, *current}:
                    self._take_over(adjustable)
            return frozenset(changed)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The company's own topics as they count. Raises ConfigError for a TOPICS_FILE that is wrong."""
        return self._read_topics() if self._topics is None else self._topics

    def look_up(self, adjustable: Adjustable) -> SettingState:
        """Look up the state of a setting. Raises ConfigError for a TOPICS_FILE that is wrong and counts."""
        name = adjustable.name
        kept, fault = self._kept.get(name), self._faults.get(name, "")
        if name == TOPICS:
            return SettingState(adjustable, self.topics, self._read_environment_topics(), kept, fault)
        value: Value = getattr(self._settings, name)
        return SettingState(adjustable, value, self._environment.get(name, value), kept, fault)

    def describe_changes(self) -> tuple[str, ...]:
        """A line for each setting that beats the environment's, or that is kept and does not count."""
        standings = [self.look_up(one) for one in ADJUSTABLE if one.name in self._kept]
        return tuple(describe_standing(standing) for standing in standings)

    @property
    def faults(self) -> tuple[str, ...]:
        """Changes that are kept and cannot count any more."""
        return tuple(self._faults.values())

    def merge(self, adjustable: Adjustable, value: Value) -> Value:
        """Return the value to keep: ADMINS of the environment always stay admins."""
        if adjustable.name != ADMINS:
            return value
        before = self._environment.get(ADMINS, self._settings.admins)
        return tuple(dict.fromkeys([*map(str, before), *map(str, value)]))

    def _take_over(self, adjustable: Adjustable) -> None:
        name, kept = adjustable.name, self._kept.get(adjustable.name)
        value: Value | None = None
        if kept is not None:
            try:
                value = check_value(adjustable, kept.value)
            except ConfigError as error:
                self._faults[name] = f"{name.upper()} as it was changed does not count: {error.message}"
        if name == TOPICS:
            self._topics = value  # type: ignore[assignment]  # check_value gives Topics for topics
            return
        before = self._environment.setdefault(name, getattr(self._settings, name))
        setattr(self._settings, name, before if value is None else self.merge(adjustable, value))
        if value is None:
            del self._environment[name]

    def _read_environment_topics(self) -> tuple[Topic, ...]:
        try:
            return self._read_topics()
        except ConfigError:
            if self._topics is None:
                raise
            return ()  # what is wrong with a file that does not count keeps nobody from anything


def describe_standing(standing: SettingState) -> str:
    """A setting that was changed, in a line for a terminal."""
    kept, one = standing.kept, standing.adjustable
    told = f"{one.name.upper()} is {describe_value(standing.value)}"
    if kept is None:
        return told
    told += f", set by {kept.changed_by} on {kept.changed_at:%Y-%m-%d %H:%M} UTC"
    if standing.fault:
        return standing.fault
    where = one.variable if one.variable != one.name.upper() else "the environment"
    return f"{told}; {where} says {describe_value(standing.environment)}"
