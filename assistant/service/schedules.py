"""Scheduled work: collect, sort, look for alerts, draft, learn, summarise."""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from assistant.app import Assistant
from assistant.core.job import Inbox
from assistant.domain import Draft
from assistant.errors import logged
from assistant.knowledge.sources.section import SourceSection
from assistant.knowledge.sources.standing import SourceStanding, list_standings
from assistant.reports.digest.plans import OWN_PLAN
from assistant.service.jobs import Schedule
from assistant.slack.alerts.follow import FollowsDue
from assistant.slack.app import Flows
from assistant.slack.cards.flow import CardChange
from assistant.slack.digests.flow import DueDigest

_DRAFTS_A_ROUND = 20
_PATIENCE_SECONDS = 60.0  # what takes longer is sorted in the next round
_LESSONS_SCHEDULE = "30 3 * * *"  # once a day, when nobody waits for anything
_EACH_MINUTE = "* * * * *"  # whether a source is due its own pause decides
_SOURCES_IN_FULL = "15 2 * * *"
_FOLLOWS_SCHEDULE = "*/5 * * * *"
_ANCHOR_SCHEDULE = "0 5 * * *"
_log = logging.getLogger(__name__)


class Rounds:
    """Each can be called again at any time; what has to reach Slack is put into the inbox."""

    def __init__(self, assistant: Assistant, flows: Flows, put: Inbox) -> None:
        self._assistant = assistant
        self._flows = flows
        self._put = put

    def list_schedules(self) -> list[Schedule]:
        """List when each round is due."""
        settings = self._assistant.settings
        collect = Schedule("collect", settings.collect_schedule, settings.timezone, self.collect)
        lessons = Schedule("lessons", _LESSONS_SCHEDULE, settings.timezone, self.try_lessons)
        anchor = Schedule("audit_anchor", _ANCHOR_SCHEDULE, settings.timezone, self._flows.anchor.note)
        sources = Schedule("sources", _EACH_MINUTE, settings.timezone, self.read_sources)
        in_full = Schedule("sources_in_full", _SOURCES_IN_FULL, settings.timezone, self.read_sources_in_full)
        follows = Schedule("follows", _FOLLOWS_SCHEDULE, settings.timezone, self.tell_followers)
        others = (plan for plan in self._assistant.reports.digest_plans if plan.key != OWN_PLAN)
        return [
            collect,
            lessons,
            anchor,
            sources,
            in_full,
            follows,
            self.schedule_own_digest(),
            *(self._schedule_digest(plan.key, plan.cron) for plan in others),
        ]

    def schedule_own_digest(self) -> Schedule:
        """The one whose channel and moment are settings."""
        return self._schedule_digest(OWN_PLAN, self._assistant.settings.digest_schedule)

    def _schedule_digest(self, plan_key: str, cron: str) -> Schedule:
        return Schedule(plan_key, cron, self._assistant.settings.timezone, partial(self._put_digests, (plan_key,)))

    def collect(self, due_at: datetime) -> None:
        """Read the networks, sort what is new, and draft replies; slack.keeping posts their cards."""
        assistant = self._assistant
        if assistant.listening.networks:  # without any, posts may still come by the webhook
            report = assistant.listening.collecting.collect_networks(
                assistant.clock(), patience_seconds=_PATIENCE_SECONDS
            )
            _log.info("collected %d new mentions, %d networks failed", report.new, len(report.failed))
            self.refresh_cards(report.stale_drafts)
            for draft in assistant.replies.assisting.close(assistant.clock()):
                self.show_sent(draft)
        self._forget_older()
        assistant.listening.sort_new_mentions(assistant.clock())
        self.look_for_alerts()
        self.learn()
        for mention_id in assistant.listening.mentions.to_draft(_DRAFTS_A_ROUND):
            self._draft(mention_id)

    def read_sources(self, due_at: datetime) -> None:
        """Read what changed at the sources whose turn it is."""
        for standing in self._list_standings():
            if standing.is_due(self._assistant.clock()):
                self.read_source(standing.section)

    def read_sources_in_full(self, due_at: datetime) -> None:
        """Compare all that the sources hold with what is known, and look for flaws in all documents."""
        for standing in self._list_standings():
            self.read_source(standing.section, is_full=True)
        with logged("looking for flaws in documents"):
            self._flows.flaws.look()

    def read_source(self, section: SourceSection, is_full: bool = False) -> None:
        """Read one, and see to what rests on its documents; a fault in it holds no other up."""
        with logged(f"reading the source {section.name}"):
            report = self._assistant.knowledge.syncing.sync(section, is_full)
            self._flows.documents.follow(section, report)

    def _list_standings(self) -> list[SourceStanding]:
        knowledge = self._assistant.knowledge
        settings = knowledge.read_source_settings()
        return list_standings(settings, knowledge.documents, knowledge.source_states, self._assistant.clock())

    def look_for_alerts(self) -> None:
        """Find and post alerts; a fault in that holds nothing else up."""
        with logged("looking for alerts"):
            self._flows.alerts.run()

    def learn(self) -> None:
        """Keep what decisions teach, and ask owners about documents that were wrong; a fault holds nothing else up."""
        with logged("learning from decisions"):
            self._assistant.replies.learning.learn(self._assistant.clock())
            self._flows.fixes.ask_owners()

    def tell_followers(self, due_at: datetime) -> None:
        """Tell people what they follow, by the inbox: Slack may be down for some minutes."""
        self._put(FollowsDue(), f"follows:{due_at.isoformat()}")

    def try_lessons(self, due_at: datetime) -> None:
        """Replay past drafts with the lessons that wait, and keep those that help."""
        for lesson in self._assistant.replies.learning.try_out(self._assistant.clock()):
            _log.info("lesson %d is %s: %s", lesson.lesson_id, lesson.status, lesson.trial.reason)

    def post_digest(self, due_at: datetime) -> None:
        """Write down every digest of which the last period before this moment was not posted yet."""
        self._put_digests([plan.key for plan in self._assistant.reports.digest_plans], due_at)

    def _put_digests(self, plan_keys: Sequence[str], due_at: datetime) -> None:
        # By the inbox, so that a Slack that is down for some minutes does not cost a week's digest.
        for (
            plan
        ) in self._assistant.reports.digest_plans:  # read again: an admin may have set or taken a channel meanwhile
            if plan.key in plan_keys:
                label = plan.find_period(due_at, self._assistant.settings.zone).label
                self._put(DueDigest(plan.key, label), f"{plan.key}:{label}")

    def _forget_older(self) -> None:
        receipt = self._assistant.privacy.forgetting.forget_older(self._assistant.clock())
        if not receipt.is_empty:
            _log.info("retention removed %d %s", receipt.removed.posts + receipt.removed.parents, receipt.subject)
        for problem in receipt.unfinished:
            _log.warning("what was forgotten is not gone from the disk yet: %s", problem)
        for draft_id in self._assistant.slack.cards.of_removed():
            self._put(CardChange(draft_id), f"card:removed:{draft_id}")

    def refresh_cards(self, stale_drafts: list[int]) -> None:
        """Show that these drafts are stale."""
        for draft_id in stale_drafts:
            self._put(CardChange(draft_id), f"card:stale:{draft_id}")

    def _draft(self, mention_id: str) -> None:
        with logged(f"drafting a reply to {mention_id}"):
            self._assistant.replies.drafting.draft_mention(mention_id, self._assistant.clock())

    def show_sent(self, draft: Draft) -> None:
        """Show on its card what became of a reply."""
        self._put(CardChange(draft.draft_id), f"card:resumed:{draft.draft_id}:{draft.status}")
