"""Analysis to reply, watch or ignore, each with the reason: a pure function."""

import re

from assistant.domain import About, Analysis, Intent, Mention, Sentiment, Triage, TriageAction, Urgency

_REPOST = re.compile(r"^\s*RT @")
_SPAM = re.compile(
    r"\b(?:airdrop|(?:crypto|forex|token) (?:giveaway|presale|signals?|profits?|investment|trading)|presale live"
    r"|free (?:iphone|gift ?card|followers)|click (?:my|the) (?:link|bio)|link in bio|onlyfans"
    r"|earn [$€£]?\d+|make [$€£]?\d+ a day|whatsapp me|dm (?:me )?for (?:promo|collab)|check my channel"
    r"|seo services|backlinks|do.?follow links|guest post|rank you #?1|selected as (?:a |the )?winner)\b",
    re.IGNORECASE,
)
_LINK_OR_NAME = re.compile(r"(?:https?://|www\.)\S+|@\w+")
_WORD = re.compile(r"[^\W\d_]{2}")
_SURE = 0.6


def triage(mention: Mention, analysis: Analysis) -> Triage:
    """Decide what to do with a mention; the first rule that fits gives the reason."""
    action, reason = _decide(mention, analysis)
    return Triage(mention.mention_id, action, reason)


def reads_like_spam(text: str) -> bool:
    """By phrases that hardly anybody else writes."""
    return bool(_SPAM.search(text))


def _decide(mention: Mention, analysis: Analysis) -> tuple[TriageAction, str]:
    if _REPOST.match(mention.text):
        return TriageAction.IGNORE, "It repeats somebody else's post."
    if analysis.copy_of:
        return TriageAction.IGNORE, f"It repeats an earlier post, {analysis.copy_of}."
    if reads_like_spam(mention.text) or _is_surely(analysis, Intent.SPAM):
        return TriageAction.IGNORE, "It reads like spam."
    # Not by `analysis.words`: they leave stop words out, and `How do I do that?` is nothing else.
    if not _WORD.search(_LINK_OR_NAME.sub(" ", mention.text)):
        return TriageAction.IGNORE, "It says nothing in words."
    if analysis.competitors_alone:
        return TriageAction.WATCH, f"It is about {' and '.join(analysis.competitors_alone)}, not about us."
    urgency = analysis.find(About.URGENCY)
    if urgency and urgency.label == Urgency.HIGH:
        return TriageAction.REPLY, f"It is urgent. {urgency.reason}"
    if _is_surely(analysis, Intent.JOB):
        return TriageAction.REPLY, "It asks about work with us."
    if analysis.is_question:
        return TriageAction.REPLY, "It asks a question."
    return _decide_by_feeling(analysis)


def _decide_by_feeling(analysis: Analysis) -> tuple[TriageAction, str]:
    score = f"(sentiment {analysis.sentiment_score:+.2f})"
    if analysis.sentiment is Sentiment.NEGATIVE:
        return TriageAction.REPLY, f"Negative {score}."
    if _is_surely(analysis, Intent.LEAVING):
        return TriageAction.REPLY, "The author may be cancelling."
    if analysis.sentiment is Sentiment.POSITIVE:
        return TriageAction.WATCH, "Praise, no reply needed."
    if analysis.sentiment is Sentiment.UNSURE:
        return TriageAction.WATCH, f"It asks no question; how it feels is not sure {score}."
    return TriageAction.WATCH, "It neither asks nor complains."


def _is_surely(analysis: Analysis, intent: Intent) -> bool:
    found = analysis.find(About.INTENT)
    return found is not None and found.label == intent and found.confidence >= _SURE
