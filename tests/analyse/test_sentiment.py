"""How a post feels: the shipped heads, with and without vectors, and what they make of other languages."""

import numpy as np
import pytest
from fakes_reply import make_mention
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import About, Sentiment
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.analysis.classifiers import Feelings
from assistant.listening.analysis.sentiment import SentimentFinder, name_sentiment
from assistant.text.embedding import SentenceTransformerEmbedder
from assistant.text.language import reads_english

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
    assert name_sentiment(odds.tolist(), FINDER.find_rule(english))[0].label == feeling


def test_a_clear_post_feels_as_a_reader_would_say_with_vectors(real_embedder: SentenceTransformerEmbedder) -> None:
    texts, english = [text for text, _, _ in CLEAR], [is_english for _, is_english, _ in CLEAR]
    odds = SentimentFinder(real_embedder.name).find_moods(texts, real_embedder.embed(texts), english).odds
    found = [
        name_sentiment(row.tolist(), FINDER.find_rule(flag))[0].label for row, flag in zip(odds, english, strict=True)
    ]
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
    finding, found = name_sentiment(odds, FINDER.find_rule(english))
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


def test_a_feeling_whose_opposite_is_nearly_as_likely_is_not_named_where_the_embedder_reads_all_languages() -> None:
    rule = SentimentFinder("multilingual-e5-small-centred (int8)").find_rule(False)
    assert name_sentiment([0.45, 0.2, 0.35], rule)[0].label == UNSURE
    assert name_sentiment([0.45, 0.35, 0.2], rule)[0].label == NEGATIVE


TURNS = [
    ("I can't complain", True, POSITIVE),
    ("Thanks for nothing.", True, NEGATIVE),
    ("Great, another week without my parcel 👏", True, NEGATIVE),
    ("🤬🤬", True, NEGATIVE),
    ("they split the payment. no drama", True, POSITIVE),
    ("could not be happier with the new saddle", True, POSITIVE),
    ("Wow, my package is lost again. Amazing work 👏👏", True, NEGATIVE),
    ("wonderful, third time this week it breaks", True, UNSURE),
    ("Thank you for finding my lost bag so fast, great work", True, POSITIVE),
    ("Danke für nichts", False, NEGATIVE),
    ("Ich kann mich nicht beschweren", False, POSITIVE),
    ("❤️❤️", True, POSITIVE),
]


@pytest.mark.parametrize(("text", "english", "feeling"), TURNS)
def test_a_turn_of_phrase_feels_as_it_is_meant(text: str, english: bool, feeling: Sentiment) -> None:
    odds = FINDER.find_moods([text], NO_VECTOR, [english]).odds[0]
    assert name_sentiment(odds.tolist(), FINDER.find_rule(english))[0].label == feeling


@pytest.mark.parametrize(("text", "intent"), [("Thanks for nothing.", "complaint"), ("I can't complain", "praise")])
def test_what_is_bitter_is_no_praise_and_what_is_content_no_complaint(text: str, intent: str) -> None:
    found = Analyser().analyse(make_mention("1", text))
    assert [finding.label for finding in found.findings if finding.about is About.INTENT] == [intent]
