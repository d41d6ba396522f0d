"""Looks through all documents for flaws, apart: with thousands of them it takes minutes, and nobody waits for it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import combinations
from pathlib import Path

from assistant.core.apart import run_apart_once
from assistant.core.database import Store
from assistant.domain import Chunk
from assistant.knowledge.flaws.contradictions import find_contradictions
from assistant.knowledge.flaws.statements import read_statements
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.flaws import Flaw, FlawKind, FlawTables, FoundFlaw
from assistant.text.tokens import strip_markup

_SECONDS = 1_800
_BATCH = 500
_LEAST_SHARED = 0.8  # of all that two documents say
_LEAST_CHARACTERS = 400
_MOST_PLACES = 20  # of one passage: what stands everywhere is a footer

Place = tuple[str, str]


def look_for_flaws(tables: FlawTables, database: Path, today: date, now: datetime) -> list[Flaw]:
    """Bring the table of flaws up to date; returns those that are open. Raises UnreadableError where it takes too
    long."""
    tables.keep(run_apart_once(_SECONDS, find_flaws, database, today), now)
    return tables.list_open()


def find_flaws(database: Path, today: date) -> list[FoundFlaw]:
    """Every flaw in the documents of this database."""
    documents = DocumentTables(Store(database))
    overdue = [FoundFlaw(FlawKind.OVERDUE, place, day) for place, day in documents.overdue(today)]
    pairs = find_contradictions(list(read_statements(_read_chunks(documents))))
    contradictions = [
        FoundFlaw(FlawKind.CONTRADICTION, pair.one.document, pair.one.text, pair.other.document, pair.other.text)
        for pair in pairs
    ]
    return [*contradictions, *_find_duplicates(_read_chunks(documents)), *overdue]


def _read_chunks(documents: DocumentTables) -> Iterator[Chunk]:
    ids = sorted(documents.chunk_ids())
    for start in range(0, len(ids), _BATCH):
        yield from documents.chunks(ids[start : start + _BATCH]).values()


def _find_duplicates(chunks: Iterator[Chunk]) -> Iterator[FoundFlaw]:
    """Two documents that share four fifths of what both say."""
    sizes: dict[Place, int] = defaultdict(int)
    places: dict[int, dict[Place, int]] = defaultdict(dict)
    for chunk in chunks:
        text = " ".join(strip_markup(chunk.text).casefold().split())
        sizes[chunk.source, chunk.document_id] += len(text)
        places[hash(text)][chunk.source, chunk.document_id] = len(text)
    shared: dict[tuple[Place, Place], int] = defaultdict(int)
    for holders in places.values():
        if 1 < len(holders) <= _MOST_PLACES:
            for pair in combinations(sorted(holders), 2):
                shared[pair] += holders[pair[0]]
    for (one, other), length in shared.items():
        if length >= _LEAST_CHARACTERS and length >= _LEAST_SHARED * max(sizes[one], sizes[other]):
            yield FoundFlaw(FlawKind.DUPLICATE, one, "", other, "")
