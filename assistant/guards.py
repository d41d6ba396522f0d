"""Checks the exact text that would be sent: nothing of it may stand in internal documents alone."""

from dataclasses import dataclass

from assistant.domain import Audience
from assistant.index.terms import split_words
from assistant.index.words import WordIndex

_RUN_WORDS = 6


@dataclass(frozen=True)
class Finding:
    """What a guard found: the words, and why they must not leave."""

    words: str
    reason: str


class AudienceGuard:
    """Finds runs of words that stand in an internal document and in no public one."""

    def __init__(self, words: WordIndex) -> None:
        self._words = words

    def check(self, text: str) -> list[Finding]:
        """Every run of six words that is internal; overlapping runs are joined to one finding."""
        terms = split_words(text)
        starts = [i for i in range(len(terms) - _RUN_WORDS + 1) if self._is_internal(terms[i : i + _RUN_WORDS])]
        return [Finding(" ".join(terms[first:last]), "stands in an internal document") for first, last in _join(starts)]

    def _is_internal(self, run: list[str]) -> bool:
        return self._words.has_run(Audience.INTERNAL, run) and not self._words.has_run(Audience.PUBLIC, run)


def _join(starts: list[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start in starts:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], start + _RUN_WORDS)
        else:
            spans.append((start, start + _RUN_WORDS))
    return spans
