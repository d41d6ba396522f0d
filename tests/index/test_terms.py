"""What the word index takes for the words of a text."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.text.tokens import find_terms


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_content_words_are_stemmed_without_accents_and_stop_words() -> None:
    assert find_terms("The cafés are pausing, again and again!") == ["cafe", "paus", "again", "again"]


@pytest.mark.usefixtures("hasty_threads")
def test_many_who_ask_at_once_find_the_same_words_as_one() -> None:
    texts = [" ".join(f"{stem}{ending}" for ending in ("ing", "ational", "s")) for stem in make_stems()]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(find_terms, texts))
    find_terms.__globals__["_stem"].cache_clear()
    assert found == [find_terms(text) for text in texts]


def make_stems() -> list[str]:
    """No word of any other test, so that none is known yet."""
    return [
        f"zw{'bcdfgklmnprst'[n % 13]}{'aeiou'[n % 5]}{'bcdfgklmnprst'[n // 13 % 13]}{n // 169}e" for n in range(600)
    ]
