"""Vectors in Chroma: a collection for each audience and month, so that no query ever needs a filter."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from assistant.domain import Audience
from assistant.errors import SearchIndexError
from assistant.text.embedding import Vectors

_BATCH = 1000


class VectorIndex(Protocol):
    """Where vectors are kept and searched, by number, in collections that come to be when something is added."""

    def add(self, collection: str, numbers: Sequence[int], vectors: Vectors) -> None:
        """Put vectors under these numbers, in place of what was there."""

    def remove(self, collection: str, numbers: Sequence[int]) -> None:
        """Forget these; unknown numbers are no error."""

    def search(self, collection: str, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """The nearest (number, cosine), best first."""

    def compare(self, collection: str, vector: Vectors, numbers: Sequence[int]) -> list[tuple[int, float]]:
        """(number, cosine) of exactly these, best first, of those that are there; each is read, so few are meant."""

    def count(self, collection: str) -> int:
        """How many vectors there are."""

    def clear(self, collection: str) -> None:
        """Forget all of a collection."""


class ChromaIndex:
    """Chroma, embedded in this process (`folder`) or as a server (`url`). Raises SearchIndexError."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self._place = url or str(folder)
        self._hint = "Check EARSHOT_CHROMA_URL." if url else f"Delete the folder {folder} and run: earshot reindex"
        self._collections: dict[str, Any] = {}
        with self._translated():
            self._client: Any = _connect_server(url) if url else _open_folder(folder)

    def add(self, collection: str, numbers: Sequence[int], vectors: Vectors) -> None:
        """See VectorIndex."""
        with self._translated():
            for start in range(0, len(numbers), _BATCH):
                ids = [str(number) for number in numbers[start : start + _BATCH]]
                self._find(collection).upsert(ids=ids, embeddings=vectors[start : start + _BATCH])

    def remove(self, collection: str, numbers: Sequence[int]) -> None:
        """See VectorIndex."""
        with self._translated():
            for start in range(0, len(numbers), _BATCH):
                self._find(collection).delete(ids=[str(i) for i in numbers[start : start + _BATCH]])

    def search(self, collection: str, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """See VectorIndex."""
        with self._translated():
            found = self._find(collection).query(query_embeddings=[vector], n_results=limit, include=["distances"])
        return [(int(i), 1.0 - float(d)) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def compare(self, collection: str, vector: Vectors, numbers: Sequence[int]) -> list[tuple[int, float]]:
        """See VectorIndex."""
        with self._translated():
            kept = self._find(collection).get(ids=[str(number) for number in numbers], include=["embeddings"])
        if not kept["ids"]:
            return []
        rows = np.asarray(kept["embeddings"])
        cosines = rows @ vector / (np.linalg.norm(rows, axis=1) * np.linalg.norm(vector))
        found = zip(map(int, kept["ids"]), map(float, cosines), strict=True)
        return sorted(found, key=lambda pair: -pair[1])

    def count(self, collection: str) -> int:
        """See VectorIndex."""
        with self._translated():
            return int(self._find(collection).count())

    def clear(self, collection: str) -> None:
        """See VectorIndex."""
        with self._translated():
            self._find(collection)
            self._client.delete_collection(collection)
        self._collections.pop(collection, None)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, ValueError, RuntimeError, OSError) as error:
            if "full" in str(error):
                raise SearchIndexError(f"The disk that holds {self._place} is full.", "Free some space.") from error
            raise SearchIndexError(f"The index at {self._place} does not work: {error}", self._hint) from error

    def _find(self, collection: str) -> Any:
        if collection not in self._collections:
            self._collections[collection] = self._client.get_or_create_collection(
                collection, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        return self._collections[collection]


def chunk_collection(audience: Audience) -> str:
    """Where the vectors of an audience's chunks are kept."""
    return f"chunks-{audience}"


def mention_collection(month: str) -> str:
    """Where the vectors of a month's mentions are kept; a month is written like `2026-11`."""
    return f"mentions-{month}"


def _connect_server(url: str) -> Any:
    import chromadb

    place = urlsplit(url)
    is_tls = place.scheme == "https"
    return chromadb.HttpClient(
        host=place.hostname or "", port=place.port or (443 if is_tls else 8000), ssl=is_tls, settings=_quiet_settings()
    )


def _open_folder(folder: Path) -> Any:
    import chromadb

    folder.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(path=str(folder), settings=_quiet_settings())


def _quiet_settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)
