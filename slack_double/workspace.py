"""The workspace's contents: people, channels, their messages, groups and files."""

import itertools
import time
from dataclasses import dataclass, field

from .aliases import Json
from .errors import Impossible, SlackError
from .settings import Settings


@dataclass
class Person:
    id: str
    name: str
    team_id: str
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    deleted: bool = False
    tz: str = "Europe/Berlin"
    locale: str = "en-US"


@dataclass
class Channel:
    """`kind` is Slack's channel_type: channel (public), group (private), im or mpim."""

    id: str
    name: str
    kind: str
    members: list[str]
    is_ext_shared: bool = False
    is_archived: bool = False
    messages: list[Json] = field(default_factory=list)


@dataclass
class StoredFile:
    id: str
    name: str
    length: int
    title: str = ""
    alt_text: str | None = None
    content: bytes | None = None
    channels: list[str] = field(default_factory=list)
    completed: bool = False


class Workspace:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, list[str]] = {}
        self.files: dict[str, StoredFile] = {}
        self.ephemerals: list[Json] = []
        self._numbers = itertools.count(1)
        self._last_ts = 0
        bot = Person(settings.bot_user_id, settings.bot_name, settings.team_id, is_bot=True)
        self.people[bot.id] = bot

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):08d}"

    def new_ts(self) -> str:
        """A timestamp later than every one before it: it is a message's identity, so two can never be equal."""
        self._last_ts = max(self._last_ts + 1, int(time.time() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def person(self, user_id: str) -> Person:
        if user_id not in self.people:
            raise Impossible(f"no user {user_id}; call add_user first (known: {sorted(self.people)})")
        return self.people[user_id]

    def channel(self, channel_id: str) -> Channel:
        if channel_id not in self.channels:
            raise Impossible(f"no channel {channel_id}; call add_channel first (known: {sorted(self.channels)})")
        return self.channels[channel_id]

    def open_dm(self, user_id: str) -> Channel:
        """The direct-message channel between the bot and a user; created at the first call."""
        person = self.person(user_id)
        members = [user_id, self.settings.bot_user_id]
        for channel in self.channels.values():
            if channel.kind == "im" and user_id in channel.members:
                return channel
        channel = Channel(self.new_id("D"), person.name, "im", members)
        self.channels[channel.id] = channel
        return channel

    def share_file(self, name: str, content: bytes, channel_id: str) -> StoredFile:
        """A file that a person drops into a channel."""
        stored = StoredFile(self.new_id("F"), name, len(content), name, content=content, channels=[channel_id])
        stored.completed = True
        self.files[stored.id] = stored
        return stored

    def visible_channel(self, channel_id: str) -> Channel:
        """The channel as the bot sees it: a private one it is not in does not exist for it."""
        channel = self.channels.get(channel_id)
        if channel is None or (channel.kind != "channel" and not self.bot_is_in(channel)):
            raise SlackError("channel_not_found")
        return channel

    def joined_channel(self, channel_id: str) -> Channel:
        channel = self.visible_channel(channel_id)
        if not self.bot_is_in(channel):
            raise SlackError("not_in_channel")
        if channel.is_archived:
            raise SlackError("is_archived")
        return channel

    def knows_file(self, slack_file: Json) -> bool:
        """Whether a block's slack_file, by id or by permalink, is a file whose upload was completed."""
        file_id = str(slack_file.get("id") or str(slack_file.get("url", "")).rsplit("/", 1)[-1])
        return file_id in self.files and self.files[file_id].completed

    def bot_is_in(self, channel: Channel) -> bool:
        return self.settings.bot_user_id in channel.members


def describe_file(settings: Settings, stored: StoredFile, user_id: str, base_url: str = "") -> Json:
    """A file as messages and files.info show it; its bytes are only for who has a token with files:read."""
    return {
        "id": stored.id,
        "name": stored.name,
        "title": stored.title,
        "size": stored.length,
        "alt_txt": stored.alt_text,
        "user": user_id,
        "channels": list(stored.channels),
        "permalink": f"https://{settings.team_domain}.slack.com/files/{stored.id}",
        "url_private_download": f"{base_url}/files/{stored.id}",
    }


def find_message(channel: Channel, ts: str) -> Json | None:
    return next((message for message in channel.messages if message["ts"] == ts), None)


def list_thread(channel: Channel, ts: str) -> list[Json]:
    """The parent (if it still exists) and its replies, oldest first."""
    return [message for message in channel.messages if ts in (message["ts"], message.get("thread_ts"))]
