"""What one person sees of the workspace just now, as JSON for the page."""

from typing import TYPE_CHECKING

from ..aliases import Json
from ..workspace import Channel
from .composing import decode_typed

if TYPE_CHECKING:
    from .double import SlackPage

MOST_MESSAGES = 200


def build_snapshot(slack: "SlackPage", user: str, channel_id: str) -> Json:
    """All that the page draws. Of a channel that the user is not in, they get their messages with the app instead."""
    with slack.world.lock:
        workspace = slack.world.workspace
        direct = workspace.open_dm(user)
        rooms = [one for one in workspace.channels.values() if user in one.members and one.kind != "im"]
        shown = next((one for one in rooms if one.id == channel_id), direct)
        return {
            "me": user,
            "bot": slack.bot_user_id,
            "app": slack.manifest.name,
            "team": slack.settings.team_name,
            "domain": slack.settings.team_domain,
            "people": _describe_people(slack),
            "channels": [_describe_channel(one, user) for one in rooms],
            "direct": _describe_channel(direct, user),
            "channel": shown.id,
            "messages": _list_messages(slack, shown, user),
            "statuses": _list_statuses(slack, shown),
            "prompts": _find_prompts(slack, shown),
            "views": slack.world.views.stacks.get(user, []),
            "home": slack.world.views.homes.get(user),
            "has_home": slack.manifest.has_home,
            "is_connected": slack.world.hub.connection_count > 0,
            "commands": list(slack.manifest.commands),
            "shortcuts": list(slack.manifest.shortcuts),
            "steps": slack.guide.steps,
        }


def _describe_people(slack: "SlackPage") -> Json:
    return {
        person.id: {
            "name": slack.manifest.name if person.id == slack.bot_user_id else person.name.capitalize(),
            "role": slack.guide.roles.get(person.id, ""),
            "is_bot": person.is_bot,
        }
        for person in slack.world.workspace.people.values()
    }


def _describe_channel(channel: Channel, user: str) -> Json:
    others = [message["ts"] for message in channel.messages if message.get("user") != user]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "is_shared": channel.is_ext_shared,
        "latest": others[-1] if others else "0",
    }


def _list_messages(slack: "SlackPage", channel: Channel, user: str) -> list[Json]:
    workspace = slack.world.workspace
    private = [one for one in workspace.ephemerals if one["shown_to"] == user and one["channel"] == channel.id]
    merged = sorted([*channel.messages[-MOST_MESSAGES:], *private], key=lambda message: float(message["ts"]))
    return [
        {**message, "typed": decode_typed(message["text"], workspace)} if message.get("user") == user else message
        for message in merged
    ]


def _list_statuses(slack: "SlackPage", channel: Channel) -> list[Json]:
    """The last status of each thread, where it is not empty."""
    last = {one["thread_ts"]: one for one in slack.world.statuses if one["channel_id"] == channel.id}
    older = [one for one in last.values() if one["status"]]
    return [*older, *_list_sessions(slack, channel)]


def _list_sessions(slack: "SlackPage", channel: Channel) -> list[Json]:
    """Threads in which the app is at work, or waits for somebody; with a button to stop it, as Slack draws one."""
    told = {"processing": "is working…", "suspended": "is waiting for a reply"}
    sessions = [(key[1], one["statuses"][-1]) for key, one in slack.world.sessions.items() if key[0] == channel.id]
    return [
        {"thread_ts": ts, "status": told[status], "can_stop": status == "processing"}
        for ts, status in sessions
        if status in told
    ]


def _find_prompts(slack: "SlackPage", channel: Channel) -> Json | None:
    shown = [one for one in slack.world.prompts if one["channel_id"] == channel.id]
    return shown[-1] if shown else None
