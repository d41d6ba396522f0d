"""Answers without a model: what of the best chunks is nearest to the question, word for word."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import Question, SearchResult
from assistant.knowledge.answers.writing import Claim, Writing
from assistant.text.embedding import Embedder
from assistant.text.sentences import split_sentences
from assistant.text.spans import Unit, split_units
from assistant.text.tokens import find_terms

_MOST_CHUNKS = 6
_MOST_UNITS = 4
_MOST_CHARACTERS = 1500
_LEAST_WORDS = 3
_COVERAGE_WEIGHT, _CHUNK_WEIGHT = 0.5, 0.3
# What is quoted besides the best: nearly as near, and nearer still where it stands in another document.
_NEAR, _NEAR_ELSEWHERE = 0.8, 0.92


@dataclass(frozen=True)
class _Candidate:
    rank: int
    place: int
    unit: Unit
    document: tuple[str, str]
    position: int
    fit: float


class QuotingWriter:
    """Quotes. Never puts a word of its own into an answer."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def write_answer(self, question: Question, results: Sequence[SearchResult]) -> Writing:
        """Quote what fits best; nothing when no chunk holds anything that can be quoted."""
        candidates = sorted(self._rate(question.text, results[:_MOST_CHUNKS]), key=lambda c: -c.fit)
        claims = [Claim(c.unit.text, (c.rank + 1,), c.unit.quote) for c in _put_in_order(_choose(candidates))]
        return Writing(tuple(claims), "quoting")

    def _rate(self, question: str, results: Sequence[SearchResult]) -> list[_Candidate]:
        units = [
            (rank, place, unit)
            for rank, result in enumerate(results)
            for place, unit in enumerate(split_units(result.chunk.text))
            if len(unit.text.split()) >= _LEAST_WORDS
        ]
        if not units:
            return []
        contexts = [f"{_context(results[rank])}\n{unit.text}" for rank, _, unit in units]
        asked = _split_question(question)
        vectors = self._embedder.embed([*asked, *contexts])
        wanted = set(find_terms(question))
        likeness = (vectors[len(asked) :] @ vectors[: len(asked)].T).max(axis=1).tolist()
        return [
            _Candidate(
                rank,
                place,
                unit,
                (results[rank].chunk.source, results[rank].chunk.document_id),
                results[rank].chunk.position,
                like
                + _COVERAGE_WEIGHT * _cover(wanted, context)
                + _CHUNK_WEIGHT * (results[rank].score - results[0].score),
            )
            for (rank, place, unit), context, like in zip(units, contexts, likeness, strict=True)
        ]


def _split_question(question: str) -> list[str]:
    """The question, and each of its sentences: a customer tells a story before asking, and may ask twice."""
    sentences = [sentence for sentence in split_sentences(question) if len(sentence.split()) >= _LEAST_WORDS]
    return [question, *sentences] if len(sentences) > 1 else [question]


def _choose(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    chosen: list[_Candidate] = []
    seen: set[str] = set()
    room = _MOST_CHARACTERS
    for candidate in candidates:
        is_home = candidate.document == candidates[0].document
        least = candidates[0].fit * (_NEAR if is_home else _NEAR_ELSEWHERE)
        text = candidate.unit.text.lower()
        if len(chosen) < _MOST_UNITS and candidate.fit >= least and text not in seen and len(text) <= room:
            chosen.append(candidate)
            seen.add(text)
            room -= len(text)
    return chosen


def _put_in_order(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """The documents as they were ranked; within one of them as it reads: its fourth step stays after its third."""
    ranks: dict[tuple[str, str], int] = {}
    for candidate in chosen:
        ranks[candidate.document] = min(candidate.rank, ranks.get(candidate.document, candidate.rank))
    return sorted(chosen, key=lambda c: (ranks[c.document], c.position, c.place))


def _context(result: SearchResult) -> str:
    """Title and headings: they name what a sentence below them leaves unsaid."""
    chunk = result.chunk
    return f"{chunk.title} > {chunk.heading}" if chunk.heading else chunk.title


def _cover(wanted: set[str], text: str) -> float:
    return len(wanted & set(find_terms(text))) / len(wanted) if wanted else 0.0
