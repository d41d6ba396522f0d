"""The page's addresses: its files, a stream of what one sees, and one address for what one does."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from .doing import Doing
from .snapshot import build_snapshot

if TYPE_CHECKING:
    from .double import SlackPage

STATIC = Path(__file__).parent / "static"
LOOK_SECONDS = 0.1
KEEP_ALIVE_LOOKS = 100
HEADERS = {
    # Whatever stands in a post: no script, picture or address of anybody else's is ever loaded.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Routes:
    def __init__(self, slack: "SlackPage") -> None:
        self._slack = slack
        self._doing = Doing(slack)

    def list(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._guard(self._show_page)),
            web.get("/static/{name}", self._guard(self._show_static)),
            web.get("/page/people", self._guard(self._list_people)),
            web.get("/page/stream", self._guard(self._stream)),
            web.get("/page/file/{file_id}", self._guard(self._show_file)),
            web.post("/page/do", self._guard(self._do)),
        ]

    def _guard(self, handler: Handler) -> Handler:
        """Only this machine's own browser, and only our own page in it: a strange page could click for the visitor."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            host = request.headers.get("Host", "")
            origin = request.headers.get("Origin", f"http://{host}")
            if host.rsplit(":", 1)[0] not in ("127.0.0.1", "localhost") or origin != f"http://{host}":
                return web.Response(status=403, text="Open the page by its own address.")
            return await handler(request)

        return guarded

    async def _show_page(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html", headers=HEADERS)

    async def _show_static(self, request: web.Request) -> web.StreamResponse:
        path = STATIC / request.match_info["name"]
        if path.parent != STATIC or not path.is_file():
            return web.Response(status=404, text="There is no such file.")
        return web.FileResponse(path, headers=HEADERS)

    async def _list_people(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(list(self._slack.guide.roles), headers=HEADERS)

    async def _show_file(self, request: web.Request) -> web.StreamResponse:
        """Pictures only: anything else could be a page of its own."""
        stored = self._slack.world.workspace.files.get(request.match_info["file_id"])
        content = (stored.content if stored and stored.completed else None) or b""
        kind = next((kind for start, kind in PICTURES.items() if content.startswith(start)), None)
        if kind is None:
            return web.Response(status=404, text="There is no such picture.")
        return web.Response(body=content, content_type=kind, headers=HEADERS)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the whole of what the person sees, whenever any of it has changed."""
        user, channel = request.query.get("user", ""), request.query.get("channel", "")
        if user not in self._slack.guide.roles:
            return web.Response(status=404, text="There is no such person.")
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):  # whoever looked has gone
            await self._keep_showing(response, user, channel)
        return response

    async def _keep_showing(self, response: web.StreamResponse, user: str, channel: str) -> None:
        shown = ""
        looks = 0
        while True:
            seen = json.dumps(build_snapshot(self._slack, user, channel))
            if seen != shown:
                await response.write(b"data: " + seen.encode() + b"\n\n")
            elif looks % KEEP_ALIVE_LOOKS == 0:
                await response.write(b": still here\n\n")
            shown, looks = seen, looks + 1
            await asyncio.sleep(LOOK_SECONDS)

    async def _do(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            return web.Response(status=415, text="Send JSON.")
        try:
            asked = await request.json()
        except json.JSONDecodeError:
            return web.Response(status=400, text="Send JSON.")
        return web.json_response(await asyncio.to_thread(self._doing.do, asked), headers=HEADERS)
