"""Everything an ingest touches, with short ways to look at it."""

from datetime import datetime
from pathlib import Path

from fakes import FakeEmbedder

from assistant.domain import Audience
from assistant.knowledge.ingest.report import IngestReport
from assistant.knowledge.search.index import SearchIndex
from assistant.knowledge.search.vectors import VectorIndex, chunk_collection
from assistant.knowledge.search.words import WordIndex
from assistant.knowledge.sources.ingest import Ingest
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.passages import PassageTables
from assistant.knowledge.tables.sources import SourceTables
from assistant.text.tokens import find_terms

PUBLIC, INTERNAL = Audience.PUBLIC, Audience.INTERNAL
LIMIT = 100_000


class Bench:
    """A knowledge base with a fake embedder."""

    def __init__(self, documents: DocumentTables, vectors: VectorIndex, passages: PassageTables, now: datetime) -> None:
        self.documents, self.vectors, self.passages, self.now = documents, vectors, passages, now
        self.words = WordIndex(documents._store)
        self.embedder = FakeEmbedder()
        self.sources = SourceTables(documents._store)
        self.may_remove = False

    def run(self, *places: Path | str, audience: Audience | None = None, address: str | None = None) -> IngestReport:
        """Ingest."""
        index = SearchIndex(self.documents, self.vectors, self.passages, self.embedder)
        ingest = Ingest(self.documents, self.sources, index, LIMIT)
        given = [str(place) for place in places]
        return ingest.run(given, audience, self.now, may_remove=lambda *asked: self.may_remove, address=address)

    def ids(self) -> list[str]:
        """`document_id` of every document, one of each source."""
        return sorted(name for source in self.documents.sources() for name in self.documents.hashes(source))

    def hits(self, text: str) -> list[int]:
        """How many chunks of each audience have this word."""
        return [len(self.words.search(audience, find_terms(text), 2.0, 100)) for audience in (PUBLIC, INTERNAL)]

    def check_in_step(self) -> None:
        """Store, words and vectors hold the same chunks, once each."""
        count = self.documents.count()
        assert count["chunks_to_embed"] == 0
        assert self.documents.removed_chunks() == {audience: [] for audience in Audience}
        assert sum(self.vectors.count(chunk_collection(audience)) for audience in Audience) == count["chunks"]
        assert sum(self.hits("text")) == sum(self.words.size(audience)[0] for audience in Audience) == count["chunks"]
        assert len(self.passages.vectors(range(1000))) == count["chunks"]
