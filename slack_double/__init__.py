"""A Slack workspace for tests: Web API, Socket Mode and signed HTTP delivery on one local port.

    with SlackDouble() as slack:
        slack.add_user("U1", "ann")
        slack.add_channel("C1", "general", members=["U1"])
        app = build_app(slack)                 # or your own, with WebClient(slack.bot_token, base_url=slack.api_url)
        with connect(slack, app):              # Socket Mode; SlackDouble(http_url=...) delivers signed HTTP instead
            ts = slack.say("C1", "U1", f"<@{slack.bot_user_id}> when do you open?")
            slack.wait_for(lambda: slack.thread("C1", ts)[1:])

It answers with Slack's own error codes, holds Slack's limits, and can fail in Slack's ways. Nothing in it was checked
against slack.com; it follows the documentation, the SDK's source and what maintainers wrote in issues.
"""

from .double import SlackDouble
from .errors import Impossible
from .faults import CallFault
from .journal import ApiCall, Delivery, Journal
from .serving import build_app, connect
from .settings import BOT_SCOPES, Settings

__all__ = [
    "BOT_SCOPES",
    "ApiCall",
    "CallFault",
    "Delivery",
    "Impossible",
    "Journal",
    "Settings",
    "SlackDouble",
    "build_app",
    "connect",
]
