"""Asks a chat model about the posts whose sentiment is unsure, a few at a time and within a daily budget."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel, Field

from assistant.core.prompts import Prompts
from assistant.domain import About, Analysis, Finding, Intent, Mention, Sentiment
from assistant.errors import ModelError

_log = logging.getLogger(__name__)

VERSION = "chat"
_AT_ONCE = 10
_CONFIDENCE = 0.7  # no model tells how sure it is; more than a guess, less than a person
_SCORES = {Sentiment.NEGATIVE: -0.5, Sentiment.NEUTRAL: 0.0, Sentiment.POSITIVE: 0.5}

TakeFromBudget = Callable[[int, str], int]


class ChatLabel(BaseModel):
    """The model's labels of one post."""

    number: int = Field(description="The number of the post")
    sentiment: Sentiment = Field(description="negative, neutral or positive")
    intent: Intent = Field(description="What the author wants")


class ChatLabels(BaseModel):
    """The model's labels of a few posts."""

    labels: list[ChatLabel] = Field(max_length=2 * _AT_ONCE)


class ChatLabeller:
    """Gives labels of a chat model to analyses that are unsure; `take` says how many posts a day still has."""

    def __init__(self, ask_model: Callable[[str], ChatLabels], prompts: Prompts, take: TakeFromBudget) -> None:
        self._ask_model = ask_model
        self._prompts = prompts
        self._take = take

    def review(self, mentions: Sequence[Mention], analyses: Sequence[Analysis], now: datetime) -> list[Analysis]:
        """The analyses, with the unsure ones asked about; one the model fails on stays as it is."""
        reviewed = list(analyses)
        unsure = [at for at, found in enumerate(analyses) if found.sentiment is Sentiment.UNSURE and not found.copy_of]
        unsure = unsure[: self._take(len(unsure), now.date().isoformat())] if unsure else []
        for start in range(0, len(unsure), _AT_ONCE):
            places = unsure[start : start + _AT_ONCE]
            for number, label in self._ask([mentions[at].text for at in places]).items():
                reviewed[places[number]] = _relabel(analyses[places[number]], label)
        return reviewed

    def _ask(self, texts: list[str]) -> dict[int, ChatLabel]:
        """Labels by a text's place; nothing where the model fails."""
        prompt = self._prompts.fill("label", posts=texts, intents=[str(intent) for intent in Intent])
        try:
            labels = self._ask_model(prompt.text).labels
        except ModelError as error:
            _log.warning("posts stay unsure: %s", error.message)
            return {}
        usable = (label for label in labels if label.sentiment in _SCORES and 1 <= label.number <= len(texts))
        return {label.number - 1: label for label in usable}


def _relabel(analysis: Analysis, label: ChatLabel) -> Analysis:
    reason = "The chat model says so."
    new = {
        About.SENTIMENT: Finding(About.SENTIMENT, label.sentiment, _CONFIDENCE, VERSION, reason),
        About.INTENT: Finding(About.INTENT, label.intent, _CONFIDENCE, VERSION, reason),
    }
    corrected = {finding.about for finding in analysis.findings if finding.version == "person"}
    findings = tuple(
        finding if finding.about in corrected else new.get(finding.about, finding) for finding in analysis.findings
    )
    return replace(
        analysis,
        sentiment=label.sentiment,
        sentiment_score=_SCORES[label.sentiment],
        findings=findings,
    )
