"""Names of people and channels in messages: an id of Slack as a mention, anything else as escaped text."""

import re

from assistant.slack.client.blocks import escape_line

_SLACK_USER = re.compile(r"[UW][A-Z0-9]{5,}")
_SLACK_GROUP = re.compile(r"S[A-Z0-9]{5,}")
_SLACK_CHANNEL = re.compile(r"[CG][A-Z0-9]{5,}")


def is_slack_user(name: str) -> bool:
    """Whether a name is the id of a Slack user."""
    return bool(_SLACK_USER.fullmatch(name))


def name_person(name: str) -> str:
    """A person in mrkdwn; `earshot` is the program itself."""
    if name == "earshot":
        return "Earshot"
    return f"<@{name}>" if is_slack_user(name) else escape_line(name, 60)


def name_person_or_group(name: str) -> str:
    """A person or a user group in mrkdwn. Only where Slack notifies nobody of it, such as App Home."""
    return f"<!subteam^{name}>" if _SLACK_GROUP.fullmatch(name) else name_person(name)


def name_channel(name: str) -> str:
    """A channel in mrkdwn."""
    return f"<#{name}>" if _SLACK_CHANNEL.fullmatch(name) else escape_line(name, 60)
