"""Lessons in words: for people who read the list of them, and for a chat model that writes."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain import Advice, AdviceRule
from assistant.replies.drafting.frames import fill_template

_SHOWN = 120


def list_advice(advice: Sequence[Advice], author: str) -> tuple[str, ...]:
    """Lines for a chat model: what holds for how it writes, with the author's names filled in."""
    said = [one for one in advice if one.rule not in (AdviceRule.NO_REPLY, AdviceRule.REPLY_ANYWAY)]
    return tuple(describe_advice(replace(one, words=fill_template(one.words, author))) for one in said)


def describe_advice(advice: Advice) -> str:
    """One line for people and for a chat model."""
    words, instead = _quote(advice.words), _quote(advice.instead)
    match advice.rule:
        case AdviceRule.MOST_CHARACTERS:
            return f"At most {advice.number} characters."
        case AdviceRule.REPLACE if not advice.instead:
            return f"Leave out {words}."
        case AdviceRule.REPLACE:
            return f"Instead of {words} write {instead}."
        case AdviceRule.GREETING if advice.words:
            return f"Greet with {words}."
        case AdviceRule.SIGN_OFF if advice.words:
            return f"End with {words}."
        case AdviceRule.NO_REPLY:
            return f"Do not reply to what asks nothing ({advice.words})."
        case AdviceRule.REPLY_ANYWAY:
            return f"Reply also to what looks like “{advice.words}”."
    return _PLAIN[advice.rule]


def _quote(text: str) -> str:
    flat = " ".join(text.replace("“", "").replace("”", "").split())
    return f"“{flat[:_SHOWN]}”"


_PLAIN = {
    AdviceRule.NO_OPENING: "Leave out the opening words where there are facts.",
    AdviceRule.NO_CLOSING: "Leave out the closing words where there are facts.",
    AdviceRule.GREETING: "No greeting.",
    AdviceRule.SIGN_OFF: "No sign-off.",
    AdviceRule.NO_EMOJI: "No emoji.",
    AdviceRule.NO_EXCLAMATION: "No exclamation marks.",
    AdviceRule.NO_HASHTAGS: "No hashtags.",
    AdviceRule.OWN_LINES: "Greeting and sign-off stand on lines of their own.",
}
