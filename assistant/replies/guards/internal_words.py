"""Nothing of what only staff may know leaves: words, meaning, names, places, dates and planted marks."""

from assistant.domain.replies import Objection
from assistant.knowledge.search.vectors import VectorIndex
from assistant.knowledge.search.words import WordIndex
from assistant.knowledge.tables.documents import DocumentTables
from assistant.replies.guards.candidate import Candidate
from assistant.replies.guards.internal_hosts import PlaceFinder
from assistant.replies.guards.internal_meaning import MeaningFinder
from assistant.replies.guards.internal_names import NameFinder
from assistant.replies.guards.private_words import PrivateWords
from assistant.replies.guards.runs import RunFinder
from assistant.text.embedding import Embedder


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
        self._places = PlaceFinder(private, documents)
        self._meaning = MeaningFinder(documents, words, vectors, embedder)

    def check(self, candidate: Candidate) -> list[Objection]:
        """What is sure comes first; a sentence near in meaning is told only where none of its words was found."""
        found = [f for finder in (self._runs, self._names, self._places) for f in finder.check(candidate)]
        starts = {finding.start for finding in found if finding.guard == "audience"}
        near = [
            finding
            for finding in self._meaning.check(candidate)
            if not any(finding.start <= start < finding.start + len(finding.words) for start in starts)
        ]
        return [*found, *near]
