"""The department of reports: figures, and the digest that tells them."""

from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from assistant.core.home import Home
from assistant.domain import EVERYTHING, Audience, Period, Scope, ScopeKind, read_scope
from assistant.domain.calendar import read_hours
from assistant.errors import InputError
from assistant.knowledge.build import Knowledge
from assistant.knowledge.gaps import find_gaps
from assistant.listening.build import Listening
from assistant.reports.digest import Digest, to_html
from assistant.reports.digest.digest import Circumstances, DigestMaker
from assistant.reports.digest.headlines import ChatSummary, Teller
from assistant.reports.digest.names import NETWORKS_BY_NAME
from assistant.reports.digest.plans import DigestPlan, read_plans
from assistant.reports.figures import NAMES, Measure, week_of
from assistant.reports.figures.goals import read_goals
from assistant.reports.figures.tables import MeasuringTables


class Reports:
    """Counts a period and puts its digest together."""

    def __init__(self, home: Home, knowledge: Knowledge, listening: Listening) -> None:
        self._home = home
        self._knowledge = knowledge
        self._listening = listening

    @cached_property
    def measuring(self) -> MeasuringTables:
        return MeasuringTables(self._home.store)

    @cached_property
    def summing(self) -> DigestMaker:
        settings, path = self._home.settings, self._home.settings.goals_file
        hours = read_hours(settings.business_hours, settings.zone)
        rules = Measure(settings.zone, hours, settings.reply_within_hours, settings.digest_hide_authors)
        is_needed = path != Path("goals.yaml")
        return DigestMaker(
            self.measuring,
            self._listening.mentions,
            rules,
            goals=lambda: read_goals(path, is_needed, NAMES),
            embed=lambda texts: self._knowledge.post_embedder.embed(texts),
            tell=self.teller.tell if self.teller else None,
        )

    @cached_property
    def teller(self) -> Teller | None:
        if not self._home.settings.chat_model:
            return None
        return Teller(self._knowledge.build_model(ChatSummary), self._home.prompts)

    @property
    def digest_plans(self) -> tuple[DigestPlan, ...]:
        return read_plans(self._home.settings)

    def read_scope(self, text: str) -> Scope:
        """`topic=billing`, as a person writes it. Raises InputError, for a name that is none with those there are."""
        scope = read_scope(text)
        known = self.measuring.list_names(scope.kind, self._list_configured(scope.kind)) if scope.kind else ()
        spelled = {name.casefold() for name in known}
        for name in scope.names if known else ():
            if name.casefold() not in spelled:
                raise InputError(f"There's no {scope.kind} {name}.", f"There are: {', '.join(known)}.")
        return scope

    def _list_configured(self, kind: ScopeKind | None) -> tuple[str, ...]:
        """Names that count before any post has them."""
        if kind is ScopeKind.TOPIC:
            return tuple(topic.name for topic in self._listening.topics)
        names = self._listening.network_settings
        return (*names.brands, *names.competitors) if kind is ScopeKind.BRAND else NETWORKS_BY_NAME

    def digest(self, period: Period, scope: Scope = EVERYTHING, audience: Audience = Audience.INTERNAL) -> Digest:
        """The digest of a week, a month or a quarter, from what the database holds now."""
        return self.summing.sum_up(period, self._look_around(), scope, audience)

    def page(self, digest: Digest) -> str:
        """A digest as one HTML page, with the posts behind its numbers."""
        appendix = self.summing.append(digest, self._listening.known_names)
        return to_html(digest, appendix=appendix, company=self._listening.company)

    def outline(self, period: Period, scope: Scope = EVERYTHING) -> Digest:
        """The same tables for somebody who waits."""
        return self.summing.outline(period, self._look_around(), scope)

    def fill_week(self, now: datetime) -> None:
        """Count this week and the last ahead of time: a person waits for the digest."""
        week = week_of(now, self._home.settings.zone)
        self.measuring.fill(week.start_at - timedelta(days=7), week.end_at)

    def _look_around(self) -> Circumstances:
        questions = self._knowledge.questions
        return Circumstances(
            gaps=find_gaps(questions, self._knowledge.post_embedder) if questions.unhelped() else (),
            coverages=self._listening.coverages,
            known_names=self._listening.known_names,
            has_reviewers=bool(self._home.settings.reviewers),
            has_readers=bool(self.digest_plans),
            public_documents=self._knowledge.documents.count()["public_documents"],
            now=self._home.clock(),
        )
