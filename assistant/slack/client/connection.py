"""Connects the Bolt app to Slack: Socket Mode, or HTTP where a signing secret is set.

Watches the socket to Slack: one that fell silent is opened again, and a second machine on the same app is noticed.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any, Protocol

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.errors import SlackClientError
from slack_sdk.signature import SignatureVerifier

from assistant.core.ports import serve
from assistant.core.ticker import Ticker
from assistant.errors import logged
from assistant.slack.client.client import APP_TOKEN, translate
from assistant.slack.client.tables import CONNECTIONS, SILENT_SOCKET, ServiceTables

_LOOK_SECONDS = 5.0
# slack_sdk pings every 5 s and fixes most breaks itself. After a broken pipe it takes 25 s, or never does.
_SILENT_SECONDS = 15.0
_ENDING_SECONDS = 0.1
_log = logging.getLogger(__name__)


class Socket(Protocol):
    """The part of slack_sdk's SocketModeClient that the watchdog needs."""

    current_session: Any

    def is_connected(self) -> bool:
        """Return whether the socket seems open."""

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Open another one."""


class Watchdog:
    """Looks at the socket every few seconds."""

    def __init__(
        self,
        socket: Socket,
        facts: ServiceTables,
        clock: Callable[[], datetime],
        catch_up: Callable[[float], None] = lambda since: None,
    ) -> None:
        self._socket = socket
        self._facts = facts
        self._clock = clock
        self._catch_up = catch_up
        self._heard_at = time.time()
        self._lost_at = 0.0
        self._hellos = 0
        self._to_note: str | None = None
        self._ticker = Ticker(_LOOK_SECONDS, "watching the socket to Slack", self._watch)

    def start(self) -> None:
        """Begin to watch; what an earlier run noted is over."""
        self._facts.note(SILENT_SOCKET, "", self._clock())
        self._ticker.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._ticker.stop(is_waiting=False)

    def hear(self, message: str) -> None:
        """A frame from Slack. Its hello says how many connections the app has; ours, while it is renewed, are two."""
        heard_at, self._heard_at = self._heard_at, time.time()
        if '"hello"' not in message[:200]:
            return
        try:
            hello = json.loads(message)
        except ValueError:
            return
        if isinstance(hello, dict) and hello.get("type") == "hello":
            self._count(int(hello.get("num_connections") or 1))
            self._make_up(heard_at)

    def look(self, now: float) -> bool:
        """Open the socket again when it has been silent for too long; whether it was. `now` in seconds since 1970."""
        session = self._socket.current_session
        answered_at = float(getattr(session, "last_ping_pong_time", None) or 0) if self._socket.is_connected() else 0.0
        self._heard_at = max(self._heard_at, answered_at)
        silent_seconds = now - self._heard_at
        if silent_seconds < _SILENT_SECONDS:
            return False
        _log.warning("the socket to Slack has been silent for %.0f s: it is opened again", silent_seconds)
        self._lost_at = self._lost_at or self._heard_at
        self._heard_at = now  # the new one gets its time too
        outcome = "was opened again"
        try:
            self._socket.connect_to_new_endpoint(force=True)
            _log.warning("the socket to Slack was opened again")
        except (SlackClientError, OSError, ValueError) as error:
            outcome = "could not be opened again yet; it is tried again"
            _log.warning("the socket to Slack could not be opened again: %s", error)
        told = f"The socket to Slack was silent for {silent_seconds:.0f} s and {outcome}."
        self._facts.note(SILENT_SOCKET, told, self._clock())
        return True

    def _make_up(self, heard_at: float) -> None:
        """slack_sdk calls this before it reads the next frame: nothing newer has been heard yet."""
        lost_at, self._lost_at = self._lost_at, 0.0
        if self._hellos == 1 or not (lost_at or self._heard_at - heard_at >= _SILENT_SECONDS):
            return  # of the time before the first one the service takes care
        with logged("catching up with Slack"):
            self._catch_up(lost_at or heard_at)

    def _count(self, connections: int) -> None:
        self._hellos += 1
        own = 1 if self._hellos == 1 else 2
        told = ""
        if connections > own:
            told = (
                f"Slack counts {connections} connections of this app: another machine uses the same tokens, or did "
                "until a moment ago. Each event reaches only one of them: stop the other one, or give it its own app."
            )
            _log.warning("%s", told)
        self._to_note = told

    def note_connections(self) -> None:
        """Note how many connections Slack counts. Not in the socket's own thread: a busy database would deafen it."""
        told, self._to_note = self._to_note, None
        if told is not None:
            self._facts.note(CONNECTIONS, told, self._clock())

    def _watch(self) -> None:
        self.note_connections()
        self.look(time.time())


_THREADS = 8
_MOST_BYTES = 2_000_000  # Slack's largest, a modal of 250 kB with what was typed in it, is far below


class Connection(Protocol):
    """A way for Slack to reach the app."""

    @property
    def is_open(self) -> bool:
        """Return whether Slack can reach the app just now."""

    def close(self) -> None:
        """Take nothing more."""


class _HttpConnection:
    """A port that Slack sends its requests to."""

    is_open = True

    def __init__(self, server: Any) -> None:
        self._server = server

    def close(self) -> None:
        """See Connection."""
        self._server.close()


class _SocketConnection:
    """A Socket Mode connection."""

    def __init__(self, handler: SocketModeHandler, watchdog: Watchdog) -> None:
        self._handler = handler
        self._watchdog = watchdog

    @property
    def is_open(self) -> bool:
        """See Connection."""
        return bool(self._handler.client.is_connected())

    def close(self) -> None:
        """See Connection."""
        self._watchdog.stop()
        self._wake()
        # A session that begins while slack_sdk closes takes the end back, and its close would wait for ever.
        ending = Ticker(_ENDING_SECONDS, "ending the socket's session", self._end)
        ending.start()
        try:
            self._handler.close()  # type: ignore[no-untyped-call]
        except AttributeError:
            # Slack hung up at the same moment: slack_sdk dropped the socket between its own check and its close.
            self._handler.close()  # type: ignore[no-untyped-call]
        finally:
            ending.stop()

    def _end(self) -> None:
        self._handler.client.current_session_state.terminated = True

    def _wake(self) -> None:
        """slack_sdk's reader waits up to a second for its next frame, and its close waits for the reader."""
        self._handler.client.message_processor.event.set()
        self._handler.client.message_queue.put(None)


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


class SignedRequests:
    """Stands in front of Bolt, which parses a body before it looks at the signature."""

    def __init__(self, app: App, secret: str) -> None:
        self._handler = SlackRequestHandler(app)
        self._verifier = SignatureVerifier(secret)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Hand over what Slack signed; answer 401 to the rest, and 400 to what cannot be read."""
        if environ.get("REQUEST_METHOD") != "POST":
            return self._handler(environ, start_response)
        body = environ["wsgi.input"].read()
        timestamp, signature = (environ.get(f"HTTP_X_SLACK_{name}") for name in ("REQUEST_TIMESTAMP", "SIGNATURE"))
        try:
            if not (timestamp and signature and self._verifier.is_valid(body, timestamp, signature)):
                return _refuse(start_response, HTTPStatus.UNAUTHORIZED)
            return self._handler({**environ, "wsgi.input": BytesIO(body)}, start_response)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            _log.warning("a request to Slack's port could not be read")
            return _refuse(start_response, HTTPStatus.BAD_REQUEST)


def _refuse(start_response: Callable[..., Any], status: HTTPStatus) -> list[bytes]:
    body = status.phrase.encode()
    start_response(
        f"{status.value} {status.phrase}", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    )
    return [body]


def serve_http(app: App, secret: str, address: str, port: int) -> Connection:
    """Answer Slack's requests on /slack/events at this port. Raises NetworkError when the port is taken."""
    return _HttpConnection(serve(SignedRequests(app, secret), address, port, "SLACK_HTTP_PORT", _THREADS, _MOST_BYTES))
