"""Word search: any text a person types is a legal query."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.domain import Audience, Document
from assistant.index.words import WordIndex, split_terms
from assistant.store.database import Store
from assistant.store.documents import DocumentTables


@pytest.fixture
def index(store: Store, documents: DocumentTables, now: datetime) -> WordIndex:
    for audience, text in ((Audience.PUBLIC, "A battery swap costs four pounds"), (Audience.INTERNAL, "Café margin")):
        document = Document("/docs", f"{audience}.md", "Prices", text, audience, "hash")
        documents.replace(document, [("Costs", text)], now)
    return WordIndex(store)


@given(text=st.text())
@example(text='" OR battery AND NOT (NEAR("a" "b") * ^ - : {body}:x')
@example(text="\x00 ' ; drop table words_public --")
@example(text="² ½ Ⅷ 𝔘𝔫𝔦 \ud800 ٣")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_legal_query(text: str, index: WordIndex) -> None:
    for audience in Audience:
        index.search(audience, text, 5)
        index.has_phrase(audience, split_terms(text)[:6])


def test_a_very_long_question_is_a_legal_query(index: WordIndex) -> None:
    assert index.search(Audience.PUBLIC, " ".join(f"w{i}" for i in range(5000)) + " battery", 5)


def test_words_are_found_in_any_form_case_or_accent(index: WordIndex) -> None:
    assert index.search(Audience.PUBLIC, "BATTERIES swapping?", 5)
    assert index.search(Audience.INTERNAL, "cafe", 5)


def test_titles_and_headings_are_searched_too(index: WordIndex) -> None:
    assert index.search(Audience.PUBLIC, "prices", 5)
    assert index.search(Audience.PUBLIC, "costs", 5)


def test_larger_scores_come_first_and_are_better(index: WordIndex, documents: DocumentTables, now: datetime) -> None:
    text = "A battery lies in a long text about other things that are no matter of swaps at all"
    documents.replace(Document("/docs", "b.md", "Other", text, Audience.PUBLIC, "h"), [("", text)], now)
    scores = [score for _, score in index.search(Audience.PUBLIC, "battery swap", 5)]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 2


def test_each_audience_has_words_of_its_own(index: WordIndex) -> None:
    assert index.search(Audience.PUBLIC, "margin", 5) == []
    assert not index.has_phrase(Audience.PUBLIC, ["café", "margin"])
    assert index.has_phrase(Audience.INTERNAL, ["café", "margin"])


def test_a_phrase_is_found_only_in_its_order(index: WordIndex) -> None:
    assert index.has_phrase(Audience.PUBLIC, ["battery", "swap"])
    assert not index.has_phrase(Audience.PUBLIC, ["swap", "battery"])


@pytest.mark.parametrize("text", ["", "   ", "?!", "…"])
def test_a_question_without_words_finds_nothing(text: str, index: WordIndex) -> None:
    assert index.search(Audience.PUBLIC, text, 5) == []
