"""Scheduled work: collect, sort, look for alerts, draft, learn, summarise."""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from assistant.app import Assistant
from assistant.domain import Draft
from assistant.errors import EarshotError, edge
from assistant.reports.digest.plans import OWN_PLAN
from assistant.service.jobs import Schedule
from assistant.slack.answers.intake import Inbox
from assistant.slack.app import Flows

_DRAFTS_A_ROUND = 20
_LESSONS_SCHEDULE = "30 3 * * *"  # once a day, when nobody waits for anything
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
        others = (plan for plan in self._assistant.reports.digest_plans if plan.key != OWN_PLAN)
        return [
            collect,
            lessons,
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
            report = assistant.listening.collecting.collect_networks(assistant.clock())
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

    def look_for_alerts(self) -> None:
        """Find and post alerts; a fault in that holds nothing else up."""
        try:
            with edge("looking for alerts"):
                self._flows.alerts.run()
        except EarshotError as error:
            _log.error("alerts failed, the next round tries again: %s %s", error.message, error.hint)

    def learn(self) -> None:
        """Keep what decisions teach, and ask owners about documents that were wrong; a fault holds nothing else up."""
        try:
            with edge("learning from decisions"):
                self._assistant.replies.learning.learn(self._assistant.clock())
                self._flows.fixes.ask_owners()
        except EarshotError as error:
            _log.error("learning failed, the next round tries again: %s %s", error.message, error.hint)

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
                self._put("digest", f"{plan.key}:{label}", {"plan": plan.key, "label": label})

    def _forget_older(self) -> None:
        receipt = self._assistant.privacy.forgetting.forget_older(self._assistant.clock())
        if not receipt.is_empty:
            _log.info("retention removed %d %s", receipt.removed.posts + receipt.removed.parents, receipt.subject)
        for problem in receipt.unfinished:
            _log.warning("what was forgotten is not gone from the disk yet: %s", problem)
        for draft_id in self._assistant.slack.cards.of_removed():
            self._put("card", f"card:removed:{draft_id}", {"draft_id": draft_id})

    def refresh_cards(self, stale_drafts: list[int]) -> None:
        """Show that these drafts are stale."""
        for draft_id in stale_drafts:
            self._put("card", f"card:stale:{draft_id}", {"draft_id": draft_id})

    def _draft(self, mention_id: str) -> None:
        try:
            self._assistant.replies.drafting.draft_mention(mention_id, self._assistant.clock())
        except EarshotError as error:
            _log.warning("no draft for %s: %s", mention_id, error.message)

    def show_sent(self, draft: Draft) -> None:
        """Show on its card what became of a reply."""
        self._put("card", f"card:resumed:{draft.draft_id}:{draft.status}", {"draft_id": draft.draft_id})
