"""What people do with messages: say, edit, delete, react."""

from collections.abc import Mapping

from .aliases import Json
from .core import Core
from .errors import Impossible
from .events import (
    build_context_event,
    build_home_opened_event,
    build_person_message,
    build_reaction_event,
    build_stopped_event,
    is_subscribed,
    wrap_event,
)
from .journal import Delivery
from .reactions import add_reaction, remove_reaction
from .workspace import Channel, describe_file, find_message, list_thread


class Acting(Core):
    def say(
        self,
        channel: str,
        user: str,
        text: str,
        thread_ts: str | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> str:
        """A person's message; returns its ts. `text` is as Slack sends it: mentions as <@U1>, & < > escaped.

        `files` by name make it a message with the subtype file_share; the mention's own event shows none of them.
        """
        with self.world.lock:
            place, person = self.world.workspace.channel(channel), self.world.workspace.person(user)
            if user not in place.members:
                raise Impossible(f"{user} is not in {channel}")
            if thread_ts and find_message(place, thread_ts) is None:
                raise Impossible(f"no message {thread_ts} in {channel} to reply to")
            message = build_person_message(person, self.world.workspace.new_ts(), text, thread_ts)
            if files:
                shared = [self.world.workspace.share_file(name, content, channel) for name, content in files.items()]
                message.update(
                    subtype="file_share", upload=True, files=[describe_file(self.settings, one, user) for one in shared]
                )
            if person.team_id != self.team_id:
                message.update(user_team=person.team_id, source_team=person.team_id)
            self.world.transcript.add(place, message)
            return str(message["ts"])

    def edit_message(self, channel: str, ts: str, text: str) -> None:
        """A person changes their own message: message_changed."""
        with self.world.lock:
            place, message = self._find_persons_message(channel, ts)
            self.world.transcript.change(place, message, {"text": text}, message["user"])

    def delete_message(self, channel: str, ts: str) -> None:
        """A person deletes their own message: message_deleted."""
        with self.world.lock:
            place, message = self._find_persons_message(channel, ts)
            self.world.transcript.remove(place, message, message["user"])

    def react(self, channel: str, ts: str, user: str, name: str) -> None:
        """reaction_added, without colons around the name."""
        with self.world.lock:
            place, message = self._find(channel, ts)
            if not add_reaction(message, name, user):
                raise Impossible(f"{user} has already reacted with {name}")
            event = build_reaction_event(user, place, message, name, self.world.workspace.new_ts())
            self.world.transcript.send_event(place, event, "person", scope="reactions:read")

    def unreact(self, channel: str, ts: str, user: str, name: str) -> None:
        """reaction_removed."""
        with self.world.lock:
            place, message = self._find(channel, ts)
            if not remove_reaction(message, name, user):
                raise Impossible(f"{user} has not reacted with {name}")
            new_ts = self.world.workspace.new_ts()
            event = build_reaction_event(user, place, message, name, new_ts, "reaction_removed")
            self.world.transcript.send_event(place, event, "person", scope="reactions:read")

    def open_home(self, user: str, tab: str = "home") -> Delivery:
        """app_home_opened for the tab home or messages."""
        with self.world.lock:
            place, home = self.world.workspace.open_dm(user), self.world.views.homes.get(user)
            event = build_home_opened_event(user, place, tab, self.world.workspace.new_ts(), home)
            payload = wrap_event(self.settings, event, self.world.workspace.new_id("Ev"))
            if not is_subscribed(self.settings, event):
                return Delivery("", "events_api", payload, settled=True, problem="the app does not subscribe to it")
            return self.world.dispatcher.emit("events_api", payload)

    def stop_session(self, channel: str, thread_ts: str, user: str) -> Delivery:
        """A click on Stop, which Slack shows while a session is processing: it ends the streams, not the session."""
        with self.world.lock:
            session = self.world.sessions.get((channel, thread_ts))
            if session is None or session["statuses"][-1] != "processing":
                raise Impossible("there is no stop button: the session is not processing")
            place = self.world.workspace.channel(channel)
            streams = [
                one
                for one in list_thread(place, thread_ts)
                if one.get("streaming_state") == "in_progress" and one.get("bot_id") == self.settings.bot_id
            ]
            for one in streams:
                one["streaming_state"] = "completed"
            event = build_stopped_event(user, channel, thread_ts, [one["ts"] for one in streams], self._new_ts())
            if not is_subscribed(self.settings, event):
                raise Impossible("there is no stop button: the app does not subscribe to agent_session_stopped")
            return self.world.dispatcher.emit("events_api", self._wrap(event))

    def change_context(self, user: str, entities: list[Json]) -> Delivery:
        """app_context_changed: what the person looks at while the app is visible."""
        with self.world.lock:
            place = self.world.workspace.open_dm(user)
            event = build_context_event(user, place, entities, self._new_ts())
            if not is_subscribed(self.settings, event):
                return Delivery("", "events_api", {}, settled=True, problem="the app does not subscribe to it")
            return self.world.dispatcher.emit("events_api", self._wrap(event))

    def _new_ts(self) -> str:
        return self.world.workspace.new_ts()

    def _wrap(self, event: Json) -> Json:
        return wrap_event(self.settings, event, self.world.workspace.new_id("Ev"))

    def _find(self, channel: str, ts: str) -> tuple[Channel, Json]:
        place = self.world.workspace.channel(channel)
        message = find_message(place, ts)
        if message is None:
            raise Impossible(f"no message {ts} in {channel}")
        return place, message

    def _find_persons_message(self, channel: str, ts: str) -> tuple[Channel, Json]:
        place, message = self._find(channel, ts)
        if message.get("bot_id"):
            raise Impossible(f"{ts} is the bot's message; a person cannot change it")
        return place, message
