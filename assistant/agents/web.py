"""The calls over HTTP at one port: MCP (streamable HTTP) at /mcp, JSON at /api/v1, and their description.

Who calls is a token's name, or a member of the workspace where Slackbot calls with a request that Slack signed.
"""

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.agents.calls import AgentCalls, Caller, TooManyCallsError, UnknownCallError
from assistant.agents.openapi import PREFIX, build_openapi, build_page
from assistant.agents.tables import TokenTables
from assistant.agents.tool_server import ToolContext, build_tool_server
from assistant.core.home import Home
from assistant.domain import Audience
from assistant.errors import EarshotError, InputError, NetworkError, ReviewError, leave_out_folders

MOST_BYTES = 100_000
_CALLER, _IS_FROM_SLACK = "earshot.caller", "earshot.slack"
_OPEN_PATHS = ("/docs", "/openapi.json")
_WAITING = 100
_SILENT_SECONDS = 10
_MOST_CONNECTIONS = 200
_STOP_SECONDS = 5
_log = logging.getLogger(__name__)

FindAudience = Callable[[str, str], Audience]
"""What a member of the workspace may see: (user, team). Raises ReviewError for people of other workspaces."""


class AgentWeb:
    """Builds the application; `find_audience` is None where Slack signs nothing that we could check."""

    def __init__(
        self, home: Home, calls: AgentCalls, tokens: TokenTables, find_audience: FindAudience | None, version: str
    ) -> None:
        self._home = home
        self._calls = calls
        self._tokens = tokens
        self._find_audience = find_audience
        self._version = version
        secret = home.settings.slack_signing_secret
        can_verify = secret is not None and find_audience is not None
        self._verifier = SignatureVerifier(secret.get_secret_value()) if secret and can_verify else None

    def build(self) -> Starlette:
        """The application. Its Host is not checked: nobody gets anything without a token or a signature."""
        server = build_tool_server(self._calls, self._find_caller)
        mcp_app = server.streamable_http_app(
            json_response=True,
            stateless_http=True,
            max_request_body_size=MOST_BYTES,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        routes = [
            Route(f"{PREFIX}{{name}}", self._answer, methods=["POST"]),
            Route("/openapi.json", self._describe),
            Route("/docs", self._show),
            *mcp_app.routes,
        ]
        return Starlette(
            routes=routes,
            middleware=[Middleware(_Door, find_token=self._find_token, verifier=self._verifier)],
            lifespan=lambda _: server.session_manager.run(),
        )

    def _find_token(self, token: str) -> Caller | None:
        found = self._tokens.find(token, self._home.clock())
        return Caller(found.name, found.audience) if found else None

    def _find_caller(self, context: ToolContext) -> Caller:
        scope = context.request.scope if context.request else {}
        if caller := scope.get(_CALLER):
            return Caller(caller.name, caller.audience)
        said = (context.meta or {}).get("slack")
        about = said if isinstance(said, dict) and scope.get(_IS_FROM_SLACK) else {}
        user, team = str(about.get("user_id") or ""), str(about.get("team_id") or "")
        if not (user and team and self._find_audience):
            raise ReviewError("Nobody says who calls.", "Call from Slack, or with a token.")
        return Caller(user, self._find_audience(user, team))

    async def _answer(self, request: Request) -> Response:
        caller = request.scope.get(_CALLER)
        if caller is None:  # Slack signs MCP requests only
            return _refuse(HTTPStatus.UNAUTHORIZED, ReviewError("A token is needed.", _TOKEN_HINT))
        try:
            arguments = json.loads(await request.body() or b"{}")
        except (ValueError, RecursionError):
            arguments = None
        if not isinstance(arguments, dict):
            return _refuse(HTTPStatus.BAD_REQUEST, InputError("The body is no JSON object.", "Send one, such as {}."))
        try:
            result = await run_in_threadpool(self._calls.run, caller, request.path_params["name"], arguments)
        except EarshotError as error:
            return _refuse(_find_status(error), error)
        return JSONResponse(result.model_dump(mode="json"))

    async def _describe(self, _: Request) -> Response:
        return JSONResponse(build_openapi(self._calls.calls.values(), self._version))

    async def _show(self, _: Request) -> Response:
        return HTMLResponse(build_page(self._calls.calls.values()))


_TOKEN_HINT = "Send `Authorization: Bearer TOKEN`; an admin makes one: earshot tokens add NAME"  # noqa: S105


class _Door:
    """Lets in who has a token or Slack's signature, and nobody else beyond the description."""

    def __init__(
        self, app: ASGIApp, find_token: Callable[[str], Caller | None], verifier: SignatureVerifier | None
    ) -> None:
        self._app = app
        self._find_token = find_token
        self._verifier = verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 to whom nobody knows, 413 to what is too large."""
        if scope["type"] != "http" or scope["path"] in _OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        body = await _read_body(receive)
        if body is None:
            too_large = InputError("The request is too large.", f"Send at most {MOST_BYTES // 1000} kB.")
            await _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)(scope, receive, send)
            return
        scope = {**scope, **await self._identify(Request(scope), body)}
        if not (scope.get(_CALLER) or scope.get(_IS_FROM_SLACK)):
            told = "Nobody knows this token." if Request(scope).headers.get("authorization") else "No token was sent."
            refusal = _refuse(HTTPStatus.UNAUTHORIZED, ReviewError(told, _TOKEN_HINT))
            refusal.headers["WWW-Authenticate"] = "Bearer"
            await refusal(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _identify(self, request: Request, body: bytes) -> dict[str, Any]:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and token.strip():
            return {_CALLER: await run_in_threadpool(self._find_token, token.strip())}
        if self._verifier is None:
            return {}
        return {_IS_FROM_SLACK: _is_signed(self._verifier, body, request)}


def serve_agents(app: Starlette, address: str, port: int) -> "AgentServer":
    """Serve until the returned server's `close`. Raises NetworkError when the port is taken."""
    try:
        listener = socket.create_server((address, port), backlog=_WAITING)
    except OSError as error:
        raise NetworkError(
            f"{address}, port {port} cannot be used: {error.strerror}.", "Set AGENTS_PORT or LISTEN_ADDRESS."
        ) from error
    return AgentServer(app, listener)


class _CuttingProtocol(H11Protocol):
    """Cuts off who sends half a request, or opens more connections than are served: uvicorn has no limit for either.

    The file descriptors that they hold are those of the whole program.
    """

    _seen: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take a connection, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > _MOST_CONNECTIONS:
            transport.abort()
            return
        self.loop.call_later(_SILENT_SECONDS, self._look)

    def _look(self) -> None:
        """Close it where no whole request came since the last look; one that is being answered takes its time."""
        if self.transport.is_closing():
            return
        is_waiting = self.cycle is None or self.cycle.response_complete or self.cycle.more_body
        if is_waiting and self.cycle is self._seen:
            self.transport.abort()
            return
        self._seen = self.cycle
        self.loop.call_later(_SILENT_SECONDS, self._look)


class AgentServer:
    """A running server; it accepts before its thread has started, since the port listens already."""

    def __init__(self, app: Starlette, listener: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            http=_CuttingProtocol,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self.port = int(listener.getsockname()[1])
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="agents", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take nothing more, and let what runs end for a few seconds."""
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS + 1)


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body; None where it is larger than any request may be."""
    body, is_more = b"", True
    while is_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return body
        body += message.get("body", b"")
        is_more = message.get("more_body", False)
        if len(body) > MOST_BYTES:
            return None
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def read_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return read_again


def _is_signed(verifier: SignatureVerifier, body: bytes, request: Request) -> bool:
    timestamp, signature = (request.headers.get(f"x-slack-{name}") for name in ("request-timestamp", "signature"))
    try:
        return bool(timestamp and signature and verifier.is_valid(body, timestamp, signature))
    except ValueError:  # a timestamp that is no number
        return False


def _find_status(error: EarshotError) -> HTTPStatus:
    if isinstance(error, TooManyCallsError):
        return HTTPStatus.TOO_MANY_REQUESTS
    if isinstance(error, UnknownCallError):
        return HTTPStatus.NOT_FOUND
    if isinstance(error, ReviewError):
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.BAD_REQUEST if isinstance(error, InputError) else HTTPStatus.SERVICE_UNAVAILABLE


def _refuse(status: HTTPStatus, error: EarshotError) -> JSONResponse:
    return JSONResponse(
        {"error": leave_out_folders(error.message), "hint": leave_out_folders(error.hint)}, status_code=status
    )
