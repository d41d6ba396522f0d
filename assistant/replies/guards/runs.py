"""Runs of words that stand in an internal document and in no public one."""

import re
from collections.abc import Iterator

from assistant.domain import Audience
from assistant.domain.replies import Effect, Objection
from assistant.knowledge.search.words import WordIndex
from assistant.replies.guards.candidate import Candidate
from assistant.replies.guards.lookalikes import Folded, spell_both_ways

_RUN_WORDS = 6
_WORD = re.compile(r"[^\W_]+")
_REASON = "“{}” stands in an internal document and in no public one: say it in words that are public."


class RunFinder:
    """Six words in a row are a run: five happen by chance."""

    def __init__(self, words: WordIndex) -> None:
        self._words = words

    def check(self, candidate: Candidate) -> list[Objection]:
        """Overlapping runs are joined to one finding."""
        found = [
            finding for folded in spell_both_ways(candidate.text) for finding in self._find(folded, candidate.text)
        ]
        return list({finding.start: finding for finding in found}.values())

    def _find(self, folded: Folded, text: str) -> Iterator[Objection]:
        words = list(_WORD.finditer(folded.text))
        terms = [word[0] for word in words]
        starts = [i for i in range(len(terms) - _RUN_WORDS + 1) if self._is_internal(terms[i : i + _RUN_WORDS])]
        for first, last in _join(starts):
            start, end = folded.place(words[first].start()), folded.place(words[last - 1].end() - 1) + 1
            yield Objection("audience", text[start:end], _REASON.format(text[start:end]), Effect.BLOCK, start)

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
