"""From what a person types to what Slack makes of it: mentions, channels and addresses marked, the rest escaped."""

import html
import re

from ..workspace import Workspace

BROADCASTS = ("here", "channel", "everyone")
URL = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)\]'\"]")


def encode_typed(text: str, workspace: Workspace) -> str:
    """`text` as Slack's client would send it on."""
    people = {person.name.lower(): f"<@{person.id}>" for person in workspace.people.values()}
    people |= {name: f"<!{name}>" for name in BROADCASTS}
    channels = {one.name.lower(): f"<#{one.id}|{one.name}>" for one in workspace.channels.values() if one.kind != "im"}

    def name_person(found: re.Match[str]) -> str:
        return people.get(found[1].lower(), found[0])

    def name_channel(found: re.Match[str]) -> str:
        return channels.get(found[1].lower(), found[0])

    encoded = URL.sub(lambda found: f"<{found[0]}>", html.escape(text, quote=False))
    encoded = re.sub(r"(?<![\w/])@([\w.-]*\w)", name_person, encoded)
    return re.sub(r"(?<![\w/&])#([\w-]+)", name_channel, encoded)


def decode_typed(text: str, workspace: Workspace) -> str:
    """Slack's text as it was typed, for editing."""
    plain = re.sub(r"<@(\w+)>", lambda found: f"@{_name(found[1], workspace)}", text)
    plain = re.sub(r"<#\w+\|([^>]*)>", r"#\1", re.sub(r"<!(\w+)>", r"@\1", plain))
    return html.unescape(re.sub(r"<(https?://[^>|]+)(?:\|[^>]*)?>", r"\1", plain))


def _name(user_id: str, workspace: Workspace) -> str:
    person = workspace.people.get(user_id)
    return person.name if person else user_id
