"""Vectors in Chroma: a collection for each audience and month, so that no query ever needs a filter.

Lets several Earshot processes use one embedded Chroma: the first owns it, the others ask the owner.

Chroma's files are for a single process: two writers corrupt them. The lock decides who owns them, and the operating
system lets go of it when its process dies. The owner answers the others over a loopback socket; the key to it lies in
a file that only this user may read.
"""

import json
import os
import secrets
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np
from filelock import FileLock, Timeout
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from assistant.domain import Audience
from assistant.errors import EarshotError, SearchIndexError, edge
from assistant.text.embedding import Vectors

_BATCH = 100  # while Chroma writes one, no other thread runs: 500 take .4 s on a busy machine
_SERVER_SECONDS = 30.0
_CHALLENGE_SECONDS = 10
_MOST_STRANGERS = 32  # connections that have not shown the key yet
_BACKLOG = 128


class VectorIndex(Protocol):
    """Storage and search of vectors, by number, in collections that are created when something is added."""

    def add(self, collection: str, numbers: Sequence[int], vectors: Vectors) -> None:
        """Put vectors under these numbers, in place of what was there."""

    def remove(self, collection: str, numbers: Sequence[int]) -> None:
        """Forget these; unknown numbers are no error."""

    def search(self, collection: str, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """The nearest (number, cosine), best first."""

    def compare(self, collection: str, vector: Vectors, numbers: Sequence[int]) -> list[tuple[int, float]]:
        """(number, cosine) of exactly these, best first, of those that are there; each is read, so few are meant."""

    def count(self, collection: str) -> int:
        """Count the vectors."""

    def clear(self, collection: str) -> None:
        """Forget all of a collection."""


class ChromaIndex:
    """Chroma, embedded in this process (`folder`) or as a server (`url`). Raises SearchIndexError."""

    def __init__(self, folder: Path, url: str = "") -> None:
        # Without the address: it may hold a password, and people in Slack read this too.
        self._place = "The Chroma server" if url else f"The index at {folder}"
        self._hint = "Check EARSHOT_CHROMA_URL." if url else f"Delete the folder {folder} and run: earshot reindex"
        self._collections: dict[str, Any] = {}
        with self._translated():
            self._client: Any = _connect_server(url) if url else _open_folder(folder)

    def add(self, collection: str, numbers: Sequence[int], vectors: Vectors) -> None:
        """See VectorIndex."""
        with self._translated():
            for start in range(0, len(numbers), _BATCH):
                ids = [str(number) for number in numbers[start : start + _BATCH]]
                batch = vectors[start : start + _BATCH]
                self._use(collection, "upsert", ids=ids, embeddings=batch)

    def remove(self, collection: str, numbers: Sequence[int]) -> None:
        """See VectorIndex."""
        with self._translated():
            for start in range(0, len(numbers), _BATCH):
                ids = [str(number) for number in numbers[start : start + _BATCH]]
                self._use(collection, "delete", ids=ids)

    def search(self, collection: str, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """See VectorIndex."""
        with self._translated():
            found = self._use(collection, "query", query_embeddings=[vector], n_results=limit, include=["distances"])
        return [(int(i), 1.0 - float(d)) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def compare(self, collection: str, vector: Vectors, numbers: Sequence[int]) -> list[tuple[int, float]]:
        """See VectorIndex."""
        with self._translated():
            ids = [str(number) for number in numbers]
            kept = self._use(collection, "get", ids=ids, include=["embeddings"])
        if not kept["ids"]:
            return []
        rows = np.asarray(kept["embeddings"])
        cosines = rows @ vector / (np.linalg.norm(rows, axis=1) * np.linalg.norm(vector))
        found = zip(map(int, kept["ids"]), map(float, cosines), strict=True)
        return sorted(found, key=lambda pair: -pair[1])

    def count(self, collection: str) -> int:
        """See VectorIndex."""
        with self._translated():
            return int(self._use(collection, "count"))

    def clear(self, collection: str) -> None:
        """See VectorIndex."""
        with self._translated():
            self._collections.pop(collection, None)  # another process may have made it again
            self._find(collection)
            self._client.delete_collection(collection)
        self._collections.pop(collection, None)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except httpx.HTTPError as error:
            kind = "does not answer in time" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
            raise SearchIndexError(f"{self._place} {kind}.", self._hint) from error
        except (ChromaError, ValueError, RuntimeError, OSError) as error:
            if "full" in str(error):
                raise SearchIndexError("The disk that holds the index is full.", "Free some space.") from error
            raise SearchIndexError(f"{self._place} does not work: {error}", self._hint) from error

    def _use(self, collection: str, method: str, **values: Any) -> Any:
        """Call a method of a collection; one that another process made again, in a reindex, is found again."""
        from chromadb.errors import NotFoundError

        try:
            return getattr(self._find(collection), method)(**values)
        except NotFoundError:
            self._collections.pop(collection, None)
            return getattr(self._find(collection), method)(**values)

    def _find(self, collection: str) -> Any:
        if collection not in self._collections:
            self._collections[collection] = self._client.get_or_create_collection(
                collection, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        return self._collections[collection]


def chunk_collection(audience: Audience) -> str:
    """Return the collection for the vectors of an audience's chunks."""
    return f"chunks-{audience.key}"


def mention_collection(month: str) -> str:
    """Return the collection for the vectors of a month's mentions; a month is written like `2026-11`."""
    return f"mentions-{month}"


def _connect_server(url: str) -> Any:
    import chromadb

    place = urlsplit(url)
    is_tls = place.scheme == "https"
    client: Any = chromadb.HttpClient(
        host=place.hostname or "", port=place.port or (443 if is_tls else 8000), ssl=is_tls, settings=_quiet_settings()
    )
    client._server._session.timeout = _SERVER_SECONDS  # chromadb waits without end, and has no setting for it
    return client


def _open_folder(folder: Path) -> Any:
    import chromadb

    folder.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(path=str(folder), settings=_quiet_settings())


def _quiet_settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


_METHODS = frozenset({"add", "remove", "search", "compare", "count", "clear"})
_PATIENCE_SECONDS = 20  # an owner answers once it has loaded Chroma, which may take some seconds
_BUSY_HINT = "Wait for it to end, or stop it; EARSHOT_CHROMA_URL names a Chroma server instead."


class _NotReadyError(Exception):
    """The owner of the index does not answer, for now."""


class SharedIndex:
    """The vectors of an EARSHOT_HOME that another process owns; each call is answered by that process."""

    def __init__(self, home: Path) -> None:
        known = json.loads(_address_file(home).read_text())
        self._address: tuple[str, int] = tuple(known["address"])
        self._key = bytes.fromhex(known["key"])
        self._home = home
        self._local = threading.local()
        self._successor: VectorIndex | None = None

    def add(self, collection: str, numbers: Sequence[int], vectors: Vectors) -> None:
        """See VectorIndex."""
        self._ask("add", collection, list(numbers), vectors)

    def remove(self, collection: str, numbers: Sequence[int]) -> None:
        """See VectorIndex."""
        self._ask("remove", collection, list(numbers))

    def search(self, collection: str, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """See VectorIndex."""
        found: list[tuple[int, float]] = self._ask("search", collection, vector, limit)
        return found

    def compare(self, collection: str, vector: Vectors, numbers: Sequence[int]) -> list[tuple[int, float]]:
        """See VectorIndex."""
        found: list[tuple[int, float]] = self._ask("compare", collection, vector, list(numbers))
        return found

    def count(self, collection: str) -> int:
        """See VectorIndex."""
        return int(self._ask("count", collection))

    def clear(self, collection: str) -> None:
        """See VectorIndex."""
        self._ask("clear", collection)

    def ping(self) -> None:
        """Ask the owner anything; raises OSError or EOFError when it does not answer."""
        self._ask_owner("count", (chunk_collection(Audience.PUBLIC),))

    def _ask(self, method: str, *values: Any) -> Any:
        if self._successor is None:
            try:
                return self._ask_owner(method, values)
            except (OSError, EOFError, AuthenticationError):  # the owner has stopped: who asks next takes its place
                self._successor = open_vectors(self._home, "")
        return getattr(self._successor, method)(*values)

    def _ask_owner(self, method: str, values: tuple[Any, ...]) -> Any:
        if getattr(self._local, "connection", None) is None:
            self._local.connection = Client(self._address, authkey=self._key)
        self._local.connection.send((method, values))
        is_fault, result = self._local.connection.recv()
        if is_fault:
            raise SearchIndexError(*result)
        return result


class OwnedIndex(ChromaIndex):
    """The embedded Chroma of this process, which also answers the other processes of this EARSHOT_HOME."""

    def __init__(self, home: Path, lock: FileLock) -> None:
        super().__init__(home / "chroma")
        self._lock = lock
        self._key = secrets.token_bytes(32)
        # Listener's own backlog is 1: of many who come at once, the rest would wait a second each for the next try.
        self._listener = Listener(("127.0.0.1", 0), backlog=_BACKLOG)
        self._strangers = threading.BoundedSemaphore(_MOST_STRANGERS)
        address = {"address": self._listener.address, "key": self._key.hex()}
        _write_private(_address_file(home), json.dumps(address))
        threading.Thread(target=self._accept, name="index-sharing", daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except (OSError, EOFError):  # one that hung up at once
                continue
            if self._strangers.acquire(blocking=False):
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()
            else:
                connection.close()

    def _serve(self, connection: "Connection[Any, Any]") -> None:
        with connection:
            try:
                self._challenge(connection)
                while True:
                    method, values = connection.recv()
                    connection.send(self._call(method, values))
            except (OSError, EOFError, AuthenticationError):  # the other has ended, or does not know the key
                return

    def _challenge(self, connection: "Connection[Any, Any]") -> None:
        """Here and not by the Listener, where one that says nothing would keep all others waiting."""
        try:
            _limit(connection, _CHALLENGE_SECONDS)
            deliver_challenge(connection, self._key)
            answer_challenge(connection, self._key)
            _limit(connection, 0)
        finally:
            self._strangers.release()

    def _call(self, method: str, values: tuple[Any, ...]) -> tuple[bool, Any]:
        if method not in _METHODS:
            return True, (f"The index has no {method}.", "Use the same version of Earshot everywhere.")
        try:
            with edge("answering another process about the index"):
                return False, getattr(self, method)(*values)
        except EarshotError as error:
            return True, (error.message, error.hint)


def _limit(connection: "Connection[Any, Any]", seconds: int) -> None:
    """Let reading fail after some seconds of silence; 0 lets it wait for ever."""
    with socket.socket(fileno=os.dup(connection.fileno())) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", seconds, 0))


def open_vectors(home: Path, url: str, patience_seconds: float = _PATIENCE_SECONDS) -> VectorIndex:
    """The vectors: of a Chroma server, of this process, or of the process that has them. Raises SearchIndexError."""
    if url:
        return ChromaIndex(home, url)
    home.mkdir(parents=True, exist_ok=True)
    # An owner that has only just started holds the lock but does not answer yet; one that ends answers no more.
    retrying = Retrying(
        stop=stop_after_delay(patience_seconds), wait=wait_fixed(0.2), retry=retry_if_exception_type(_NotReadyError)
    )
    try:
        return retrying(_open_embedded, home)
    except RetryError as error:
        raise SearchIndexError(f"Another Earshot has locked the index in {home}.", _BUSY_HINT) from error


def _open_embedded(home: Path) -> VectorIndex:
    lock = FileLock(home / "index.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _join_owner(home)
    return OwnedIndex(home, lock)


def _join_owner(home: Path) -> VectorIndex:
    try:
        shared = SharedIndex(home)
        shared.ping()
    except (OSError, EOFError, ValueError, KeyError, AuthenticationError) as error:
        raise _NotReadyError from error
    return shared


def _address_file(home: Path) -> Path:
    return home / "index.address"


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
