"""Fakes and builders for the tests of answers, drafts, reviews and sends. Everything else in them is real."""

import re
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
from fakes import read_wordings

from assistant.core.database import Store
from assistant.core.prompts import Prompts
from assistant.core.roles import EVERY_ROLE, FindRoles
from assistant.domain import Audience, Draft, DraftStatus, Lesson, LessonScope, Mention
from assistant.domain.replies import Objection
from assistant.errors import ModelError, NetworkError, TransientNetworkError, UnknownOutcomeError
from assistant.knowledge.answers.answerer import Answerer
from assistant.knowledge.answers.chat import AnswerSentence, ChatAnswer, ChatWriter
from assistant.knowledge.answers.excerpts import ExcerptWriter
from assistant.knowledge.answers.grounding import Likeness
from assistant.knowledge.answers.judge import ChatVerdicts, Judge
from assistant.knowledge.answers.outline import Outline
from assistant.knowledge.answers.passages import PassageRating
from assistant.knowledge.answers.research import ChatSearches
from assistant.knowledge.answers.sections import Sections
from assistant.knowledge.flaws.finder import find_flaws
from assistant.knowledge.search.index import SearchIndex
from assistant.knowledge.search.retriever import Retriever
from assistant.knowledge.search.spelling import Spelling
from assistant.knowledge.search.synonyms import Synonyms, read_synonyms
from assistant.knowledge.search.vectors import ChromaIndex
from assistant.knowledge.search.words import WordIndex
from assistant.knowledge.sources.ingest import Ingest
from assistant.knowledge.tables.documents import DocumentTables
from assistant.knowledge.tables.flaws import FlawTables
from assistant.knowledge.tables.passages import PassageTables, build_passage_schema
from assistant.knowledge.tables.sources import SourceTables
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.insights.chat_questions import ChatFigures
from assistant.listening.networks.base.protocol import Looks, PostNow, Sender, SentReply
from assistant.listening.networks.base.reply_rules import CompanyStanding, load_rules
from assistant.listening.tables.posts import AddressTables, MentionTables
from assistant.listening.tables.threads import ThreadTables
from assistant.replies.drafting.build import Sources, build_proposing
from assistant.replies.drafting.chat import ChatReply, ChatReplySentence
from assistant.replies.drafting.composer import Composer
from assistant.replies.drafting.drafter import Drafter
from assistant.replies.drafting.facts import PageFacts
from assistant.replies.drafting.precedents import Precedents
from assistant.replies.drafting.translations import Translations
from assistant.replies.guards.guards import Candidate, Guards
from assistant.replies.guards.internal_words import RunFinder
from assistant.replies.lessons.chat_labels import ChatKind
from assistant.replies.review.build import Policy, ReviewDesk
from assistant.replies.review.rules import ReviewRules
from assistant.replies.sending.eligibility import EligibilityJudge, OptOutTables
from assistant.replies.sending.sender import ReplySender
from assistant.replies.style_guides import Guide
from assistant.replies.tables.drafts import DraftTables, VersionTables
from assistant.replies.tables.history import PrecedentTables
from assistant.replies.tables.review import ReviewTables
from assistant.replies.tables.send_ledger import LedgerTables
from assistant.slack.cards.tables import CardTables
from assistant.text.embedding import Vectors

ANALYSER = Analyser()
LEAST_CONFIDENCE = 1.5  # the words of a bag lie nearer to each other than a real embedder's meanings
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
PROMPTS = Path(__file__).parent.parent / "prompts"


class TickingClock:
    """A clock that is a second later each time it is read."""

    def __init__(self, start: datetime = NOW) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def same(text: str, others: Sequence[str]) -> float:
    """A measure of likeness to which everything means the same: the check of words is what is tested."""
    return 1.0


class BagOfWordsEmbedder:
    """Texts with the same words are near to each other: enough where meaning does not matter, and fast."""

    name = "bag-of-words"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        vectors = np.full((len(texts), 512), 1e-6, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, zlib.crc32(word.encode()) % 512] += 1
        lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        return (vectors / lengths).astype(np.float32)

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """See Embedder: a word is a token."""
        return self.embed(texts), [self.embed(re.findall(r"\w+", text)) for text in texts]


Said = TypeVar("Said", ChatAnswer, ChatReply, ChatKind, ChatVerdicts, ChatSearches, ChatFigures)


class ScriptedModel(Generic[Said]):
    """A chat model that says what it is told, or fails, and remembers every prompt it got."""

    def __init__(self, *script: Said | ModelError) -> None:
        self._script: deque[Said | ModelError] = deque(script)
        self.prompts: list[str] = []

    def __call__(self, prompt: str) -> Said:
        self.prompts.append(prompt)
        said = self._script.popleft()
        if isinstance(said, ModelError):
            raise said
        return said


def rest_on(text: str, *quotes: str, passages: Sequence[int] = (1,)) -> AnswerSentence:
    """A sentence of a chat model with the words it says it rests on."""
    return AnswerSentence(text=text, citations=list(passages), quotes=list(quotes))


def say(*sentences: tuple[str, list[int]]) -> ChatAnswer:
    """What a chat model answers: (sentence, numbers of the passages)."""
    return ChatAnswer(sentences=[AnswerSentence(text=text, citations=numbers) for text, numbers in sentences])


def reply(*sentences: tuple[str, list[int]], no_reply: str = "", missing: str = "", meaning: str = "") -> ChatReply:
    """What a chat model replies to a customer; `meaning` translates each sentence back."""
    said = [ChatReplySentence(text=text, citations=places, back_translation=meaning) for text, places in sentences]
    return ChatReply(sentences=said, no_reply=no_reply, missing=missing)


def make_mention(external_id: str = "1", text: str = "How do I pause my plan?", network: str = "file") -> Mention:
    """A post about us."""
    return Mention(f"{network}:{external_id}", network, external_id, "ada", text, NOW, "en")


class Killed(BaseException):
    """Stands for the end of a process: no code of ours catches it."""


class Fault(StrEnum):
    """What may go wrong while a reply leaves; the last word says whether it arrived."""

    REFUSED = "refused"
    BUSY = "busy"
    UNKNOWN_LOST = "unknown-lost"
    UNKNOWN_ARRIVED = "unknown-arrived"
    BROKEN_LOST = "broken-lost"
    BROKEN_ARRIVED = "broken-arrived"
    KILLED_LOST = "killed-lost"
    KILLED_ARRIVED = "killed-arrived"


# Made anew for each fault: an error that is raised again keeps every earlier traceback.
_ERRORS: dict[str, Callable[[], BaseException]] = {
    "refused": lambda: NetworkError("The platform says no."),
    "busy": lambda: TransientNetworkError("The platform is busy.", "Try again in a minute."),
    "unknown": lambda: UnknownOutcomeError("The platform hung up."),
    "broken": lambda: KeyError("id"),
    "killed": Killed,
}


class Platform:
    """A platform in memory: `delivered` is what customers can read. Faults are served in order, then all is well."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = deque(faults)
        self.lookup_works = True
        self.delivered: list[tuple[str, str, str]] = []

    def send(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Sender."""
        fault = self.faults.popleft() if self.faults else None
        if fault is None or fault.endswith("arrived"):
            self.delivered.append((mention.mention_id, text, send_key))
        if fault is not None:
            raise _ERRORS[fault.partition("-")[0]]()
        return SentReply(send_key)

    def find(self, mention: Mention, send_key: str) -> SentReply | None:
        """See Sender."""
        if not self.lookup_works:
            raise TransientNetworkError("The look-up is down.")
        return next((SentReply(key) for _, _, key in self.delivered if key == send_key), None)


class Window:
    """Looks at posts: as the platform shows them now, or that it cannot be asked."""

    def __init__(self) -> None:
        self.posts: dict[str, PostNow] = {}
        self.is_down = False
        self.looked = 0

    def look(self, mention: Mention) -> PostNow:
        """See Looks."""
        self.looked += 1
        if self.is_down:
            raise TransientNetworkError("The platform cannot be reached.", "Earshot tries again by itself.")
        return self.posts.get(mention.mention_id, PostNow(mention))


class Desk:
    """What one process needs for reviewing and sending over a home; several may work over the same home."""

    standing = CompanyStanding()
    undo_seconds = 0.0

    def __init__(
        self,
        home: Path,
        senders: dict[str, Sender],
        clock: TickingClock | None = None,
        looks: dict[str, Looks] | None = None,
        find_roles: FindRoles = lambda user: EVERY_ROLE,
        findings: Sequence[Objection] = (),
    ) -> None:
        self.clock = clock or TickingClock()
        self.senders = senders
        self.looks = looks or {}
        self.find_roles = find_roles
        self.findings = list(findings)
        self.policy = Policy(ReviewRules(), tell_settings=lambda: {"REVIEWERS": []})
        self.store = Store(home / "earshot.db")
        self.mentions = MentionTables(self.store)
        self.rewire(DraftTables(self.store))

    def rewire(self, drafts: DraftTables) -> None:
        """Review and send through these tables."""
        self.drafts = drafts
        self.tables = ReviewTables(self.store)
        self.cards = CardTables(self.store)
        desk = ReviewDesk(self.tables, self.check_text, self.looks, self.clock, self.policy)
        self.reviewing = desk.build_reviewing(self.find_roles, "a test")
        self.freezing = desk.build_freezing(self.find_roles, "a test")
        self.clearing = desk.build_clearing()
        self.recorder = desk.build_recorder("a test")
        lock_path = self.store.path.with_name("sending.lock")
        self.clear: Callable[[Draft, Mention], None] = self.clearing.check
        self.ledger = LedgerTables(self.store, drafts)
        self.opt_outs = OptOutTables(self.store)
        judging = EligibilityJudge(self.ledger, self.opt_outs, self.senders, self.standing, load_rules(), self.clock)
        self.sending = ReplySender(
            drafts,
            self.ledger,
            self.mentions,
            self.senders,
            judging.judge,
            lock_path,
            self.clock,
            self.undo_seconds,
            lambda draft, mention: self.clear(draft, mention),
        )

    def check_text(self, draft: Draft, mention: Mention) -> list[Objection]:
        """What stands in an internal document, and whatever of `findings` stands in the text."""
        candidate = Candidate(draft.text, mention, draft.sentences, draft.citations, Guide("x", 500))
        found = Guards([RunFinder(WordIndex(self.store))]).check(candidate)
        return list(found) + [finding for finding in self.findings if finding.words in draft.text]

    def add_draft(self, text: str = "Thanks for asking.", mention: Mention | None = None) -> int:
        """A pending draft; its mention is kept too."""
        mention = mention or make_mention()
        self.mentions.add([mention], NOW)
        draft = Draft(0, mention.mention_id, text, DraftStatus.PENDING, (), (), "quoting", "", NOW)
        return self.drafts.add(draft)

    def approved(self, text: str = "Thanks for asking.", mention: Mention | None = None) -> int:
        """An approved draft."""
        return self.reviewing.approve(self.add_draft(text, mention), "ada", self.clock()).draft_id

    def status(self, draft_id: int) -> DraftStatus:
        """Where a draft stands."""
        return self.drafts.find(draft_id).status

    def outcomes(self, draft_id: int) -> list[str | None]:
        """What came of each try to send a draft."""
        return [attempt["outcome"] for attempt in self.ledger.attempts(draft_id)]


class Library:
    """Real documents, words and vectors over a home; only the embedder is a fake."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.store = Store(home / "earshot.db")
        documents = DocumentTables(self.store)
        passages = PassageTables(Store(home / "passages.db", build_passage_schema()))
        self.words = WordIndex(self.store)
        self.spelling = Spelling(self.words)
        self.synonyms = Synonyms(read_synonyms([PROMPTS]), self.words)
        self.embedder = BagOfWordsEmbedder()
        index = SearchIndex(documents, ChromaIndex(home / "chroma"), passages, self.embedder)
        self.retriever = Retriever(documents, self.words, index, NOW.date)
        self.rating = PassageRating(lambda texts: self.embedder, Sections(documents).read)
        self.documents = documents
        self.flaws = FlawTables(self.store)
        self.spoken = "en"  # the language that every page is in
        self.excerpts = ExcerptWriter(lambda texts: self.embedder, Sections(documents).read)
        self.outline = Outline(documents.chunks_beside)
        self.prompts = Prompts(PROMPTS)
        self.mentions = MentionTables(self.store)
        self.drafts = DraftTables(self.store)
        self._ingest = Ingest(documents, SourceTables(documents._store), index, 1_000_000)
        self._folder = home / "knowledge"
        for audience in Audience:
            (self._folder / audience).mkdir(parents=True)

    def add(self, title: str, text: str, audience: Audience = Audience.PUBLIC, front: str = "") -> None:
        """Index a document."""
        path = self._folder / audience / f"{title}.md"
        path.write_text(f"---\ntitle: {title}\n{front}\n---\n{text}\n", encoding="utf-8")
        self._ingest.run([str(self._folder)], None, NOW)

    def look_for_flaws(self) -> None:
        """Find what is wrong with the documents."""
        self.flaws.keep(find_flaws(self._home / "earshot.db", NOW.date()), NOW)

    def remove(self, title: str, audience: Audience = Audience.PUBLIC) -> None:
        """Take a document away."""
        (self._folder / audience / f"{title}.md").unlink()
        self._ingest.run([str(self._folder)], None, NOW)

    def answering(
        self,
        model: Callable[[str], ChatAnswer] | None = None,
        least: float = -9.0,
        likeness: Likeness = same,
        judge: Judge | None = None,
    ) -> Answerer:
        """Answers by a scripted model, or by none; nothing is too far from the question where `least` is low."""
        writer = ChatWriter(model, self.prompts) if model else None
        english = read_wordings().choose()
        return Answerer(
            self.retriever,
            self.spelling,
            self.synonyms,
            writer,
            self.excerpts,
            self.outline,
            likeness,
            least,
            lambda question: english,
            judge,
            self.flaws.list_contradictions,
        )

    def proposing(
        self,
        model: ScriptedModel[ChatReply] | None = None,
        review_language: str = "en",
        find_lessons: Callable[[LessonScope], Sequence[Lesson]] = lambda scope: (),
    ) -> Composer:
        """Proposals by a scripted model, or by none."""
        translations = Translations(
            lambda chunk_ids: dict.fromkeys(chunk_ids, self.spoken),
            self.documents.chunks_around,
            self.documents.translated,
        )
        facts = PageFacts(self.retriever.search, self.rating, translations, LEAST_CONFIDENCE)
        sources = Sources(self.retriever, facts, self.prompts, ANALYSER, same, ANALYSER.analyse)
        precedents = Precedents(PrecedentTables(self.store), self._compare, 0.55)
        return build_proposing(sources, model, 2.0, review_language, precedents, find_lessons)

    def drafting(self, model: ScriptedModel[ChatReply] | None = None, shown: Mention | None = None) -> Drafter:
        """Drafting with a scripted model, or with none; `shown` is what a network shows at any address."""
        tables = (self.mentions, self.drafts, VersionTables(self.store), ThreadTables(self.store))
        return Drafter(self.proposing(model), *tables, AddressTables(self.store), lambda address: shown)

    def _compare(self, text: str, mention_ids: Sequence[str]) -> dict[str, float]:
        posts = [self.mentions.find(mention_id).text for mention_id in mention_ids]
        vectors = self.embedder.embed([text, *posts])
        return dict(zip(mention_ids, (vectors[1:] @ vectors[0]).tolist(), strict=True))

    def keep(self, mention: Mention) -> str:
        """Keep a mention; its id."""
        self.mentions.add([mention], NOW)
        return mention.mention_id


def on(mention: Mention, network: str) -> Mention:
    """The same post on another network."""
    return replace(mention, network=network, mention_id=f"{network}:{mention.external_id}")
