"""Nothing of what only staff may know leaves: words, meaning, names, places, dates and planted marks.

Runs of words that are in an internal document and in no public one.
"""

import re
from collections.abc import Iterator

from assistant.domain import Audience
from assistant.domain.replies import Effect, Objection
from assistant.knowledge.search.vectors import VectorIndex
from assistant.knowledge.search.words import WordIndex
from assistant.knowledge.tables.documents import DocumentTables
from assistant.replies.guards.guards import Candidate
from assistant.replies.guards.internal_hosts import InternalHostFinder
from assistant.replies.guards.internal_meaning import MeaningFinder
from assistant.replies.guards.internal_names import NameFinder
from assistant.replies.guards.lookalikes import Folded, spell_both_ways
from assistant.replies.guards.private_words import PrivateWords
from assistant.text.embedding import Embedder

_RUN_WORDS = 6
_WORD = re.compile(r"[^\W_]+")
_REASON = "“{}” is in an internal document and in no public one: say it in words that are public."


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
        return self._words.has_run_inside(run) and not self._words.has_run(Audience.PUBLIC, run)


def _join(starts: list[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start in starts:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], start + _RUN_WORDS)
        else:
            spans.append((start, start + _RUN_WORDS))
    return spans


class AudienceGuard:
    """The only part of the way to customers that may look into internal documents: to keep them in."""

    def __init__(
        self,
        documents: DocumentTables,
        words: WordIndex,
        vectors: VectorIndex,
        embedder: Embedder,
        private: PrivateWords,
    ) -> None:
        self._runs = RunFinder(words)
        self._names = NameFinder(private, documents, words)
        self._places = InternalHostFinder(private, documents)
        self._meaning = MeaningFinder(documents, words, vectors, embedder)

    def check(self, candidate: Candidate) -> list[Objection]:
        """Check for sure finds first; a sentence near in meaning is reported only where none of its words was found."""
        found = [f for finder in (self._runs, self._names, self._places) for f in finder.check(candidate)]
        starts = {finding.start for finding in found if finding.guard == "audience"}
        near = [
            finding
            for finding in self._meaning.check(candidate)
            if not any(finding.start <= start < finding.start + len(finding.words) for start in starts)
        ]
        return [*found, *near]
