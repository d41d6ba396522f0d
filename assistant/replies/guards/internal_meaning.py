"""Sentences that mean nearly what an internal document says and no public one, and dates that are only there."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from assistant.domain import Audience, Chunk, Support
from assistant.domain.replies import Effect, Objection
from assistant.knowledge.search.vectors import VectorIndex, chunk_collection
from assistant.knowledge.search.words import WordIndex
from assistant.knowledge.tables.documents import DocumentTables
from assistant.replies.guards.dates import find_dates, states_date
from assistant.replies.guards.guards import Candidate, CheckedSentence, split_parts
from assistant.text.embedding import Embedder, Vectors
from assistant.text.facts.words import stem_words
from assistant.text.sentences import split_sentences, to_plain
from assistant.text.tokens import find_terms

# Chosen on paraphrases of internal and of public documents: docs/decisions.md has what they find and what they cost.
_LEAST_LIKENESS, _SURE_LIKENESS, _LEAST_LEAD = 0.51, 0.61, 0.1
_LEAST_WORDS, _LEAST_TERMS = 4, 3
_NEAR_CHUNKS, _WORD_CHUNKS = 8, 8
_REMEMBERED_CHUNKS = 20_000
_LEAST_SHARED = 2
_CHECKED = (Support.QUOTED, Support.SUPPORTED, Support.COURTESY)
_NEAR = (
    "“{}” means nearly what an internal document says, and no public one says it. "
    "Take it out, or say only what a public page says."
)
_DATE = "The date in “{}” is with the same words in an internal document and in no public one: leave it out."


class MeaningFinder:
    """Compares each sentence with those of the chunks that are nearest to it in any part of the index."""

    def __init__(self, documents: DocumentTables, words: WordIndex, vectors: VectorIndex, embedder: Embedder) -> None:
        self._documents = documents
        self._words = words
        self._vectors = vectors
        self._embedder = embedder
        self._embed_chunk = lru_cache(_REMEMBERED_CHUNKS)(self._embed_sentences)

    def check(self, candidate: Candidate) -> list[Objection]:
        """A sentence that public evidence carries, or that is courtesy, gives nothing away."""
        parts = [part for part in split_parts(candidate) if part.support not in _CHECKED]
        parts = [part for part in parts if len(find_terms(part.text)) >= _LEAST_TERMS]
        if not parts:
            return []
        vectors = self._embedder.embed([part.text for part in parts])
        return [f for part, vector in zip(parts, vectors, strict=True) if (f := self._check(part, vector)) is not None]

    def _check(self, part: CheckedSentence, vector: Vectors) -> Objection | None:
        public = self._find_chunks(Audience.PUBLIC, part.text, vector)
        inside = (one for one in self._words.audiences() if one != Audience.PUBLIC)
        internal = [chunk for one in inside for chunk in self._find_chunks(one, part.text, vector)]
        if _has_own_date(part.text, internal, public):
            return Objection("audience", part.text, _DATE.format(part.text), Effect.BLOCK, part.start)
        likeness = self._measure(vector, internal)
        if likeness < _LEAST_LIKENESS or likeness - self._measure(vector, public) < _LEAST_LEAD:
            return None
        effect = Effect.BLOCK if likeness >= _SURE_LIKENESS else Effect.HOLD
        return Objection("audience", part.text, _NEAR.format(part.text), effect, part.start)

    def _find_chunks(self, audience: Audience, text: str, vector: Vectors) -> list[Chunk]:
        by_words = self._words.search(audience, find_terms(text), 1.0, _WORD_CHUNKS)
        near = self._vectors.search(chunk_collection(audience), vector, _NEAR_CHUNKS)
        return list(self._documents.chunks(list(dict.fromkeys([*(i for i, _ in near), *by_words]))).values())

    def _measure(self, vector: Vectors, chunks: Sequence[Chunk]) -> float:
        return max((float((rows @ vector).max()) for c in chunks if len(rows := self._embed_chunk(c.text))), default=-1)

    def _embed_sentences(self, text: str) -> Vectors:
        plain = [to_plain(sentence) for sentence in split_sentences(text)]
        told = [sentence for sentence in plain if len(sentence.split()) >= _LEAST_WORDS]
        return self._embedder.embed(told) if told else np.zeros((0, 0), dtype=np.float32)


def _has_own_date(text: str, internal: Sequence[Chunk], public: Sequence[Chunk]) -> bool:
    said = stem_words(" ".join(find_terms(text)))
    for date in find_dates(text):
        if any(states_date(chunk.text, date) for chunk in public):
            continue
        for chunk in internal:
            whole = f"{chunk.title} {chunk.heading} {chunk.text}"
            shared = said & stem_words(" ".join(find_terms(whole)))
            if states_date(chunk.text, date) and len(shared) >= _LEAST_SHARED:
                return True
    return False
