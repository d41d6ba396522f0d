"""The vectors follow the store, and never mix what two embedders made."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from fakes import Crash, CrashingVectors, FakeEmbedder

from assistant.domain import Audience, Document
from assistant.errors import ModelError, SearchIndexError
from assistant.knowledge.search.index import SearchIndex
from assistant.knowledge.search.vectors import ChromaIndex, chunk_collection
from assistant.knowledge.tables.documents import DocumentTables, PassagePiece
from assistant.knowledge.tables.passages import PassageTables
from assistant.text.embedding import SentenceTransformerEmbedder

BOTH = [Audience.PUBLIC, Audience.INTERNAL]


@pytest.fixture
def index(
    documents: DocumentTables, vectors: ChromaIndex, passages: PassageTables, embedder: FakeEmbedder
) -> SearchIndex:
    return SearchIndex(documents, vectors, passages, embedder)


def _write(documents: DocumentTables, now: datetime, count: int = 3) -> None:
    for number in range(count):
        audience = BOTH[number % 2]
        document = Document("/docs", f"{number}.md", f"Title {number}", "text", audience, f"h{number}")
        documents.replace(document, [PassagePiece("Heading", f"**word{number}**", ([], [], []))], now)


def _counts(index: SearchIndex) -> list[int]:
    counts = [index.vectors.count(chunk_collection(audience)) for audience in BOTH]
    assert len(index.passages.vectors(range(100))) == len(index.passages.token_signs(range(100))) == sum(counts)
    return counts


def test_what_is_new_is_embedded_once_with_title_and_heading(
    index: SearchIndex, documents: DocumentTables, embedder: FakeEmbedder, now: datetime
) -> None:
    _write(documents, now)
    assert index.catch_up() == 3
    assert index.catch_up() == 0
    assert _counts(index) == [2, 1]
    assert embedder.texts == [f"Title {n} > Heading\nword{n}" for n in range(3)]


def test_a_removed_document_leaves_the_vectors(index: SearchIndex, documents: DocumentTables, now: datetime) -> None:
    _write(documents, now)
    index.catch_up()
    documents.remove("/docs", "0.md")
    index.catch_up()
    assert _counts(index) == [1, 1]
    assert documents.removed_chunks() == {audience: [] for audience in Audience}


def test_another_embedder_is_refused_until_a_reindex(
    index: SearchIndex, documents: DocumentTables, vectors: ChromaIndex, now: datetime
) -> None:
    _write(documents, now)
    index.catch_up()
    other = SearchIndex(documents, vectors, index.passages, FakeEmbedder("other"))
    with pytest.raises(SearchIndexError, match="made by fake, not by other") as caught:
        other.catch_up()
    assert "earshot reindex" in caught.value.hint
    assert other.rebuild() == 3
    assert _counts(other) == [2, 1]
    with pytest.raises(SearchIndexError, match="made by other, not by fake"):
        index.check_embedder()


def test_a_reindex_makes_every_vector_anew(
    index: SearchIndex, documents: DocumentTables, embedder: FakeEmbedder, now: datetime
) -> None:
    _write(documents, now)
    index.catch_up()
    documents.remove("/docs", "0.md")
    reports: list[int] = []
    assert index.rebuild(reports.append) == 2
    assert reports == [2]
    assert _counts(index) == [1, 1]
    assert len(embedder.texts) == 5


@pytest.mark.parametrize("is_done_first", [False, True])
def test_a_reindex_that_stopped_halfway_is_refused_until_it_is_run_again(
    is_done_first: bool,
    index: SearchIndex,
    documents: DocumentTables,
    vectors: ChromaIndex,
    embedder: FakeEmbedder,
    now: datetime,
) -> None:
    _write(documents, now)
    index.catch_up()
    crashing = SearchIndex(documents, CrashingVectors(vectors, 1, is_done_first), index.passages, embedder)
    with pytest.raises(Crash):
        crashing.rebuild()
    with pytest.raises(SearchIndexError, match="an unfinished reindex"):
        index.check_embedder()
    assert index.rebuild() == 3
    assert _counts(index) == [2, 1]


def test_a_reindex_that_stopped_while_embedding_goes_on_where_it_was(
    index: SearchIndex, documents: DocumentTables, embedder: FakeEmbedder, now: datetime
) -> None:
    _write(documents, now)
    index.catch_up()
    embedder.crash_at = embedder.calls + 1
    with pytest.raises(Crash):
        index.rebuild()
    assert index.catch_up() == 3
    assert _counts(index) == [2, 1]


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    model = str(tmp_path)
    with pytest.raises(ModelError, match=model) as caught:
        SentenceTransformerEmbedder(model).embed(["text"])
    assert "EMBEDDING_MODEL" in caught.value.hint


def test_the_bundled_model_puts_the_answer_nearer_than_the_rest(real_embedder: SentenceTransformerEmbedder) -> None:
    vectors = real_embedder.embed(
        ["How do I stop paying?", "Cancel your subscription in the app.", "The frame is painted green."]
    )
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1
    assert real_embedder.embed([]).shape[0] == 0


def test_the_bundled_model_gives_each_text_its_tokens(real_embedder: SentenceTransformerEmbedder) -> None:
    vectors, tokens = real_embedder.embed_tokens(["Pause it.", "A much longer text about bikes.", ""])
    assert np.allclose(vectors, real_embedder.embed(["Pause it.", "A much longer text about bikes.", ""]), atol=1e-5)
    assert len(tokens[0]) < len(tokens[1])
    assert len(tokens[2]) == 0
    assert np.allclose(np.linalg.norm(tokens[1], axis=1), 1, atol=1e-5)
