"""The Bolt app: each listener writes down what came, acks, and leaves the work to the inbox.

All flows in Slack, over one client and one queue of outgoing messages.
"""

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from assistant.app import Assistant
from assistant.core.job import Inbox, JobHandlers
from assistant.slack.alerts.flow import CRISIS_ACTIONS, AlertFlow, CrisisClick, read_click
from assistant.slack.alerts.follow import FollowCommands, FollowFlow
from assistant.slack.alerts.news import CrisisNews
from assistant.slack.answers.ask_expert import KnowingFlow
from assistant.slack.answers.attachments import Attachments
from assistant.slack.answers.besides import Besides
from assistant.slack.answers.catch_up import CatchUpCommands, CatchUpFlow
from assistant.slack.answers.delivery import AnswerDelivery
from assistant.slack.answers.edits import EditFlow
from assistant.slack.answers.flow import QuestionFlow
from assistant.slack.answers.intake import Intake, MissedFlow
from assistant.slack.answers.listeners import StaffListeners, add_commands
from assistant.slack.answers.lists import GapFlow, ListCommands
from assistant.slack.answers.private import PrivateFlow
from assistant.slack.answers.proposal_listeners import ProposalListeners
from assistant.slack.answers.proposals import ProposalFlow
from assistant.slack.answers.stops import StopFlow, Stops
from assistant.slack.answers.suggestions import Suggestions
from assistant.slack.answers.votes import VoteFlow
from assistant.slack.audit_anchor import AnchorFlow
from assistant.slack.cards.decisions import DecisionFlow
from assistant.slack.cards.document_fixes import FIX_ACTIONS, FixClick, FixFlow, read_fix_click
from assistant.slack.cards.draft_requests import DraftFlow, DraftListeners
from assistant.slack.cards.flow import ReviewFlow
from assistant.slack.cards.freeze import FreezeCommands, FreezeFlow
from assistant.slack.cards.listeners import ReviewListeners
from assistant.slack.cards.sync import CardKeeper
from assistant.slack.client.failures import FailureFlow
from assistant.slack.client.listener_pool import ListenerPool
from assistant.slack.client.membership import Membership
from assistant.slack.client.person_limit import PersonLimit
from assistant.slack.client.poster import Poster
from assistant.slack.client.rate_limit import RateLimit
from assistant.slack.client.readers import Readers
from assistant.slack.client.sessions import AgentSessions
from assistant.slack.client.uploads import Uploads
from assistant.slack.digests.flow import DigestFlow
from assistant.slack.digests.listeners import DigestListeners
from assistant.slack.digests.requests import SummaryFlow
from assistant.slack.documents.blocks import SOURCE_ACTIONS
from assistant.slack.documents.flaw_blocks import FLAW_ACTIONS
from assistant.slack.documents.flaws import FlawClick, FlawFlow, read_flaw_click
from assistant.slack.documents.flow import DocumentFlow, SourceClick, read_source_click
from assistant.slack.home.flow import HomeFlow
from assistant.slack.home.listeners import HomeListeners
from assistant.slack.home.refresher import Refresher
from assistant.slack.home.settings import SettingFlow
from assistant.slack.late_ack import ack_in_time

_ASKED_CHARACTERS = 300


class Flows:
    """The flows in Slack; `post_spacing_seconds` lie between two messages to a channel."""

    def __init__(self, assistant: Assistant, client: WebClient, post_spacing_seconds: float, inbox: Inbox) -> None:
        self.client = client
        self.listeners = ListenerPool()
        self.membership = membership = Membership(client, assistant.settings, assistant.knowledge.documents.reader_sets)
        outgoing = RateLimit(post_spacing_seconds)
        posting = Poster(client, assistant.slack.slack_posts, assistant.clock, outgoing)
        sessions = AgentSessions(client, assistant.slack.service_facts, assistant.clock)
        limit = PersonLimit()
        self.stops = Stops(assistant.slack.slack_posts)
        self.stopping = StopFlow(posting, assistant.slack.slack_posts, sessions)
        delivery = AnswerDelivery(client, posting, assistant.slack.slack_posts, assistant.clock, outgoing, sessions)
        uploads = Uploads(client, assistant.slack.uploads, assistant.clock, outgoing)
        self.readers = readers = Readers(assistant.home.wordings, membership)
        besides = Besides(assistant.knowledge)
        self.questions = QuestionFlow(
            assistant.home,
            assistant.knowledge,
            delivery,
            membership,
            readers,
            client,
            self.stops,
            Attachments(client),
            limit,
            besides,
            inbox,
        )
        self.votes = VoteFlow(assistant.home, assistant.knowledge, assistant.slack.slack_posts, posting, readers)
        self.edits = EditFlow(
            assistant.home, assistant.knowledge, assistant.slack, posting, delivery, self.questions, readers
        )
        self.private = PrivateFlow(
            assistant.home, assistant.knowledge, assistant.slack, posting, membership, limit, readers, besides, inbox
        )
        self.knowing = KnowingFlow(assistant.home, assistant.knowledge, posting, membership, readers, client, sessions)
        self.proposals = ProposalFlow(
            assistant.home, assistant.knowledge, client, posting, membership, self.knowing, readers
        )
        facts = assistant.slack.service_facts
        news = CrisisNews(assistant.home, assistant.alerts, facts, membership)
        self.catch_up = CatchUpFlow(assistant.home, client, facts, membership, self.private, news.tell)
        self.gaps = GapFlow(assistant.knowledge, membership, self.private, readers)
        self.fixes = FixFlow(assistant.home, assistant.knowledge, assistant.slack, posting, membership, self.knowing)
        self.documents = DocumentFlow(
            assistant.home, assistant.knowledge, assistant.replies, posting, membership, self.knowing
        )
        self.flaws = FlawFlow(
            assistant.home,
            assistant.knowledge,
            assistant.replies,
            assistant.slack,
            posting,
            membership,
            self.knowing,
        )
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
        self.follows = FollowFlow(
            assistant.home,
            assistant.alerts.follows,
            posting,
            membership,
            assistant.listening.opinions,
            readers,
        )
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
            self.documents,
            self.proposals.count_waiting,
            readers,
        )
        self.intake = Intake(assistant.home, assistant.knowledge, assistant.slack, inbox)
        self.missed = MissedFlow(assistant.knowledge, client, self.intake)
        self.failures = FailureFlow(posting)
        self.anchor = AnchorFlow(assistant.home, posting)
        freezes = FreezeFlow(assistant.home, assistant.replies, assistant.slack, posting, membership)
        cards = CardKeeper(assistant.slack.cards, self.reviews, freezes, assistant.clock, post_spacing_seconds)
        self._tickers = (cards.ticker, Refresher(assistant.live_settings, self.home).ticker)

    def build_handlers(self) -> JobHandlers:
        """The handlers of every job: each flow adds its own."""
        jobs = JobHandlers()
        staff = (self.questions, self.private, self.edits, self.votes, self.knowing, self.stopping, self.missed)
        lists = (self.proposals, self.catch_up, self.follows, self.gaps, self.summaries, self.digests)
        for flow in (
            *staff,
            *lists,
            self.reviews,
            self.deciding,
            self.drafts,
            self.fixes,
            self.flaws,
            self.alerts,
            self.home,
        ):
            flow.add_to(jobs)
        return jobs

    def start(self) -> None:
        """Keep cards and Homes as what they show changes."""
        for ticker in self._tickers:
            ticker.start()

    def stop(self) -> None:
        """Leave cards and Homes as they are."""
        for ticker in self._tickers:
            ticker.stop()


Body = dict[str, Any]
_EVERYTHING = re.compile(".*", re.DOTALL)


def build_app(assistant: Assistant, flows: Flows, inbox: Inbox) -> App:
    """An App with every listener. Raises slack_sdk's error when the token is refused."""
    secret = assistant.settings.slack_signing_secret
    logging.getLogger("slack_bolt.App").addFilter(_is_news)
    app = App(
        client=flows.client,
        signing_secret=secret.get_secret_value() if secret else "socket-mode-needs-none",
        listener_executor=flows.listeners,
    )
    ack_in_time(app)
    suggestions = Suggestions(
        assistant.home,
        assistant.knowledge,
        assistant.alerts,
        assistant.slack.slack_posts,
        flows.membership,
        flows.readers,
        lambda draft_id: _find_question(assistant, draft_id),
    )
    staff = StaffListeners(
        assistant.home,
        assistant.knowledge,
        assistant.slack,
        flows.membership,
        flows.readers,
        flows.intake,
        flows.stops,
        inbox,
        suggestions,
    )
    drafts = DraftListeners(assistant.home, inbox)
    digests = DigestListeners(flows.summaries, inbox)
    reviews = ReviewListeners(
        assistant.home, assistant.listening, assistant.replies, assistant.slack, flows.reviews, inbox
    )
    settings = SettingFlow(assistant.home, flows.home.adjusting, flows.membership, flows.readers)
    proposals = ProposalListeners(assistant.home, flows.proposals, flows.readers, inbox)
    follows = FollowCommands(
        assistant.home, assistant.alerts.follows.tables, assistant.listening.opinions, flows.readers, inbox
    )
    homes = HomeListeners(flows.home, settings, inbox)
    for listeners in (staff, drafts, digests, reviews, proposals, follows, homes):
        listeners.add_to(app)
    lists = ListCommands(flows.readers, flows.home.adjusting, inbox)
    commands = {
        **staff.build_commands(),
        **lists.build_commands(),
        **drafts.build_commands(),
        **digests.build_commands(),
        **CatchUpCommands(inbox).build_commands(),
        **follows.build_commands(),
        **proposals.build_commands(),
    }
    freezes = FreezeCommands(assistant.home, assistant.replies, flows.membership)
    freezes.add_to(app)
    add_commands(app, {**commands, **freezes.build_commands()}, flows.membership.find_roles)
    _add_click_listeners(app, inbox)
    _add_catch_alls(app)
    return app


def _is_news(record: logging.LogRecord) -> bool:
    """Leave out that Bolt does not use SLACK_BOT_TOKEN, which it finds in the environment: our client has it."""
    return "`token` will be unused" not in record.getMessage()


def _find_question(assistant: Assistant, draft_id: int) -> str:
    """What the customer of a draft wrote, as a question to the documents."""
    draft = assistant.replies.drafting.list_versions(draft_id)[-1].draft
    return " ".join(assistant.listening.mentions.find(draft.mention_id).text.split())[:_ASKED_CHARACTERS]


def _add_click_listeners(app: App, inbox: Inbox) -> None:
    """Clicks that need no form: each is written down, and its flow does the rest."""

    def listen(
        actions: Iterable[str], read: Callable[[Body], SourceClick | FixClick | FlawClick | CrisisClick]
    ) -> None:
        def handle(body: Body, ack: Ack) -> None:
            click = read(body)
            inbox(click, click.key)
            ack()

        for action_id in actions:
            app.action(action_id)(handle)

    listen(SOURCE_ACTIONS, read_source_click)
    listen(FIX_ACTIONS, read_fix_click)
    listen(FLAW_ACTIONS, read_flaw_click)
    listen(CRISIS_ACTIONS, read_click)


def _add_catch_alls(app: App) -> None:
    """Ack what no listener is for too: Slack would show the person an error sign."""

    def handle_rest(ack: Ack) -> None:
        ack()

    app.event(_EVERYTHING)(handle_rest)
    app.action(_EVERYTHING)(handle_rest)
    app.view(_EVERYTHING)(handle_rest)
    app.view_closed(_EVERYTHING)(handle_rest)
    app.shortcut(_EVERYTHING)(handle_rest)
