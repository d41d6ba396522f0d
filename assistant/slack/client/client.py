"""The client for Slack's Web API, and Slack's errors told in plain sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.client import HTTPException
from ssl import SSLContext, create_default_context
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from assistant.errors import BlocksRefusedError, NetworkError, TransientNetworkError

BOT_TOKEN, APP_TOKEN = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
_RATE_LIMIT_RETRIES = 10
# Slack answers these with status 200: something broke on its side, and part of the call may have been done.
_SERVER_FAULTS = ("fatal_error", "internal_error", "service_unavailable", "request_timeout")
FAILURES = (SlackApiError, URLError, OSError, ValueError, HTTPException)
"""What a call may raise; ValueError comes from an answer that is no JSON, HTTPException from half an answer."""

_MENDS = {
    "invalid_auth": "Copy SLACK_BOT_TOKEN again from your app's page.",
    "not_authed": "Set SLACK_BOT_TOKEN.",
    "not_allowed_token_type": "Copy SLACK_BOT_TOKEN again from your app's page: this is another kind of token.",
    "account_inactive": "The app was removed from the workspace: install it again.",
    "token_revoked": "Install the app again and copy SLACK_BOT_TOKEN again.",
    "channel_not_found": "Check the channel id; in a private channel, invite Earshot first: /invite @Earshot",
    "not_in_channel": "Invite Earshot to the channel: /invite @Earshot",
    "not_enabled": "Turn the Home tab on at your app's page, App Home; slack-manifest.yaml asks for it.",
    "is_archived": "The channel is archived: choose another one.",
    "restricted_action": "The channel does not let Earshot post: change who may post there, or choose another one.",
    "expired_trigger_id": "Slack gives 3 seconds to open a form, and they were over: click again.",
    "trigger_expired": "Slack gives 3 seconds to open a form, and they were over: click again.",
}


def build_client(token: str, api_url: str) -> WebClient:
    """A client that waits when Slack says so. It does not repeat after a lost answer: that could post twice."""
    handlers = [RateLimitErrorRetryHandler(max_retry_count=_RATE_LIMIT_RETRIES)]
    return WebClient(token, base_url=api_url, timeout=30, retry_handlers=list(handlers), ssl=_trust())


def without_waiting(client: WebClient) -> WebClient:
    """The same client for calls that one can do without: it is told at once when Slack wants it to wait."""
    return WebClient(client.token, base_url=client.base_url, timeout=client.timeout, retry_handlers=[], ssl=client.ssl)


@lru_cache(1)
def _trust() -> SSLContext:
    # Without one, slack_sdk reads all certificates of the machine again for each call: a tenth of a second.
    return create_default_context()


def is_server_fault(error: SlackApiError) -> bool:
    """Return whether Slack failed without saying what became of the call."""
    code = error.response.get("error")
    return int(getattr(error.response, "status_code", 0) or 0) >= 500 or not code or code in _SERVER_FAULTS


def translate(error: Exception, setting: str = BOT_TOKEN) -> NetworkError:
    """Slack's error as a plain sentence with a fix; `setting` holds the token of the call."""
    if not isinstance(error, SlackApiError):
        return TransientNetworkError(
            f"Slack cannot be reached: {error}.",
            "Check the network and SLACK_API_URL.",
            in_slack="Try again in a minute.",
        )
    if is_server_fault(error):
        return TransientNetworkError("Slack has trouble just now.", "Try again in a minute.")
    code = str(error.response.get("error"))
    if code in ("ratelimited", "rate_limited"):
        return TransientNetworkError("Slack takes no more messages just now.", "It will be tried again.")
    needed = error.response.get("needed")
    mend = (
        f"Add the scope {needed} to your Slack app and install it again."
        if needed
        else _MENDS.get(code, "").replace(BOT_TOKEN, setting)
    )
    kind = BlocksRefusedError if code == "invalid_blocks" else NetworkError
    return kind(f"Slack refused: {code}.", mend)


@contextmanager
def translated(setting: str = BOT_TOKEN) -> Iterator[None]:
    """Turn Slack's and the network's errors into NetworkError."""
    try:
        yield
    except (SlackClientError, URLError, OSError, HTTPException) as error:
        raise translate(error, setting) from error
