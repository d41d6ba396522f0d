"""A question to the chunks that fit it best: words and meaning, fused."""

from collections import defaultdict

from assistant.domain import Question, SearchResult
from assistant.index.search_index import SearchIndex
from assistant.index.words import WordIndex
from assistant.store.documents import DocumentTables

_CANDIDATES = 50
_RANK_OFFSET = 60  # Cormack et al. 2009, Reciprocal Rank Fusion


class Retriever:
    """Searches both halves of the index and fuses what they find by reciprocal rank."""

    def __init__(self, documents: DocumentTables, words: WordIndex, index: SearchIndex) -> None:
        self._documents = documents
        self._words = words
        self._index = index

    def search(self, question: Question, limit: int = 10) -> list[SearchResult]:
        """The best chunks that the question's audience may see, best first."""
        self._index.check_embedder()
        vector = self._index.embedder.embed([question.text])[0]
        scores: dict[int, float] = defaultdict(float)
        likeness: dict[int, float] = {}
        for audience in question.audience.readable:
            likeness.update(self._index.vectors.search(audience, vector, _CANDIDATES))
        by_meaning = sorted(likeness, key=lambda chunk_id: -likeness[chunk_id])
        for ranking in (by_meaning, self._search_words(question)):
            for rank, chunk_id in enumerate(ranking[:_CANDIDATES], start=1):
                scores[chunk_id] += 1 / (_RANK_OFFSET + rank)
        return self._to_results(scores, likeness)[:limit]

    def _search_words(self, question: Question) -> list[int]:
        found: list[tuple[int, float]] = []
        for audience in question.audience.readable:
            found += self._words.search(audience, question.text, _CANDIDATES)
        return [chunk_id for chunk_id, _ in sorted(found, key=lambda hit: -hit[1])]

    def _to_results(self, scores: dict[int, float], likeness: dict[int, float]) -> list[SearchResult]:
        # A chunk that was removed a moment ago may still be among the vectors: the store decides.
        chunks = self._documents.chunks(list(scores))
        results = [SearchResult(chunk, scores[i], likeness.get(i, 0.0)) for i, chunk in chunks.items()]
        return sorted(results, key=lambda result: (-result.score, result.chunk.chunk_id))
