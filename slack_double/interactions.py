"""Pure builders of interaction payloads: clicks, submissions, commands and shortcuts."""

import copy
import time

from .aliases import Json
from .settings import Settings
from .workspace import Channel, Person


def build_person_ref(person: Person) -> Json:
    return {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id}


def build_common(settings: Settings, person: Person, type_name: str) -> Json:
    return {
        "type": type_name,
        "team": {"id": settings.team_id, "domain": settings.team_domain},
        "user": build_person_ref(person),
        "api_app_id": settings.app_id,
        "token": "verification-token",
        "enterprise": None,
        "is_enterprise_install": False,
    }


def build_message_container(channel: Channel, message: Json, is_ephemeral: bool) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": is_ephemeral,
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    return container


def build_channel_ref(channel: Channel) -> Json:
    name = {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)
    return {"id": channel.id, "name": name}


def build_action(element: Json, block_id: str, choice: Json) -> Json:
    """`choice` is what the person chose, such as {"selected_option": ...}; empty for a plain button."""
    kept: Json = {key: element[key] for key in ("text", "value", "style") if key in element}
    action: Json = {"action_id": element["action_id"], "block_id": block_id, **kept, **choice}
    return {**action, "type": element["type"], "action_ts": f"{time.time():.6f}"}


def build_submission(settings: Settings, person: Person, view: Json, trigger_id: str) -> Json:
    payload = build_common(settings, person, "view_submission")
    return {**payload, "trigger_id": trigger_id, "view": copy.deepcopy(view), "response_urls": []}


def build_closed(settings: Settings, person: Person, view: Json) -> Json:
    return {**build_common(settings, person, "view_closed"), "view": copy.deepcopy(view), "is_cleared": False}


def build_command(
    settings: Settings, person: Person, channel: Channel, command: str, text: str, response_url: str, trigger_id: str
) -> Json:
    return {
        "token": "verification-token",
        "team_id": settings.team_id,
        "team_domain": settings.team_domain,
        "channel_id": channel.id,
        "channel_name": build_channel_ref(channel)["name"],
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": text,
        "api_app_id": settings.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }
