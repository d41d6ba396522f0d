"""A Mention to its Analysis: puts the single questions together."""

from assistant.analyse import sentiment
from assistant.analyse.question import is_question
from assistant.analyse.sentiment import SentimentAnalyser
from assistant.analyse.words import find_words
from assistant.domain import Analysis, Mention


class Analyser:
    """Finds out everything about one mention at a time."""

    def __init__(self) -> None:
        self._sentiment = SentimentAnalyser()

    def analyse(self, mention: Mention) -> Analysis:
        """The Analysis of one mention."""
        feeling, score = self._sentiment.find_sentiment(mention.text, mention.lang)
        return Analysis(
            mention_id=mention.mention_id,
            sentiment=feeling,
            sentiment_score=score,
            words=find_words(mention.text, mention.lang),
            is_question=is_question(mention.text),
            version=sentiment.VERSION,
        )
