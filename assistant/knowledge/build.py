"""The department of what the company knows: documents, search and answers."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from assistant.core.database import Store
from assistant.core.home import Home
from assistant.core.setting_files import read_key
from assistant.core.wording import Wording
from assistant.domain import Answer, Audience, Look, Question
from assistant.errors import EarshotError
from assistant.knowledge.answers.answerer import Answerer, Progress
from assistant.knowledge.answers.chat import ChatAnswer, ChatWriter
from assistant.knowledge.answers.chat_model import ChatModel, Form, ModelAddress, NoteUse
from assistant.knowledge.answers.coverage import WordCoverage
from assistant.knowledge.answers.excerpts import ExcerptWriter
from assistant.knowledge.answers.judge import ChatJudge, ChatVerdicts
from assistant.knowledge.answers.outline import Outline
from assistant.knowledge.answers.passages import PassageRating
from assistant.knowledge.answers.research import ChatSearches, Finder, Research
from assistant.knowledge.answers.sections import Sections
from assistant.knowledge.answers.small_talk import SmallTalk, to_answer
from assistant.knowledge.answers.unasked import is_sure
from assistant.knowledge.flaws.finder import look_for_flaws
from assistant.knowledge.proposals import Curation
from assistant.knowledge.search.index import SearchIndex
from assistant.knowledge.search.multilingual_index import MultilingualIndex
from assistant.knowledge.search.ranking import weigh_terms
from assistant.knowledge.search.retriever import Retriever
from assistant.knowledge.search.spelling import Spelling
from assistant.knowledge.search.synonyms import Synonyms, read_synonyms
from assistant.knowledge.search.vectors import VectorIndex, open_vectors
from assistant.knowledge.search.words import WordIndex
from assistant.knowledge.sources.claims import find_claimed
from assistant.knowledge.sources.ingest import Ingest
from assistant.knowledge.sources.room import SourceRoom
from assistant.knowledge.sources.settings import SourceSettings, load_sources
from assistant.knowledge.sources.sync import Syncing
from assistant.knowledge.standard_answers import StandardAnswers
from assistant.knowledge.tables.documents import POST_EMBEDDER, DocumentTables
from assistant.knowledge.tables.flaws import Flaw, FlawTables
from assistant.knowledge.tables.passages import (
    MultilingualTables,
    PassageTables,
    build_multilingual_schema,
    build_passage_schema,
)
from assistant.knowledge.tables.proposals import ProposalTables
from assistant.knowledge.tables.questions import NOWHERE, AskedIn, QuestionTables
from assistant.knowledge.tables.source_states import SourceStateTables
from assistant.knowledge.tables.sources import SourceTables
from assistant.text.embedding import Embedder, RememberedVectors, measure_likeness, to_common_scale
from assistant.text.embedding_int8 import build_embedder
from assistant.text.language import ENGLISH, LanguageFinder, name_language
from assistant.text.multilingual import build_multilingual

_log = logging.getLogger(__name__)
_MOST_REMEMBERED = 20_000  # vectors of parts of pages, 30 MB

AnswerAboutPosts = Callable[[Question, datetime], Answer | None]
"""Answers what is asked about customers' posts, or a reply to one, and leaves every other question alone."""


class Knowledge:
    """Documents, their search, and answers from them.

    `note_use` is told of every call of the chat model: (model, tokens read, tokens written).
    """

    def __init__(
        self,
        home: Home,
        embedder: Embedder | None,
        multilingual: Embedder | None,
        answer_about_posts: AnswerAboutPosts,
        note_use: NoteUse,
    ) -> None:
        self._home = home
        self._embedder = embedder
        self._multilingual = multilingual
        self._answer_about_posts = answer_about_posts
        self._note_use = note_use
        self._remembered: dict[str, RememberedVectors] = {}

    @cached_property
    def documents(self) -> DocumentTables:
        return DocumentTables(self._home.store)

    @cached_property
    def sources(self) -> SourceTables:
        return SourceTables(self._home.store)

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
    def multilingual(self) -> Embedder | None:
        """The embedder for what is not English, beside the bundled one; None where it cannot be had, or is not asked
        for."""
        if self._embedder:
            return self._multilingual
        if not self.is_multilingual_asked_for:
            return None
        try:
            return build_multilingual(self._home.path / "models")
        except EarshotError as error:
            _log.warning("other languages are read like English: %s", error)
            return None

    @cached_property
    def post_embedder(self) -> Embedder:
        """The embedder of posts, whatever their language; where their vectors are the bundled one's, that, until a
        reindex."""
        if self.documents.fact(POST_EMBEDDER) == self.embedder.name:
            return self.embedder
        return self.multilingual or self.embedder

    def prepare_reindex(self) -> None:
        """Note that posts get the vectors of today's embedder, before anything asks which one that is."""
        self.documents.remember_fact(POST_EMBEDDER, "an unfinished reindex")

    @property
    def is_multilingual_asked_for(self) -> bool:
        """False where the company named English alone, or an embedder of its own."""
        settings = self._home.settings
        return not settings.embedding_model and set(settings.languages) != {"en"}

    @cached_property
    def vectors(self) -> VectorIndex:
        return open_vectors(self._home.path, self._home.settings.earshot_chroma_url)

    @cached_property
    def words(self) -> WordIndex:
        return WordIndex(self._home.store)

    @cached_property
    def index(self) -> SearchIndex:
        store = Store(self._home.path / "passages-multilingual.db", build_multilingual_schema())
        multilingual = MultilingualIndex(
            self.documents,
            self.vectors,
            MultilingualTables(store),
            lambda: self.multilingual,
            self._home.settings.languages,
        )
        return SearchIndex(self.documents, self.vectors, self.passages, self.embedder, multilingual)

    @cached_property
    def ingest(self) -> Ingest:
        limit = self._home.settings.max_document_mb * 1_000_000
        return Ingest(self.documents, self.sources, self.index, limit, self._find_claimed)

    def _find_claimed(self, place: str) -> tuple[tuple[str, ...], ...]:
        return find_claimed(self.read_source_settings(), place)

    @cached_property
    def source_states(self) -> SourceStateTables:
        return SourceStateTables(self._home.store)

    @cached_property
    def flaws(self) -> FlawTables:
        return FlawTables(self._home.store)

    def look_for_flaws(self) -> list[Flaw]:
        """Look through all documents for what is wrong with them; returns what nobody decided yet."""
        return look_for_flaws(self.flaws, self._home.path / "earshot.db", self._home.today(), self._home.clock())

    def read_source_settings(self) -> SourceSettings:
        """The sources as sources.yaml names them now: what is added counts without a new start. Raises ConfigError."""
        path = self._home.settings.sources_file
        return load_sources(path, is_needed=path != Path("sources.yaml"))

    @cached_property
    def source_room(self) -> SourceRoom:
        """What sources need of the program."""
        limit = self._home.settings.max_document_mb * 1_000_000
        return SourceRoom(self._home.path / "sources", limit, read_key, self._home.clock)

    @cached_property
    def syncing(self) -> Syncing:
        return Syncing(self.documents, self.source_states, self.index, self.ingest, self.source_room)

    @cached_property
    def retriever(self) -> Retriever:
        return Retriever(self.documents, self.words, self.index, self._home.today)

    @cached_property
    def rating(self) -> PassageRating:
        """The measure by which a passage answers, for drafts."""
        return PassageRating(self._choose_embedder, Sections(self.documents).read, self._coverage)

    @cached_property
    def _coverage(self) -> WordCoverage:
        return WordCoverage(self.embedder, self._weigh_words)

    @cached_property
    def synonyms(self) -> Synonyms:
        """Words that mean the same, the shipped ones and the company's."""
        return Synonyms(read_synonyms(self._home.prompt_folders), self.words)

    @cached_property
    def chat(self) -> ChatWriter | None:
        if not self._home.settings.chat_model:
            return None
        return ChatWriter(self.build_model(ChatAnswer), self._home.prompts)

    @cached_property
    def judge(self) -> ChatJudge | None:
        """The second reader of the chat model's answers."""
        settings = self._home.settings
        if not settings.chat_model:
            return None
        return ChatJudge(self.build_model(ChatVerdicts, settings.check_model), self._home.prompts)

    @cached_property
    def answering(self) -> Answerer:
        excerpts = ExcerptWriter(self._choose_embedder, Sections(self.documents).read)
        finder: Finder = self.retriever
        if self.chat:
            ask = self.build_model(ChatSearches)
            finder = Research(self.retriever, ask, self._home.prompts, self._find_languages)
        return Answerer(
            finder,
            Spelling(self.words, lambda text: self._find_written(text) == ENGLISH),
            self.synonyms,
            self.chat,
            excerpts,
            Outline(self.documents.chunks_beside),
            self.measure_likeness,
            self._home.settings.answer_confidence,
            self.choose_wording,
            self.judge,
            self.flaws.list_contradictions,
        )

    @cached_property
    def small_talk(self) -> SmallTalk:
        return SmallTalk(self.embedder, self._home.wordings)

    @cached_property
    def _language_finder(self) -> LanguageFinder:
        return LanguageFinder()

    def _find_written(self, text: str) -> str:
        return name_language(self._language_finder.find_language(text))

    def choose_wording(self, question: Question) -> Wording:
        """What to answer a person in: the language they wrote in, where it is surely another one than English; else
        the one they read programs in. A program in English says little of who uses it, English words nearly as
        little."""
        written = self._find_written(question.text)
        is_told = written != ENGLISH and written in self._home.wordings.languages
        return self._home.wordings.choose(written if is_told else question.locale)

    @cached_property
    def standard_answers(self) -> StandardAnswers:
        return StandardAnswers(self.proposals, self.embedder)

    @cached_property
    def curation(self) -> Curation:
        return Curation(self._home.settings.knowledge_dir, self.proposals, self.documents, self.ingest)

    def build_model(self, form: type[Form], name: str = "") -> Callable[[str], Form]:
        """The configured chat model, or another of its provider, asked for answers of this form."""
        settings = self._home.settings
        key = settings.chat_model_key.get_secret_value() if settings.chat_model_key else ""
        model = name or settings.chat_model
        address = ModelAddress(model, settings.chat_model_url, key, settings.chat_model_timeout_seconds)
        return ChatModel(address, form, self._note_use)

    def _find_languages(self) -> Sequence[str]:
        """The languages that the documents are in."""
        finder = self.index.multilingual
        return finder.spoken() if finder and self.is_multilingual_asked_for else ()

    def measure_likeness(self, text: str, others: Sequence[str]) -> float:
        """See grounding.Likeness."""
        return measure_likeness(self._choose_embedder([text, *others]), text, others)

    def measure_each(self, text: str, others: Sequence[str]) -> list[float]:
        """How near each of some texts is in meaning, on the scale of the bundled embedder; they are remembered."""
        embedder = self._choose_embedder([text, *others])
        known = self._remembered.setdefault(embedder.name, RememberedVectors(embedder, _MOST_REMEMBERED))
        found = known.find(others)
        vectors = np.stack([found[other] for other in others])
        return [float(one) for one in to_common_scale(embedder, vectors @ embedder.embed([text])[0])]

    def find_language(self, text: str) -> str:
        """Return the language to read a text in; English where no other is looked for."""
        return self.index.multilingual.find_language(text) if self.index.multilingual else ENGLISH

    def _weigh_words(self, terms: Sequence[str], audience: Audience) -> dict[str, float]:
        readable = audience.readable
        counts = sum((Counter(self.words.count_chunks_with(each, terms)) for each in readable), Counter[str]())
        return weigh_terms(dict.fromkeys(terms, 1.0), counts, sum(self.words.size(each)[0] for each in readable))

    def _choose_embedder(self, texts: Sequence[str]) -> Embedder:
        """The multilingual one where one of the first two texts, those that are compared, is not in English."""
        finder = self.index.multilingual
        if finder is None or not self.is_multilingual_asked_for or all(map(finder.is_english, texts[:2])):
            return self.embedder
        return self.multilingual or self.embedder

    def answer(self, question: Question, asked: AskedIn = NOWHERE, progress: Progress = lambda doing: None) -> Answer:
        """Answer, and keep what was asked and said; a question answered before a crash keeps its answer.

        Small talk is replied to and not kept: nothing was asked.
        """
        kept, now = self._find_kept(question, asked), self._home.clock()
        answer = kept or self.reply(question, now, progress)
        if kept is None and answer.look is not Look.TALK:
            self.questions.add(question, answer, now, asked)
        return answer

    def answer_if_sure(
        self, question: Question, asked: AskedIn = NOWHERE, progress: Progress = lambda doing: None
    ) -> Answer | None:
        """Answer what nobody asked Earshot, where that is sure or somebody wrote the answer; else None, and keep
        nothing."""
        kept, now = self._find_kept(question, asked), self._home.clock()
        answer = kept or self.reply(question, now, progress)
        if not (is_sure(question.text, answer) or self.standard_answers.find(question.text, question.audience)):
            return None
        if kept is None:
            self.questions.add(question, answer, now, asked)
        return answer

    def _find_kept(self, question: Question, asked: AskedIn) -> Answer | None:
        kept = self.questions.find(asked.question_key) if asked.question_key else None
        return kept.answer if kept and question.audience.covers(kept.question.audience) else None

    def reply(self, question: Question, now: datetime, progress: Progress = lambda doing: None) -> Answer:
        """Answer from posts if the question is about what customers say, else from the documents; keep nothing."""
        is_english = self._find_written(question.text) == ENGLISH
        talk = self.small_talk.find_reply(question.text, self.choose_wording(question), is_english)
        if talk and talk.is_sure:
            return to_answer(talk)
        answer = self._answer_about_posts(question, now) or self.answering.answer(question, progress)
        return to_answer(talk) if talk and not answer.is_grounded else answer
