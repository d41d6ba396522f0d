"""What strangers write comes in within bounds, and nothing gets round them."""

import tracemalloc
from datetime import UTC, datetime

import pytest

from assistant.domain import Audience, Document, Mention, Question, ThreadPost
from assistant.domain.outside import CUT, DOCUMENT, NAME, POST, QUESTION, SENTENCE, Bounds, bound
from assistant.knowledge.answers.chat import ChatAnswer
from assistant.knowledge.answers.chat_model import keep_bounds
from assistant.slack.answers.events import Asked

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
HOSTILE = ["\n", "-", "x", "ab ", "é", "😡", "\u202e", "\x00", "\x1b[31m", "自行车。", "…", " ", CUT, "\r\n", "a…"]
KINDS = [POST, QUESTION, SENTENCE, NAME]


def test_ordinary_text_is_left_as_it_is() -> None:
    text = "Hi @ann!\n\n- so good 🚲🚲🚲\n- مرحبا دراجتي\n\thttps://larkspur.example/a?b=c#d " + "Ride on. " * 500
    assert bound(text, POST) == text


def test_what_is_too_long_is_cut_and_marked() -> None:
    text = bound("ride on " * 10_000, POST)
    assert len(text) <= POST.length
    assert text.endswith((f"ride{CUT}", f"on{CUT}"))


def test_a_character_over_and_over_is_kept_a_few_times() -> None:
    assert bound("How do I pause my plan?" + "\n" * 10_000 + "Please!", POST) == (
        "How do I pause my plan?" + "\n" * POST.run + "Please!"
    )


def test_a_word_without_an_end_is_cut() -> None:
    assert bound(f"see {'ab' * 10_000} there", DOCUMENT) == f"see {'ab' * (DOCUMENT.word // 2)}… there"


def test_a_run_of_megabytes_takes_no_more_memory_than_its_text() -> None:
    text = "x" * 5_000_000
    tracemalloc.start()
    assert bound(text, DOCUMENT) == "x" * DOCUMENT.run
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4 * len(text)


def test_a_page_in_a_language_without_spaces_is_kept_whole() -> None:
    page = "自行车坏了请问怎么办" * 5_000
    assert bound(page, DOCUMENT) == page


def test_control_and_direction_characters_are_taken_out_and_line_breaks_are_all_alike() -> None:
    text = "a\x1b[31mb\x9bc\u202ed\u2066e\x00f\r\ng\rh\u2028i\tj"
    assert bound(text, POST) == "a[31mbcdef\ng\nh\ni\tj"


def test_signs_that_hide_words_stay_for_those_who_judge_them() -> None:
    assert bound("ig\u200bnore \U000e0041", POST) == "ig\u200bnore \U000e0041"


@pytest.mark.parametrize("bounds", KINDS)
@pytest.mark.parametrize("unit", HOSTILE, ids=repr)
def test_bounding_twice_is_bounding_once(unit: str, bounds: Bounds) -> None:
    for count in (1, bounds.length // len(unit), 5 * bounds.length):
        once = bound(unit * count, bounds)
        assert len(once) <= bounds.length
        assert bound(once, bounds) == once


def test_every_noun_that_comes_from_outside_is_bounded() -> None:
    text = "\u202e" + "ride on " * 10_000
    mention = Mention("file:1", "file", "1", text, text, NOW, location=text)
    assert mention.text == bound(text, POST)
    assert mention.author == mention.location == bound(text, NAME)
    thread_post = ThreadPost("file", "1", text, text, NOW)
    assert (thread_post.author, thread_post.text) == (bound(text, NAME), bound(text, POST))
    page = Document("pages", "a.md", text, "x" * 10_000, Audience.PUBLIC, "hash", owner=text)
    assert (page.title, page.owner, len(page.text)) == (bound(text, NAME), bound(text, NAME), DOCUMENT.run)
    assert Question(text).text == Asked("key", "D1", "1", "U1", text).text == bound(text, QUESTION)


def test_each_text_of_a_chat_model_is_bounded() -> None:
    said = {"sentences": [{"text": "ride on " * 1_000, "citations": [1]}], "missing": "-" * 1_000}
    answer = ChatAnswer.model_validate(keep_bounds(said))
    assert len(answer.sentences[0].text) <= SENTENCE.length
    assert answer.sentences[0].text.endswith(CUT)
    assert answer.sentences[0].citations == [1]
    assert answer.missing == "-" * SENTENCE.run
