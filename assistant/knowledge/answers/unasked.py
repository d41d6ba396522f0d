"""Whether to speak unasked: in a help channel, a question is answered without a mention only where that is sure."""

import re

from assistant.domain import Answer, Look, Rule
from assistant.knowledge.answers.coverage import find_asked, find_words
from assistant.text.tokens import find_terms

# How much surer than for who asks, where the answer has every word of the question, and where it lacks one;
# docs/evaluation.md says what was measured, on which questions and small talk.
MARGIN = 1.0
_IN_OTHER_WORDS = 0.75
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
    return asks(text)


def asks(text: str) -> bool:
    """Return whether a message asks something: `and for students?`, not `three months, as always`."""
    return bool(_QUESTION_MARK.search(text) or _ASKING.match(text.strip()))


def is_sure(text: str, answer: Answer, margin: float = MARGIN) -> bool:
    """Return whether an answer is sure enough for somebody who did not ask Earshot: whole, and well found."""
    trace = answer.trace
    if not answer.is_grounded or answer.look is not Look.ANSWER or trace is None or trace.rule is not Rule.ANSWERED:
        return False
    margin += 0.0 if _says_all(text, answer) else _IN_OTHER_WORDS
    return trace.confidence >= trace.least_confidence + margin


def _says_all(text: str, answer: Answer) -> bool:
    """Whether what is shown has each word that the message asks about, or another form of it."""
    places = [f"{one.title} {one.heading} {one.quote}" for one in answer.citations]
    said = set(find_words("\n".join([answer.answer, *places])).values())
    return said.issuperset(find_asked(text).values())
