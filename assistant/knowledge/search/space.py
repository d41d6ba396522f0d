"""What one embedder made of the chunks: their vectors in the index, and beside them those of their tokens."""

from collections.abc import Iterable, Sequence

from assistant.domain import Audience, Chunk
from assistant.knowledge.search.vectors import VectorIndex, chunk_collection
from assistant.knowledge.tables.passages import PassageTables
from assistant.text.embedding import Embedder, Vectors, pack_signs
from assistant.text.tokens import strip_markup


class Space:
    """A space of vectors; `name` keeps its collections apart from those of another embedder."""

    def __init__(self, vectors: VectorIndex, passages: PassageTables, embedder: Embedder, name: str = "") -> None:
        self._vectors = vectors
        self._name = name
        self.passages = passages
        self.embedder = embedder

    def search(self, audience: Audience, vector: Vectors, limit: int) -> list[int]:
        """Return the ids of the nearest chunks, best first."""
        return [chunk_id for chunk_id, _ in self.search_scored(audience, vector, limit)]

    def search_scored(self, audience: Audience, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """The same with their cosines."""
        return self._vectors.search(self.collection(audience), vector, limit)

    def add(self, chunks: Sequence[Chunk]) -> None:
        """Embed chunks. The vectors come first: what is among the passages is in both."""
        vectors, tokens = self.embedder.embed_tokens([embedded_text(chunk) for chunk in chunks])
        for audience in dict.fromkeys(chunk.audience for chunk in chunks):
            places = [place for place, chunk in enumerate(chunks) if chunk.audience == audience]
            ids = [chunks[place].chunk_id for place in places]
            self._vectors.add(self.collection(audience), ids, vectors[places])
        kept = zip(chunks, vectors, map(pack_signs, tokens), strict=True)
        self.passages.add([(chunk.chunk_id, vector.tobytes(), packed) for chunk, vector, packed in kept])

    def remove(self, audience: Audience, chunk_ids: Sequence[int]) -> None:
        """Forget these chunks; unknown ids are no error."""
        self._vectors.remove(self.collection(audience), chunk_ids)
        self.passages.remove(chunk_ids)

    def clear(self, audiences: Iterable[Audience]) -> None:
        """Forget every chunk; these are all audiences that there are."""
        for audience in audiences:
            self._vectors.clear(self.collection(audience))
        self.passages.clear()

    def collection(self, audience: Audience) -> str:
        """Return the name of the collection for an audience's chunks."""
        return chunk_collection(audience) + (f"-{self._name}" if self._name else "")


def embedded_text(chunk: Chunk) -> str:
    """Return the text to embed for a chunk: title and headings give a paragraph the subject it leaves unsaid."""
    place = f"{chunk.title} > {chunk.heading}" if chunk.heading else chunk.title
    return f"{place}\n{strip_markup(chunk.text)}"
