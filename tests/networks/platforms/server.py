"""The real HTTP server that plays a platform, and the ways in which a send fails."""

import json
import os
import signal
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from networks.payloads import HUSH
from networks.platforms.playing import (
    Platform,
    Request,
    State,
)

SLOW_SECONDS = 2.5


@dataclass(frozen=True)
class Fault:
    """How a send fails: whether the platform keeps the reply, and what comes back (nothing: the line is cut)."""

    name: str
    is_kept: bool = False
    status: int = 0
    is_html: bool = False
    is_half: bool = False
    is_slow: bool = False
    headers: tuple[tuple[str, str], ...] = ()


class PlatformServer:
    """One platform at a time; `fault` strikes the next send only, `victim` is killed before or after it is kept."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.state = State()
        self.fault: Fault | None = None
        self.victim: tuple[int, str] | None = None
        self.is_down = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _build_handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop, so that its port refuses connections."""
        self._server.shutdown()
        self._server.server_close()


def _build_handler(server: PlatformServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            self.close_connection = True
            if self.path.startswith("/victim/"):
                _, _, pid, moment = self.path.split("/")
                server.victim, server.state = (int(pid), moment), State()
                self._tell(200, b"{}")
                return
            request = self._read()
            if server.platform.is_send(request):
                server.state.sends += 1
                if server.victim and server.victim[1] in ("before", "after"):
                    self._kill(request, *server.victim)
                    return
                if server.fault:
                    fault, server.fault = server.fault, None
                    self._fail(request, fault)
                    return
            status, body = (503, {}) if server.is_down else server.platform.serve(server.state, request)
            self._tell(status, b"" if body is None else json.dumps(body).encode())

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815

        def _read(self) -> Request:
            parts = urlsplit(self.path)
            query = {name: ",".join(values) for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            raw = self.rfile.read(int(headers.get("content-length", 0))).decode()
            is_json = "json" in headers.get("content-type", "")
            form = {name: values[0] for name, values in parse_qs(raw).items()}
            values = json.loads(raw) if is_json and raw else form
            return Request(self.command, parts.path, query, headers, values)

        def _kill(self, request: Request, pid: int, moment: str) -> None:
            if moment == "after":
                server.platform.serve(server.state, request)
            server.victim = None
            os.kill(pid, signal.SIGKILL)

        def _fail(self, request: Request, fault: Fault) -> None:
            status, body = server.platform.serve(server.state, request) if fault.is_kept else (200, {"error": HUSH})
            content = b"<!doctype html><html><body>Sorry</body></html>" if fault.is_html else json.dumps(body).encode()
            if fault.is_slow:
                time.sleep(SLOW_SECONDS)
            elif fault.is_half:
                self._tell(status, content[: len(content) // 2], len(content))
            elif fault.status:
                self._tell(fault.status, content, headers=fault.headers, is_html=fault.is_html)

        def _tell(
            self,
            status: int,
            content: bytes,
            length: int | None = None,
            headers: tuple[tuple[str, str], ...] = (),
            is_html: bool = False,
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if is_html else "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(content) if length is None else length))
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler
