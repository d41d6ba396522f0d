"""Sentiment of posts: a head for English, one for other languages; weights/MODEL_CARD.md has data and figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.domain import About, Finding, Sentiment
from assistant.listening.analysis.classifiers import (
    Dense,
    Feelings,
    Head,
    Pieces,
    Sparse,
    Words,
    load_head,
    reads_vectors,
)
from assistant.listening.analysis.turns import settle_turns
from assistant.text.calibration import calibration_of

VERSION = "sentiment-3"
FEELING_NAMES = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)
# A feeling less likely than this is hardly more than a guess among three.
LEAST_SURE = 0.4
# Who is called happy and is not goes unheard: of the airline's negative posts 4.9 % were called positive at 0.4.
LEAST_SURE_HAPPY = 0.6
_MOST_READ = 2000  # VADER takes the square of the words, and the embedder reads less still


@dataclass(frozen=True)
class Moods:
    """The feelings of some texts: `odds` has a row a text (negative, neutral, positive), `feelings` are VADER's."""

    odds: Dense
    feelings: Dense


@dataclass(frozen=True)
class NamingRule:
    """How likely a feeling must be at least to be named, a happy one, and its opposite at most."""

    least: float
    happy: float = 0.0
    opposite: float = 1.0


class SentimentFinder:
    """The heads and what they read, loaded once; `embedder` is the name of what made the vectors."""

    def __init__(self, embedder: str) -> None:
        self._has_vectors = reads_vectors(embedder)
        known = calibration_of(embedder)
        self._elsewhere = NamingRule(known.sure_elsewhere, opposite=known.opposite_elsewhere)
        self._feelings, self._words, self._pieces = Feelings(), Words(), Pieces()
        self._english, self._others = load_head("english", embedder), load_head("others", embedder)
        self._emotions = load_head("emotions", embedder)

    def find_rule(self, is_english: bool) -> NamingRule:
        """The rule by which to name a feeling; of other languages less is known."""
        return NamingRule(LEAST_SURE, happy=LEAST_SURE_HAPPY) if is_english else self._elsewhere

    def find_moods(self, texts: Sequence[str], vectors: Dense, is_english: Sequence[bool]) -> Moods:
        """Return the odds of each sentiment, by the beginnings of the texts."""
        texts = [text[:_MOST_READ] for text in texts]
        feelings = self._feelings.read(texts, is_english)
        known = vectors if self._has_vectors else vectors[:, :0]
        odds = np.zeros((len(texts), len(FEELING_NAMES)), dtype=np.float32)
        flags = np.array(is_english, dtype=bool)
        for predict, wanted in ((self._predict_english, flags), (self._predict_others, ~flags)):
            places = np.flatnonzero(wanted)
            if len(places):
                odds[places] = predict([texts[int(place)] for place in places], known[places], feelings[places])
        odds = np.array(
            [settle_turns(text, row.tolist()) for text, row in zip(texts, odds, strict=True)], dtype=np.float32
        )
        odds = odds.reshape(len(texts), len(FEELING_NAMES))
        return Moods(odds, feelings)

    def _predict_english(self, texts: Sequence[str], vectors: Dense, feelings: Dense) -> Dense:
        words = self._words.read(texts)
        course = self._feelings.read_course(texts)
        return self._english.predict(join_english(vectors, feelings, course, self._emotions, words), [words])

    def _predict_others(self, texts: Sequence[str], vectors: Dense, feelings: Dense) -> Dense:
        blocks: list[Sparse] = [self._words.read(texts), self._pieces.read(texts)]
        return self._others.predict(np.hstack([vectors, feelings]), blocks)


def join_english(vectors: Dense, feelings: Dense, course: Dense, emotions: Head, words: Sparse) -> Dense:
    """Join what the English head reads besides words; one part comes from a head learnt from emotions."""
    odds = emotions.predict(vectors, [words])
    return np.hstack([vectors, feelings, course, np.log(odds[:, 1:] / odds[:, :1])]).astype(np.float32)


def name_sentiment(odds: Sequence[float], rule: NamingRule) -> tuple[Finding, float]:
    """The feeling that three odds speak for, and a score from -1 (surely negative) to 1 (surely positive)."""
    best = int(np.argmax(odds))
    score = round(float(odds[2]) - float(odds[0]), 3)
    confidence = round(float(odds[best]), 3)
    least = max(rule.least, rule.happy) if FEELING_NAMES[best] is Sentiment.POSITIVE else rule.least
    opposite = 0.0 if FEELING_NAMES[best] is Sentiment.NEUTRAL else odds[2 - best]
    if odds[best] >= least and opposite < rule.opposite:
        return Finding(About.SENTIMENT, FEELING_NAMES[best], confidence, VERSION), score
    reason = f"No sentiment is much likelier than the others; {FEELING_NAMES[best]} is nearest."
    return Finding(About.SENTIMENT, Sentiment.UNSURE, confidence, VERSION, reason), score
