"""Pure builders of Events API payloads, in the shape that Slack documents."""

import html
import re
import secrets
import time

from .aliases import Json
from .settings import Settings
from .workspace import Channel, Person

EVENT_SCOPES = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


def wrap_event(settings: Settings, event: Json, event_id: str, is_ext_shared: bool = False) -> Json:
    """The envelope's payload: an event_callback."""
    authorization = {
        "enterprise_id": None,
        "team_id": settings.team_id,
        "user_id": settings.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "verification-token",
        "team_id": settings.team_id,
        "context_team_id": settings.team_id,
        "context_enterprise_id": None,
        "api_app_id": settings.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(time.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": is_ext_shared,
        "event_context": f"4-{secrets.token_hex(20)}",
    }


def build_person_message(person: Person, ts: str, text: str, thread_ts: str | None) -> Json:
    message: Json = {
        "user": person.id,
        "type": "message",
        "ts": ts,
        "client_msg_id": secrets.token_hex(16),
        "text": text,
        "team": person.team_id,
        "blocks": [_build_rich_text(text)],
    }
    if thread_ts:
        message["thread_ts"] = thread_ts
    return {**message, "bot_id": f"B{person.id[1:]}", "app_id": f"A{person.id[1:]}"} if person.is_bot else message


def build_message_event(channel: Channel, message: Json) -> Json:
    return {**message, "channel": channel.id, "event_ts": message["ts"], "channel_type": channel.kind}


def build_mention_event(channel: Channel, message: Json) -> Json:
    """The second event of a mention; it has no channel_type, unlike the message event with the same ts."""
    shown = {name: value for name, value in message.items() if name not in ("files", "upload", "subtype")}
    return {**shown, "type": "app_mention", "channel": channel.id, "event_ts": message["ts"]}


def build_changed_event(channel: Channel, ts: str, message: Json, previous: Json) -> Json:
    """`ts` is the event's own; the message's identity is in `message` only."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": message,
        "previous_message": previous,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def build_deleted_event(channel: Channel, ts: str, previous: Json) -> Json:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": previous,
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": previous["ts"],
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def build_reaction_event(
    user_id: str, channel: Channel, message: Json, name: str, ts: str, type_name: str = "reaction_added"
) -> Json:
    return {
        "type": type_name,
        "user": user_id,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
        "item_user": message.get("user"),
        "event_ts": ts,
    }


def build_home_opened_event(user_id: str, channel: Channel, tab: str, ts: str, view: Json | None) -> Json:
    event: Json = {"type": "app_home_opened", "user": user_id, "channel": channel.id, "event_ts": ts, "tab": tab}
    if view is not None and tab == "home":
        event["view"] = view
    return event


def build_stopped_event(user_id: str, channel_id: str, thread_ts: str, streams: list[str], ts: str) -> Json:
    """Somebody clicked Stop; `streams` are the messages whose streams Slack ended for it."""
    event: Json = {"type": "agent_session_stopped", "channel": channel_id, "thread_ts": thread_ts, "user": user_id}
    return {**event, "streaming_message_ts": streams, "event_ts": ts}


def build_context_event(user_id: str, channel: Channel, entities: list[Json], ts: str) -> Json:
    """What a person looks at; without entities the context is an empty object."""
    context = {"entities": entities} if entities else {}
    event: Json = {"type": "app_context_changed", "user": user_id, "channel": channel.id, "event_ts": ts}
    return {**event, "context": context}


def is_subscribed(settings: Settings, event: Json, channel: Channel | None = None) -> bool:
    """Whether the app's manifest asks for this event; a message is named with the kind of its channel."""
    name = str(event["type"])
    if name == "message" and channel is not None:
        name += {"channel": ".channels", "group": ".groups"}.get(channel.kind, f".{channel.kind}")
    return settings.events is None or name in settings.events


def mentions(text: str, user_id: str) -> bool:
    return re.search(rf"<@{re.escape(user_id)}(\|[^>]*)?>", text) is not None


def _build_rich_text(text: str) -> Json:
    """What Slack's clients send along with the text: the mentions as elements of their own."""
    elements: list[Json] = []
    for part in re.split(r"(<@[A-Z0-9]+(?:\|[^>]*)?>)", text):
        if part.startswith("<@"):
            elements.append({"type": "user", "user_id": part[2:-1].split("|")[0]})
        elif part:
            elements.append({"type": "text", "text": html.unescape(part)})
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": secrets.token_urlsafe(4), "elements": [section]}
