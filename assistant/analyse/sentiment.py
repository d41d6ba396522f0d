"""How a post feels about us, by VADER (Hutto and Gilbert 2014): English words, emoji and punctuation."""

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from assistant.domain import Sentiment

VERSION = "vader-3.3.2"
_THRESHOLD = 0.05  # the paper's own


class SentimentAnalyser:
    """VADER with its lexicon loaded once."""

    def __init__(self) -> None:
        self._vader = SentimentIntensityAnalyzer()

    def find_sentiment(self, text: str) -> tuple[Sentiment, float]:
        """The feeling, and VADER's compound score from -1 to 1."""
        score = float(self._vader.polarity_scores(text)["compound"])
        if score >= _THRESHOLD:
            return Sentiment.POSITIVE, score
        return (Sentiment.NEGATIVE if score <= -_THRESHOLD else Sentiment.NEUTRAL), score
