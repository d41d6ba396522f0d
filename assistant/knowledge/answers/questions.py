"""Reads a question: the several questions in one message, and the words that only ask."""

import re

from assistant.text.sentences import split_sentences

_ASKS = (
    r"(?:what|when|where|who|whom|whose|which|why|how|can|could|may|must|should|do|does|did|is|are|will|would|has|have)"
)
_AND = re.compile(rf"(?:[,;]\s*|\s)(?:and|or|also)\s+(?:also\s+)?(?={_ASKS}\s)", re.IGNORECASE)
_BEGINS = re.compile(rf"(?:(?:and|also|so|hi|hello|please|then)[,\s]+)*{_ASKS}\s", re.IGNORECASE)
_LEAST_WORDS = 4
_ASKING = frozenset(
    "much many long often high old big large far soon late early cost costs kind sort way happen happens mean means"
    " there use used myself yourself".split()
)


def split_questions(text: str) -> tuple[str, ...]:
    """The questions of one message, where each can stand alone; else the message itself.

    `How much is it and who pays it?` stays whole: its second half does not say what it asks about.
    """
    parts = [part for sentence in split_sentences(text) for part in _split_sentence(sentence)]
    return tuple(parts) if len(parts) > 1 and all(map(_stands_alone, parts)) else (text,)


def only_asks(word: str) -> bool:
    """Return whether a word belongs to the asking and not to its subject: the `much` of `how much`."""
    return word in _ASKING


def _split_sentence(sentence: str) -> list[str]:
    return [part.strip() for part in _AND.split(sentence) if part.strip()]


def _stands_alone(part: str) -> bool:
    words = re.findall(r"[\w'’-]+", part.lower())
    points_back = {"it", "they", "them", "that", "this", "those", "he", "she", "its", "their"} & set(words)
    return len(words) >= _LEAST_WORDS and bool(_BEGINS.match(part)) and not points_back
