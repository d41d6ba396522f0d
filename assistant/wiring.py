"""Builds every part once from Settings, when it is first asked for; the only reader of the clock."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from assistant.analyse.analysing import Analyser
from assistant.analyse.asking import ChatLabeller, ChatLabels
from assistant.analyse.brands import BrandFinder, list_names
from assistant.analyse.topics import read_topics
from assistant.answer import Answering
from assistant.collect import Collecting
from assistant.config import Settings, read_key
from assistant.digest import Digest, build_digest
from assistant.domain import Answer, Question, Week
from assistant.draft import Drafting
from assistant.figures import measure
from assistant.forget import Forgetting
from assistant.guards import AudienceGuard
from assistant.index.ctranslate import build_embedder
from assistant.index.embedding import Embedder, measure_likeness
from assistant.index.mention_index import MentionIndex
from assistant.index.search_index import SearchIndex
from assistant.index.sharing import open_vectors
from assistant.index.vectors import VectorIndex
from assistant.index.words import WordIndex
from assistant.ingest import Ingest
from assistant.networks.building import build_networks
from assistant.networks.listening import Listening, load_listening
from assistant.networks.network import Network, Sender
from assistant.networks.outbox import OutboxSender
from assistant.opinions.telling import Opinions
from assistant.prompts import Prompts
from assistant.retrieve import Retriever
from assistant.review import Reviewing
from assistant.send import Sending
from assistant.sorting import keep_analyses, sort_new_mentions
from assistant.store.cursors import Coverage, CursorTables, DeliveryTables
from assistant.store.database import Store
from assistant.store.documents import DocumentTables
from assistant.store.drafts import DraftTables
from assistant.store.forgetting import ForgettingTables
from assistant.store.mention_vectors import MentionVectorTables
from assistant.store.mentions import MentionTables
from assistant.store.opinions import OpinionTables
from assistant.store.passages import PassageTables, build_passage_migrations
from assistant.store.proposals import ProposalTables
from assistant.store.questions import NOWHERE, AskedIn, QuestionTables, ScheduleTables
from assistant.store.slack_posts import ServiceTables, SlackTables
from assistant.store.threads import ThreadTables
from assistant.store.upstream import UpstreamTables
from assistant.writers.chat import ChatAnswer, ChatWriter, Form, build_model
from assistant.writers.quoting import QuotingWriter
from assistant.writers.writing import Writer


def read_clock() -> datetime:
    """Now, as aware UTC."""
    return datetime.now(UTC)


class Assistant:
    """All parts of Earshot over one EARSHOT_HOME."""

    def __init__(
        self, settings: Settings, clock: Callable[[], datetime] = read_clock, embedder: Embedder | None = None
    ) -> None:
        self.settings = settings
        self.clock = clock
        self._embedder = embedder

    @cached_property
    def store(self) -> Store:
        return Store(self.settings.earshot_home / "earshot.db")

    @cached_property
    def documents(self) -> DocumentTables:
        return DocumentTables(self.store)

    @cached_property
    def mentions(self) -> MentionTables:
        return MentionTables(self.store)

    @cached_property
    def upstream(self) -> UpstreamTables:
        return UpstreamTables(self.store)

    @cached_property
    def cursors(self) -> CursorTables:
        return CursorTables(self.store)

    @cached_property
    def deliveries(self) -> DeliveryTables:
        return DeliveryTables(self.store)

    @cached_property
    def threads(self) -> ThreadTables:
        return ThreadTables(self.store)

    @cached_property
    def drafts(self) -> DraftTables:
        return DraftTables(self.store)

    @cached_property
    def questions(self) -> QuestionTables:
        return QuestionTables(self.store)

    @cached_property
    def slack_posts(self) -> SlackTables:
        return SlackTables(self.store)

    @cached_property
    def proposals(self) -> ProposalTables:
        return ProposalTables(self.store)

    @cached_property
    def service_facts(self) -> ServiceTables:
        return ServiceTables(self.store)

    @cached_property
    def schedules(self) -> ScheduleTables:
        return ScheduleTables(self.store)

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
    def passages(self) -> PassageTables:
        return PassageTables(Store(self.settings.earshot_home / "passages.db", build_passage_migrations()))

    @cached_property
    def words(self) -> WordIndex:
        return WordIndex(self.store)

    @cached_property
    def index(self) -> SearchIndex:
        return SearchIndex(self.documents, self.vectors, self.passages, self.embedder)

    @cached_property
    def mention_index(self) -> MentionIndex:
        return MentionIndex(MentionVectorTables(self.store), self.documents, self.vectors, self.embedder)

    @cached_property
    def prompts(self) -> Prompts:
        folder = self.settings.prompts_dir
        shipped = Path(__file__).parent.parent / "prompts"
        return Prompts(shipped if folder == Path("prompts") and not folder.is_dir() else folder)

    @cached_property
    def ingest(self) -> Ingest:
        return Ingest(self.documents, self.index, self.settings.max_document_mb * 1_000_000)

    @cached_property
    def retriever(self) -> Retriever:
        return Retriever(self.documents, self.words, self.index, self.today)

    @cached_property
    def quoting(self) -> QuotingWriter:
        return QuotingWriter(self.embedder)

    @cached_property
    def chat(self) -> ChatWriter | None:
        return ChatWriter(self._build_model(ChatAnswer), self.prompts) if self.settings.chat_model else None

    @cached_property
    def labeller(self) -> ChatLabeller | None:
        settings = self.settings
        if not settings.chat_model or settings.analyse_with_chat_model != "unsure":
            return None
        budget = settings.analyse_chat_posts_a_day

        def take(wanted: int, day: str) -> int:
            return self.mentions.corrections.take_from_budget(wanted, budget, day)

        return ChatLabeller(self._build_model(ChatLabels), self.prompts, take)

    def _build_model(self, form: type[Form]) -> Callable[[str], Form]:
        settings = self.settings
        key = settings.chat_model_key.get_secret_value() if settings.chat_model_key else ""
        return build_model(settings.chat_model, settings.chat_model_url, key, settings.chat_model_timeout_seconds, form)

    def measure_likeness(self, text: str, others: Sequence[str]) -> float:
        """See evidence.Likeness."""
        return measure_likeness(self.embedder, text, others)

    @cached_property
    def answering(self) -> Answering:
        writer: Writer = self.chat or self.quoting
        return Answering(self.retriever, writer, self.quoting, self.measure_likeness, self.settings.answer_confidence)

    @cached_property
    def opinions(self) -> Opinions:
        return Opinions(OpinionTables(self.store), self.settings.zone, self.brands.names_competitor)

    @cached_property
    def collecting(self) -> Collecting:
        days = self.settings.mention_retention_days
        return Collecting(self.upstream, self.cursors, self.networks, days)

    @cached_property
    def forgetting(self) -> Forgetting:
        tables = ForgettingTables(self.store, self.upstream)
        return Forgetting(tables, lambda: self.mention_index.forget_outdated(), self.settings.mention_retention_days)

    @cached_property
    def networks(self) -> list[Network]:
        return build_networks(self.listening, self.settings.rss_feeds, read_key, self.clock)

    @cached_property
    def listening(self) -> Listening:
        path = self.settings.networks_file
        return load_listening(path, is_needed=path != Path("networks.yaml"))

    @cached_property
    def analyser(self) -> Analyser:
        path = self.settings.topics_file
        topics = read_topics(path, is_needed=path != Path("topics.yaml"))
        return Analyser(self.embedder, topics, self.brands)

    @cached_property
    def brands(self) -> BrandFinder:
        return BrandFinder(list_names(self.listening))

    def sort_new_mentions(self, now: datetime, progress: Callable[[int], None] = lambda done: None) -> int:
        """Analyse and triage what is new; see sorting.sort_new_mentions."""
        review = self.labeller.review if self.labeller else keep_analyses
        done = sort_new_mentions(self.mentions, self.analyser, now, progress, self.mention_index.keep, review)
        self.mention_index.catch_up()
        self.opinions.catch_up()
        return done

    @cached_property
    def drafting(self) -> Drafting:
        return Drafting(
            self.mentions,
            self.drafts,
            self.retriever,
            self.quoting,
            self.chat,
            self.prompts,
            self.measure_likeness,
            self.settings.answer_confidence,
            self.threads,
            self.analyser,
        )

    @cached_property
    def reviewing(self) -> Reviewing:
        return Reviewing(self.drafts, AudienceGuard(self.words))

    @cached_property
    def senders(self) -> dict[str, Sender]:
        return {"file": OutboxSender(self.settings.earshot_home / "outbox.jsonl", self.clock)}

    @cached_property
    def sending(self) -> Sending:
        lock_path = self.settings.earshot_home / "sending.lock"
        return Sending(self.drafts, self.mentions, self.senders, lock_path, self.clock)

    def today(self) -> date:
        """The day it is in the company's time zone."""
        return self.clock().astimezone(self.settings.zone).date()

    def answer(
        self, question: Question, asked: AskedIn = NOWHERE, progress: Callable[[str], None] = lambda doing: None
    ) -> Answer:
        """Answer and keep what was asked and said; what was answered before a crash is not answered anew."""
        kept = self.questions.find(asked.question_key) if asked.question_key else None
        if kept and kept.question.audience in question.audience.readable:
            return kept.answer
        now = self.clock()
        answer = self.reply(question, now, progress)
        self.questions.add(question, answer, now, asked)
        return answer

    def reply(self, question: Question, now: datetime, progress: Callable[[str], None] = lambda doing: None) -> Answer:
        """Answer from the posts where it asks what customers say, else from the documents."""
        return self.opinions.answer(question, now) or self.answering.answer(question, progress)

    def digest(self, week: Week) -> Digest:
        """The digest of a week, as the store knows it now."""
        figures = measure(self.store, week, self.settings.zone)
        return build_digest(week, figures, self.mentions.waiting(week, 5), self.clock(), self.coverages)

    @property
    def coverages(self) -> list[Coverage]:
        """How well each network that is configured is heard."""
        names = {network.name for network in self.networks}
        return [coverage for coverage in self.cursors.coverages() if coverage.network in names]
