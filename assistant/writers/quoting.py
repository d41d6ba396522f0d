"""Answers without a model: the sentences of the best chunks that are nearest to the question, word for word."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import Question, SearchResult
from assistant.index.embedding import Embedder
from assistant.index.sentences import split_sentences, to_plain
from assistant.index.terms import split_words
from assistant.writers.writing import Claim, Writing

_MOST_CHUNKS = 6
_MOST_SENTENCES = 4
_LEAST_FIT = 0.42
_FIT_BELOW_BEST = 0.75
_LEAST_WORDS = 4


@dataclass(frozen=True)
class _Candidate:
    rank: int
    place: int
    quote: str
    fit: float


class QuotingWriter:
    """Quotes. Never puts a word of its own into an answer."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def write_answer(self, question: Question, results: Sequence[SearchResult]) -> Writing:
        """Quote what fits best; nothing when no sentence is near enough."""
        results = results[:_MOST_CHUNKS]
        candidates = self._rate(question.text, results)
        best = max((candidate.fit for candidate in candidates), default=0.0)
        if best < _LEAST_FIT:
            return Writing((), "quoting")
        near = [c for c in candidates if c.fit >= max(_LEAST_FIT, best * _FIT_BELOW_BEST)]
        chosen = sorted(near, key=lambda c: -c.fit)[:_MOST_SENTENCES]
        return _compose(sorted(chosen, key=lambda c: (c.rank, c.place)))

    def _rate(self, question: str, results: Sequence[SearchResult]) -> list[_Candidate]:
        quotes = [
            (rank, place, quote)
            for rank, result in enumerate(results)
            for place, quote in enumerate(split_sentences(result.chunk.text))
            if len(split_words(quote)) >= _LEAST_WORDS
        ]
        if not quotes:
            return []
        contexts = [f"{_context(results[rank])} {to_plain(quote)}" for rank, _, quote in quotes]
        vectors = self._embedder.embed([question, *contexts])
        fits = vectors[1:] @ vectors[0]
        return [
            _Candidate(rank, place, quote, float(fit)) for (rank, place, quote), fit in zip(quotes, fits, strict=True)
        ]


def _context(result: SearchResult) -> str:
    return result.chunk.heading.rpartition(" > ")[2] or result.chunk.title


def _compose(chosen: list[_Candidate]) -> Writing:
    unique = {to_plain(c.quote).lower(): c for c in reversed(chosen)}
    claims = [Claim(to_plain(c.quote), (c.rank + 1,), c.quote) for c in chosen if c in unique.values()]
    return Writing(tuple(claims), "quoting")
