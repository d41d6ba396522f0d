"""Connects a real Bolt app to the double, and takes it down without the SDK's waits."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from .double import SlackDouble


def build_app(slack: SlackDouble, client: WebClient | None = None) -> App:
    """An app whose client talks to the double; give a client to set retry handlers on it."""
    return App(client=client or WebClient(slack.bot_token, base_url=slack.api_url), signing_secret=slack.signing_secret)


@contextmanager
def connect(slack: SlackDouble, app: App, *, ping_interval: float = 10) -> Iterator[SocketModeHandler]:
    """Socket Mode, connected on entry. The SDK finds a cut connection within `ping_interval` seconds.

    SocketModeHandler.close() waits for a read of up to three seconds and a queue of up to one; a cut connection and an
    empty message end both at once.
    """
    handler = SocketModeHandler(app, slack.app_token, ping_interval=ping_interval)
    handler.connect()  # type: ignore[no-untyped-call]  # slack_bolt gives no types here
    slack.wait_for_connection()
    try:
        yield handler
    finally:
        handler.client.auto_reconnect_enabled = False
        handler.client.default_auto_reconnect_enabled = False
        slack.disconnect(hard=True)
        handler.client.closed = True
        handler.client.enqueue_message("")
        # The SDK's own thread may take the socket away between its look at it and its close: then it is closed already.
        with suppress(AttributeError):
            handler.close()  # type: ignore[no-untyped-call]  # slack_bolt gives no types here
