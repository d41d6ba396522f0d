"""Documents in the store: a document, its chunks and their words come and go together."""

from datetime import date, datetime

import pytest

from assistant.core.database import Store
from assistant.domain import Audience, Document
from assistant.errors import StoreError
from assistant.knowledge.search.words import WordIndex
from assistant.knowledge.tables.documents import DocumentTables, PassagePiece


def _piece(text: str, heading: str = "") -> PassagePiece:
    return PassagePiece(heading, text, ([], [heading.lower()], text.lower().split()))


def _found(store: Store, audience: Audience, word: str) -> int:
    return len(WordIndex(store).search(audience, [word], 2.0, 9))


def _document(document_id: str = "a.md", audience: Audience = Audience.PUBLIC) -> Document:
    return Document(
        source="/docs",
        document_id=document_id,
        title="Prices",
        text="whole",
        audience=audience,
        content_hash="h",
        url="https://x.example/a",
        owner="ann@x.example",
        updated_on=date(2026, 1, 2),
        review_by=date(2027, 1, 2),
    )


def test_a_chunk_comes_back_with_all_that_is_known_of_its_document(documents: DocumentTables, now: datetime) -> None:
    assert documents.replace(_document(), [_piece("It costs £52.", "City"), _piece("More.")], now) == 2
    chunk = documents.chunks_without_vectors(10)[0]
    assert (chunk.title, chunk.heading, chunk.text, chunk.position) == ("Prices", "City", "It costs £52.", 0)
    assert (chunk.document_id, chunk.url, chunk.owner) == ("a.md", "https://x.example/a", "ann@x.example")
    assert (chunk.audience, chunk.updated_on, chunk.review_by) == (Audience.PUBLIC, date(2026, 1, 2), date(2027, 1, 2))
    assert documents.chunks([chunk.chunk_id, 999]) == {chunk.chunk_id: chunk}
    assert documents.chunks([]) == {}


def test_a_replaced_document_takes_its_old_chunks_and_words_away(
    store: Store, documents: DocumentTables, now: datetime
) -> None:
    documents.replace(_document(), [_piece("old words")], now)
    old = documents.chunks_without_vectors(10)[0].chunk_id
    documents.replace(_document(audience=Audience.INTERNAL), [_piece("new words")], now)
    assert _found(store, Audience.PUBLIC, "words") == 0
    assert _found(store, Audience.INTERNAL, "new") == 1
    assert WordIndex(store).size(Audience.PUBLIC) == (0, 0)
    assert WordIndex(store).size(Audience.INTERNAL) == (1, 3)
    assert documents.removed_chunks() == {Audience.PUBLIC: [old], Audience.INTERNAL: []}
    assert documents.chunks_without_vectors(10)[0].chunk_id > old, "ids are never used again"


def test_a_document_that_cannot_be_written_leaves_the_earlier_one(
    store: Store, documents: DocumentTables, now: datetime
) -> None:
    documents.replace(_document(), [_piece("old words")], now)
    store.db.execute("create trigger t before insert on chunks begin select raise(abort, 'no chunks today'); end")
    with pytest.raises(StoreError, match="no chunks today"):
        documents.replace(_document(), [_piece("new words")], now)
    assert _found(store, Audience.PUBLIC, "old") == 1
    assert WordIndex(store).size(Audience.PUBLIC) == (1, 3)
    assert documents.removed_chunks()[Audience.PUBLIC] == []


def test_the_same_path_in_two_sources_is_two_documents(documents: DocumentTables, now: datetime) -> None:
    documents.replace(_document(), [_piece("one")], now)
    other = Document("https://x.example", "a.md", "Page", "text", Audience.INTERNAL, "h2")
    documents.replace(other, [_piece("two")], now)
    assert documents.sources() == ["/docs", "https://x.example"]
    assert documents.hashes("/docs") == {"a.md": "h"}
    assert documents.count() == {"public_documents": 1, "internal_documents": 1, "chunks": 2, "chunks_to_embed": 2}


def test_removing_what_is_not_there_is_no_error(documents: DocumentTables) -> None:
    documents.remove("/docs", "nothing.md")
    assert documents.count()["chunks"] == 0


def test_the_index_remembers_facts_of_itself(documents: DocumentTables) -> None:
    assert documents.fact("embedder") is None
    documents.remember_fact("embedder", "a")
    documents.remember_fact("embedder", "b")
    assert documents.fact("embedder") == "b"
