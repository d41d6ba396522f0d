"""Changes a setting: who may, what is allowed, and the change with its row in the audit, both or neither."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from assistant.core.audit import Recorder, hash_text
from assistant.core.roles import Action, FindRoles, require
from assistant.errors import ConfigError, InputError, ReviewError
from assistant.listening.analysis.topics import Topic
from assistant.live_settings.overlay import (
    ADJUSTABLE,
    ADMINS,
    TOPICS,
    Adjustable,
    Overlay,
    SettingKind,
    SettingState,
    SettingTables,
    Value,
    check_value,
    find_adjustable,
    list_names,
    to_plain,
)

FindPeople = Callable[[Sequence[str]], frozenset[str]]
"""The people behind ids of users and groups, without those who left."""
_NEW = -1  # nobody saw an earlier change


class SettingChanges:
    """For people whose roles it asks for; `find_people` is None where nobody can be locked out: at the machine."""

    def __init__(
        self,
        overlay: Overlay,
        tables: SettingTables,
        find_roles: FindRoles,
        recorder: Recorder,
        take_over: Callable[[], object],
        find_people: FindPeople | None = None,
    ) -> None:
        self._overlay = overlay
        self._tables = tables
        self._find_roles = find_roles
        self._recorder = recorder
        self._take_over = take_over
        self._find_people = find_people

    def list_standings(self) -> tuple[SettingState, ...]:
        """Every setting that may be changed, as it counts now."""
        return tuple(self._overlay.look_up(adjustable) for adjustable in ADJUSTABLE)

    def look_up(self, name: str) -> SettingState:
        """One of them."""
        return self._overlay.look_up(find_adjustable(name))

    def check_admin(self, user: str) -> None:
        """Raises ReviewError unless the person is an admin."""
        require(self._find_roles(user), Action.CHANGE_SETTING)

    def version(self, name: str) -> int:
        """Return the `seen` for a change that starts from the setting's present value."""
        return self._tables.version(name)

    def change(self, name: str, value: Any, user: str, now: datetime, seen: int = _NEW) -> bool:
        """Keep a value, which counts at once; False when it counts already. Raises EarshotError with what is wrong.

        With `seen`, another person's change in between is never overwritten.
        """
        self.check_admin(user)
        adjustable = find_adjustable(name)
        checked = check_value(adjustable, value)
        self._refuse_lockout(adjustable, checked)
        return self._keep(adjustable, checked, user, now, seen)

    def set_back(self, name: str, user: str, now: datetime, seen: int = _NEW) -> bool:
        """Let the environment's value count again; False when it does already."""
        self.check_admin(user)
        adjustable = find_adjustable(name)
        if self._overlay.look_up(adjustable).kept is None:
            return False
        self._refuse_lockout(adjustable, self._overlay.look_up(adjustable).environment)
        return self._keep(adjustable, None, user, now, seen)

    def put_topic(self, topic: Topic, instead_of: str, user: str, now: datetime, seen: int = _NEW) -> bool:
        """Add a topic, or put it in the place of the one with this name."""
        topics = self._list_topics()
        if instead_of and instead_of not in list_names(topics):
            raise InputError(f"There is no topic {instead_of} any more.", "Open the topics again.")
        new = [topic if one.name == instead_of else one for one in topics] if instead_of else [*topics, topic]
        return self.change(TOPICS, new, user, now, seen)

    def remove_topic(self, name: str, user: str, now: datetime, seen: int = _NEW) -> bool:
        """Posts are no longer sorted by it; False when there is none of this name."""
        return self.change(TOPICS, [one for one in self._list_topics() if one.name != name], user, now, seen)

    def _list_topics(self) -> list[Topic]:
        return [topic for topic in self.look_up(TOPICS).value if isinstance(topic, Topic)]

    def _keep(self, adjustable: Adjustable, value: Value | None, user: str, now: datetime, seen: int) -> bool:
        """None sets back."""
        name = adjustable.name
        self._take_over()
        with self._tables.transaction():
            if seen not in (_NEW, self._tables.version(name)):
                raise ReviewError(f"Somebody changed “{adjustable.title}” since you opened it.", "Open it again.")
            standing = self._overlay.look_up(adjustable)
            after = standing.environment if value is None else self._overlay.merge(adjustable, value)
            if value is not None and standing.value == after:
                return False
            self._tables.add(name, None if value is None else to_plain(after), user, now)
            action = "set" if value is not None else "set-back"
            told = _tell_change(adjustable, standing.value, after)
            self._recorder.record(now, user, action, f"setting:{name.upper()}", change=told)
        self._take_over()
        return True

    def _refuse_lockout(self, adjustable: Adjustable, value: Value) -> None:
        """ADMINS must leave somebody who can change it again, and those whom the environment names stay."""
        if adjustable.name != ADMINS:
            return
        environment = [str(name) for name in self._overlay.look_up(adjustable).environment]
        missing = [name for name in environment if name not in value]
        if missing:
            raise ConfigError(
                f"{', '.join(missing)} was an admin from the start and can't be removed here.",
                "ADMINS in the environment names them.",
            )
        if self._find_people and not self._find_people([str(name) for name in value]):
            raise ConfigError(
                "Nobody would be an admin any more.",
                hint := "Name someone else first, then remove yourself.",
                in_slack=hint,
            )


def _tell_change(adjustable: Adjustable, before: Value, after: Value) -> dict[str, Any]:
    """What the audit keeps. Of topics only the names can be read: their examples may be words of customers."""
    if adjustable.kind is not SettingKind.TOPICS:
        return {"before": to_plain(before), "after": to_plain(after)}
    told: dict[str, Any] = {}
    for when, value in (("before", before), ("after", after)):
        told[when] = [one.name for one in value if isinstance(one, Topic)]
        told[f"{when}_hash"] = hash_text(json.dumps(to_plain(value), sort_keys=True))
    return told
