"""The department of settings that admins change while Earshot runs."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from assistant.core.audit import Recorder
from assistant.core.database import Store
from assistant.core.home import Home
from assistant.core.roles import FindRoles, hold_every_role
from assistant.listening.analysis.topics import Topic, read_topics
from assistant.live_settings.changes import FindPeople, SettingChanges
from assistant.live_settings.overlay import TOPICS, Overlay, SettingTables

FollowSettings = Callable[[frozenset[str]], None]
"""Called with the names of the settings that have changed."""


def build_overlay(home: Home, store: Store) -> Overlay:
    """The settings as they were changed from Slack, which count from the moment the database is open."""
    overlay = Overlay(home.settings, SettingTables(store), lambda: _read_topics(home.settings.topics_file))
    overlay.follow()
    return overlay


def _read_topics(path: Path) -> tuple[Topic, ...]:
    return read_topics(path, is_needed=path != Path("topics.yaml"))


class LiveSettings:
    """Changes of settings, and who is informed of them. `find_overlay` opens the database if nobody has yet."""

    def __init__(
        self, home: Home, find_overlay: Callable[[], Overlay], build_recorder: Callable[[str], Recorder]
    ) -> None:
        self._home = home
        self._find_overlay = find_overlay
        self._build_recorder = build_recorder
        self._followers: list[FollowSettings] = []

    @property
    def overlay(self) -> Overlay:
        return self._find_overlay()

    @cached_property
    def setting_tables(self) -> SettingTables:
        return SettingTables(self._home.store)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The company's topics as they are set now. Raises ConfigError for a TOPICS_FILE that is wrong."""
        return self.overlay.topics

    @cached_property
    def adjusting(self) -> SettingChanges:
        """Changes from the command line: whoever has the machine may make all of them."""
        return self.build_adjusting(hold_every_role, "command line")

    def build_adjusting(self, find_roles: FindRoles, via: str, find_people: FindPeople | None = None) -> SettingChanges:
        """Changes by people whose roles `find_roles` knows; `via` says in the audit where they came in."""
        recorder = self._build_recorder(via)
        return SettingChanges(self.overlay, self.setting_tables, find_roles, recorder, self.follow, find_people)

    def when_changed(self, follow: FollowSettings) -> None:
        """Have `follow` called whenever settings change."""
        self._followers.append(follow)

    def when_topics_change(self, take_over: Callable[[], None]) -> None:
        """Have `take_over` called whenever the company's topics change."""
        self._followers.append(lambda changed: take_over() if TOPICS in changed else None)

    def follow(self) -> None:
        """Take over what an admin has changed since, in this process or another one."""
        changed = self.overlay.follow()
        for follow in self._followers if changed else ():
            follow(changed)
