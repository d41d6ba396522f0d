"""What customers say: networks, analysis and what is made of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from assistant.analyse.analysing import Analyser
from assistant.analyse.asking import ChatLabeller, ChatLabels
from assistant.analyse.brands import BrandFinder, list_names
from assistant.config import read_key
from assistant.figures import week_of
from assistant.forget import Forgetting
from assistant.index.mention_index import MentionIndex
from assistant.networks.building import build_networks
from assistant.networks.listening import Listening, load_listening
from assistant.networks.network import Network
from assistant.opinions.telling import Opinions
from assistant.sorting import keep_analyses, sort_new_mentions
from assistant.store.cursors import Coverage
from assistant.store.forgetting import ForgettingTables
from assistant.store.mention_vectors import MentionVectorTables
from assistant.store.opinions import OpinionTables
from assistant.wiring.knowing import Knowing


class Hearing(Knowing):
    """What customers say: networks, analysis and what is made of it."""

    @cached_property
    def mention_index(self) -> MentionIndex:
        return MentionIndex(MentionVectorTables(self.store), self.documents, self.vectors, self.embedder)

    @cached_property
    def labeller(self) -> ChatLabeller | None:
        settings = self.settings
        if not settings.chat_model or settings.analyse_with_chat_model != "unsure":
            return None
        budget = settings.analyse_chat_posts_a_day

        def take(wanted: int, day: str) -> int:
            return self.mentions.corrections.take_from_budget(wanted, budget, day)

        return ChatLabeller(self._build_model(ChatLabels), self.prompts, take)

    @cached_property
    def opinions(self) -> Opinions:
        return Opinions(OpinionTables(self.store), self.settings.zone, self.brands.names_competitor)

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
        self.store  # noqa: B018  # with it come topics that were changed from Slack
        return Analyser(self.embedder, self.overlay.topics, self.brands)

    @cached_property
    def brands(self) -> BrandFinder:
        return BrandFinder(list_names(self.listening))

    @property
    def coverages(self) -> list[Coverage]:
        """How well each network that is configured is heard."""
        names = {network.name for network in self.networks}
        return [coverage for coverage in self.cursors.coverages() if coverage.network in names]

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
