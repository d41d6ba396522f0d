"""The department of what the company knows: documents, search and answers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

from assistant.core.database import Store
from assistant.core.home import Home
from assistant.domain import Answer, Question
from assistant.knowledge.answers.answerer import Answerer
from assistant.knowledge.answers.chat import ChatAnswer, ChatWriter, Form, Writer, build_model
from assistant.knowledge.answers.extractive import QuotingWriter
from assistant.knowledge.answers.sections import Sections
from assistant.knowledge.ingest.ingest import Ingest
from assistant.knowledge.proposals import Curation
from assistant.knowledge.search.index import SearchIndex
from assistant.knowledge.search.retriever import Retriever
from assistant.knowledge.search.vectors import VectorIndex, open_vectors
from assistant.knowledge.search.words import WordIndex
from assistant.knowledge.tables.documents import DocumentTables, PassageTables, build_passage_schema
from assistant.knowledge.tables.proposals import ProposalTables
from assistant.knowledge.tables.questions import NOWHERE, AskedIn, QuestionTables
from assistant.text.embedding import Embedder, measure_likeness
from assistant.text.embedding_int8 import build_embedder

AnswerFromPosts = Callable[[Question, datetime], Answer | None]
"""Answers a question about what customers say, and leaves every other one alone."""


class Knowledge:
    """Documents, their search, and answers from them.

    `note_use` is told of every call of the chat model: (model, tokens read, tokens written).
    """

    def __init__(
        self,
        home: Home,
        embedder: Embedder | None,
        answer_from_posts: AnswerFromPosts,
        note_use: Callable[[str, int, int], None],
    ) -> None:
        self._home = home
        self._embedder = embedder
        self._answer_from_posts = answer_from_posts
        self._note_use = note_use

    @cached_property
    def documents(self) -> DocumentTables:
        return DocumentTables(self._home.store)

    @cached_property
    def passages(self) -> PassageTables:
        return PassageTables(Store(self._home.path / "passages.db", build_passage_schema()))

    @cached_property
    def questions(self) -> QuestionTables:
        return QuestionTables(self._home.store)

    @cached_property
    def proposals(self) -> ProposalTables:
        return ProposalTables(self._home.store)

    @cached_property
    def embedder(self) -> Embedder:
        settings = self._home.settings
        return self._embedder or build_embedder(
            settings.embedding_backend, settings.embedding_model, self._home.path / "models"
        )

    @cached_property
    def vectors(self) -> VectorIndex:
        return open_vectors(self._home.path, self._home.settings.earshot_chroma_url)

    @cached_property
    def words(self) -> WordIndex:
        return WordIndex(self._home.store)

    @cached_property
    def index(self) -> SearchIndex:
        return SearchIndex(self.documents, self.vectors, self.passages, self.embedder)

    @cached_property
    def ingest(self) -> Ingest:
        return Ingest(self.documents, self.index, self._home.settings.max_document_mb * 1_000_000)

    @cached_property
    def retriever(self) -> Retriever:
        return Retriever(self.documents, self.words, self.index, self._home.today)

    @cached_property
    def quoting(self) -> QuotingWriter:
        return QuotingWriter(self.embedder, Sections(self.documents).read)

    @cached_property
    def chat(self) -> ChatWriter | None:
        if not self._home.settings.chat_model:
            return None
        return ChatWriter(self.build_model(ChatAnswer), self._home.prompts)

    @cached_property
    def answering(self) -> Answerer:
        writer: Writer = self.chat or self.quoting
        least = self._home.settings.answer_confidence
        return Answerer(self.retriever, writer, self.quoting, self.measure_likeness, least)

    @cached_property
    def curation(self) -> Curation:
        return Curation(self._home.settings.knowledge_dir, self.proposals, self.documents, self.ingest)

    def build_model(self, form: type[Form]) -> Callable[[str], Form]:
        """The configured chat model, asked for answers of this form."""
        settings = self._home.settings
        key = settings.chat_model_key.get_secret_value() if settings.chat_model_key else ""
        return build_model(
            settings.chat_model, settings.chat_model_url, key, settings.chat_model_timeout_seconds, form, self._note_use
        )

    def measure_likeness(self, text: str, others: Sequence[str]) -> float:
        """See grounding.Likeness."""
        return measure_likeness(self.embedder, text, others)

    def answer(
        self, question: Question, asked: AskedIn = NOWHERE, progress: Callable[[str], None] = lambda doing: None
    ) -> Answer:
        """Answer, and keep what was asked and said; a question answered before a crash keeps its answer."""
        kept = self.questions.find(asked.question_key) if asked.question_key else None
        if kept and kept.question.audience in question.audience.readable:
            return kept.answer
        now = self._home.clock()
        answer = self.reply(question, now, progress)
        self.questions.add(question, answer, now, asked)
        return answer

    def reply(self, question: Question, now: datetime, progress: Callable[[str], None] = lambda doing: None) -> Answer:
        """Answer from posts if the question is about what customers say, else from the documents; keep nothing."""
        return self._answer_from_posts(question, now) or self.answering.answer(question, progress)
