"""A big made-up knowledge base, filled into the tables and the index directly: to embed it would take hours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from assistant.app import Assistant
from assistant.domain import Audience
from assistant.knowledge.search.vectors import chunk_collection
from assistant.text.tokens import find_terms

_BATCH = 2000
_CHUNKS_A_DOCUMENT = 10
_LEAST_TERMS, _MOST_TERMS = 40, 70  # content words of a chunk of about 450 characters and its headings
_LEAST_TOKENS, _MOST_TOKENS = 60, 120
_DIMENSIONS = 384
# Zipf's law with Mandelbrot's shift: a text's commonest words are stop words, which the word index leaves out.
_ZIPF_SHIFT = 20
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


@dataclass(frozen=True)
class Vocabulary:
    """Made-up words, the commonest first, with their stems and how likely each is."""

    words: NDArray[np.str_]
    stems: NDArray[np.str_]
    odds: NDArray[np.float64]

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.intp]:
        """Places of random words, the common ones more often."""
        return rng.choice(len(self.words), size=count, p=self.odds)


def build_vocabulary(rng: np.random.Generator) -> Vocabulary:
    """Some 26,000 words of two or three syllables."""
    syllables = ["".join(pair) for pair in product(_CONSONANTS, _VOWELS)]
    short = ["".join(pair) for pair in product(syllables, repeat=2)]
    long = ["".join(rng.choice(syllables, 3)) for _ in range(25_000)]
    made = dict.fromkeys([*rng.permutation(short).tolist(), *long])
    words = np.array([word for word in made if find_terms(word)])  # without `some`, which is a stop word
    stems = np.array([find_terms(word)[0] for word in words.tolist()])
    odds = 1 / (np.arange(len(words)) + _ZIPF_SHIFT + 1)
    return Vocabulary(words, stems, odds / odds.sum())


def build_questions(vocabulary: Vocabulary, rng: np.random.Generator, count: int) -> list[str]:
    """Questions of four content words among common ones."""
    drawn = vocabulary.words[vocabulary.draw(rng, 4 * count)].reshape(count, 4).tolist()
    return [f"How do I {a} the {b} {c} for a {d}?" for a, b, c, d in drawn]


def fill(
    assistant: Assistant,
    vocabulary: Vocabulary,
    rng: np.random.Generator,
    chunks: int,
    progress: Callable[[str], None],
) -> None:
    """Put `chunks` internal chunks into an empty home: rows, words, random unit vectors and random token signs."""
    assistant.knowledge.index.check_embedder()  # remembers that these vectors are this embedder's
    for start in range(0, chunks, _BATCH):
        chunk_ids = range(start + 1, min(start + _BATCH, chunks) + 1)
        _fill_store(assistant, vocabulary, rng, chunk_ids)
        vectors = rng.standard_normal((len(chunk_ids), _DIMENSIONS), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        lengths = rng.integers(_LEAST_TOKENS, _MOST_TOKENS, size=len(chunk_ids), endpoint=True).tolist()
        signs = [rng.bytes(_DIMENSIONS // 8 * tokens) for tokens in lengths]
        kept = zip(chunk_ids, vectors, signs, strict=True)
        assistant.knowledge.passages.add([(chunk_id, vector.tobytes(), packed) for chunk_id, vector, packed in kept])
        assistant.knowledge.vectors.add(chunk_collection(Audience.INTERNAL), list(chunk_ids), vectors)
        progress(f"{chunk_ids[-1]:,} of {chunks:,} chunks filled")


def _fill_store(assistant: Assistant, vocabulary: Vocabulary, rng: np.random.Generator, chunk_ids: range) -> None:
    lengths = rng.integers(_LEAST_TERMS, _MOST_TERMS, size=len(chunk_ids), endpoint=True)
    drawn = np.split(vocabulary.draw(rng, int(lengths.sum())), np.cumsum(lengths)[:-1])
    with assistant.home.store.transaction() as db:
        db.conn.executemany("insert or ignore into documents values " + _DOCUMENT_MARKS, _document_rows(chunk_ids))
        db.conn.executemany(
            "insert into chunks (id, document, position, text, terms, heading, is_embedded)"
            " values (?, ?, ?, ?, ?, '', 1)",
            (_chunk_row(i, vocabulary.words[places].tolist()) for i, places in zip(chunk_ids, drawn, strict=True)),
        )
        db.conn.executemany(
            "insert into words_internal (rowid, title, heading, body) values (?, ?, ?, ?)",
            ((i, *_to_fields(vocabulary.stems[p].tolist())) for i, p in zip(chunk_ids, drawn, strict=True)),
        )
        db.execute(
            "update word_totals set chunks = chunks + ?, terms = terms + ? where audience = 'internal'",
            (len(chunk_ids), sum(len(places) for places in drawn)),
        )


_DOCUMENT_MARKS = "(?, 'made-up', ?, ?, 'internal', '', null, null, null, null, '2026-01-01T00:00:00.000Z')"


def _document_rows(chunk_ids: range) -> Iterator[tuple[int, str, str]]:
    for document in dict.fromkeys(map(_document_of, chunk_ids)):
        yield document, f"page-{document}.md", f"Page {document}"


def _chunk_row(chunk_id: int, words: list[str]) -> tuple[int, int, int, str, int]:
    return chunk_id, _document_of(chunk_id), chunk_id % _CHUNKS_A_DOCUMENT, " ".join(words), len(words)


def _document_of(chunk_id: int) -> int:
    return (chunk_id - 1) // _CHUNKS_A_DOCUMENT + 1


def _to_fields(stems: list[str]) -> tuple[str, str, str]:
    """Three words of title, four of heading, the rest body."""
    return " ".join(stems[:3]), " ".join(stems[3:7]), " ".join(stems[7:])
