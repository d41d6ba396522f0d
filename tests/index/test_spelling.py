"""Typing errors are put right in English alone: the dictionary that knows a word from an error is English."""

from pathlib import Path

from fakes_reply import Library

from assistant.domain import Audience
from assistant.knowledge.search.spelling import Spelling


def test_a_word_of_another_language_is_no_typing_error(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.add("Plans", "The Lane plan is the cheapest. Every lane is marked.")
    asked = "lange for the plan"
    assert Spelling(library.words).correct(asked, Audience.PUBLIC).changes == (("lange", "lane"),)
    assert Spelling(library.words, lambda text: False).correct(asked, Audience.PUBLIC).text == asked
