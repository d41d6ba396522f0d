"""Stand-ins for what is slow or far away: an embedder without a model, vectors that crash, and a web server."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from assistant.core.wording import Wordings
from assistant.knowledge.search.vectors import VectorIndex
from assistant.text.embedding import Vectors
from assistant.text.tokens import split_words

_DIMENSIONS = 32
_PROMPTS = Path(__file__).parent.parent / "prompts"


def read_wordings() -> Wordings:
    """What Earshot says itself, as it is shipped."""
    return Wordings((_PROMPTS,))


class Crash(BaseException):
    """A process that dies: nothing but the test catches it."""


class FakeEmbedder:
    """Texts with the same words lie near each other. Counts its texts; `crash_at` is the call at which it dies."""

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.texts: list[str] = []
        self.calls = 0
        self.crash_at = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, each of length 1."""
        self.calls += 1
        if self.calls == self.crash_at:
            raise Crash
        self.texts += texts
        return np.array([_to_vector(text) for text in texts], dtype=np.float32).reshape(len(texts), _DIMENSIONS)

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """A token for each word."""
        vectors = self.embed(texts)
        rows = [np.array([_to_vector(word) for word in split_words(text)], dtype=np.float32) for text in texts]
        return vectors, [row.reshape(-1, _DIMENSIONS) for row in rows]


def _to_vector(text: str) -> Vectors:
    vector = np.full(_DIMENSIONS, 1e-3, dtype=np.float32)
    for term in split_words(text):
        vector[hashlib.sha256(term.encode()).digest()[0] % _DIMENSIONS] += 1
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


class CrashingVectors:
    """Real vectors behind a process that dies right before, or right after, its nth change of them."""

    def __init__(self, vectors: VectorIndex, crash_at: int, is_done_first: bool) -> None:
        self._vectors = vectors
        self._left = crash_at
        self._is_done_first = is_done_first

    def add(self, collection: str, numbers: Sequence[int], vectors: Vectors) -> None:
        """See VectorIndex."""
        with self._crashing():
            self._vectors.add(collection, numbers, vectors)

    def remove(self, collection: str, numbers: Sequence[int]) -> None:
        """See VectorIndex."""
        with self._crashing():
            self._vectors.remove(collection, numbers)

    def search(self, collection: str, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """See VectorIndex."""
        return self._vectors.search(collection, vector, limit)

    def compare(self, collection: str, vector: Vectors, numbers: Sequence[int]) -> list[tuple[int, float]]:
        """See VectorIndex."""
        return self._vectors.compare(collection, vector, numbers)

    def count(self, collection: str) -> int:
        """See VectorIndex."""
        return self._vectors.count(collection)

    def clear(self, collection: str) -> None:
        """See VectorIndex."""
        with self._crashing():
            self._vectors.clear(collection)

    @contextmanager
    def _crashing(self) -> Iterator[None]:
        self._left -= 1
        if self._left == 0 and not self._is_done_first:
            raise Crash
        yield
        if self._left == 0:
            raise Crash


@dataclass
class Served:
    """What the local server answers with. `stated_length` other than the body's own cuts the answer short."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stated_length: int | None = None


class LocalServer:
    """A real HTTP server; `pages` by path, `requests` as (path, headers in small letters)."""

    def __init__(self) -> None:
        self.pages: dict[str, Served] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._build_handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def put(self, path: str, served: Served) -> str:
        """Serve this at a path; returns the whole address."""
        self.pages[path] = served
        return self.url + path

    def close(self) -> None:
        """Stop, so that its port refuses connections."""
        self._server.shutdown()
        self._server.server_close()

    def _build_handler(self) -> type[BaseHTTPRequestHandler]:
        pages, requests = self.pages, self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                requests.append((self.path, headers))
                served = pages.get(self.path, Served(status=404))
                is_known = bool(served.headers.get("ETag")) and headers.get("if-none-match") == served.headers["ETag"]
                body = b"" if is_known else served.body
                self.send_response(304 if is_known else served.status)
                for name, value in served.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(served.stated_length or len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        return Handler
