"""Builds every part once from Settings, when it is first asked for; the only reader of the clock."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from assistant.alerts.crises import Crises
from assistant.alerts.watching import Watching, read_rules
from assistant.analyse.analysing import Analyser
from assistant.analyse.asking import ChatLabeller, ChatLabels
from assistant.analyse.brands import BrandFinder, list_names
from assistant.analyse.topics import read_topics
from assistant.answer import Answering
from assistant.assist import Assisting
from assistant.collect import Collecting
from assistant.config import Settings, read_key
from assistant.digest import Digest
from assistant.digest.summing import Circumstances, Summing
from assistant.digest.telling import ChatSummary, Teller
from assistant.domain import Answer, Attempt, Draft, MayReply, Mention, Period, Question
from assistant.domain.hours import read_hours
from assistant.domain.replies import Finding
from assistant.draft.building import Sources, build_drafting, build_precedents, build_proposing
from assistant.draft.drafting import Drafting
from assistant.draft.proposing import Proposing
from assistant.eligible import Judging
from assistant.figures import NAMES, Measuring, week_of
from assistant.figures.goals import read_goals
from assistant.forget import Forgetting
from assistant.gaps import find_gaps
from assistant.guards.audience import AudienceGuard
from assistant.guards.building import build_guards
from assistant.guards.candidate import Candidate
from assistant.guards.guarding import Guards
from assistant.guards.private import read_private_words
from assistant.guides import read_guide
from assistant.index.ctranslate import build_embedder
from assistant.index.embedding import Embedder, measure_likeness
from assistant.index.mention_index import MentionIndex
from assistant.index.search_index import SearchIndex
from assistant.index.sharing import open_vectors
from assistant.index.vectors import VectorIndex
from assistant.index.words import WordIndex
from assistant.ingest import Ingest
from assistant.networks.addresses import read_post
from assistant.networks.answering import build_posts, build_senders, find_standing
from assistant.networks.building import build_networks
from assistant.networks.eligibility import load_rules
from assistant.networks.listening import Listening, load_listening
from assistant.networks.network import Looks, Network, Sender
from assistant.networks.outbox import OutboxSender
from assistant.networks.replying import Posts
from assistant.opinions.telling import Opinions
from assistant.prompts import Prompts
from assistant.retrieve import Retriever
from assistant.review.building import ReviewDesk, load_policy
from assistant.review.freezing import Freezing
from assistant.review.reviewing import Reviewing
from assistant.review.roles import hold_every_role
from assistant.send import Sending
from assistant.sorting import keep_analyses, sort_new_mentions
from assistant.store.alerts import AlertTables
from assistant.store.counts import CountTables
from assistant.store.crises import CrisisTables
from assistant.store.cursors import Coverage
from assistant.store.forgetting import ForgettingTables
from assistant.store.measuring import MeasuringTables
from assistant.store.mention_vectors import MentionVectorTables
from assistant.store.opinions import OpinionTables
from assistant.store.questions import NOWHERE, AskedIn
from assistant.tables import Tables
from assistant.writers.chat import ChatAnswer, ChatWriter, Form, build_model
from assistant.writers.quoting import QuotingWriter
from assistant.writers.replying import ChatReply
from assistant.writers.writing import Writer


def read_clock() -> datetime:
    """Now, as aware UTC."""
    return datetime.now(UTC)


class Assistant(Tables):
    """All parts of Earshot over one EARSHOT_HOME."""

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
        return build_model(
            settings.chat_model, settings.chat_model_url, key, settings.chat_model_timeout_seconds, form, self._note_use
        )

    def _note_use(self, model: str, read: int, written: int) -> None:
        self.measuring.note_use(model, read, written, self.clock())

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
        return Collecting(self.upstream, self.cursors, self.networks, days, self.judging.note_opt_outs)

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
        week = week_of(now, self.settings.zone)
        # The summary, for which somebody waits, then finds its rows there.
        self.measuring.fill(week.start_at - timedelta(days=7), week.end_at)
        return done

    @cached_property
    def drafting(self) -> Drafting:
        return build_drafting(self.proposing, self.store, lambda address: read_post(address, self.networks))

    @cached_property
    def proposing(self) -> Proposing:
        """Never opens internal documents: it searches as a public reader."""
        return build_proposing(
            Sources(self.retriever, self.quoting, self.prompts, self.analyser, self.measure_likeness),
            self._build_model(ChatReply) if self.settings.chat_model else None,
            self.settings.answer_confidence,
            self.settings.review_language,
            build_precedents(self.store, lambda text, ids: self.mention_index.compare(text, ids)),
        )

    @cached_property
    def review_desk(self) -> ReviewDesk:
        policy = load_policy(self.settings)
        return ReviewDesk(self.review_tables, self.check_text, self.looks, self.clock, policy)

    @cached_property
    def reviewing(self) -> Reviewing:
        """For the command line: whoever has the machine may do all."""
        return self.review_desk.build_reviewing(hold_every_role, "command line")

    @cached_property
    def freezing(self) -> Freezing:
        """Likewise."""
        return self.review_desk.build_freezing(hold_every_role, "command line")

    @cached_property
    def guards(self) -> Guards:
        path = self.settings.guards_file
        private = read_private_words(path, is_needed=path != Path("guards.yaml"))
        search = AudienceGuard(self.documents, self.words, self.vectors, self.embedder, private)
        return build_guards(search, self.documents, private, self.listening, self.prompts)

    def check_text(self, draft: Draft, mention: Mention) -> list[Finding]:
        """What the guards find in a draft's text."""
        guide = read_guide(self.prompts, mention.network)
        thread = self.threads.thread(mention.mention_id)
        candidate = Candidate(draft.text, mention, draft.sentences, draft.citations, guide, thread)
        return list(self.guards.check(candidate))

    @cached_property
    def posts(self) -> dict[str, Posts]:
        return build_posts(self.listening, self.networks, read_key, self.clock)

    @cached_property
    def senders(self) -> dict[str, Sender]:
        outbox = OutboxSender(self.settings.earshot_home / "outbox.jsonl", self.clock)

        def find_attempt(send_key: str) -> Attempt:
            return self.ledger.find_attempt(send_key)  # not before it is asked: a restore may find no sound database

        return {"file": outbox, **build_senders(self.posts, self.listening, find_attempt)}

    @cached_property
    def looks(self) -> dict[str, Looks]:
        return dict(self.posts)

    @cached_property
    def judging(self) -> Judging:
        standing = find_standing(self.listening)
        return Judging(self.ledger, self.opt_outs, self.senders, standing, load_rules(), self.clock)

    @cached_property
    def sending(self) -> Sending:
        return Sending(
            self.drafts,
            self.ledger,
            self.mentions,
            self.senders,
            self.judging.judge,
            self.settings.earshot_home / "sending.lock",
            self.clock,
            self.settings.undo_seconds,
            self.review_desk.build_clearing().check,
        )

    @cached_property
    def assisting(self) -> Assisting:
        def may_reply(mention: Mention) -> MayReply:
            return self.judging.judge(mention).may_reply

        def locate(mention: Mention, external_id: str) -> str | None:
            return self.posts[mention.network].locate(mention, external_id)

        return Assisting(self.drafts, self.ledger, self.mentions, self.looks, may_reply, locate)

    @cached_property
    def alerts(self) -> AlertTables:
        return AlertTables(self.store)

    @cached_property
    def watching(self) -> Watching:
        rules = read_rules(self.settings)
        return Watching(CountTables(self.store), self.alerts, self.schedules, rules)

    @cached_property
    def crises(self) -> Crises:
        opens_itself = self.settings.crisis_opens_itself
        tables = CrisisTables(self.store)
        freezing = self.review_desk.build_freezing(hold_every_role, "crisis")
        return Crises(tables, self.alerts, self.mentions, self.prompts, freezing.freeze, opens_itself)

    def today(self) -> date:
        """The day it is in the company's time zone."""
        return self.clock().astimezone(self.settings.zone).date()

    def answer(self, question: Question, asked: AskedIn = NOWHERE) -> Answer:
        """Answer and keep what was asked and said."""
        now = self.clock()
        answer = self.reply(question, now)
        self.questions.add(question, answer, now, asked)
        return answer

    def reply(self, question: Question, now: datetime) -> Answer:
        """Answer from the posts where it asks what customers say, else from the documents."""
        return self.opinions.answer(question, now) or self.answering.answer(question)

    @cached_property
    def measuring(self) -> MeasuringTables:
        return MeasuringTables(self.store)

    @cached_property
    def summing(self) -> Summing:
        settings, path = self.settings, self.settings.goals_file
        hours = read_hours(settings.business_hours, settings.zone)
        measuring = Measuring(settings.zone, hours, settings.reply_within_hours, settings.digest_hide_authors)
        is_needed = path != Path("goals.yaml")
        return Summing(
            self.measuring,
            self.mentions,
            measuring,
            goals=lambda: read_goals(path, is_needed, NAMES),
            embed=lambda texts: self.embedder.embed(texts),
            tell=self.teller.tell if self.teller else None,
        )

    @cached_property
    def teller(self) -> Teller | None:
        return Teller(self._build_model(ChatSummary), self.prompts) if self.settings.chat_model else None

    def digest(self, period: Period) -> Digest:
        """The digest of a week, a month or a quarter, as the store knows it now."""
        settings, listening = self.settings, self.listening
        circumstances = Circumstances(
            gaps=find_gaps(self.questions, self.embedder) if self.questions.unhelped() else (),
            coverages=self.coverages,
            known_names=(*listening.handles, *listening.brands, *listening.competitors),
            has_reviewers=bool(settings.reviewers),
            has_readers=bool(settings.digest_channel),
            public_documents=self.documents.count()["public_documents"],
            now=self.clock(),
        )
        return self.summing.sum_up(period, circumstances)

    @property
    def coverages(self) -> list[Coverage]:
        """How well each network that is configured is heard."""
        names = {network.name for network in self.networks}
        return [coverage for coverage in self.cursors.coverages() if coverage.network in names]
