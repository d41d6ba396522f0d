"""A stand-in for a platform's API: a real HTTP server with answers by path, in turn, that also fails in every way."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Answer:
    """A status, a body (JSON unless it is bytes) and headers; cut short, late, or dripping byte by byte."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False
    delay_seconds: float = 0.0
    drip_seconds: float = 0.0

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class ApiServer:
    """Answers by path: each in turn, the last again and again. What is not known is 404."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.fault: Answer | None = None
        self.spared: tuple[str, ...] = ()
        self.find: Callable[[Asked], Answer | None] = lambda asked: None
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _build_handler(self._answer))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def put(self, path: str, *bodies: Any) -> None:
        """Serve these bodies (or Answers) at a path, one after the other."""
        self.answers[path] = [body if isinstance(body, Answer) else Answer(body) for body in bodies]

    def break_down(self, fault: Answer, *spared: str) -> None:
        """Answer everything but these paths like this."""
        self.fault, self.spared = fault, spared

    def queries(self, path: str) -> list[dict[str, str]]:
        """What was asked of a path, in order."""
        return [asked.query for asked in self.asked if asked.path == path]

    def close(self) -> None:
        """Stop, so that its port refuses connections."""
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if self.fault and asked.path not in self.spared:
            return self.fault
        if found := self.find(asked):
            return found
        answers = self.answers.get(asked.path, [Answer({"error": "not found"}, 404)])
        return answers.pop(0) if len(answers) > 1 else answers[0]


def _cut(given: Answer) -> Iterator[bytes]:
    if not given.drip_seconds:
        yield given.content
        return
    for place in range(len(given.content)):
        yield given.content[place : place + 1]
        time.sleep(given.drip_seconds)


def _build_handler(answer: Callable[[Asked], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve("GET")

        def do_POST(self) -> None:
            self._serve("POST")

        def _serve(self, method: str) -> None:
            parts = urlsplit(self.path)
            query = {name: ",".join(values) for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            given = answer(Asked(method, parts.path, query, headers, body))
            time.sleep(given.delay_seconds)
            self._send(given)

        def _send(self, given: Answer) -> None:
            kind = "text/html" if given.content.startswith(b"<") else "application/json; charset=utf-8"
            length = len(given.content) + (500 if given.is_cut else 0)
            try:
                self.send_response(given.status)
                for name, value in {"Content-Type": kind, "Content-Length": str(length), **given.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                for part in _cut(given):
                    self.wfile.write(part)
            except OSError:  # who asked did not wait
                pass
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler
