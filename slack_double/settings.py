"""What a test may choose about the double; the defaults are Slack's own values."""

import time
from dataclasses import dataclass

from .aliases import Clock

BOT_SCOPES = frozenset(
    "app_mentions:read assistant:write channels:history channels:read chat:write commands files:read files:write "
    "groups:history groups:read im:history im:read im:write mpim:history mpim:read reactions:read reactions:write "
    "team:read usergroups:read users:read users:read.email".split()
)


@dataclass(frozen=True)
class Settings:
    """`retry_factor` scales the pauses before Slack sends an unacked event again (0, 60 and 300 seconds).

    `clock` decides when triggers, streams and response_urls expire and when the rate limits refill; latencies are
    always real time. `events`, `commands`, `shortcuts` and `has_home` are what the app's manifest allows it; None
    allows every event, command and shortcut. `refused_parts` are types of blocks and elements that this workspace does
    not have yet: Slack brings new ones to one workspace after the other.
    """

    team_id: str = "T0EARSHOT"
    team_name: str = "Earshot Test"
    team_domain: str = "earshot-test"
    app_id: str = "A0EARSHOT"
    bot_id: str = "B0EARSHOT"
    bot_user_id: str = "U0EARSHOT"
    bot_name: str = "earshot"
    tells_scopes: bool = True  # other servers that speak Slack's API leave the header out
    bot_token: str = "xoxb-double-bot-token"
    app_token: str = "xapp-1-double-app-token"
    signing_secret: str = "double-signing-secret"
    scopes: frozenset[str] = BOT_SCOPES
    events: frozenset[str] | None = None
    commands: frozenset[str] | None = None
    shortcuts: frozenset[str] | None = None
    has_home: bool = True
    refused_parts: frozenset[str] = frozenset()
    port: int = 0
    address: str = "127.0.0.1"
    http_url: str | None = None
    clock: Clock = time.monotonic
    rate_limit: bool = True
    tiers: bool = False
    burst: int = 5
    events_an_hour: int = 30_000
    ack_timeout: float = 3.0
    retry_factor: float = 1.0
    trigger_seconds: float = 3.0
    stream_seconds: float = 300.0
    echo_bot_messages: bool = True
    max_connections: int = 10
