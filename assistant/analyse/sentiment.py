"""How posts feel: one head for English, one for other languages; weights/MODEL_CARD.md has data and figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.analyse.features import Dense, Feelings, Pieces, Sparse, Words
from assistant.analyse.heads import Head, load_head, reads_vectors
from assistant.domain import About, Finding, Sentiment

VERSION = "sentiment-1"
FEELING_NAMES = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)
# A feeling less likely than this is hardly more than a guess among three; of other languages less is known.
LEAST_SURE = 0.4
LEAST_SURE_ELSEWHERE = 0.6


@dataclass(frozen=True)
class Moods:
    """The feelings of some texts: `odds` has a row a text (negative, neutral, positive), `feelings` are VADER's."""

    odds: Dense
    feelings: Dense


class SentimentFinder:
    """The heads and what they read, loaded once; `embedder` is the name of what made the vectors."""

    def __init__(self, embedder: str) -> None:
        self._embedder = embedder
        self._feelings, self._words, self._pieces = Feelings(), Words(), Pieces()
        self._english, self._others = load_head("english", embedder), load_head("others", embedder)

    def find_moods(self, texts: Sequence[str], vectors: Dense, is_english: Sequence[bool]) -> Moods:
        """How likely each feeling is."""
        feelings = self._feelings.read(texts, is_english)
        dense = np.hstack([vectors, feelings]) if reads_vectors(self._embedder) else feelings
        odds = np.zeros((len(texts), len(FEELING_NAMES)), dtype=np.float32)
        flags = np.array(is_english, dtype=bool)
        for head, wanted in ((self._english, flags), (self._others, ~flags)):
            places = np.flatnonzero(wanted)
            if len(places):
                odds[places] = self._predict(head, [texts[int(place)] for place in places], dense[places])
        return Moods(odds, feelings)

    def _predict(self, head: Head, texts: Sequence[str], dense: Dense) -> Dense:
        blocks: list[Sparse] = [self._words.read(texts)]
        if head is self._others:
            blocks.append(self._pieces.read(texts))
        return head.predict(dense, blocks)


def name_sentiment(odds: Sequence[float], is_english: bool) -> tuple[Finding, float]:
    """The feeling that three odds speak for, and a score from -1 (surely negative) to 1 (surely positive)."""
    best = int(np.argmax(odds))
    score = round(float(odds[2]) - float(odds[0]), 3)
    confidence = round(float(odds[best]), 3)
    if odds[best] >= (LEAST_SURE if is_english else LEAST_SURE_ELSEWHERE):
        return Finding(About.SENTIMENT, FEELING_NAMES[best], confidence, VERSION), score
    reason = f"No feeling is much likelier than the others; {FEELING_NAMES[best]} is nearest."
    return Finding(About.SENTIMENT, Sentiment.UNSURE, confidence, VERSION, reason), score
