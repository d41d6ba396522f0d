"""All flows in Slack, over one client and one queue of outgoing messages."""

from slack_sdk import WebClient

from assistant.app import Assistant
from assistant.slack.alerts.flow import AlertFlow
from assistant.slack.answers.ask_expert import KnowingFlow
from assistant.slack.answers.edits import EditFlow
from assistant.slack.answers.flow import QuestionFlow
from assistant.slack.answers.private import PrivateFlow
from assistant.slack.answers.streaming import Delivery
from assistant.slack.answers.votes import VoteFlow
from assistant.slack.cards.decisions import Deciding
from assistant.slack.cards.document_fixes import FixFlow
from assistant.slack.cards.draft_requests import DraftFlow
from assistant.slack.cards.flow import ReviewFlow
from assistant.slack.cards.freeze import FreezeFlow
from assistant.slack.cards.sync import CardKeeper
from assistant.slack.client.membership import Membership
from assistant.slack.client.posting import Posting
from assistant.slack.client.rate_limit import Outgoing
from assistant.slack.client.uploads import Uploads
from assistant.slack.digests.flow import DigestFlow
from assistant.slack.digests.requests import SummaryFlow
from assistant.slack.failures import FailureFlow
from assistant.slack.home.flow import HomeFlow
from assistant.slack.home.refresher import Refresher


class Flows:
    """What is done in Slack, for whom; `post_spacing_seconds` lie between two messages to a channel."""

    def __init__(self, assistant: Assistant, client: WebClient, post_spacing_seconds: float) -> None:
        self.client = client
        self.membership = membership = Membership(client, assistant.settings)
        outgoing = Outgoing(post_spacing_seconds)
        posting = Posting(client, assistant.slack.slack_posts, assistant.clock, outgoing)
        delivery = Delivery(client, posting, assistant.slack.slack_posts, assistant.clock, outgoing)
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
        self.deciding = Deciding(assistant.home, assistant.replies, posting, self.reviews)
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
