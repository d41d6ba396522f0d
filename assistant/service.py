"""The running service: Slack, the inbox and the schedules in one process, until it is told to stop."""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from filelock import FileLock, Timeout
from slack_bolt import App
from slack_sdk import WebClient

from assistant.digest.plans import OWN_PLAN
from assistant.dispatch import Dispatch
from assistant.domain import Audience, Draft
from assistant.edge import edge
from assistant.errors import ConfigError, EarshotError
from assistant.figures import find_period
from assistant.inbound import Webhook, serve_webhook
from assistant.index.vectors import chunk_collection
from assistant.slack.alerts import AlertFlow, CrisisClick
from assistant.slack.answer_buttons import build_direct_offer
from assistant.slack.app import build_app
from assistant.slack.calling import build_client, translated
from assistant.slack.deciding import Deciding
from assistant.slack.delivering import Delivery
from assistant.slack.digests import DigestFlow
from assistant.slack.drafts import DraftFlow
from assistant.slack.edits import EditFlow
from assistant.slack.events import Asked, Deleted, Edited
from assistant.slack.fixes import FixClick, FixFlow
from assistant.slack.freezes import FreezeFlow
from assistant.slack.home import HomeFlow
from assistant.slack.keeping import CardKeeper
from assistant.slack.knowing import Handed, KnowingFlow
from assistant.slack.membership import Membership
from assistant.slack.outgoing import Outgoing
from assistant.slack.posting import Posting
from assistant.slack.private import Click, PrivateAsk, PrivateFlow
from assistant.slack.questions import QuestionFlow
from assistant.slack.refreshing import Refresher
from assistant.slack.reviews import ReviewFlow
from assistant.slack.serving import Connection, serve_http, serve_socket
from assistant.slack.summaries import FileAsk, SummaryAsk, SummaryFlow
from assistant.slack.uploads import Uploads
from assistant.slack.votes import Voted, VoteFlow
from assistant.wiring import Assistant
from assistant.work import DurableWork, Handler, Payload, Schedule

_DRAFTS_A_ROUND = 20
_LESSONS_SCHEDULE = "30 3 * * *"  # once a day, when nobody waits for anything
_log = logging.getLogger(__name__)


class Service:
    """One `earshot run`. Raises ConfigError when a setting is missing or another one runs on the same home."""

    def __init__(self, assistant: Assistant, post_spacing_seconds: float = 1.0) -> None:
        self._assistant = assistant
        assistant.networks  # noqa: B018  # a fault in networks.yaml is told now, and not at the first collecting
        self._lock = _take_lock(assistant)
        self._client: WebClient = _build_client(assistant)
        outgoing = Outgoing(post_spacing_seconds)
        posting = Posting(self._client, assistant.slack_posts, assistant.clock, outgoing)
        delivery = Delivery(self._client, posting, assistant.slack_posts, assistant.clock, outgoing)
        self._membership = membership = Membership(self._client, assistant.settings)
        self._questions = QuestionFlow(assistant, delivery, membership, self._client)
        self._votes = VoteFlow(assistant, posting)
        self._edits = EditFlow(assistant, posting, delivery, self._questions)
        self._private = PrivateFlow(assistant, posting, membership, self._questions)
        self._knowing = KnowingFlow(assistant, posting, membership, self._client)
        self._fixes = FixFlow(assistant, posting, membership, self._knowing)
        self._reviews = ReviewFlow(assistant, posting, membership)
        self._deciding = Deciding(assistant, posting, self._reviews)
        self._drafts = DraftFlow(assistant, posting, membership, self._reviews)
        freezes = FreezeFlow(assistant, posting)
        self._keeper = CardKeeper(assistant.cards, self._reviews, freezes, assistant.clock, post_spacing_seconds)
        uploads = Uploads(self._client, assistant.uploads, assistant.clock, outgoing)
        self._digests = DigestFlow(assistant, posting, uploads, membership)
        self._summaries = SummaryFlow(
            assistant, self._client, posting, uploads, membership, self._digests, self._private
        )
        self._alerts = AlertFlow(assistant, posting, uploads, membership)
        self._home = HomeFlow(assistant, self._client, membership, outgoing, uploads)
        self._refresher = Refresher(assistant, self._home)
        self._work = DurableWork(
            assistant.settings.earshot_home / "work.db", self._handlers(), self._schedules(), assistant.schedules
        )
        self._dispatch = Dispatch(assistant.sending, assistant.clock, self._show_sent)
        self._connection: Connection | None = None
        self._webhook: Any = None

    def start(self) -> None:
        """Load the models, take up what a crash left, and connect. Raises EarshotError."""
        self._warm_up()
        with translated():
            app = build_app(
                self._assistant,
                self._client,
                self._membership,
                self._reviews,
                self._summaries,
                self._home,
                self._work.put,
            )
        self._work.start(self._assistant.clock())
        self._take_up()
        self._connection = self._connect(app)
        self._webhook = self._serve_webhook()
        self._assistant.when_settings_change(self._follow_settings)
        self._refresher.start()

    def stop(self) -> None:
        """Take nothing more, let what runs end, and let go of the home."""
        for server in (self._webhook, self._connection):
            if server:
                server.close()
        self._keeper.stop()
        self._refresher.stop()
        self._dispatch.stop()
        self._work.stop()
        self._lock.release()

    def is_idle(self) -> bool:
        """Whether everything that came in is worked off."""
        return self._work.is_idle()

    def collect(self, due_at: datetime) -> None:
        """Read the networks, sort what is new, draft replies and post their cards."""
        assistant = self._assistant
        if assistant.networks:  # without any, posts may still come by the webhook
            report = assistant.collecting.collect_networks(assistant.clock())
            _log.info("collected %d new mentions, %d networks failed", report.new, len(report.failed))
            self._refresh_cards(report.stale_drafts)
            for draft in assistant.assisting.close(assistant.clock()):
                self._show_sent(draft)
        self._forget_older()
        assistant.sort_new_mentions(assistant.clock())
        self.look_for_alerts()
        self.learn()
        for mention_id in assistant.mentions.to_draft(_DRAFTS_A_ROUND):
            self._draft(mention_id)
        self._reviews.post_missing_cards()

    def look_for_alerts(self) -> None:
        """Find and post alerts; a fault in that holds nothing else up."""
        try:
            with edge("looking for alerts"):
                self._alerts.run()
        except EarshotError as error:
            _log.error("alerts failed, the next round tries again: %s %s", error.message, error.hint)

    def learn(self) -> None:
        """Keep what decisions teach, and ask owners about documents that were wrong; a fault holds nothing else up."""
        try:
            with edge("learning from decisions"):
                self._assistant.learning.learn(self._assistant.clock())
                self._fixes.ask_owners()
        except EarshotError as error:
            _log.error("learning failed, the next round tries again: %s %s", error.message, error.hint)

    def try_lessons(self, due_at: datetime) -> None:
        """Replay past drafts with the lessons that wait, and keep those that help."""
        for lesson in self._assistant.learning.try_out(self._assistant.clock()):
            _log.info("lesson %d is %s: %s", lesson.lesson_id, lesson.status, lesson.trial.reason)

    def post_digest(self, due_at: datetime) -> None:
        """Write down every digest of which the last period before this moment was not posted yet."""
        self._put_digests([plan.key for plan in self._assistant.digest_plans], due_at)

    def _put_digests(self, plan_keys: Sequence[str], due_at: datetime) -> None:
        # By the inbox, so that a Slack that is down for some minutes does not cost a week's digest.
        for plan in self._assistant.digest_plans:  # read anew: an admin may have set or taken a channel meanwhile
            if plan.key in plan_keys:
                label = plan.find_period(due_at, self._assistant.settings.zone).label
                self._work.put("digest", f"{plan.key}:{label}", {"plan": plan.key, "label": label})

    def _work_off_digest(self, payload: Payload) -> None:
        period = find_period(payload["label"], self._assistant.settings.zone)
        for plan in self._assistant.digest_plans:
            if plan.key == payload["plan"]:
                self._digests.post(plan, period)

    def _forget_older(self) -> None:
        receipt = self._assistant.forgetting.forget_older(self._assistant.clock())
        if not receipt.is_empty:
            _log.info("retention removed %d %s", receipt.removed.posts + receipt.removed.parents, receipt.subject)
        for problem in receipt.unfinished:
            _log.warning("what was forgotten is not gone from the disk yet: %s", problem)
        for draft_id in self._assistant.cards.of_removed():
            self._work.put("card", f"card:removed:{draft_id}", {"draft_id": draft_id})

    def _refresh_cards(self, stale_drafts: list[int]) -> None:
        for draft_id in stale_drafts:
            self._work.put("card", f"card:stale:{draft_id}", {"draft_id": draft_id})

    def _draft(self, mention_id: str) -> None:
        try:
            self._assistant.drafting.draft_mention(mention_id, self._assistant.clock())
        except EarshotError as error:
            _log.warning("no draft for %s: %s", mention_id, error.message)

    def _handlers(self) -> dict[str, Handler]:
        return {
            "question": self._work_off_question,
            "edit": self._work_off_edit,
            "delete": lambda payload: self._edits.delete(Deleted(**payload)),
            "private_question": lambda payload: self._private.answer(PrivateAsk(**payload)),
            "share": lambda payload: self._private.share(Click(**payload)),
            "ask_direct": self._work_off_ask_direct,
            "offer_direct": self._work_off_offer,
            "hand_over": lambda payload: self._knowing.hand_over(Handed(**payload)),
            "owner_reply": lambda payload: self._knowing.take_reply(Asked(**payload)),
            "vote": self._work_off_vote,
            "vote_reason": lambda payload: self._votes.explain(**payload),
            "decision": self._deciding.decide,
            "draft": self._drafts.draft,
            "card": self._work_off_card,
            "relabel": self._work_off_relabel,
            "crisis": self._work_off_crisis,
            "home": lambda payload: self._home.open(payload["user"]),
            "home_choice": lambda payload: self._home.choose(**payload),
            "unfreeze": lambda payload: self._home.unfreeze(payload["user"]),
            "fix": lambda payload: self._fixes.take(FixClick(**payload)),
            "digest": self._work_off_digest,
            "digest_posts": lambda payload: self._summaries.show_posts(**payload),
            "digest_file": lambda payload: self._summaries.send_file(FileAsk(**payload)),
            "summary": lambda payload: self._summaries.answer(SummaryAsk(**payload)),
        }

    def _work_off_question(self, payload: Payload) -> None:
        asked = Asked(**payload)
        self._questions.answer(asked)
        if not asked.is_direct:
            # Apart from the answer, so that neither waits for, nor repeats, the other.
            self._work.put("offer_direct", f"offer:{asked.key}", payload)

    def _work_off_offer(self, payload: Payload) -> None:
        asked = Asked(**payload)
        if self._questions.may_offer_more(asked):
            self._private.offer_direct(asked, build_direct_offer(asked.key))

    def _work_off_edit(self, payload: Payload) -> None:
        self._edits.edit(Edited(Asked(**payload["asked"]), payload["version"], payload["is_to_us"]))

    def _work_off_ask_direct(self, payload: Payload) -> None:
        asked = self._private.ask_in_direct(Click(**payload))
        if asked:
            self._questions.answer(asked)

    def _work_off_vote(self, payload: Payload) -> None:
        self._votes.take(Voted(**payload))

    def _work_off_card(self, payload: Payload) -> None:
        self._reviews.refresh(payload["draft_id"])

    def _work_off_relabel(self, payload: Payload) -> None:
        self._reviews.relabel(**payload)

    def _work_off_crisis(self, payload: Payload) -> None:
        self._alerts.take(CrisisClick(**payload))

    def _schedules(self) -> list[Schedule]:
        settings = self._assistant.settings
        collect = Schedule("collect", settings.collect_schedule, settings.timezone, self.collect)
        lessons = Schedule("lessons", _LESSONS_SCHEDULE, settings.timezone, self.try_lessons)
        others = (plan for plan in self._assistant.digest_plans if plan.key != OWN_PLAN)
        return [
            collect,
            lessons,
            self._schedule_digest(OWN_PLAN, settings.digest_schedule),
            *(self._schedule_digest(plan.key, plan.cron) for plan in others),
        ]

    def _schedule_digest(self, plan_key: str, cron: str) -> Schedule:
        return Schedule(plan_key, cron, self._assistant.settings.timezone, partial(self._put_digests, (plan_key,)))

    def _follow_settings(self, changed: frozenset[str]) -> None:
        """What is not read from the settings each time it is needed."""
        if "digest_schedule" in changed:
            schedule = self._schedule_digest(OWN_PLAN, self._assistant.settings.digest_schedule)
            self._work.reschedule(schedule, self._assistant.clock())

    def _serve_webhook(self) -> Any:
        secret = self._assistant.settings.webhook_secret
        if secret is None:
            return None
        webhook = Webhook(self._assistant, secret.get_secret_value(), self._refresh_cards)
        return serve_webhook(webhook, self._assistant.settings.webhook_port)

    def _take_up(self) -> None:
        for draft in self._assistant.sending.resume():
            self._show_sent(draft)
        self._dispatch.start()
        self._keeper.start()

    def _show_sent(self, draft: Draft) -> None:
        self._work.put("card", f"card:resumed:{draft.draft_id}:{draft.status}", {"draft_id": draft.draft_id})

    def _warm_up(self) -> None:
        # The first question of the day should not wait for the models to load.
        self._assistant.embedder.embed(["warm up"])
        self._assistant.index.catch_up()
        self._assistant.vectors.count(chunk_collection(Audience.PUBLIC))

    def _connect(self, app: App) -> Connection:
        settings = self._assistant.settings
        if settings.slack_app_token:
            token = settings.slack_app_token.get_secret_value()
            return serve_socket(app, token, self._assistant.service_facts, self._assistant.clock)
        return serve_http(app, settings.slack_http_port)


def _take_lock(assistant: Assistant) -> FileLock:
    home = assistant.settings.earshot_home
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "run.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        hint = "Stop that one first, or give this one an EARSHOT_HOME of its own."
        raise ConfigError(f"Another earshot run is using {home}.", hint) from error
    return lock


def _build_client(assistant: Assistant) -> WebClient:
    settings = assistant.settings
    if not settings.slack_bot_token:
        raise ConfigError(
            "SLACK_BOT_TOKEN is not set (for example xoxb-1-2-a).", "README.md shows how to connect Slack."
        )
    if not settings.slack_app_token and not settings.slack_signing_secret:
        raise ConfigError(
            "Neither SLACK_APP_TOKEN (Socket Mode, for example xapp-1-A1-2-b) nor SLACK_SIGNING_SECRET (HTTP) is set.",
            "README.md shows how to connect Slack.",
        )
    return build_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
