"""Lets several Earshot processes use one embedded Chroma: the first owns it, the others ask the owner.

Chroma's files are for a single process: two writers corrupt them. The lock decides who owns them, and the operating
system lets go of it when its process dies. The owner answers the others over a loopback socket; the key to it lies in
a file that only this user may read.
"""

import json
import os
import secrets
import threading
from collections.abc import Sequence
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from assistant.domain import Audience
from assistant.edge import edge
from assistant.errors import EarshotError, SearchIndexError
from assistant.knowledge.search.vectors import ChromaIndex, VectorIndex, chunk_collection
from assistant.text.embedding import Vectors

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
        self._listener = Listener(("127.0.0.1", 0))
        address = {"address": self._listener.address, "key": self._key.hex()}
        _write_private(_address_file(home), json.dumps(address))
        threading.Thread(target=self._accept, name="index-sharing", daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except (OSError, EOFError):  # one that hung up at once
                continue
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: "Connection[Any, Any]") -> None:
        with connection:
            try:
                # Here and not by the Listener, where one that says nothing would keep all others waiting.
                deliver_challenge(connection, self._key)
                answer_challenge(connection, self._key)
                while True:
                    method, values = connection.recv()
                    connection.send(self._call(method, values))
            except (OSError, EOFError, AuthenticationError):  # the other has ended, or does not know the key
                return

    def _call(self, method: str, values: tuple[Any, ...]) -> tuple[bool, Any]:
        if method not in _METHODS:
            return True, (f"The index has no {method}.", "Use the same version of Earshot everywhere.")
        try:
            with edge("answering another process about the index"):
                return False, getattr(self, method)(*values)
        except EarshotError as error:
            return True, (error.message, error.hint)


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
