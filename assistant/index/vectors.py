"""Vectors in Chroma: one collection for each audience, so that no query ever needs a filter."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from assistant.domain import Audience
from assistant.errors import SearchIndexError
from assistant.index.embedding import Vectors

_BATCH = 1000


class VectorIndex(Protocol):
    """Where vectors are kept and searched, by chunk id."""

    def add(self, audience: Audience, chunk_ids: Sequence[int], vectors: Vectors) -> None:
        """Put vectors under their chunks' ids, in place of what was there."""

    def remove(self, audience: Audience, chunk_ids: Sequence[int]) -> None:
        """Forget these chunks; unknown ids are no error."""

    def search(self, audience: Audience, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """The nearest (chunk id, cosine), best first."""

    def count(self, audience: Audience) -> int:
        """How many vectors there are."""

    def clear(self) -> None:
        """Forget everything."""


class ChromaIndex:
    """Chroma, embedded in this process (`folder`) or as a server (`url`). Raises SearchIndexError."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self._place = url or str(folder)
        self._hint = "Check EARSHOT_CHROMA_URL." if url else f"Delete the folder {folder} and run: earshot reindex"
        self._collections: dict[Audience, Any] = {}
        with self._translated():
            self._client: Any = _connect_server(url) if url else _open_folder(folder)

    def add(self, audience: Audience, chunk_ids: Sequence[int], vectors: Vectors) -> None:
        """See VectorIndex."""
        with self._translated():
            for start in range(0, len(chunk_ids), _BATCH):
                ids = [str(chunk_id) for chunk_id in chunk_ids[start : start + _BATCH]]
                self._collection(audience).upsert(ids=ids, embeddings=vectors[start : start + _BATCH])

    def remove(self, audience: Audience, chunk_ids: Sequence[int]) -> None:
        """See VectorIndex."""
        with self._translated():
            for start in range(0, len(chunk_ids), _BATCH):
                self._collection(audience).delete(ids=[str(i) for i in chunk_ids[start : start + _BATCH]])

    def search(self, audience: Audience, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """See VectorIndex."""
        with self._translated():
            found = self._collection(audience).query(query_embeddings=[vector], n_results=limit, include=["distances"])
        return [(int(i), 1.0 - float(d)) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def count(self, audience: Audience) -> int:
        """See VectorIndex."""
        with self._translated():
            return int(self._collection(audience).count())

    def clear(self) -> None:
        """See VectorIndex."""
        with self._translated():
            for audience in Audience:
                self._collection(audience)
                self._client.delete_collection(_collection_name(audience))
        self._collections.clear()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, ValueError, RuntimeError, OSError) as error:
            if "full" in str(error):
                raise SearchIndexError(f"The disk that holds {self._place} is full.", "Free some space.") from error
            raise SearchIndexError(f"The index at {self._place} does not work: {error}", self._hint) from error

    def _collection(self, audience: Audience) -> Any:
        if audience not in self._collections:
            self._collections[audience] = self._client.get_or_create_collection(
                _collection_name(audience), embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        return self._collections[audience]


def _collection_name(audience: Audience) -> str:
    return f"chunks-{audience}"


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
