"""Reads a question: the several questions in one message, and whether it is about a page itself."""

import re

from assistant.text.sentences import split_sentences

_ASKS = (
    r"(?:what|when|where|who|whom|whose|which|why|how|can|could|may|must|should|do|does|did|is|are|will|would|has|have)"
)
_AND = re.compile(rf"(?:[,;]\s*|\s)(?:and|or|also)\s+(?:also\s+)?(?={_ASKS}\s)", re.IGNORECASE)
_BEGINS = re.compile(rf"(?:(?:and|also|so|hi|hello|please|then)[,\s]+)*{_ASKS}\s", re.IGNORECASE)
_OWNER = re.compile(
    r"\b(?:who(?:[’']?s| is| has| was)? (?:owns?|maintains?|wrote|keeps?|looks after|responsible for)|owner of)\b"
    r".*\b(?:pages?|documents?|docs?|policy|policies|guides?|playbooks?|rules|files?|slides?|decks?|glossary|articles?)\b",
    re.IGNORECASE,
)
_LEAST_WORDS = 4


def split_questions(text: str) -> tuple[str, ...]:
    """The questions of one message, where each can stand alone; else the message itself.

    `How much is it and who pays it?` stays whole: its second half does not say what it asks about.
    """
    parts = [part for sentence in split_sentences(text) for part in _split_sentence(sentence)]
    return tuple(parts) if len(parts) > 1 and all(map(_stands_alone, parts)) else (text,)


def asks_owner(text: str) -> bool:
    """Return whether a question is about who looks after a page, and not about what a page says."""
    return bool(_OWNER.search(text))


def _split_sentence(sentence: str) -> list[str]:
    return [part.strip() for part in _AND.split(sentence) if part.strip()]


def _stands_alone(part: str) -> bool:
    words = re.findall(r"[\w'’-]+", part.lower())
    points_back = {"it", "they", "them", "that", "this", "those", "he", "she", "its", "their"} & set(words)
    return len(words) >= _LEAST_WORDS and bool(_BEGINS.match(part)) and not points_back
