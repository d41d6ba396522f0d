"""The department of alerts: spikes, late replies and crises."""

from functools import cached_property

from assistant.alerts.crises import Crises
from assistant.alerts.crisis_tables import CrisisTables
from assistant.alerts.follows import Follows, FollowTables
from assistant.alerts.tables import AlertTables, CountTables
from assistant.alerts.watch import Watch, read_rules
from assistant.core.home import Home
from assistant.core.roles import hold_every_role
from assistant.domain.calendar import read_quiet_hours
from assistant.listening.build import Listening
from assistant.replies.build import Replies


class Alerts:
    """Watches what is counted, and opens a crisis."""

    def __init__(self, home: Home, listening: Listening, replies: Replies) -> None:
        self._home = home
        self._listening = listening
        self._replies = replies

    @cached_property
    def tables(self) -> AlertTables:
        return AlertTables(self._home.store)

    @cached_property
    def watching(self) -> Watch:
        counts = CountTables(self._home.store)
        return Watch(counts, self.tables, self._home.schedules, read_rules(self._home.settings))

    @cached_property
    def follows(self) -> Follows:
        settings = self._home.settings
        quiet_hours = read_quiet_hours(settings.quiet_hours, settings.zone)
        return Follows(FollowTables(self._home.store), quiet_hours, settings.zone)

    @cached_property
    def crises(self) -> Crises:
        freezing = self._replies.review_desk.build_freezing(hold_every_role, "crisis")
        return Crises(
            CrisisTables(self._home.store),
            self.tables,
            self._listening.mentions,
            self._home.prompts,
            freezing.freeze,
            self._home.settings.crisis_opens_itself,
        )
