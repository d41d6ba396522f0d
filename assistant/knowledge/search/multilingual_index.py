"""The chunks by the multilingual embedder, beside the English one: made once another language than English is met."""

from collections.abc import Callable, Sequence
from functools import cached_property

from assistant.domain import Chunk
from assistant.knowledge.search.space import Space
from assistant.knowledge.search.vectors import VectorIndex
from assistant.knowledge.tables.documents import MULTILINGUAL_EMBEDDER, DocumentTables
from assistant.knowledge.tables.passages import MultilingualTables
from assistant.text.embedding import Embedder
from assistant.text.language import ENGLISH, LanguageFinder, name_language
from assistant.text.tokens import strip_markup

_NAME = "multilingual"
_MET_FACT = "languages_met"
_BATCH = 256
_AT_ONCE = 1024  # chunks that a question may wait for: a minute at most
_FOREIGN_SHARE = 0.2
_MOST_READ = 4000  # characters of a document, for its language


class MultilingualIndex:
    """Catches up by itself: what the store has and the passages lack is embedded, what only they have is forgotten.

    `build_embedder` gives None where there is no multilingual embedder. `languages` are those that the company named;
    where it named none, the first text in another language than English asks for this index.
    """

    def __init__(
        self,
        documents: DocumentTables,
        vectors: VectorIndex,
        tables: MultilingualTables,
        build_embedder: Callable[[], Embedder | None],
        languages: Sequence[str] = (),
    ) -> None:
        self._documents = documents
        self._vectors = vectors
        self._tables = tables
        self._build_embedder = build_embedder
        self._named = frozenset(languages)

    @cached_property
    def space(self) -> Space | None:
        """The vectors; None without a multilingual embedder."""
        embedder = self._build_embedder()
        return Space(self._vectors, self._tables, embedder, _NAME) if embedder else None

    @property
    def is_allowed(self) -> bool:
        """False where the company named English alone."""
        return not self._named or bool(self._named - {ENGLISH})

    @property
    def is_wanted(self) -> bool:
        """True once another language than English was named or met."""
        return bool(self._named - {ENGLISH}) or (self.is_allowed and self._documents.fact(_MET_FACT) is not None)

    @property
    def is_over_foreign_documents(self) -> bool:
        """True where so many documents are in other languages that questions in English need this index as well."""
        return self.is_wanted and self._tables.foreign_share(ENGLISH) > _FOREIGN_SHARE

    def find_language(self, text: str) -> str:
        """The language of a question or a chunk: English unless another one is likely."""
        return name_language(self._finder.find_language(text))

    def is_english(self, text: str) -> bool:
        """Return whether a text is read as English."""
        return self.find_language(text) == ENGLISH

    def note_languages(self, chunks: Sequence[Chunk]) -> None:
        """Look whether new chunks are in another language than English."""
        if self.is_allowed and not self.is_wanted and set(self._find_languages(chunks).values()) - {ENGLISH}:
            self._documents.remember_fact(_MET_FACT, "documents")

    def prepare(self) -> Space | None:
        """The vectors for a question in another language; None where there are none, or too many are still missing."""
        if not self.is_allowed or self.space is None:
            return None
        if not self.is_wanted:
            self._documents.remember_fact(_MET_FACT, "questions")
        self._forget_other_embedder(self.space)
        if len(self._missing()) > _AT_ONCE:
            return None
        self.catch_up()
        return self.space

    def catch_up(self, report: Callable[[int], None] = lambda done: None) -> int:
        """Embed what is new, forget what was removed; returns how many were embedded. Safe to repeat after a crash."""
        if not self.is_wanted or self.space is None:
            return 0
        self._forget_other_embedder(self.space)
        if gone := sorted(self._tables.chunk_ids() - self._documents.chunk_ids()):
            for audience in self._documents.audiences():
                self.space.remove(audience, gone)
        missing = self._missing()
        for start in range(0, len(missing), _BATCH):
            chunks = list(self._documents.chunks(missing[start : start + _BATCH]).values())
            # First, as the passages tell what is done.
            self._tables.note_languages(list(self._find_languages(chunks).items()))
            self.space.add(chunks)
            report(min(start + _BATCH, len(missing)))
        return len(missing)

    def languages(self, chunk_ids: Sequence[int]) -> dict[int, str]:
        """The languages of those that are kept."""
        return self._tables.languages(chunk_ids)

    def spoken(self) -> list[str]:
        """The languages of the documents, the commonest first."""
        return self._tables.spoken()

    def rebuild(self, report: Callable[[int], None] = lambda done: None) -> int:
        """Forget every vector, and embed all chunks again where they are wanted."""
        if self.is_wanted and self.space is not None:
            self.space.clear(self._documents.audiences())
        return self.catch_up(report)

    def _missing(self) -> list[int]:
        return sorted(self._documents.chunk_ids() - self._tables.chunk_ids())

    def _find_languages(self, chunks: Sequence[Chunk]) -> dict[int, str]:
        """The language of each chunk's document: as it says itself, else as its chunks among these read.

        A table of names alone would mislead.
        """
        texts: dict[tuple[str, str], str] = {}
        named = {(chunk.source, chunk.document_id): chunk.lang for chunk in chunks if chunk.lang}
        for chunk in chunks:
            key = chunk.source, chunk.document_id
            texts[key] = f"{texts.get(key, chunk.title)}\n{strip_markup(chunk.text)}"[:_MOST_READ]
        languages = {key: named.get(key) or self.find_language(text) for key, text in texts.items()}
        return {chunk.chunk_id: languages[chunk.source, chunk.document_id] for chunk in chunks}

    def _forget_other_embedder(self, space: Space) -> None:
        """All of it can be made again: vectors of another embedder are replaced without a word."""
        if self._documents.fact(MULTILINGUAL_EMBEDDER) != space.embedder.name:
            space.clear(self._documents.audiences())
            self._documents.remember_fact(MULTILINGUAL_EMBEDDER, space.embedder.name)

    @cached_property
    def _finder(self) -> LanguageFinder:
        return LanguageFinder()
