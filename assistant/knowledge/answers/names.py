"""Versions, numbers of things and plans that a question names: what does not have them is about another one."""

import re
from collections.abc import Iterator, Sequence

from assistant.text.tokens import find_terms, split_words

_VERSION = re.compile(r"(?<![\w.,€$£])[vV]?(\d{1,4}(?:\.\d{1,4}){1,3})(?![\w%]|[.,]\d|\s?(?:[%€$£]|EUR|km|kg|am|pm))")
_SHORT_VERSION = re.compile(r"(?<![\w.-])([vV]\d{1,3})(?![\w-]|\.\d)")
_CODE = re.compile(r"(?<![\w-])(?!Q[1-4]\b|H[12]\b)([A-Z]{1,3}-?\d{1,3}[a-z]?)(?![\w-])")
_NUMBERED = re.compile(
    r"\b(?:version|firmware|release|model|form|error|code|level|room|article|type|series|edition|gate|bay|zone)"
    r"\s+(\d{1,4}[a-z]?)(?![\w.,]*\d)",
    re.IGNORECASE,
)
_PLAN = re.compile(r"(?<![.!?]\s)(?<!^)\b([A-Z][\w-]{1,30})\s+(?:plan|edition|tier|package|subscription|model)\b")

_INNER_NAME = re.compile(r"(?<=[a-z0-9,;)] )[^\W\d_a-z][\w-]*|\b[A-Z][A-Z\d]+\b")
_COMMON_WORD = re.compile(r"(?<![\w-])[a-z]\w*")


def find_names(question: str) -> tuple[str, ...]:
    """Find the names in the question, in order: `2.12`, `v4`, `E-104`, the 7 of `error 7`, the Gold of `Gold plan`."""
    return tuple(dict.fromkeys(_find(question)))


def holds(text: str, name: str) -> bool:
    """Return whether a text names it too: 2.1 is not in 2.10, nor in 12.1."""
    return re.search(rf"(?<![\w.])v?{re.escape(name)}(?!\w|\.\d)", text, re.IGNORECASE) is not None


def find_written_names(question: str, texts: Sequence[str]) -> tuple[str, ...]:
    """Find the words of the question that the texts only write with a capital: `berlin` where they write `Berlin`."""
    text = "\n".join(texts)
    named = {word for found in _INNER_NAME.finditer(text) for word in split_words(found[0])}
    common = {word for found in _COMMON_WORD.finditer(text) for word in split_words(found[0])}
    return tuple(word for word in dict.fromkeys(split_words(question)) if find_terms(word) and word in named - common)


def _find(question: str) -> Iterator[str]:
    for pattern in (_VERSION, _SHORT_VERSION, _CODE, _NUMBERED):
        yield from (found[1] for found in pattern.finditer(question))
    yield from (found[1] for found in _PLAN.finditer(question) if find_terms(found[1]))
