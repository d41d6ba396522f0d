"""Whether to speak unasked: in a help channel, a question is answered without a mention only where that is sure."""

import re

from assistant.domain import Answer, Look, Rule
from assistant.text.tokens import find_terms

# How much surer than for who asks; docs/evaluation.md says what was measured, on which questions and small talk.
MARGIN = 1.0
_QUESTION_MARK = re.compile(r"[?？؟]")
_ASKING = re.compile(
    r"(?:how|what|when|where|which|who|why|can|could|do|does|did|is|are|will|would|should|may)\b", re.IGNORECASE
)
# Who speaks to a person, or of this moment, asks people.
_TO_PEOPLE = re.compile(
    r"^\W*(?:@|<@|<!)|\b(?:anyone|anybody|somebody|someone|y'all|you guys|who's|who is (?:on|in|up|free|around)"
    r"|are you|did you|have you|can you|could you|will you|would you|do you|shall we|should we|are we|let's"
    r"|right now|just now|today|tonight|tomorrow|yesterday|this morning|lunch|coffee|standup|stand-up)\b",
    re.IGNORECASE,
)
_LEAST_TERMS, _MOST_CHARACTERS = 2, 600


def may_be_for_documents(text: str) -> bool:
    """Return whether a message that names nobody of us may be a question to the company's documents."""
    if len(text) > _MOST_CHARACTERS or len(find_terms(text)) < _LEAST_TERMS or _TO_PEOPLE.search(text):
        return False
    return bool(_QUESTION_MARK.search(text) or _ASKING.match(text.strip()))


def is_sure(answer: Answer, margin: float = MARGIN) -> bool:
    """Return whether an answer is sure enough to be given to somebody who did not ask for it: whole, and well found."""
    trace = answer.trace
    return (
        answer.is_grounded
        and answer.look is Look.ANSWER
        and trace is not None
        and trace.rule is Rule.ANSWERED
        and trace.confidence >= trace.least_confidence + margin
    )
