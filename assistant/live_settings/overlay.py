"""Puts settings that were changed while Earshot ran over those of the environment."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from assistant.core.config import Settings
from assistant.errors import ConfigError
from assistant.listening.analysis.topics import Topic
from assistant.live_settings.adjustable import (
    ADJUSTABLE,
    ADMINS,
    TOPICS,
    Adjustable,
    Value,
    check_value,
    describe_value,
)
from assistant.live_settings.settings import KeptSetting, SettingTables

ReadTopics = Callable[[], tuple[Topic, ...]]
"""The topics of TOPICS_FILE. May raise ConfigError."""


@dataclass(frozen=True)
class Standing:
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
        """Take over what was changed since, here or in another process; the names of what counts anew."""
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

    def look_up(self, adjustable: Adjustable) -> Standing:
        """How a setting stands. Raises ConfigError for a TOPICS_FILE that is wrong and counts."""
        name = adjustable.name
        kept, fault = self._kept.get(name), self._faults.get(name, "")
        if name == TOPICS:
            return Standing(adjustable, self.topics, self._read_environment_topics(), kept, fault)
        value: Value = getattr(self._settings, name)
        return Standing(adjustable, value, self._environment.get(name, value), kept, fault)

    def describe_changes(self) -> tuple[str, ...]:
        """A line for each setting that beats the environment's, or that is kept and does not count."""
        standings = [self.look_up(one) for one in ADJUSTABLE if one.name in self._kept]
        return tuple(describe_standing(standing) for standing in standings)

    @property
    def faults(self) -> tuple[str, ...]:
        """Changes that are kept and cannot count any more."""
        return tuple(self._faults.values())

    def merge(self, adjustable: Adjustable, value: Value) -> Value:
        """What counts when this value is kept: ADMINS of the environment always stay admins."""
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


def describe_standing(standing: Standing) -> str:
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
