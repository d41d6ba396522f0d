"""Posts as long as a book: one of them must not hold up all others."""

import time
from datetime import UTC, datetime

import pytest

from assistant.domain import About, Mention
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.analysis.duplicates import find_words_of_repeats

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
SECONDS = 8.0  # a few tenths are usual; what grows with the square of the text takes minutes
LONG = {
    "words": "my bike is broken and the app fails ",
    "one letter": "x",
    "lines": "\n",
    "spaces": "Hi   ",
    "handles": "@ann ",
    "digits": "1",
    "capitals": "SO BAD ",
    "brackets": "([",
    "arabic": "مرحبا دراجتي ",
    "chinese": "自行车坏了",
}


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    found = Analyser()
    found.analyse(_mention("warm up"))
    return found


@pytest.mark.parametrize("unit", LONG.values(), ids=LONG)
def test_a_post_of_two_million_letters_is_analysed_within_seconds(analyser: Analyser, unit: str) -> None:
    text = unit * (2_000_000 // len(unit))
    began = time.monotonic()
    analyser.analyse(_mention(text))
    find_words_of_repeats(text)
    assert time.monotonic() - began < SECONDS


def test_a_danger_far_down_in_a_long_post_is_still_seen(analyser: Analyser) -> None:
    found = analyser.analyse(_mention("It was a nice ride. " * 500 + "Then the brakes failed and I was in hospital."))
    urgency = found.find(About.URGENCY)
    assert urgency
    assert urgency.label == "high"


def _mention(text: str) -> Mention:
    return Mention("file:1", "file", "1", "ann", text, NOW)
