"""The Bolt app: each listener writes down what came, acks, and leaves the work to the inbox.

Tells a person of what failed behind the scenes after their event was acked, where no flow could say it itself.

All flows in Slack, over one client and one queue of outgoing messages.
"""

import logging
import re
from dataclasses import asdict
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from assistant.app import Assistant
from assistant.errors import EarshotError, edge
from assistant.slack.alerts.flow import CRISIS_ACTIONS, AlertFlow, read_click
from assistant.slack.answers.ask_expert import KnowingFlow
from assistant.slack.answers.delivery import AnswerDelivery
from assistant.slack.answers.edits import EditFlow
from assistant.slack.answers.flow import QuestionFlow, hash_key
from assistant.slack.answers.intake import Inbox, Intake
from assistant.slack.answers.listeners import StaffListeners, add_commands
from assistant.slack.answers.private import PrivateFlow
from assistant.slack.answers.votes import VoteFlow
from assistant.slack.cards.decisions import DecisionFlow
from assistant.slack.cards.document_fixes import FIX_ACTIONS, FixFlow, read_fix_click
from assistant.slack.cards.draft_requests import DraftFlow, DraftListeners
from assistant.slack.cards.flow import ReviewFlow
from assistant.slack.cards.freeze import FreezeCommands, FreezeFlow
from assistant.slack.cards.listeners import ReviewListeners
from assistant.slack.cards.sync import CardKeeper
from assistant.slack.client.blocks import cut, escape
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.client.rate_limit import RateLimit
from assistant.slack.client.uploads import Uploads
from assistant.slack.digests.flow import DigestFlow
from assistant.slack.digests.listeners import DigestListeners
from assistant.slack.digests.requests import SummaryFlow
from assistant.slack.home.flow import HomeFlow
from assistant.slack.home.listeners import HomeListeners
from assistant.slack.home.refresher import Refresher
from assistant.slack.home.settings import SettingFlow

_TOLD_CHARACTERS = 2900
_log = logging.getLogger(__name__)


class FailureFlow:
    """Tells one person alone, with an id that finds the log."""

    def __init__(self, posting: Poster) -> None:
        self._posting = posting

    def tell(self, kind: str, payload: dict[str, Any], error: EarshotError) -> None:
        """Inform the person this work was for; work for nobody in particular is only in the log."""
        incident_id = hash_key(f"{kind} {payload}")
        _log.error("incident %s: a %s failed: %s %s", incident_id, kind, error.message, error.hint)
        asked = payload.get("asked") or payload  # an edit has its question within
        user, channel = asked.get("user") or "", asked.get("channel") or ""
        if not user or not channel:
            return
        where = "" if channel.startswith("D") else f" in <#{channel}>"
        said = escape(f"{error.message} {error.hint}".strip())
        told = f"What you asked for{where} did not work. {cut(said, _TOLD_CHARACTERS)}"
        told += f" (id {incident_id}: whoever runs me finds it in the log)"
        try:
            with edge(f"telling of a {kind} that failed"):
                self._posting.tell(channel, user, told, asked.get("thread_ts") or None)
        except EarshotError as second:
            _log.error("incident %s: nobody could be told: %s %s", incident_id, second.message, second.hint)


class Flows:
    """The flows in Slack; `post_spacing_seconds` lie between two messages to a channel."""

    def __init__(self, assistant: Assistant, client: WebClient, post_spacing_seconds: float) -> None:
        self.client = client
        self.membership = membership = Membership(client, assistant.settings)
        outgoing = RateLimit(post_spacing_seconds)
        posting = Poster(client, assistant.slack.slack_posts, assistant.clock, outgoing)
        delivery = AnswerDelivery(client, posting, assistant.slack.slack_posts, assistant.clock, outgoing)
        uploads = Uploads(client, assistant.slack.uploads, assistant.clock, outgoing)
        self.questions = QuestionFlow(assistant.home, assistant.knowledge, delivery, membership, client)
        self.votes = VoteFlow(assistant.knowledge, posting)
        self.edits = EditFlow(assistant.home, assistant.knowledge, assistant.slack, posting, delivery, self.questions)
        self.private = PrivateFlow(assistant.home, assistant.knowledge, assistant.slack, posting, membership)
        self.knowing = KnowingFlow(assistant.home, assistant.knowledge, posting, membership, client)
        self.fixes = FixFlow(assistant.home, assistant.knowledge, assistant.slack, posting, membership, self.knowing)
        self.reviews = ReviewFlow(
            assistant.home, assistant.listening, assistant.replies, assistant.slack, posting, membership
        )
        self.deciding = DecisionFlow(assistant.home, assistant.replies, posting, self.reviews)
        self.drafts = DraftFlow(
            assistant.home,
            assistant.listening,
            assistant.replies,
            assistant.slack,
            posting,
            membership,
            self.reviews,
            self.private,
        )
        self.digests = DigestFlow(assistant.home, assistant.reports, posting, uploads, membership)
        self.summaries = SummaryFlow(
            assistant.home,
            assistant.listening,
            assistant.reports,
            client,
            posting,
            uploads,
            membership,
            self.digests,
            self.private,
        )
        self.alerts = AlertFlow(assistant.home, assistant.listening, assistant.alerts, posting, uploads, membership)
        self.home = HomeFlow(
            assistant.home,
            assistant.replies,
            assistant.reports,
            assistant.live_settings,
            assistant.slack,
            client,
            membership,
            outgoing,
            uploads,
        )
        self.failures = FailureFlow(posting)
        freezes = FreezeFlow(assistant.home, assistant.replies, assistant.slack, posting)
        self._keeper = CardKeeper(assistant.slack.cards, self.reviews, freezes, assistant.clock, post_spacing_seconds)
        self._refresher = Refresher(assistant.live_settings, self.home)

    def start(self) -> None:
        """Keep cards and Homes as what they show changes."""
        self._keeper.start()
        self._refresher.start()

    def stop(self) -> None:
        """Leave cards and Homes as they are."""
        self._keeper.stop()
        self._refresher.stop()


Body = dict[str, Any]
_EVERYTHING = re.compile(".*", re.DOTALL)


def build_app(assistant: Assistant, flows: Flows, inbox: Inbox) -> App:
    """An App with every listener. Raises slack_sdk's error when the token is refused."""
    secret = assistant.settings.slack_signing_secret
    app = App(client=flows.client, signing_secret=secret.get_secret_value() if secret else "socket-mode-needs-none")
    staff = StaffListeners(
        assistant.home,
        assistant.knowledge,
        assistant.slack,
        flows.membership,
        Intake(assistant.home, assistant.knowledge, assistant.slack, inbox),
        inbox,
    )
    drafts = DraftListeners(inbox)
    digests = DigestListeners(flows.summaries, inbox)
    reviews = ReviewListeners(
        assistant.home, assistant.listening, assistant.replies, assistant.slack, flows.reviews, inbox
    )
    settings = SettingFlow(assistant.home, flows.home.adjusting, flows.membership)
    for listeners in (staff, drafts, digests, reviews, HomeListeners(flows.home, settings, inbox)):
        listeners.add_to(app)
    commands = {**staff.build_commands(), **drafts.build_commands(), **digests.build_commands()}
    add_commands(
        app, {**commands, **FreezeCommands(assistant.home, assistant.replies, flows.membership).build_commands()}
    )
    _add_click_listeners(app, inbox)
    _add_catch_alls(app)
    return app


def _add_click_listeners(app: App, inbox: Inbox) -> None:
    def handle_crisis(body: Body, ack: Ack) -> None:
        click = read_click(body)
        inbox("crisis", click.key, asdict(click))
        ack()

    def handle_fix(body: Body, ack: Ack) -> None:
        click = read_fix_click(body)
        inbox("fix", click.key, asdict(click))
        ack()

    for action_id in FIX_ACTIONS:
        app.action(action_id)(handle_fix)
    for action_id in CRISIS_ACTIONS:
        app.action(action_id)(handle_crisis)


def _add_catch_alls(app: App) -> None:
    """Ack what no listener is for too: Slack would show the person an error sign."""

    def handle_rest(ack: Ack) -> None:
        ack()

    app.event(_EVERYTHING)(handle_rest)
    app.action(_EVERYTHING)(handle_rest)
    app.view(_EVERYTHING)(handle_rest)
    app.view_closed(_EVERYTHING)(handle_rest)
    app.shortcut(_EVERYTHING)(handle_rest)
