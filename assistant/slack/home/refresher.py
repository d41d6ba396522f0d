"""Follows what changes while Earshot runs: settings that count again, and Homes that somebody looks at."""

import logging
import threading

from assistant.errors import EarshotError, edge
from assistant.live_settings.build import LiveSettings
from assistant.slack.home.flow import HomeFlow

_ROUND_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Refresher:
    """A thread of its own. It asks the database what changed, so that a change made by another process counts too."""

    def __init__(self, live_settings: LiveSettings, home: HomeFlow, round_seconds: float = _ROUND_SECONDS) -> None:
        self._live_settings = live_settings
        self._home = home
        self._round_seconds = round_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="home-refresher", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being published."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def refresh(self) -> None:
        """One round: take over settings, then show what changed to who looks at it."""
        self._live_settings.follow()
        for user in self._home.list_outdated():
            if self._stopped.is_set():
                return
            self._refresh_one(user)

    def _refresh_one(self, user: str) -> None:
        try:
            self._home.refresh(user)
        except EarshotError as error:
            # It is shown again with the next change, or when they open it again.
            _log.warning("the Home of %s was not refreshed: %s %s", user, error.message, error.hint)

    def _run(self) -> None:
        while not self._stopped.wait(self._round_seconds):
            try:
                with edge("refreshing App Homes"):
                    self.refresh()
            except EarshotError as error:
                _log.error("App Homes were not refreshed: %s %s", error.message, error.hint)
