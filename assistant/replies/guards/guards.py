"""Runs every guard over the exact text that somebody wants to send.

What the guards look at: the exact text, the post it answers, and what it rests on.

The exact text in sentences, each with its support: what no known sentence covers rests on nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain import Citation, Mention, Sentence, Support, ThreadPost
from assistant.domain.replies import Effect, Objection
from assistant.replies.style_guides import Guide
from assistant.text.facts.courtesy import is_courtesy
from assistant.text.sentences import split_sentences


@dataclass(frozen=True)
class Candidate:
    """A text that somebody wants to send; `thread` is what was said before, oldest first."""

    text: str
    mention: Mention
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    guide: Guide
    thread: tuple[ThreadPost, ...] = ()


class Guard(Protocol):
    """One way of looking at a text."""

    def check(self, candidate: Candidate) -> list[Objection]:
        """Check a text before it is sent."""


_ORDER = {Effect.BLOCK: 0, Effect.HOLD: 1, Effect.WARN: 2}


class Guards:
    """All guards as one."""

    def __init__(self, guards: Sequence[Guard]) -> None:
        self._guards = tuple(guards)

    def check(self, candidate: Candidate) -> tuple[Objection, ...]:
        """Every finding once, what blocks first; nothing for a text that may leave."""
        if not candidate.text.strip():
            return ()
        found = dict.fromkeys(finding for guard in self._guards for finding in guard.check(candidate))
        return tuple(sorted(found, key=lambda finding: _ORDER[finding.effect]))


_SENTENCE_ENDS = (".", "!", "?", "…")


@dataclass(frozen=True)
class CheckedSentence:
    """A sentence of the text, where it starts there, and what it rests on."""

    text: str
    start: int
    support: Support


def split_parts(candidate: Candidate) -> list[CheckedSentence]:
    """Every word of the text in one part; a sentence that is in the list but not in the text counts for nothing."""
    parts: list[CheckedSentence] = []
    rest = candidate.text
    left = sorted((one for one in candidate.sentences if one.text.strip()), key=lambda one: -len(one.text))
    while found := _find_first(left, rest):
        sentence, (start, end) = found
        left.remove(sentence)
        parts.append(CheckedSentence(candidate.text[start:end], start, sentence.support))
        # Lines of its own set apart what stood before and after.
        rest = rest[:start] + "\n" * (end - start) + rest[end:]
    return sorted([*parts, *_split_rest(rest)], key=lambda part: part.start)


def _find_first(left: Sequence[Sentence], rest: str) -> tuple[Sentence, tuple[int, int]] | None:
    missed: set[str] = set()  # an edit may hold the same few signs a thousand times
    for one in left:
        if one.text not in missed:
            if place := _find(one, rest):
                return one, place
            missed.add(one.text)
    return None


def _split_rest(rest: str) -> list[CheckedSentence]:
    parts = []
    place = 0
    for text in split_sentences(rest):
        start = rest.find(text, place)
        place = start + len(text) if start >= 0 else place
        parts.append(CheckedSentence(text, start, Support.COURTESY if is_courtesy(text) else Support.UNSUPPORTED))
    return parts


def _find(sentence: Sentence, text: str) -> tuple[int, int] | None:
    words = r"\s+".join(map(re.escape, sentence.text.split()))
    places = (found.span() for found in re.finditer(words, text))
    return next((place for place in places if _stands_alone(text, *place)), None)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """In the middle of another sentence it is something else: `It is a myth that bikes are free.`

    Not by a pattern: one that begins with white space takes the square of a long run of it.
    """
    before, after = text[:start].rstrip(), text[end:].lstrip()
    begins = not before or before.endswith(_SENTENCE_ENDS) or "\n" in text[len(before) : start]
    gap = text[end : len(text) - len(after)]
    return begins and (not after or "\n" in gap or (bool(gap) and text[:end].endswith(_SENTENCE_ENDS)))
