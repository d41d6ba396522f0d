"""What a search gives first, and how sure it is."""

from pathlib import Path

import pytest
from fakes_reply import Library

from assistant.domain import Question, Turn
from assistant.knowledge.search.ranking import choose_terms
from assistant.knowledge.search.retriever import NOTHING


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path)
    library.add("Pausing", "You can pause your plan for three months in the app.")
    library.add("Batteries", "Charge the battery indoors and keep it dry.")
    return library


def test_the_document_that_answers_comes_first_and_each_document_once(library: Library) -> None:
    found = library.retriever.search(Question("how do I charge the battery?"))
    assert [result.chunk.title for result in found.documents] == ["Batteries", "Pausing"]


def test_a_question_beside_the_point_is_less_sure_than_one_to_it(library: Library) -> None:
    fits = library.retriever.search(Question("can I pause my plan in the app?"))
    misses = library.retriever.search(Question("who won the football?"))
    assert fits.confidence > misses.confidence + 1


def test_what_was_asked_before_tells_what_a_short_question_means(library: Library) -> None:
    history = (Turn("user", "tell me about the battery"), Turn("assistant", "It can be charged."))
    found = library.retriever.search(Question("and where should it be kept?", history=history))
    assert found.documents[0].chunk.title == "Batteries"


def test_of_two_that_say_the_same_the_newer_comes_first(library: Library) -> None:
    # A page that says no date has its file's, which is today's here.
    for title, day in (("Old rule", "2024-05-01"), ("New rule", "2026-05-01"), ("Undated rule", "")):
        mark = f"\nupdated: {day}" if day else ""
        library.add(f"{title}{mark}", "Refunds above the limit need the shift lead.")
    found = library.retriever.search(Question("who must approve refunds above the limit?"))
    assert [result.chunk.title for result in found.documents][:3] == ["Undated rule", "New rule", "Old rule"]


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    assert Library(tmp_path).retriever.search(Question("anything?")) == NOTHING


def test_a_common_word_is_not_looked_up_where_that_would_read_too_many_chunks() -> None:
    terms = {"rare": 1.0, "known": 0.5, "common": 1.0, "unseen": 1.0}
    idf = {"rare": 9.0, "known": 6.0, "common": 0.1, "unseen": 12.0}
    assert choose_terms(terms, idf, {"rare": 2, "known": 500, "common": 90_000}) == ["rare", "known"]
    assert choose_terms(terms, idf, {"common": 90_000}) == ["common"]


def test_a_very_long_question_looks_up_its_weightiest_words_only() -> None:
    terms = {f"word{number}": 1.0 for number in range(5000)}
    chosen = choose_terms(terms, dict.fromkeys(terms, 2.0) | {"word7": 5.0}, dict.fromkeys(terms, 1))
    assert (len(chosen), chosen[0]) == (12, "word7")


def test_a_page_whose_review_is_overdue_loses_to_an_older_one_that_somebody_stands_for(library: Library) -> None:
    library.add("Overdue\nupdated: 2026-06-01\nreview_by: 2026-10-01", "Return shipping of a helmet costs 5 pounds.")
    library.add("Kept\nupdated: 2024-06-01\nreview_by: 2027-10-01", "Return shipping of a helmet costs no pounds.")
    found = library.retriever.search(Question("what does return shipping of a helmet cost?"))
    assert [result.chunk.title for result in found.documents][:2] == ["Kept", "Overdue"]


def test_names_in_the_question_that_no_chunk_has_are_told(library: Library) -> None:
    found = library.retriever.search(Question("Can I pause my plan by Telegram?"))
    assert found.unknown_names == ("Telegram",)
    assert library.retriever.search(Question("can I pause my plan by telegram?")).unknown_names == ()
    assert library.retriever.search(Question("Can I Pause My Plan By Telegram?")).unknown_names == ()
