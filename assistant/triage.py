"""Analysis to reply, watch or ignore, each with the reason: a pure function."""

import re

from assistant.domain import Analysis, Mention, Sentiment, Triage, TriageAction

_REPOST = re.compile(r"^\s*RT @")
_SPAM = re.compile(
    r"\b(?:giveaway|airdrop|crypto|forex|free (?:iphone|gift ?card|followers)|click (?:my|the) (?:link|bio)|onlyfans"
    r"|earn \$?\d+|whatsapp me|dm (?:me )?for (?:promo|collab)|seo services|backlinks)\b",
    re.IGNORECASE,
)


def triage(mention: Mention, analysis: Analysis) -> Triage:
    """Decide what to do with a mention; the first rule that fits gives the reason."""
    action, reason = _decide(mention, analysis)
    return Triage(mention.mention_id, action, reason)


def _decide(mention: Mention, analysis: Analysis) -> tuple[TriageAction, str]:
    if _REPOST.match(mention.text):
        return TriageAction.IGNORE, "It repeats somebody else's post."
    if _SPAM.search(mention.text):
        return TriageAction.IGNORE, "It reads like spam."
    if not analysis.words:
        return TriageAction.IGNORE, "It says nothing in words."
    if analysis.is_question:
        return TriageAction.REPLY, "It asks a question."
    if analysis.sentiment is Sentiment.NEGATIVE:
        return TriageAction.REPLY, f"It sounds unhappy (sentiment {analysis.sentiment_score:+.2f})."
    if analysis.sentiment is Sentiment.POSITIVE:
        return TriageAction.WATCH, "It is kind and asks for nothing."
    return TriageAction.WATCH, "It neither asks nor complains."
