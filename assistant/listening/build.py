"""What customers say: networks, analysis and what is made of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from assistant.core.config import read_key
from assistant.knowledge.build import Knowing
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.analysis.asking import ChatLabeller, ChatLabels
from assistant.listening.analysis.brands import BrandFinder, list_names
from assistant.listening.insights.answering import Opinions
from assistant.listening.networks.base.protocol import Network
from assistant.listening.networks.registry import build_networks
from assistant.listening.networks.settings import Listening, load_listening
from assistant.listening.pipeline import keep_analyses, sort_new_mentions
from assistant.listening.post_index import MentionIndex
from assistant.listening.tables.cursors import Coverage
from assistant.listening.tables.insights import OpinionTables
from assistant.listening.tables.post_vectors import MentionVectorTables
from assistant.privacy.forget import Forgetting
from assistant.privacy.tables import ForgettingTables
from assistant.reports.figures import week_of


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
