"""How a post feels about us, by VADER (Hutto and Gilbert 2014): English words, emoji and punctuation."""

import re

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from assistant.domain import Sentiment

VERSION = "vader-3.3.2-english"
_THRESHOLD = 0.05  # the paper's own
_WORD = re.compile(r"[^\W_]+")


class SentimentAnalyser:
    """VADER with its lexicon loaded once."""

    def __init__(self) -> None:
        self._vader = SentimentIntensityAnalyzer()
        # It reads emoji by their names, and 😡 is called `pouting face`, which its lexicon lacks; as much as `angry`.
        self._vader.lexicon["pouting"] = -2.3

    def find_sentiment(self, text: str, language: str | None = None) -> tuple[Sentiment, float]:
        """The feeling, and VADER's compound score from -1 to 1; no language given is taken for English."""
        # Its words are English: it takes the German article `die` for dying. Of other languages only emoji count.
        score = float(self._vader.polarity_scores(text if reads(language) else _WORD.sub(" ", text))["compound"])
        if score >= _THRESHOLD:
            return Sentiment.POSITIVE, score
        return (Sentiment.NEGATIVE if score <= -_THRESHOLD else Sentiment.NEUTRAL), score


def reads(language: str | None) -> bool:
    """Whether the words of a language are understood."""
    return (language or "und").lower().partition("-")[0] in ("en", "und")
