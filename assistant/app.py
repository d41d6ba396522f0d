"""The whole: what staff and managers ask of it, over all parts."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path

from assistant.alerts.counts import CountTables
from assistant.alerts.crises import Crises
from assistant.alerts.crisis_tables import CrisisTables
from assistant.alerts.watch import Watching, read_rules
from assistant.core.roles import FindRoles, hold_every_role
from assistant.domain import EVERYTHING, Answer, Audience, Period, Question, Scope
from assistant.domain.calendar import read_hours
from assistant.knowledge.gaps import find_gaps
from assistant.knowledge.tables.questions import NOWHERE, AskedIn
from assistant.live_settings.adjustable import TOPICS
from assistant.live_settings.changing import Adjusting, FindPeople
from assistant.replies.build import Replying
from assistant.reports.digest import Digest
from assistant.reports.digest.digest import Circumstances, Summing
from assistant.reports.digest.plans import DigestPlan, read_plans
from assistant.reports.digest.telling import ChatSummary, Teller
from assistant.reports.figures import NAMES, Measuring
from assistant.reports.figures.goals import read_goals


class Assistant(Replying):
    """All parts of Earshot over one EARSHOT_HOME."""

    def build_adjusting(self, find_roles: FindRoles, via: str, find_people: FindPeople | None = None) -> Adjusting:
        """Changes of settings by people whose roles `find_roles` knows; `via` says in the audit where they came in."""
        recorder = self.review_desk.build_recorder(via)
        tables = self.setting_tables
        return Adjusting(self.overlay, tables, find_roles, recorder, self.follow_settings, find_people)

    @cached_property
    def adjusting(self) -> Adjusting:
        """For the command line: whoever has the machine may do all."""
        return self.build_adjusting(hold_every_role, "command line")

    @cached_property
    def _followers(self) -> list[Callable[[frozenset[str]], None]]:
        return []

    def when_settings_change(self, follow: Callable[[frozenset[str]], None]) -> None:
        """Have `follow` called with the names of settings whenever they count anew."""
        self._followers.append(follow)

    def follow_settings(self) -> None:
        """Take over what an admin changed since, in this process or another one."""
        self.store  # noqa: B018  # the overlay comes with it
        changed = self.overlay.follow()
        if TOPICS in changed and "analyser" in self.__dict__:
            self.analyser.set_topics(self.overlay.topics)
        for follow in self._followers if changed else ():
            follow(changed)

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

    def digest(self, period: Period, scope: Scope = EVERYTHING, audience: Audience = Audience.INTERNAL) -> Digest:
        """The digest of a week, a month or a quarter, as the store knows it now."""
        return self.summing.sum_up(period, self._look_around(), scope, audience)

    def outline(self, period: Period, scope: Scope = EVERYTHING) -> Digest:
        """The same tables for somebody who waits."""
        return self.summing.outline(period, self._look_around(), scope)

    @property
    def digest_plans(self) -> tuple[DigestPlan, ...]:
        return read_plans(self.settings)

    @property
    def known_names(self) -> tuple[str, ...]:
        """Names and handles that are no private person's: the company's and its competitors'."""
        listening = self.listening
        return (*listening.handles, *listening.brands, *listening.competitors)

    def _look_around(self) -> Circumstances:
        return Circumstances(
            gaps=find_gaps(self.questions, self.embedder) if self.questions.unhelped() else (),
            coverages=self.coverages,
            known_names=self.known_names,
            has_reviewers=bool(self.settings.reviewers),
            has_readers=bool(self.digest_plans),
            public_documents=self.documents.count()["public_documents"],
            now=self.clock(),
        )
