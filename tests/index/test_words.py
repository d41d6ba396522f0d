"""Word search: any text a person types is a legal query."""

import re
from datetime import datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.core.database import Store
from assistant.domain import Audience, Document
from assistant.knowledge.search.words import WordIndex
from assistant.knowledge.tables.documents import DocumentTables, PassagePiece
from assistant.text.tokens import find_terms, split_words

PUBLIC, INTERNAL = Audience.PUBLIC, Audience.INTERNAL


def _write(documents: DocumentTables, document_id: str, text: str, audience: Audience, now: datetime) -> None:
    piece = PassagePiece("Costs", text, (find_terms("Prices"), find_terms("Costs"), find_terms(text)))
    documents.replace(Document("/docs", document_id, "Prices", text, audience, "hash"), [piece], now)


def _search(index: WordIndex, audience: Audience, text: str) -> list[int]:
    return index.search(audience, find_terms(text), 2.0, 5)


@pytest.fixture
def index(store: Store, documents: DocumentTables, now: datetime) -> WordIndex:
    _write(documents, "public.md", "A battery swap costs **four** pounds", PUBLIC, now)
    _write(documents, "internal.md", "Café margin", INTERNAL, now)
    return WordIndex(store)


@given(text=st.text())
@example(text='" OR battery AND NOT (NEAR("a" "b") * ^ - : {body}:x')
@example(text="\x00 ' ; drop table words_public --")
@example(text="² ½ Ⅷ 𝔘𝔫𝔦 \ud800 ٣")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_a_query_that_finds_what_has_one_of_its_terms(text: str, index: WordIndex) -> None:
    for audience in Audience:
        has_term = bool(index.count_chunks_with(audience, find_terms(text)))
        assert bool(_search(index, audience, text)) == has_term
        assert not index.has_run(audience, split_words(text)[:6]) or has_term


@given(term=st.text(st.characters(exclude_categories=["Cs", "Cc"])))
@example(term='x" OR "batteri')
@example(term="x OR batteri*")
@example(term="title: price")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_term_at_all_is_quoted(term: str, index: WordIndex) -> None:
    """More words than one are a phrase, and nothing is an operator."""
    words = re.findall(r"\w+", term.lower())
    is_known = len(words) == 1 and bool(index.count_chunks_with(PUBLIC, words))
    assert bool(index.search(PUBLIC, [term], 2.0, 5)) == is_known


def test_the_words_of_a_very_long_question_are_counted(index: WordIndex) -> None:
    text = "battery " + " ".join(f"w{number}" for number in range(5000))
    assert index.count_chunks_with(PUBLIC, find_terms(text)) == {"batteri": 1}


@pytest.mark.parametrize("text", ["BATTERIES swapping?", "prices", "cost"])
def test_words_are_found_in_any_form_in_titles_headings_and_text(text: str, index: WordIndex) -> None:
    assert len(_search(index, PUBLIC, text)) == 1


def test_accents_do_not_matter(index: WordIndex) -> None:
    assert _search(index, INTERNAL, "cafe") == _search(index, INTERNAL, "CAFÉ") != []


def test_the_chunk_with_more_of_the_words_comes_first(
    index: WordIndex, documents: DocumentTables, now: datetime
) -> None:
    _write(
        documents, "other.md", "A battery lies in a long text about other matters that are none of ours", PUBLIC, now
    )
    assert _search(index, PUBLIC, "battery swap") == [1, 3]


def test_each_audience_has_words_of_its_own(index: WordIndex) -> None:
    assert _search(index, PUBLIC, "margin") == []
    assert not index.has_run(PUBLIC, ["cafe", "margin"])
    assert index.has_run(INTERNAL, ["cafe", "margin"])
    assert (index.size(PUBLIC), index.size(INTERNAL)) == ((1, 7), (1, 4))


def test_a_run_is_found_only_in_its_order_and_whatever_its_markup(index: WordIndex) -> None:
    assert index.has_run(PUBLIC, ["a", "battery", "swap"])
    assert index.has_run(PUBLIC, ["costs", "four", "pounds"])
    assert not index.has_run(PUBLIC, ["swap", "battery"])
    assert not index.has_run(PUBLIC, ["four", "pound"]), "word for word"


@pytest.mark.parametrize("text", ["", "   ", "?!", "…", "the and of"])
def test_a_question_without_words_of_content_finds_nothing(text: str, index: WordIndex) -> None:
    assert _search(index, PUBLIC, text) == []
