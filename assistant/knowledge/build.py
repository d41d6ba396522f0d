"""What the company knows: search, answers and the writers."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from assistant.core.config import Settings
from assistant.core.prompts import Prompts
from assistant.knowledge.answers.answering import Answering
from assistant.knowledge.answers.chat import ChatAnswer, ChatWriter, Form, build_model
from assistant.knowledge.answers.extractive import QuotingWriter
from assistant.knowledge.answers.sections import Sections
from assistant.knowledge.answers.writing import Writer
from assistant.knowledge.ingest.ingest import Ingest
from assistant.knowledge.search.index import SearchIndex
from assistant.knowledge.search.retriever import Retriever
from assistant.knowledge.search.sharing import open_vectors
from assistant.knowledge.search.vectors import VectorIndex
from assistant.knowledge.search.words import WordIndex
from assistant.tables import Tables
from assistant.text.embedding import Embedder, measure_likeness
from assistant.text.embedding_int8 import build_embedder


def read_clock() -> datetime:
    """Now, as aware UTC."""
    return datetime.now(UTC)


class Knowing(Tables):
    """What the company knows: search, answers and the writers."""

    def __init__(
        self, settings: Settings, clock: Callable[[], datetime] = read_clock, embedder: Embedder | None = None
    ) -> None:
        super().__init__(settings)
        self.clock = clock
        self._embedder = embedder

    @cached_property
    def embedder(self) -> Embedder:
        if self._embedder:
            return self._embedder
        settings = self.settings
        return build_embedder(settings.embedding_backend, settings.embedding_model, settings.earshot_home / "models")

    @cached_property
    def vectors(self) -> VectorIndex:
        return open_vectors(self.settings.earshot_home, self.settings.earshot_chroma_url)

    @cached_property
    def words(self) -> WordIndex:
        return WordIndex(self.store)

    @cached_property
    def index(self) -> SearchIndex:
        return SearchIndex(self.documents, self.vectors, self.passages, self.embedder)

    @cached_property
    def prompts(self) -> Prompts:
        folder = self.settings.prompts_dir
        shipped = Path(__file__).parent.parent.parent / "prompts"
        return Prompts(shipped if folder == Path("prompts") and not folder.is_dir() else folder)

    @cached_property
    def ingest(self) -> Ingest:
        return Ingest(self.documents, self.index, self.settings.max_document_mb * 1_000_000)

    @cached_property
    def retriever(self) -> Retriever:
        return Retriever(self.documents, self.words, self.index, self.today)

    @cached_property
    def quoting(self) -> QuotingWriter:
        return QuotingWriter(self.embedder, Sections(self.documents).read)

    @cached_property
    def chat(self) -> ChatWriter | None:
        return ChatWriter(self._build_model(ChatAnswer), self.prompts) if self.settings.chat_model else None

    def _build_model(self, form: type[Form]) -> Callable[[str], Form]:
        settings = self.settings
        key = settings.chat_model_key.get_secret_value() if settings.chat_model_key else ""
        return build_model(
            settings.chat_model, settings.chat_model_url, key, settings.chat_model_timeout_seconds, form, self._note_use
        )

    def measure_likeness(self, text: str, others: Sequence[str]) -> float:
        """See evidence.Likeness."""
        return measure_likeness(self.embedder, text, others)

    @cached_property
    def answering(self) -> Answering:
        writer: Writer = self.chat or self.quoting
        return Answering(self.retriever, writer, self.quoting, self.measure_likeness, self.settings.answer_confidence)

    def today(self) -> date:
        """The day it is in the company's time zone."""
        return self.clock().astimezone(self.settings.zone).date()

    def _note_use(self, model: str, read: int, written: int) -> None:
        self.measuring.note_use(model, read, written, self.clock())
