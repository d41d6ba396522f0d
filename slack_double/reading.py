"""What a person would see: messages, threads, modals, Home tabs. Everything returned is a copy."""

import copy

from .aliases import Json
from .core import Core
from .workspace import StoredFile, list_thread


class Reading(Core):
    def messages(self, channel: str) -> list[Json]:
        """All messages of the channel, replies included, oldest first."""
        with self.world.lock:
            return copy.deepcopy(self.world.workspace.channel(channel).messages)

    def bot_messages(self, channel: str) -> list[Json]:
        return [message for message in self.messages(channel) if message.get("bot_id")]

    def thread(self, channel: str, ts: str) -> list[Json]:
        """The parent and its replies."""
        with self.world.lock:
            return copy.deepcopy(list_thread(self.world.workspace.channel(channel), ts))

    def views(self, user: str) -> list[Json]:
        """The user's open modals, the top one last."""
        with self.world.lock:
            return copy.deepcopy(self.world.views.stacks.get(user, []))

    def home(self, user: str) -> Json | None:
        with self.world.lock:
            return copy.deepcopy(self.world.views.homes.get(user))

    @property
    def files(self) -> list[StoredFile]:
        """Files whose upload was completed, with their bytes."""
        with self.world.lock:
            return [copy.copy(one) for one in self.world.workspace.files.values() if one.completed]

    @property
    def ephemerals(self) -> list[Json]:
        """Ephemeral messages; `shown_to` and `channel` say who sees each, and where."""
        with self.world.lock:
            return copy.deepcopy(self.world.workspace.ephemerals)

    @property
    def statuses(self) -> list[Json]:
        """Every "is thinking..." in turn; an empty status ends one, set by the app or by its reply."""
        with self.world.lock:
            return copy.deepcopy(self.world.statuses)

    def session(self, channel: str, thread_ts: str) -> Json | None:
        """The agent session of a thread: its `title`, and its `statuses` in turn."""
        with self.world.lock:
            return copy.deepcopy(self.world.sessions.get((channel, thread_ts)))

    @property
    def prompts(self) -> list[Json]:
        """Suggested prompts that were really shown."""
        with self.world.lock:
            return copy.deepcopy(self.world.prompts)

    @property
    def titles(self) -> list[Json]:
        with self.world.lock:
            return copy.deepcopy(self.world.titles)

    @property
    def warnings(self) -> list[str]:
        """What Slack accepted although its documentation sets a lower limit."""
        with self.world.lock:
            return list(self.world.warnings)
