"""Everything the double knows, in one place that the Web API and the test's methods share."""

import threading
from collections.abc import Iterable

from .aliases import Json
from .dispatcher import Dispatcher
from .faults import Faults
from .journal import Journal
from .rate_limit import RateLimiter
from .response_urls import ResponseUrls
from .settings import Settings
from .socket_mode import SocketHub
from .transcript import Transcript
from .triggers import Triggers
from .views import ViewStore
from .workspace import Workspace


class World:
    """`lock` guards all of it: the server's thread and the test's thread both change it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = threading.RLock()
        self.journal = Journal()
        self.faults = Faults()
        self.workspace = Workspace(settings)
        self.dispatcher = Dispatcher(settings, self.journal, self.faults)
        self.transcript = Transcript(settings, self.workspace, self.dispatcher)
        self.hub = SocketHub(settings, self.faults)
        self.triggers = Triggers(settings)
        self.views = ViewStore(settings, self.workspace)
        self.response_urls = ResponseUrls(settings.clock)
        self.limiter = RateLimiter(settings)
        self.stream_starts: dict[str, float] = {}
        self.statuses: list[Json] = []
        self.sessions: dict[tuple[str, str], Json] = {}
        self.prompts: list[Json] = []
        self.titles: list[Json] = []
        self.warnings: list[str] = []
        self.base_url = ""

    def warn(self, messages: Iterable[str]) -> None:
        """Things that Slack takes today and that its documentation says not to rely on."""
        self.warnings.extend(messages)
