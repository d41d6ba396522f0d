"""How a post feels: VADER on English, emoji alone on what is not English."""

import pytest

from assistant.analyse.sentiment import SentimentAnalyser, reads
from assistant.domain import Sentiment

ANALYSER = SentimentAnalyser()
NEGATIVE, NEUTRAL, POSITIVE = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE


@pytest.mark.parametrize(
    ("text", "language", "feeling"),
    [
        ("I love this bike", "en", POSITIVE),
        ("I LOVE this bike!!! 😍", None, POSITIVE),
        ("This is not good", "en", NEGATIVE),
        ("Terrible support, I am angry", "en-GB", NEGATIVE),
        ("The bike has two wheels", "en", NEUTRAL),
        ("", None, NEUTRAL),
        ("Die Störung war am Donnerstag", "de", NEUTRAL),
        ("Het fietst, maar die bel", "nl", NEUTRAL),
        ("Tolles Rad 😍", "de", POSITIVE),
        ("Encore en panne 😡", "fr", NEGATIVE),
        ("😡", "und", NEGATIVE),
    ],
)
def test_a_post_feels_as_a_reader_would_say(text: str, language: str | None, feeling: Sentiment) -> None:
    found, score = ANALYSER.find_sentiment(text, language)
    assert found is feeling
    assert (score >= 0.05, score <= -0.05) == (feeling is POSITIVE, feeling is NEGATIVE)


def test_only_english_and_the_unknown_are_read() -> None:
    assert [reads(language) for language in ("en", "EN-us", None, "", "und", "de", "eng-x")] == [
        True,
        True,
        True,
        True,
        True,
        False,
        False,
    ]
