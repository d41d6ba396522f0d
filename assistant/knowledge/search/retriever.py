"""A question to the chunks and documents that fit it best: words and meaning, weighed together."""

import heapq
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from assistant.domain import Audience, Chunk, Question, SearchResult
from assistant.knowledge.search.index import SearchIndex
from assistant.knowledge.search.ranking import (
    TITLE_WEIGHT,
    Query,
    build_query,
    choose_terms,
    score_meaning,
    score_tokens,
    score_words,
    weigh_terms,
)
from assistant.knowledge.search.space import Space
from assistant.knowledge.search.words import WordIndex
from assistant.knowledge.tables.documents import DocumentTables
from assistant.text.calibration import calibration_of
from assistant.text.embedding import Embedder, Vectors
from assistant.text.language import ENGLISH, find_stop_words
from assistant.text.tokens import find_terms, split_words

_CANDIDATES = 100  # from each of words and meaning
_COMPARED_BY_TOKEN = 60
_TURNS, _TURN_DECAY = 5, 0.5
_CHANCE_PER_DOUBLING, _USUAL_CHUNKS, _LEAST_CHUNKS = 0.15, 4096, 64
_TIE = 0.05
_NAME = re.compile(r"(?:(?<=[^\W_] )|(?<=[^\W_], ))[A-Z][a-z][\w-]*")
_HANDLE = re.compile(r"(?<!\w)@\w[\w.-]*")
_ALONE = 2.0  # what the question alone weighs in the confidence
_DOCUMENT_CHUNKS, _DOCUMENT_DECAY, _DOCUMENT_CUT = 3, 0.5, 50


@dataclass(frozen=True)
class Findings:
    """The result of a search: chunks, best first, the best chunk of each document and how sure that one fits.

    `confidence` compares questions with each other: the best chunk's score, and twice the best likeness to the question
    without its history, less what chance alone adds in a larger index. Off-topic questions score 0.15 higher each time
    the index doubles (measured from 900 to 3,800 chunks), so it is told as if there were 4,096 chunks. `unknown_names`
    are the proper names in the question that no chunk has: an answer without them may be one to another question.
    Where it `is_crossing`, the question is in another language than the best chunk. `languages` are those of the
    documents that are known, by document id. `chunk_count` is how many were searched.
    """

    results: tuple[SearchResult, ...]
    documents: tuple[SearchResult, ...]
    confidence: float
    unknown_names: tuple[str, ...] = ()
    is_crossing: bool = False
    chunk_count: int = 0
    languages: Mapping[str, str] = field(default_factory=dict)


NOTHING = Findings((), (), 0.0)


class Retriever:
    """Searches both halves of the index and ranks what they find."""

    def __init__(
        self, documents: DocumentTables, words: WordIndex, index: SearchIndex, today: Callable[[], date]
    ) -> None:
        self._documents = documents
        self._today = today
        self._words = words
        self._index = index

    def search(self, question: Question) -> Findings:
        """Search what the question's audience may see; return nothing when there are no documents."""
        self._index.check_embedder()
        language, space = self._index.choose_space(question.text)
        query = _read_question(question, language, space.embedder)
        readable = {audience: self._words.size(audience) for audience in question.audience.readable}
        sizes = {audience: size for audience, size in readable.items() if size[0]}
        counts = {audience: self._words.count_chunks_with(audience, list(query.terms)) for audience in sizes}
        idf = weigh_terms(query.terms, _add_up(counts.values()), sum(chunks for chunks, _ in sizes.values()))
        candidates = self._find_candidates(space, query, idf, counts)
        vectors = space.passages.vectors([i for ids in candidates.values() for i in ids])
        if not vectors:
            return NOTHING
        average = sum(terms for _, terms in sizes.values()) / max(1, sum(chunks for chunks, _ in sizes.values()))
        scores = self._score_words(query, candidates, idf, average)
        # A chunk that was removed a moment ago may still be among the vectors: both tables must know it.
        chunk_ids = np.asarray([chunk_id for chunk_id in scores if chunk_id in vectors])
        matrix = np.stack([vectors[i] for i in chunk_ids.tolist()])
        totals = np.asarray([scores[i] for i in chunk_ids.tolist()], dtype=np.float32) + score_meaning(query, matrix)
        totals += _score_tokens(space, query, chunk_ids, totals)
        chunk_count = sum(chunks for chunks, _ in sizes.values())
        found = self._to_findings(chunk_ids, totals, matrix @ query.bare_vector, chunk_count)
        # The words of one language do not stand in pages of another, and German writes every noun like a name.
        unknown_names = _find_unknown_names(question.text, _add_up(counts.values())) if language == ENGLISH else ()
        known = self._index.languages([result.chunk.chunk_id for result in found.results])
        languages = {
            chunk.document_id: known[chunk.chunk_id]
            for chunk in (result.chunk for result in found.results)
            if chunk.chunk_id in known
        }
        best = found.results[0].chunk.chunk_id if found.results else 0
        is_crossing = known.get(best, language) != language
        if is_crossing:
            found = replace(found, confidence=found.confidence + calibration_of(space.embedder.name).crossing)
        return replace(
            found,
            unknown_names=unknown_names,
            is_crossing=is_crossing,
            chunk_count=chunk_count,
            languages=languages,
        )

    def _find_candidates(
        self, space: Space, query: Query, idf: Mapping[str, float], counts: Mapping[Audience, Mapping[str, int]]
    ) -> dict[Audience, list[int]]:
        """By audience. All reader sets together give no more than one of the others: somebody may be in fifty."""
        terms = {audience: choose_terms(query.terms, idf, found) for audience, found in counts.items()}
        by_meaning = {one: space.search_scored(one, query.vector, _CANDIDATES) for one in counts}
        by_words = {one: self._words.search_scored(one, terms[one], TITLE_WEIGHT, _CANDIDATES) for one in counts}
        found: dict[Audience, list[int]] = {audience: [] for audience in counts}
        for audience, chunk_id in [*_keep_best(by_meaning), *_keep_best(by_words)]:
            found[audience].append(chunk_id)
        return {audience: list(dict.fromkeys(chunk_ids)) for audience, chunk_ids in found.items()}

    def _score_words(
        self, query: Query, candidates: Mapping[Audience, list[int]], idf: Mapping[str, float], average: float
    ) -> dict[int, float]:
        return {
            chunk_id: score_words(query, fields, idf, average)
            for audience, chunk_ids in candidates.items()
            for chunk_id, fields in self._words.fields(audience, chunk_ids).items()
        }

    def _to_findings(
        self,
        chunk_ids: np.ndarray[tuple[int], np.dtype[np.int64]],
        totals: Vectors,
        likeness: Vectors,
        chunk_count: int,
    ) -> Findings:
        order = np.argsort(-totals, kind="stable").tolist()
        chunks = self._documents.chunks(chunk_ids.tolist())
        results = tuple(
            SearchResult(chunks[chunk_id], float(totals[place]), float(likeness[place]))
            for place in order
            if (chunk_id := int(chunk_ids[place])) in chunks
        )
        if not results:
            return NOTHING
        confidence = results[0].score + _ALONE * float(likeness.max()) - _find_chance(chunk_count)
        return Findings(_put_newer_first(results, self._today()), _rank_documents(results, self._today()), confidence)


def _keep_best(scored: Mapping[Audience, Sequence[tuple[int, float]]]) -> Iterator[tuple[Audience, int]]:
    """What was found, of all reader sets together the best alone."""
    in_sets = ((score, one, chunk_id) for one in scored if one.set_names for chunk_id, score in scored[one])
    yield from ((one, chunk_id) for one in scored if not one.set_names for chunk_id, _ in scored[one])
    yield from ((one, chunk_id) for _, one, chunk_id in heapq.nlargest(_CANDIDATES, in_sets))


def _score_tokens(
    space: Space, query: Query, chunk_ids: np.ndarray[tuple[int], np.dtype[np.int64]], totals: Vectors
) -> Vectors:
    """For the best only; the others get what the worst of those got, which keeps them below."""
    best = np.argsort(-totals, kind="stable")[:_COMPARED_BY_TOKEN]
    signs = space.passages.token_signs(chunk_ids[best].tolist())
    scores = score_tokens(query, [signs.get(i, b"") for i in chunk_ids[best].tolist()])
    added = np.full(len(totals), scores.min(), dtype=np.float32)
    added[best] = scores
    return added


def _add_up(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    return sum((Counter(each) for each in counts), Counter())


def _find_unknown_names(text: str, counts: Counter[str]) -> tuple[str, ...]:
    """The words that are written with a capital within a sentence, and stand in no chunk."""
    names = dict.fromkeys(found[0] for found in _NAME.finditer("" if text.istitle() else text))
    return tuple(name for name in names if (terms := find_terms(name)) and not any(counts[term] for term in terms))


def _put_newer_first(results: tuple[SearchResult, ...], today: date) -> tuple[SearchResult, ...]:
    """Among chunks that fit equally well, those of the document that was changed last.

    One without a date comes after them, and so does one whose review is overdue: nobody stands for it any more.
    """
    return tuple(sorted(results, key=lambda result: _newer_first(result, result.score, today)))


def _newer_first(result: SearchResult, score: float, today: date) -> tuple[int, int, float]:
    chunk = result.chunk
    is_overdue = chunk.review_by is not None and chunk.review_by < today
    trusted_on = date.min if is_overdue or chunk.updated_on is None else chunk.updated_on
    return -round(score / _TIE), -trusted_on.toordinal(), -score


def _find_chance(chunks: int) -> float:
    return _CHANCE_PER_DOUBLING * math.log2(max(chunks, _LEAST_CHUNKS) / _USUAL_CHUNKS)


def _read_question(question: Question, language: str, embedder: Embedder) -> Query:
    """The question and what the person asked before, newest first; what the assistant said is no evidence of a wish.

    Whom a post is to is no part of what it asks, and `die` is no word to look for in English pages.
    """
    earlier = [turn.text for turn in question.history if turn.role == "user" and turn.text.strip()]
    turns = [_HANDLE.sub(" ", turn) for turn in [question.text, *reversed(earlier)][:_TURNS]]
    vectors, tokens = embedder.embed_tokens(turns)
    common = find_stop_words(language) if language != ENGLISH else frozenset()
    terms = [[term for word in split_words(turn) if word not in common for term in find_terms(word)] for turn in turns]
    return build_query(terms, vectors, tokens, _TURN_DECAY)


def _rank_documents(results: Sequence[SearchResult], today: date) -> tuple[SearchResult, ...]:
    """Each document by its best chunk, and by what its next ones have above the rest."""
    floor = results[min(_DOCUMENT_CUT, len(results) - 1)].score
    found: dict[tuple[str, str], list[SearchResult]] = {}
    for result in results[:_DOCUMENT_CUT]:
        found.setdefault(_document_of(result.chunk), []).append(result)
    scores = {document: _score_document(best[:_DOCUMENT_CHUNKS], floor) for document, best in found.items()}
    order = sorted(scores, key=lambda document: _newer_first(found[document][0], scores[document], today))
    return tuple(found[document][0] for document in order)


def _score_document(best: Sequence[SearchResult], floor: float) -> float:
    more = (_DOCUMENT_DECAY**place * (result.score - floor) for place, result in enumerate(best) if place)
    return best[0].score + sum(more)


def _document_of(chunk: Chunk) -> tuple[str, str]:
    return chunk.source, chunk.document_id
