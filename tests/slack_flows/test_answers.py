"""What a reader finds under an answer: sources that are due for a review, and what did not fit."""

from dataclasses import replace
from datetime import date

import pytest
from fakes import read_wordings
from slack_flows.making import CARD, CITATIONS, DRAFT, SENTENCES, read_texts

from assistant.domain import Answer, Audience, Citation, Sentence, Support
from assistant.slack.answers.blocks import build_answer_blocks
from assistant.slack.cards import build_card

TODAY = date(2026, 11, 16)
ANSWER = Answer("", True, "", sentences=SENTENCES, citations=CITATIONS)


def show(answer: Answer, today: date = TODAY) -> str:
    return "\n".join(read_texts(build_answer_blocks(answer, Audience.INTERNAL, today, read_wordings().choose())))


def review(review_by: str | None) -> tuple[Citation, ...]:
    return tuple(replace(citation, review_by=review_by) for citation in CITATIONS)


@pytest.mark.parametrize(
    ("review_by", "due"),
    [("2026-11-15", " (review was due 2026-11-15)"), ("2026-11-16", ""), ("2027-01-01", ""), (None, "")],
)
def test_a_review_that_is_overdue_stands_beside_its_source(review_by: str | None, due: str) -> None:
    shown = show(replace(ANSWER, citations=review(review_by)))
    assert f"[1] [2] <https://d.example/pause|Pausing › How>{due}\n" in shown
    card = replace(CARD, draft=replace(DRAFT, citations=review(review_by)))
    assert f"<https://d.example/pause|Pausing>{due}\n" in "\n".join(read_texts(build_card(card, TODAY)))


def test_what_fits_is_shown_without_a_word_about_the_rest() -> None:
    shown = show(ANSWER)
    assert "Good question.\nYou pause in the app. [1]\nIt is free. [2]" in shown
    assert "Not shown" not in shown
    assert "more source" not in shown


def test_sentences_that_do_not_fit_are_counted_and_leave_with_their_sources() -> None:
    sentences = tuple(Sentence("Long. " * 200, Support.QUOTED, (number,)) for number in range(1, 8))
    citations = tuple(replace(CITATIONS[0], number=number, title=f"Page {number}") for number in range(1, 8))
    shown = show(replace(ANSWER, sentences=sentences, citations=citations))
    assert "3 more sentences are not shown here." in shown
    assert "Page 4" in shown
    assert "Page 5" not in shown


def test_a_sentence_that_is_too_long_is_cut_between_two_signs_and_keeps_its_citation() -> None:
    shown = show(replace(ANSWER, sentences=(Sentence("a" + "&" * 3000, Support.QUOTED, (1,)),)))
    assert "&amp;… [1]\n" in shown
    assert "The end of a long sentence is not shown here." in shown


def test_sources_that_do_not_fit_are_counted() -> None:
    citations = tuple(replace(CITATIONS[0], number=n, title=f"Page {n} {'x' * 150}") for n in range(1, 31))
    sentences = tuple(Sentence("Short.", Support.QUOTED, (number,)) for number in range(1, 31))
    shown = show(replace(ANSWER, sentences=sentences, citations=citations))
    assert "… and 17 more sources" in shown


def test_only_what_is_drawn_from_documents_is_said_to_be() -> None:
    counted = Answer("", True, "Counted.", sentences=(Sentence("2 posts.", Support.COUNTED),), writer="counts")
    for answer, is_said in ((ANSWER, True), (counted, False)):
        shown = "\n".join(read_texts(build_answer_blocks(answer, Audience.PUBLIC, TODAY, read_wordings().choose())))
        assert ("public documents only" in shown) is is_said
