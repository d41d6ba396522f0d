"""Follows what changes while Earshot runs: settings that count again, and Homes that somebody looks at."""

from assistant.core.ticker import Ticker
from assistant.errors import logged
from assistant.live_settings.build import LiveSettings
from assistant.slack.home.flow import HomeFlow

_ROUND_SECONDS = 1.0


class Refresher:
    """Asks the database what changed, every second, so that a change made by another process counts too."""

    def __init__(self, live_settings: LiveSettings, home: HomeFlow) -> None:
        self._live_settings = live_settings
        self._home = home
        self.ticker = Ticker(_ROUND_SECONDS, "refreshing App Homes", self.refresh)

    def refresh(self) -> None:
        """One round: take over settings, then show what changed to who looks at it."""
        self._live_settings.follow()
        for user in self._home.list_outdated():
            if self.ticker.is_stopped:
                return
            with logged(f"refreshing the Home of {user}"):  # it is shown with the next change, or when they open it
                self._home.refresh(user)
