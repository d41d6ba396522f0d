"""The aiohttp server: Web API, Socket Mode, uploads and response_urls on one port, in a thread of its own."""

import asyncio
import json
import threading
import time
from collections.abc import Sequence

from aiohttp import web

from .aliases import Json
from .api import Call, find_method
from .api.responding import respond
from .errors import RateLimited, SlackError
from .faults import CallFault
from .http_mode import HttpTransport
from .journal import ApiCall
from .world import World

STOP_SECONDS = 5


class Server:
    def __init__(self, world: World, more_routes: Sequence[web.RouteDef] = ()) -> None:
        self._world = world
        self._more_routes = more_routes
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slack-double", daemon=True)
        self._runner: web.AppRunner | None = None
        self._http: HttpTransport | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        return self._loop

    def start(self) -> str:
        """Returns the base URL once the port is open. Raises OSError when it is taken."""
        self._thread.start()
        return asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(STOP_SECONDS)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(STOP_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_SECONDS)
        self._loop.close()

    async def _open(self) -> str:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._handle_api)
        app.router.add_get("/link/", self._world.hub.handle)
        app.router.add_post("/upload/{file_id}", self._handle_upload)
        app.router.add_get("/files/{file_id}", self._handle_download)
        app.router.add_post("/response/{token}", self._handle_response_url)
        app.router.add_routes(self._more_routes)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._world.settings.address, self._world.settings.port)
        await site.start()
        if self._world.settings.http_url:
            self._http = HttpTransport(self._world.settings, self._world.faults)
        self._world.dispatcher.attach(self._loop, self._http or self._world.hub)
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _close(self) -> None:
        await self._world.dispatcher.close()
        self._world.hub.cut()
        if self._http is not None:
            await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle_api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        entry = ApiCall(name, {}, time.monotonic())
        self._world.journal.add(entry)
        try:
            entry.args = await _read_args(request)
        except SlackError as error:
            return self._reply(entry, {"ok": False, "error": error.code}, 200, {})
        await asyncio.sleep(self._world.faults.delay_of(name))
        await self._world.faults.pass_gates(name, entry.args)
        fault = self._world.faults.next_fault(name)
        if fault is not None and fault.status == "reset":
            return _cut(request, entry, "reset")
        answer = self._answer(request, entry, fault)
        if fault is not None and fault.status == "lost":
            return _cut(request, entry, "lost")
        return answer

    def _answer(self, request: web.Request, entry: ApiCall, fault: CallFault | None) -> web.Response:
        try:
            if fault is not None:
                _raise_fault(fault)
            with self._world.lock:
                body = find_method(entry.method).answer(Call(self._world, entry.args), _read_token(request, entry.args))
            return self._reply(entry, body, 200, {})
        except SlackError as error:
            return self._reply(entry, {"ok": False, "error": error.code, **error.extra}, error.status, error.headers)

    def _reply(self, entry: ApiCall, body: Json, status: int, headers: dict[str, str]) -> web.Response:
        entry.response, entry.error, entry.seconds = body, body.get("error"), time.monotonic() - entry.at
        entry.status = status
        # Lower case as on Slack: slack_sdk keeps the names as sent, and Bolt looks this one up.
        told = self._world.settings.tells_scopes
        scopes = {"x-oauth-scopes": ",".join(sorted(self._world.settings.scopes))} if told else {}
        return web.json_response(body, status=status, headers={**scopes, **headers})

    async def _handle_download(self, request: web.Request) -> web.Response:
        """The bytes for who has the token and its scope; a page to log in, with status 200, for all others."""
        settings = self._world.settings
        stored = self._world.workspace.files.get(request.match_info["file_id"])
        is_allowed = request.headers.get("Authorization") == f"Bearer {settings.bot_token}"
        if stored is None or not is_allowed or "files:read" not in settings.scopes:
            return web.Response(text="<html>Sign in to Slack</html>", content_type="text/html")
        return web.Response(body=stored.content, content_type="application/octet-stream")

    async def _handle_upload(self, request: web.Request) -> web.Response:
        """The second step of an upload: the bytes, as the raw body or as a form's only file."""
        stored = self._world.workspace.files.get(request.match_info["file_id"])
        if stored is None:
            return web.Response(status=404, text="no such upload")
        stored.content = await _read_upload(request)
        if len(stored.content) != stored.length:
            return web.Response(status=400, text=f"expected {stored.length} bytes, got {len(stored.content)}")
        return web.Response(text=f"OK - {len(stored.content)}")

    async def _handle_response_url(self, request: web.Request) -> web.Response:
        entry = ApiCall("response_url", await _read_args(request), time.monotonic())
        self._world.journal.add(entry)
        await self._world.faults.pass_gates(entry.method, entry.args)
        fault = self._world.faults.next_fault(entry.method)
        if fault is not None:
            return _cut(request, entry, str(fault.status))
        try:
            with self._world.lock:
                respond(Call(self._world, entry.args), request.match_info["token"])
            return self._reply(entry, {"ok": True}, 200, {})
        except SlackError as error:
            status = 404 if error.code.endswith("_url") else 200
            return self._reply(entry, {"ok": False, "error": error.code, **error.extra}, status, {})


def _raise_fault(fault: CallFault) -> None:
    if fault.error is not None:
        raise SlackError(fault.error)
    if fault.status == 429:
        raise RateLimited(fault.retry_after)
    if isinstance(fault.status, int):
        failure = SlackError("internal_error")
        failure.status = fault.status
        raise failure


def _cut(request: web.Request, entry: ApiCall, error: str) -> web.Response:
    """End the connection without an answer."""
    entry.status, entry.error = 0, error
    entry.seconds = time.monotonic() - entry.at
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _read_args(request: web.Request) -> Json:
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        # slack_sdk declares JSON on every call, also on one without a body.
        try:
            body = json.loads(await request.text() or "{}")
        except json.JSONDecodeError as error:
            raise SlackError("invalid_json") from error
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return {**args, **body}
    return {**args, **{key: value for key, value in (await request.post()).items() if isinstance(value, str)}}


def _read_token(request: web.Request, args: Json) -> str | None:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ").strip() or args.get("token")


async def _read_upload(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
