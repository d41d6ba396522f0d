"""A question in another language than English is looked for by the multilingual embedder, made ready when needed."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from fakes import FakeEmbedder

from assistant.core.database import Store
from assistant.domain import Audience, Document, Question
from assistant.knowledge.search.index import SearchIndex
from assistant.knowledge.search.multilingual_index import MultilingualIndex
from assistant.knowledge.search.retriever import Retriever
from assistant.knowledge.search.vectors import ChromaIndex
from assistant.knowledge.search.words import WordIndex
from assistant.knowledge.tables.documents import DocumentTables, PassagePiece
from assistant.knowledge.tables.passages import MultilingualTables, PassageTables, build_multilingual_schema
from assistant.text.embedding import Vectors
from assistant.text.tokens import find_terms

GERMAN = "Wo ist mein Paket, und wann kommt es an?"
PARCEL = "Parcels are handed to the courier every evening and arrive within three days."
GERMAN_PAGE = "Die Werkstatt repariert Fahrräder nur nach einer Anmeldung, und zwar dienstags und donnerstags."
_SAME = {"Paket": "parcels", "kommt": "arrive", "Where": "parcels"}


class Translating(FakeEmbedder):
    """Knows a few words of German."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        return super().embed([" ".join(_SAME.get(w.strip(",?"), w) for w in text.split()) for text in texts])


class Desk:
    """A search over a few pages, with both embedders."""

    def __init__(
        self, home: Path, documents: DocumentTables, store: Store, vectors: ChromaIndex, now: datetime
    ) -> None:
        self.multilingual = Translating("multilingual")
        self.tables = MultilingualTables(Store(home / "multilingual.db", build_multilingual_schema()))
        self.documents = documents
        self._parts = documents, store, vectors, now

    def open(self, passages: PassageTables, languages: tuple[str, ...] = (), has_model: bool = True) -> Retriever:
        documents, store, vectors, now = self._parts
        model = self.multilingual if has_model else None
        self.second = MultilingualIndex(documents, vectors, self.tables, lambda: model, languages)
        self.index = SearchIndex(documents, vectors, passages, FakeEmbedder(), self.second)
        return Retriever(documents, WordIndex(store), self.index, now.date)

    def write(self, name: str, text: str) -> None:
        documents, _, _, now = self._parts
        document = Document("/docs", name, name, text, Audience.INTERNAL, name)
        documents.replace(document, [PassagePiece("", text, (find_terms(name), [], find_terms(text)))], now)


@pytest.fixture
def desk(tmp_path: Path, documents: DocumentTables, store: Store, vectors: ChromaIndex, now: datetime) -> Desk:
    desk = Desk(tmp_path / "home", documents, store, vectors, now)
    desk.write("Delivery", PARCEL)
    desk.write("Bikes", "Our workshop is behind the station and repairs bikes of every brand.")
    return desk


def _first(retriever: Retriever, text: str) -> str:
    return retriever.search(Question(text, Audience.INTERNAL)).documents[0].chunk.title


def test_english_over_english_never_asks_the_multilingual_embedder(desk: Desk, passages: PassageTables) -> None:
    retriever = desk.open(passages)
    desk.index.catch_up()
    assert _first(retriever, "When do parcels arrive?") == "Delivery"
    assert desk.multilingual.texts == []


def test_the_first_question_in_german_has_the_pages_embedded_and_finds_the_english_one(
    desk: Desk, passages: PassageTables
) -> None:
    retriever = desk.open(passages)
    desk.index.catch_up()
    assert _first(retriever, GERMAN) == "Delivery"
    assert retriever.search(Question(GERMAN, Audience.INTERNAL)).unknown_names == ()
    asked = len(desk.multilingual.texts)
    assert _first(retriever, GERMAN) == "Delivery"
    assert len(desk.multilingual.texts) == asked + 1  # the question alone


def test_a_removed_page_leaves_both_indexes_and_a_new_one_enters_both(desk: Desk, passages: PassageTables) -> None:
    retriever = desk.open(passages, languages=("en", "de"))
    desk.index.catch_up()
    desk.documents.remove("/docs", "Delivery")
    desk.write("Parcels", PARCEL)
    desk.index.catch_up()
    assert desk.tables.chunk_ids() == desk.documents.chunk_ids()
    assert _first(retriever, GERMAN) == "Parcels"


def test_a_page_in_german_is_noticed_and_a_german_question_about_it_is_as_sure_as_it_is(
    desk: Desk, passages: PassageTables
) -> None:
    desk.write("Werkstatt", GERMAN_PAGE)
    retriever = desk.open(passages)
    desk.index.catch_up()
    assert desk.second.is_wanted
    found = retriever.search(Question("Wann repariert die Werkstatt Fahrräder?", Audience.INTERNAL))
    assert found.documents[0].chunk.title == "Werkstatt"
    assert desk.second.languages([found.documents[0].chunk.chunk_id]) != {}
    assert not found.is_crossing
    assert found.languages[found.documents[0].chunk.document_id] == "de"


@pytest.mark.parametrize(("languages", "has_model"), [(("en",), True), ((), False)])
def test_with_english_alone_or_without_the_model_a_german_question_is_searched_as_before(
    desk: Desk, passages: PassageTables, languages: tuple[str, ...], has_model: bool
) -> None:
    retriever = desk.open(passages, languages, has_model)
    desk.index.catch_up()
    assert retriever.search(Question(GERMAN, Audience.INTERNAL)).results
    assert desk.multilingual.texts == []


def test_a_crash_between_the_vectors_and_the_passages_loses_nothing(desk: Desk, passages: PassageTables) -> None:
    retriever = desk.open(passages, languages=("de",))
    desk.index.catch_up()
    desk.tables.clear()
    assert desk.second.catch_up() == 2
    assert desk.second.catch_up() == 0
    assert _first(retriever, GERMAN) == "Delivery"


def test_vectors_of_another_multilingual_embedder_are_replaced(desk: Desk, passages: PassageTables) -> None:
    desk.open(passages, languages=("de",))
    desk.index.catch_up()
    desk.multilingual = Translating("multilingual 2")
    desk.open(passages, languages=("de",))
    desk.index.catch_up()
    assert len(desk.multilingual.texts) == 2


def test_after_a_restored_backup_whose_chunks_may_be_others_all_are_embedded_again(
    desk: Desk, passages: PassageTables
) -> None:
    retriever = desk.open(passages, languages=("de",))
    desk.index.catch_up()
    desk.documents.forget_embeddings()
    desk.multilingual.texts.clear()
    assert _first(retriever, GERMAN) == "Delivery"
    assert len(desk.multilingual.texts) == 2 + 1
