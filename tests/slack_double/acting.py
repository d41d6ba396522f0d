"""What people do with messages: say, edit, delete, react."""

from .aliases import Json
from .core import Core
from .errors import Impossible
from .events import build_home_opened_event, build_person_message, build_reaction_event, is_subscribed, wrap_event
from .journal import Delivery
from .reactions import add_reaction, remove_reaction
from .workspace import Channel, find_message


class Acting(Core):
    def say(self, channel: str, user: str, text: str, thread_ts: str | None = None) -> str:
        """A person's message; returns its ts. `text` is as Slack sends it: mentions as <@U1>, & < > escaped."""
        with self.world.lock:
            place, person = self.world.workspace.channel(channel), self.world.workspace.person(user)
            if user not in place.members:
                raise Impossible(f"{user} is not in {channel}")
            if thread_ts and find_message(place, thread_ts) is None:
                raise Impossible(f"no message {thread_ts} in {channel} to reply to")
            message = build_person_message(person, self.world.workspace.new_ts(), text, thread_ts)
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
