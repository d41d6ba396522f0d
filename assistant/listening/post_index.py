"""The vectors of mentions, a collection a month: the newest months are searched without a filter."""

from collections.abc import Callable, Sequence
from datetime import datetime

from assistant.domain import Mention
from assistant.errors import SearchIndexError
from assistant.knowledge.search.vectors import VectorIndex, mention_collection
from assistant.knowledge.tables.documents import POST_EMBEDDER, DocumentTables
from assistant.listening.tables.post_vectors import MentionVectorTables, find_month
from assistant.text.embedding import Embedder, Vectors

_BATCH = 500
_MOST_COMPARED = 2_000
_MOST_NEIGHBOURS = 20_000


class MentionIndex:
    """Finds posts by meaning. The store is the truth: whatever is missing here is embedded from it."""

    def __init__(
        self, tables: MentionVectorTables, facts: DocumentTables, vectors: VectorIndex, embedder: Embedder
    ) -> None:
        self._tables = tables
        self._facts = facts
        self._vectors = vectors
        self._embedder = embedder

    def keep(self, mentions: Sequence[Mention], vectors: Vectors) -> None:
        """Keep a batch's vectors, a row a mention. Safe to repeat after a crash."""
        self._check_embedder()
        numbers = self._tables.number(mentions)
        places: dict[str, list[int]] = {}
        for place, mention in enumerate(mentions):
            places.setdefault(find_month(mention.created_at), []).append(place)
        for month, rows in places.items():
            chosen = [numbers[mentions[place].mention_id] for place in rows]
            self._vectors.add(mention_collection(month), chosen, vectors[rows])
        self._tables.mark_kept(list(numbers.values()))

    def catch_up(self, report: Callable[[int], None] = lambda done: None) -> int:
        """Forget what was edited or removed, embed what has no vector yet; returns how many were embedded."""
        self.forget_outdated()
        embedded = 0
        while mentions := self._tables.without_vectors(_BATCH):
            self.keep(mentions, self._embedder.embed([mention.text for mention in mentions]))
            embedded += len(mentions)
            report(embedded)
        return embedded

    def forget_outdated(self) -> None:
        """Forget the vectors of posts that were edited or removed. Safe to repeat after a crash."""
        for month, numbers in self._tables.outdated().items():
            self._vectors.remove(mention_collection(month), numbers)
            self._tables.forget(numbers)

    def rebuild(self, report: Callable[[int], None] = lambda done: None) -> int:
        """Forget every vector and embed all mentions again."""
        for month in self._tables.forget_all():
            self._vectors.clear(mention_collection(month))
        self._facts.remember_fact(POST_EMBEDDER, self._embedder.name)
        return self.catch_up(report)

    def search(self, text: str, since: datetime | None, limit: int) -> list[tuple[Mention, float]]:
        """The posts nearest in meaning, with their cosine, best first; of the months since `since`, or of all."""
        self._check_embedder()
        vector = self._embedder.embed([text])[0]
        first = find_month(since) if since else ""
        months = [month for month in self._tables.months() if month >= first]
        found = [near for month in months for near in self._search_month(month, vector, since, limit)]
        return sorted(found, key=lambda near: -near[1])[:limit]

    def compare(self, text: str, mention_ids: Sequence[str]) -> dict[str, float]:
        """Return the cosines of a text to these posts; those without a vector are left out."""
        self._check_embedder()
        places = self._tables.places(mention_ids)
        vector = self._embedder.embed([text])[0] if places else None
        found: dict[str, float] = {}
        for month in {month for _, month in places.values()}:
            names = {number: name for name, (number, at) in places.items() if at == month}
            near = self._vectors.compare(mention_collection(month), vector, list(names)) if vector is not None else []
            found |= {names[number]: cosine for number, cosine in near}
        return found

    def _search_month(
        self, month: str, vector: Vectors, since: datetime | None, limit: int
    ) -> list[tuple[Mention, float]]:
        """Of the month in which `since` lies, most of the nearest may be too old: few young ones are compared one
        by one (copies of one old text can hide them from the index however many are asked for), of many, more are
        asked for."""
        collection = mention_collection(month)
        if since and month == find_month(since):
            young = self._tables.young(month, since, _MOST_COMPARED + 1)
            if len(young) <= _MOST_COMPARED:
                return self._read(self._vectors.compare(collection, vector, young), since)
        wanted = limit
        while True:
            found = self._vectors.search(collection, vector, wanted)
            kept = self._read(found, since)
            if len(kept) >= limit or len(found) < wanted or wanted >= _MOST_NEIGHBOURS:
                return kept
            wanted = min(4 * wanted, _MOST_NEIGHBOURS)

    def _read(self, found: Sequence[tuple[int, float]], since: datetime | None) -> list[tuple[Mention, float]]:
        """The posts that are still there and are young enough."""
        mentions = self._tables.mentions([number for number, _ in found])
        kept = [(mentions[number], cosine) for number, cosine in found if number in mentions]
        return [(mention, cosine) for mention, cosine in kept if not since or mention.created_at >= since]

    def _check_embedder(self) -> None:
        made_by = self._facts.fact(POST_EMBEDDER)
        if made_by is None:
            self._facts.remember_fact(POST_EMBEDDER, self._embedder.name)
        elif made_by != self._embedder.name:
            raise SearchIndexError(
                f"The index of mentions was made by {made_by}, not by {self._embedder.name}.",
                "Run earshot reindex, or set EMBEDDING_MODEL and EMBEDDING_BACKEND back.",
            )
