"""Keeps the vectors in step with the store, and remembers which embedder made them."""

from collections.abc import Callable, Sequence
from threading import RLock

from assistant.errors import SearchIndexError
from assistant.knowledge.search.multilingual_index import MultilingualIndex
from assistant.knowledge.search.space import Space
from assistant.knowledge.search.vectors import VectorIndex
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.passages import PassageTables
from assistant.text.embedding import Embedder
from assistant.text.language import ENGLISH

_BATCH = 256
_EMBEDDER_FACT = "embedder"
_UNFINISHED = "an unfinished reindex"


class SearchIndex:
    """The vectors of all chunks. The store is the truth: whatever is missing here is embedded from it."""

    def __init__(
        self,
        documents: DocumentTables,
        vectors: VectorIndex,
        passages: PassageTables,
        embedder: Embedder,
        multilingual: MultilingualIndex | None = None,
    ) -> None:
        self._documents = documents
        self.passages = passages
        self.vectors = vectors
        self.embedder = embedder
        self.space = Space(vectors, passages, embedder)
        self.multilingual = multilingual
        self._turn = RLock()  # two at once would both embed what is new

    def catch_up(self, report: Callable[[int], None] = lambda done: None) -> int:
        """Embed what is new, forget what was removed; returns how many were embedded. Safe to repeat after a crash."""
        with self._turn:
            return self._catch_up(report)

    def _catch_up(self, report: Callable[[int], None]) -> int:
        self.check_embedder()
        self._forget_removed()
        embedded = 0
        while chunks := self._documents.chunks_without_vectors(_BATCH):
            self.space.add(chunks)
            self._documents.mark_embedded([chunk.chunk_id for chunk in chunks])
            if self.multilingual:
                self.multilingual.note_languages(chunks)
            embedded += len(chunks)
            report(embedded)
        if self.multilingual:
            self.multilingual.catch_up(report)
        return embedded

    def rebuild(self, report: Callable[[int], None] = lambda done: None) -> int:
        """Forget every vector and embed all chunks again."""
        self._documents.remember_fact(_EMBEDDER_FACT, _UNFINISHED)
        self._documents.forget_embeddings()
        self.space.clear(self._documents.audiences())
        self._documents.remember_fact(_EMBEDDER_FACT, self.embedder.name)
        if self.multilingual:
            self.multilingual.rebuild(report)
        return self.catch_up(report)

    def choose_space(self, question: str) -> tuple[str, Space]:
        """The language of a question, and the vectors to search: English ones for English over English."""
        if self.multilingual is None:
            return ENGLISH, self.space
        language = self.multilingual.find_language(question)
        is_foreign = language != ENGLISH or self.multilingual.is_over_foreign_documents
        return language, (self.multilingual.prepare() if is_foreign else None) or self.space

    def languages(self, chunk_ids: Sequence[int]) -> dict[int, str]:
        """The languages of those chunks of which they are known."""
        return self.multilingual.languages(chunk_ids) if self.multilingual else {}

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

    def _forget_removed(self) -> None:
        for audience, chunk_ids in self._documents.removed_chunks().items():
            if chunk_ids:
                self.space.remove(audience, chunk_ids)
                self._documents.clear_removed(chunk_ids)
