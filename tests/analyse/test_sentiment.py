"""How a post feels: the shipped heads, with and without vectors, and what they make of other languages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import Sentiment
from assistant.listening.analysis.classifiers import Feelings
from assistant.listening.analysis.language import reads_english
from assistant.listening.analysis.sentiment import SentimentFinder, name_sentiment
from assistant.text.embedding import SentenceTransformerEmbedder

FINDER = SentimentFinder("")
NEGATIVE, NEUTRAL, POSITIVE, UNSURE = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE, Sentiment.UNSURE
NO_VECTOR = np.zeros((1, 0), dtype=np.float32)

CLEAR = [
    ("I love this bike", True, POSITIVE),
    ("I LOVE this bike!!! 😍", True, POSITIVE),
    ("Terrible support, I am angry", True, NEGATIVE),
    ("Worst company ever, two hours on hold and then they hung up", True, NEGATIVE),
    ("The shop opens at nine tomorrow", True, NEUTRAL),
    ("Tolles Rad 😍", False, POSITIVE),
    ("Encore en panne 😡", False, NEGATIVE),
]


@pytest.mark.parametrize(("text", "english", "feeling"), CLEAR)
def test_a_clear_post_feels_as_a_reader_would_say_without_vectors(text: str, english: bool, feeling: Sentiment) -> None:
    odds = FINDER.find_moods([text], NO_VECTOR, [english]).odds[0]
    assert name_sentiment(odds.tolist(), english)[0].label == feeling


def test_a_clear_post_feels_as_a_reader_would_say_with_vectors(real_embedder: SentenceTransformerEmbedder) -> None:
    texts, english = [text for text, _, _ in CLEAR], [is_english for _, is_english, _ in CLEAR]
    odds = SentimentFinder(real_embedder.name).find_moods(texts, real_embedder.embed(texts), english).odds
    found = [name_sentiment(row.tolist(), flag)[0].label for row, flag in zip(odds, english, strict=True)]
    assert found == [feeling for _, _, feeling in CLEAR]


@pytest.mark.parametrize(
    ("odds", "english", "label", "score"),
    [
        ([0.1, 0.2, 0.7], True, POSITIVE, 0.6),
        ([0.7, 0.2, 0.1], False, NEGATIVE, -0.6),
        ([0.36, 0.32, 0.32], True, UNSURE, -0.04),
        ([0.45, 0.35, 0.2], True, NEGATIVE, -0.25),
        ([0.45, 0.35, 0.2], False, UNSURE, -0.25),
    ],
)
def test_a_feeling_that_is_hardly_likelier_than_the_others_is_unsure(
    odds: list[float], english: bool, label: Sentiment, score: float
) -> None:
    finding, found = name_sentiment(odds, english)
    assert (finding.label, found) == (label, score)
    assert finding.confidence == max(odds)
    assert bool(finding.reason) == (label is UNSURE)


@settings(deadline=None, max_examples=200)
@given(texts=st.lists(st.text(), min_size=1, max_size=3), english=st.booleans())
def test_any_text_has_three_odds_that_add_up(texts: list[str], english: bool) -> None:
    moods = FINDER.find_moods(texts, np.zeros((len(texts), 0), dtype=np.float32), [english] * len(texts))
    assert moods.odds.shape == (len(texts), 3)
    assert np.allclose(moods.odds.sum(axis=1), 1, atol=1e-3)


def test_of_other_languages_vader_reads_emoji_only() -> None:
    compound = Feelings().read(["Die Störung war am Donnerstag", "Die Störung 😡", "😡"], [False, False, True])[:, 3]
    assert compound[0] == 0
    assert compound[1] < -0.05
    assert compound[2] < -0.05


def test_only_english_and_the_unknown_are_read_as_english() -> None:
    languages = ("en", "EN-us", None, "", "und", "unknown", "de", "eng-x")
    assert [reads_english(language) for language in languages] == [True] * 6 + [False] * 2
