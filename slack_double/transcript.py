"""Changes to messages, whoever makes them, and the events that follow from each."""

import copy
import re
import secrets

from .aliases import Json
from .dispatcher import Dispatcher
from .events import (
    EVENT_SCOPES,
    build_changed_event,
    build_deleted_event,
    build_mention_event,
    build_message_event,
    is_subscribed,
    mentions,
    wrap_event,
)
from .settings import Settings
from .workspace import Channel, Workspace, find_message

INTERACTIVE_HOLDERS = ("elements", "actions")


class Transcript:
    def __init__(self, settings: Settings, workspace: Workspace, dispatcher: Dispatcher) -> None:
        self._settings = settings
        self._workspace = workspace
        self._dispatcher = dispatcher

    def add(self, channel: Channel, message: Json) -> None:
        """Store a message and tell the app: once as message, and once more as app_mention when it is mentioned."""
        channel.messages.append(message)
        _count_reply(channel, message)
        origin = "bot" if message.get("bot_id") == self._settings.bot_id else "person"
        self.send_event(channel, build_message_event(channel, message), origin)
        is_mention = channel.kind != "im" and mentions(message.get("text", ""), self._settings.bot_user_id)
        if is_mention and origin == "person":
            self.send_event(channel, build_mention_event(channel, message), origin, "app_mentions:read")

    def change(self, channel: Channel, message: Json, changes: Json, editor_id: str) -> None:
        previous = copy.deepcopy(message)
        message.update(changes)
        message["edited"] = {"user": editor_id, "ts": self._workspace.new_ts()}
        origin = "bot" if editor_id == self._settings.bot_user_id else "person"
        event = build_changed_event(channel, self._workspace.new_ts(), copy.deepcopy(message), previous)
        self.send_event(channel, event, origin)

    def remove(self, channel: Channel, message: Json, remover_id: str) -> None:
        channel.messages.remove(message)
        origin = "bot" if remover_id == self._settings.bot_user_id else "person"
        event = build_deleted_event(channel, self._workspace.new_ts(), copy.deepcopy(message))
        self.send_event(channel, event, origin)

    def send_event(self, channel: Channel, event: Json, origin: str, scope: str | None = None) -> None:
        """Only what the app may know: it is in the channel, has the scope of its kind, and asked for the event."""
        needed = scope or EVENT_SCOPES[channel.kind]
        if not self._workspace.bot_is_in(channel) or needed not in self._settings.scopes:
            return
        if not is_subscribed(self._settings, event, channel):
            return
        if origin == "person" or self._settings.echo_bot_messages:
            self._emit(channel, event, origin)

    def build_bot_message(self, content: Json, thread_ts: str | None) -> Json:
        """What chat.postMessage stores; `content` holds text, blocks, attachments, metadata and the like."""
        settings = self._settings
        message: Json = {
            "user": settings.bot_user_id,
            "type": "message",
            "ts": self._workspace.new_ts(),
            "bot_id": settings.bot_id,
            "app_id": settings.app_id,
            "team": settings.team_id,
            "text": "",
            **content,
        }
        if message.get("blocks") and not message["text"]:
            message["text"] = "This content can't be displayed."
        if thread_ts:
            message["thread_ts"] = thread_ts
        return message

    def _emit(self, channel: Channel, event: Json, origin: str) -> None:
        event_id = self._workspace.new_id("Ev")
        payload = wrap_event(self._settings, copy.deepcopy(event), event_id, channel.is_ext_shared)
        self._dispatcher.emit("events_api", payload, origin=origin)


def add_missing_ids(blocks: list[Json]) -> list[Json]:
    """A copy with the block_ids and action_ids that Slack makes up where the app gave none."""
    named = copy.deepcopy(blocks)
    for block in named:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in list_elements(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return named


def list_elements(block: Json) -> list[Json]:
    """The block's parts that a person can use: buttons, menus, inputs."""
    found = [block[key] for key in ("accessory", "element") if isinstance(block.get(key), dict)]
    for key in INTERACTIVE_HOLDERS:
        found += [part for part in block.get(key, []) if isinstance(part, dict)]
    for inner in (*block.get("child_blocks", []), *_cards_of(block)):
        found += list_elements(inner)
    not_usable = re.compile(r"image|plain_text|mrkdwn|rich_text_(?!input).*|card")
    return [part for part in found if not not_usable.fullmatch(part.get("type", ""))]


def _cards_of(block: Json) -> list[Json]:
    return list(block.get("elements", [])) if block.get("type") == "carousel" else []


def _count_reply(channel: Channel, message: Json) -> None:
    """Slack's summary of the thread, on the parent."""
    thread_ts = message.get("thread_ts")
    parent = find_message(channel, thread_ts) if thread_ts else None
    if parent is None or parent is message:
        return
    users = parent.setdefault("reply_users", [])
    if message["user"] not in users:
        users.append(message["user"])
    parent["thread_ts"] = parent["ts"]
    parent["reply_count"] = parent.get("reply_count", 0) + 1
    parent["reply_users_count"] = len(users)
    parent["latest_reply"] = message["ts"]
    message["parent_user_id"] = parent["user"]
