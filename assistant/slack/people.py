"""People's names in messages: a Slack user as a mention, anybody else as escaped text."""

import re

from assistant.slack.blocks import escape_line

_SLACK_USER = re.compile(r"[UW][A-Z0-9]{5,}")


def name_person(name: str) -> str:
    """A person in mrkdwn; `earshot` is the program itself."""
    if name == "earshot":
        return "Earshot"
    return f"<@{name}>" if is_slack_user(name) else escape_line(name, 60)


def is_slack_user(name: str) -> bool:
    """Whether what is kept of a person is a Slack user id."""
    return _SLACK_USER.fullmatch(name) is not None
