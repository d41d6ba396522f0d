"""Connects the Bolt app to Slack: Socket Mode, or HTTP where a signing secret is set."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.errors import SlackClientError
from waitress.server import create_server

from assistant.errors import NetworkError
from assistant.slack.client.client import APP_TOKEN, translate
from assistant.slack.client.tables import ServiceTables
from assistant.slack.client.watching import Watchdog

_THREADS = 8
_MOST_BYTES = 2_000_000  # Slack's largest, a modal of 250 kB with what was typed in it, is far below


class Connection(Protocol):
    """A way for Slack to reach the app."""

    def close(self) -> None:
        """Take nothing more."""


class _SocketConnection:
    """A Socket Mode connection."""

    def __init__(self, handler: SocketModeHandler, watchdog: Watchdog) -> None:
        self._handler = handler
        self._watchdog = watchdog

    def close(self) -> None:
        """See Connection."""
        self._watchdog.stop()
        try:
            self._handler.close()  # type: ignore[no-untyped-call]
        except AttributeError:
            # Slack hung up at the same moment: slack_sdk dropped the socket between its own check and its close.
            self._handler.close()  # type: ignore[no-untyped-call]


def serve_socket(
    app: App, app_token: str, facts: ServiceTables, clock: Callable[[], datetime], catch_up: Callable[[float], None]
) -> Connection:
    """Open a Socket Mode connection, and watch it. Raises NetworkError when Slack refuses the app-level token.

    `catch_up` is called with the time since which nothing was heard, whenever that was long enough to miss something.
    """
    try:
        handler = SocketModeHandler(app, app_token)
        watchdog = Watchdog(handler.client, facts, clock, catch_up)
        handler.client.on_message_listeners.append(watchdog.hear)
        handler.connect()  # type: ignore[no-untyped-call]  # slack_bolt gives no types here
    except (SlackClientError, OSError) as error:
        raise translate(error, APP_TOKEN) from error
    watchdog.start()
    return _SocketConnection(handler, watchdog)


def serve_http(app: App, port: int) -> Connection:
    """Answer Slack's requests on /slack/events at this port. Raises NetworkError when the port is taken."""
    try:
        # With select(), waitress would fall silent once the process has more than 1,024 files open.
        server = create_server(
            SlackRequestHandler(app),
            port=port,
            threads=_THREADS,
            ident="earshot",
            asyncore_use_poll=True,
            max_request_body_size=_MOST_BYTES,
        )
    except OSError as error:
        raise NetworkError(f"The port {port} cannot be used: {error.strerror}.", "Set SLACK_HTTP_PORT.") from error
    threading.Thread(target=server.run, name="slack-http", daemon=True).start()
    return server
