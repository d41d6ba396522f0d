"""What all of the double's methods stand on: its settings, its world and its running server."""

import time
from collections.abc import Callable
from typing import Any, Self, TypeVar

from aiohttp import web

from .journal import Journal
from .server import Server
from .settings import Settings
from .workspace import Channel, Person
from .world import World

Found = TypeVar("Found")
POLL_SECONDS = 0.01


class Core:
    """Settings may be given whole or one by one: `SlackDouble(retry_factor=0.01, scopes=frozenset())`."""

    def __init__(self, settings: Settings | None = None, **chosen: Any) -> None:
        self.settings = settings or Settings(**chosen)
        self.world = World(self.settings)
        self._server = Server(self.world, self.list_routes())

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self.world.base_url = self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def list_routes(self) -> list[web.RouteDef]:
        """What is served on the port beside Slack's own addresses; none here."""
        return []

    @property
    def api_url(self) -> str:
        """For WebClient(base_url=...)."""
        return f"{self.world.base_url}/api/"

    @property
    def bot_token(self) -> str:
        return self.settings.bot_token

    @property
    def app_token(self) -> str:
        return self.settings.app_token

    @property
    def bot_user_id(self) -> str:
        return self.settings.bot_user_id

    @property
    def team_id(self) -> str:
        return self.settings.team_id

    @property
    def signing_secret(self) -> str:
        return self.settings.signing_secret

    @property
    def journal(self) -> Journal:
        return self.world.journal

    def add_user(
        self,
        user_id: str,
        name: str | None = None,
        *,
        is_restricted: bool = False,
        is_admin: bool = False,
        is_bot: bool = False,
        team_id: str | None = None,
        locale: str = "en-US",
    ) -> str:
        """`is_restricted` makes a guest; a team_id other than the workspace's makes someone from Slack Connect.

        `is_bot` makes another app's bot, which can say things as people do.
        """
        person = Person(user_id, name or user_id.lower(), team_id or self.team_id, is_restricted)
        person.is_admin, person.is_bot, person.locale = is_admin, is_bot, locale
        with self.world.lock:
            self.world.workspace.people[user_id] = person
        return user_id

    def add_channel(
        self,
        channel_id: str,
        name: str | None = None,
        *,
        members: list[str] | None = None,
        is_private: bool = False,
        is_ext_shared: bool = False,
        is_archived: bool = False,
        with_bot: bool = True,
    ) -> str:
        """The bot is a member unless `with_bot` is False."""
        with self.world.lock:
            for user_id in members or []:
                self.world.workspace.person(user_id)
            everyone = [*(members or []), *([self.bot_user_id] if with_bot else [])]
            kind = "group" if is_private else "channel"
            channel = Channel(channel_id, name or channel_id.lower(), kind, everyone, is_ext_shared, is_archived)
            self.world.workspace.channels[channel_id] = channel
        return channel_id

    def invite(self, channel_id: str, user_id: str) -> None:
        """Make a user, or the bot, a member; no event is sent."""
        with self.world.lock:
            self.world.workspace.channel(channel_id).members.append(user_id)

    def remove(self, channel_id: str, user_id: str) -> None:
        """End a membership, such as the bot's; no event is sent."""
        with self.world.lock:
            self.world.workspace.channel(channel_id).members.remove(user_id)

    def add_usergroup(self, usergroup_id: str, users: list[str]) -> str:
        with self.world.lock:
            self.world.workspace.usergroups[usergroup_id] = list(users)
        return usergroup_id

    def open_dm(self, user_id: str) -> str:
        """The id of the person's direct-message channel with the bot."""
        with self.world.lock:
            return self.world.workspace.open_dm(user_id).id

    def wait_for(self, predicate: Callable[[], Found | None], timeout: float = 30, what: str = "") -> Found:
        """Poll until the predicate is truthy and return its value; on failure, show what happened on the wire."""
        deadline = time.monotonic() + timeout
        while True:
            found = predicate()
            if found:
                return found
            if time.monotonic() > deadline:
                wanted = what or getattr(predicate, "__qualname__", "the condition")
                raise AssertionError(
                    f"{wanted} did not come true in {timeout} s. Last on the wire:\n{self.journal.tail()}"
                )
            time.sleep(POLL_SECONDS)

    def wait_for_connection(self, count: int = 1, timeout: float = 30) -> None:
        """Until the app has that many Socket Mode connections; an event sent before is not delivered."""
        self.wait_for(lambda: self.world.hub.connection_count >= count, timeout, f"{count} connections")
