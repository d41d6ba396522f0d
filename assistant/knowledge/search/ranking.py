"""The fit of a chunk to a question: shared words, word pairs, meaning, and meaning token by token.

All parts are scale-free, so they can be added with fixed weights: no part is a rank, and none is fitted to a corpus.
Words: BM25 (Robertson and Zaragoza 2009) over what the question could reach at most, and the share of its weight that
the chunk covers. Tokens: late interaction (Khattab and Zaharia 2020, ColBERT) on the embedder's own token vectors, of
which a chunk keeps only the signs. docs/decisions.md has the ablations.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.text.embedding import Vectors, unpack_signs

Pair = tuple[str, str]

TITLE_WEIGHT = 2.0
_FIELD_WEIGHTS = (TITLE_WEIGHT, 1.0, 1.0)
_K1, _B = 1.2, 0.75
_PAIR_DISTANCE = 3
_MOST_TERMS, _MOST_POSTINGS = 12, 30_000
_BM25, _COVERAGE, _PAIRS, _MEANING, _TOKENS = 0.5, 0.25, 0.3, 1.0, 3.0


@dataclass(frozen=True)
class Query:
    """A question with its conversation: each earlier turn counts half as much as the one after it."""

    terms: Mapping[str, float]
    pairs: Mapping[Pair, float]
    vector: Vectors
    bare_vector: Vectors
    tokens: Vectors
    token_weights: Vectors


def build_query(turn_terms: Sequence[list[str]], vectors: Vectors, tokens: Sequence[Vectors], decay: float) -> Query:
    """Put the turns of a conversation together, newest first: (terms, vector, token vectors) of each."""
    ages = np.asarray(decay ** np.arange(len(turn_terms)), dtype=np.float32)
    terms: Counter[str] = Counter()
    pairs: Counter[Pair] = Counter()
    for age, words in zip(ages.tolist(), turn_terms, strict=True):
        for term in set(words):
            terms[term] += age
        for pair in {_order(a, b) for a, b in pairwise(words) if a != b}:
            pairs[pair] += age
    weights = np.concatenate([np.full(len(t), age, dtype=np.float32) for age, t in zip(ages, tokens, strict=True)])
    return Query(
        terms=terms,
        pairs=pairs,
        vector=_unit(ages @ vectors),
        bare_vector=vectors[0],
        tokens=np.concatenate(list(tokens)),
        token_weights=np.asarray(weights / max(float(weights.sum()), 1e-9), dtype=np.float32),
    )


def weigh_terms(terms: Mapping[str, float], document_counts: Mapping[str, int], chunks: int) -> dict[str, float]:
    """Each term's inverse document frequency; one that no chunk has weighs most."""
    counts = {term: document_counts.get(term, 0) for term in terms}
    return {term: math.log(1 + (chunks - count + 0.5) / (count + 0.5)) for term, count in counts.items()}


def choose_terms(terms: Mapping[str, float], idf: Mapping[str, float], counts: Mapping[str, int]) -> list[str]:
    """The terms worth looking up, those that weigh most first; `counts`: in how many chunks each stands.

    Common terms cost most and tell least: the first that would make the lookup read too many chunks ends the list.
    """
    known = sorted((term for term in terms if counts.get(term)), key=lambda term: (-terms[term] * idf[term], term))
    chosen: list[str] = []
    left = _MOST_POSTINGS
    for term in known[:_MOST_TERMS]:
        left -= counts[term]
        if chosen and left < 0:
            break
        chosen.append(term)
    return chosen


def score_words(query: Query, fields: Sequence[list[str]], idf: Mapping[str, float], average_length: float) -> float:
    """Score a chunk's words: `fields` are the terms of its title, headings and body."""
    reach = sum(weight * idf[term] for term, weight in query.terms.items())
    if not reach:
        return 0.0
    length = sum(len(field) for field in fields)
    norm = _K1 * (1 - _B + _B * length / max(average_length, 1.0))
    bm25 = coverage = 0.0
    for term, frequency in _count_hits(query, fields).items():
        weight = query.terms[term] * idf[term]
        coverage += weight
        bm25 += weight * frequency * (_K1 + 1) / (frequency + norm)
    return _BM25 * bm25 / reach + _COVERAGE * coverage / reach + _PAIRS * _score_pairs(query, fields, idf)


def score_meaning(query: Query, vectors: Vectors) -> Vectors:
    """Score each chunk's vector."""
    return np.asarray(_MEANING * (vectors @ query.vector), dtype=np.float32)


def score_tokens(query: Query, token_signs: Sequence[bytes]) -> Vectors:
    """Score each chunk's tokens: every token of the question counts its likest token in the chunk."""
    if not len(query.tokens):
        return np.zeros(len(token_signs), dtype=np.float32)
    signs = [unpack_signs(packed, query.tokens.shape[1]) for packed in token_signs]
    counts = [len(rows) for rows in signs]
    bits = np.concatenate(signs).astype(np.float32)
    # Signs are +1 and -1; with bits 1 and 0 the product is twice the bits' less the sum of all.
    likeness = (2 * (query.tokens @ bits.T) - query.tokens.sum(1, keepdims=True)) / math.sqrt(query.tokens.shape[1])
    ends = np.cumsum(counts)
    scores = [
        float(query.token_weights @ likeness[:, end - count : end].max(1)) if count else 0.0
        for count, end in zip(counts, ends.tolist(), strict=True)
    ]
    return np.asarray([_TOKENS * score for score in scores], dtype=np.float32)


def _count_hits(query: Query, fields: Sequence[list[str]]) -> Counter[str]:
    hits: Counter[str] = Counter()
    for weight, field in zip(_FIELD_WEIGHTS, fields, strict=True):
        for term in field:
            if term in query.terms:
                hits[term] += weight  # type: ignore[assignment]  # a Counter may count in fractions
    return hits


def _score_pairs(query: Query, fields: Sequence[list[str]], idf: Mapping[str, float]) -> float:
    reach = sum(weight * (idf[a] + idf[b]) for (a, b), weight in query.pairs.items())
    if not reach:
        return 0.0
    near = {pair for field in fields for pair in _find_near_pairs(query, field)}
    return sum(query.pairs[pair] * (idf[pair[0]] + idf[pair[1]]) for pair in near) / reach


def _find_near_pairs(query: Query, field: list[str]) -> set[Pair]:
    places = [(place, term) for place, term in enumerate(field) if term in query.terms]
    found = set()
    for number, (place, term) in enumerate(places):
        for other_place, other in places[number + 1 : number + 1 + _PAIR_DISTANCE]:
            if other_place - place <= _PAIR_DISTANCE and _order(term, other) in query.pairs:
                found.add(_order(term, other))
    return found


def _order(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)


def _unit(vector: NDArray[np.floating[Any]]) -> Vectors:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)
