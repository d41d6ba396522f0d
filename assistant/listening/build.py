"""The department of what customers say: networks, collection, analysis and insights."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path

from assistant.core.home import Home
from assistant.core.setting_files import read_key
from assistant.errors import NetworkError
from assistant.knowledge.build import Knowledge
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.analysis.brands import BrandFinder, list_names
from assistant.listening.analysis.chat_labels import ChatLabeller, ChatLabels
from assistant.listening.analysis.topics import Topic
from assistant.listening.collect import Collector, NoteOptOuts
from assistant.listening.insights.answers import Opinions
from assistant.listening.insights.chat_questions import ChatFigures, Translator
from assistant.listening.insights.phrasebook import Phrasebooks, read_phrasebooks
from assistant.listening.networks.base.protocol import KnowsAccounts, Network
from assistant.listening.networks.registry import build_networks
from assistant.listening.networks.settings import NetworkSettings, load_listening
from assistant.listening.pipeline import keep_analyses, sort_new_mentions
from assistant.listening.post_index import MentionIndex
from assistant.listening.tables.insights import OpinionTables
from assistant.listening.tables.post_vectors import MentionVectorTables
from assistant.listening.tables.posts import MentionTables
from assistant.listening.tables.threads import ThreadTables
from assistant.listening.tables.upstream import Coverage, CursorTables, DeliveryTables, ForgetLessons, UpstreamTables

_log = logging.getLogger(__name__)


class Listening:
    """Posts from the networks, and what is found out about them.

    `read_topics` gives the company's topics as they are set now; `note_opt_outs` sees every post that comes in;
    `when_sorted` is called with the time after new posts were analysed; `forget_lessons` goes with a removed post.
    """

    def __init__(
        self,
        home: Home,
        knowledge: Knowledge,
        read_topics: Callable[[], tuple[Topic, ...]],
        note_opt_outs: NoteOptOuts,
        when_sorted: Callable[[datetime], None],
        forget_lessons: ForgetLessons,
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._read_topics = read_topics
        self._note_opt_outs = note_opt_outs
        self._when_sorted = when_sorted
        self._forget_lessons = forget_lessons
        self._built_analyser: Analyser | None = None

    @cached_property
    def mentions(self) -> MentionTables:
        return MentionTables(self._home.store)

    @cached_property
    def upstream(self) -> UpstreamTables:
        return UpstreamTables(self._home.store, self._forget_lessons)

    @cached_property
    def cursors(self) -> CursorTables:
        return CursorTables(self._home.store)

    @cached_property
    def deliveries(self) -> DeliveryTables:
        return DeliveryTables(self._home.store)

    @cached_property
    def threads(self) -> ThreadTables:
        return ThreadTables(self._home.store)

    @cached_property
    def mention_index(self) -> MentionIndex:
        vectors = MentionVectorTables(self._home.store)
        return MentionIndex(vectors, self._knowledge.documents, self._knowledge.vectors, self._knowledge.post_embedder)

    @cached_property
    def labeller(self) -> ChatLabeller | None:
        settings = self._home.settings
        if not settings.chat_model or settings.analyse_with_chat_model != "unsure":
            return None
        budget = settings.analyse_chat_posts_a_day

        def take(wanted: int, day: str) -> int:
            return self.mentions.corrections.take_from_budget(wanted, budget, day)

        return ChatLabeller(self._knowledge.build_model(ChatLabels), self._home.prompts, take)

    @cached_property
    def opinions(self) -> Opinions:
        settings, tables = self._home.settings, OpinionTables(self._home.store)
        translator = None
        if settings.chat_model:
            translator = Translator(self._knowledge.build_model(ChatFigures), self._home.prompts)
        return Opinions(
            tables,
            settings.zone,
            self.brands.names_competitor,
            settings.digest_hide_authors,
            translator,
            Phrasebooks(read_phrasebooks(self._home.prompt_folders)),
        )

    @cached_property
    def network_settings(self) -> NetworkSettings:
        path = self._home.settings.networks_file
        return load_listening(path, is_needed=path != Path("networks.yaml"))

    @cached_property
    def networks(self) -> list[Network]:
        return build_networks(self.network_settings, self._home.settings.rss_feeds, read_key, self._home.clock)

    @cached_property
    def collecting(self) -> Collector:
        days = self._home.settings.mention_retention_days
        return Collector(self.upstream, self.cursors, self.networks, days, self._note_opt_outs)

    @property
    def analyser(self) -> Analyser:
        if self._built_analyser is None:
            knowledge = self._knowledge
            self._built_analyser = Analyser(
                knowledge.post_embedder, self._read_topics(), self.brands, knowledge.embedder
            )
        return self._built_analyser

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The company's topics as they are set now."""
        return self._read_topics()

    def take_over_topics(self) -> None:
        """Sort by the topics as they are set now; an analyser that was not built yet reads them by itself."""
        if self._built_analyser is not None:
            self._built_analyser.set_topics(self._read_topics())

    @cached_property
    def brands(self) -> BrandFinder:
        return BrandFinder(list_names(self.network_settings))

    @property
    def known_names(self) -> tuple[str, ...]:
        """Names and handles that are no private person's: the company's and its competitors'."""
        names = self.network_settings
        return (*names.handles, *names.brands, *names.competitors)

    @property
    def company(self) -> str:
        """Return the company's name; empty where networks.yaml names none."""
        return next(iter(self.network_settings.brands), "")

    @property
    def coverages(self) -> list[Coverage]:
        """Return how completely each configured network was read."""
        names = {network.name for network in self.networks}
        return [coverage for coverage in self.cursors.coverages() if coverage.network in names]

    def find_account(self, name: str, network: str = "") -> tuple[str, str] | None:
        """The account that has this name now, on the first network that knows one, as (network, id of the account).

        A network that cannot be asked tells nothing: it must not keep anybody from being forgotten.
        """
        for one in self.networks:
            if isinstance(one, KnowsAccounts) and network in ("", one.name):
                try:
                    account = one.find_account(name)
                except NetworkError as error:
                    _log.warning("%s was not asked whose name it is: %s", one.name, error.message)
                    continue
                if account:
                    return one.name, account
        return None

    def sort_new_mentions(self, now: datetime, progress: Callable[[int], None] = lambda done: None) -> int:
        """Analyse and triage what is new; see pipeline.sort_new_mentions."""
        review = self.labeller.review if self.labeller else keep_analyses
        done = sort_new_mentions(self.mentions, self.analyser, now, progress, self.mention_index.keep, review)
        self.mention_index.catch_up()
        self.opinions.catch_up()
        self._when_sorted(now)
        return done
