"""Keeps the vectors in step with the store, and remembers which embedder made them."""

from collections.abc import Callable

from assistant.domain import Audience, Chunk
from assistant.errors import SearchIndexError
from assistant.knowledge.search.vectors import VectorIndex, chunk_collection
from assistant.knowledge.tables.documents import DocumentTables, PassageTables
from assistant.text.embedding import Embedder, pack_signs
from assistant.text.tokens import strip_markup

_BATCH = 256
_EMBEDDER_FACT = "embedder"
_UNFINISHED = "an unfinished reindex"


class SearchIndex:
    """The vectors of all chunks. The store is the truth: whatever is missing here is embedded from it."""

    def __init__(
        self, documents: DocumentTables, vectors: VectorIndex, passages: PassageTables, embedder: Embedder
    ) -> None:
        self._documents = documents
        self.passages = passages
        self.vectors = vectors
        self.embedder = embedder

    def catch_up(self, report: Callable[[int], None] = lambda done: None) -> int:
        """Embed what is new, forget what was removed; returns how many were embedded. Safe to repeat after a crash."""
        self.check_embedder()
        self._forget_removed()
        embedded = 0
        while chunks := self._documents.chunks_without_vectors(_BATCH):
            self._embed(chunks)
            embedded += len(chunks)
            report(embedded)
        return embedded

    def rebuild(self, report: Callable[[int], None] = lambda done: None) -> int:
        """Forget every vector and embed all chunks again."""
        self._documents.remember_fact(_EMBEDDER_FACT, _UNFINISHED)
        self._documents.forget_embeddings()
        for audience in Audience:
            self.vectors.clear(chunk_collection(audience))
        self.passages.clear()
        self._documents.remember_fact(_EMBEDDER_FACT, self.embedder.name)
        return self.catch_up(report)

    def check_embedder(self) -> None:
        """Refuse to mix: raises SearchIndexError when other vectors than this embedder's are kept."""
        made_by = self._documents.fact(_EMBEDDER_FACT)
        if made_by is None:
            self._documents.remember_fact(_EMBEDDER_FACT, self.embedder.name)
        elif made_by != self.embedder.name:
            raise SearchIndexError(
                f"The index was made by {made_by}, not by {self.embedder.name}.",
                "Run earshot reindex, or set EMBEDDING_MODEL and EMBEDDING_BACKEND back.",
            )

    def _embed(self, chunks: list[Chunk]) -> None:
        vectors, tokens = self.embedder.embed_tokens([embedded_text(chunk) for chunk in chunks])
        signs = [pack_signs(rows) for rows in tokens]
        kept = zip(chunks, vectors, signs, strict=True)
        self.passages.add([(chunk.chunk_id, vector.tobytes(), packed) for chunk, vector, packed in kept])
        for audience in Audience:
            places = [place for place, chunk in enumerate(chunks) if chunk.audience is audience]
            if places:
                self.vectors.add(
                    chunk_collection(audience), [chunks[place].chunk_id for place in places], vectors[places]
                )
        self._documents.mark_embedded([chunk.chunk_id for chunk in chunks])

    def _forget_removed(self) -> None:
        for audience, chunk_ids in self._documents.removed_chunks().items():
            if chunk_ids:
                self.vectors.remove(chunk_collection(audience), chunk_ids)
                self.passages.remove(chunk_ids)
                self._documents.clear_removed(chunk_ids)


def embedded_text(chunk: Chunk) -> str:
    """Return the text to embed for a chunk: title and headings give a paragraph the subject it leaves unsaid."""
    place = f"{chunk.title} > {chunk.heading}" if chunk.heading else chunk.title
    return f"{place}\n{strip_markup(chunk.text)}"
