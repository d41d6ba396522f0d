"""All flows in Slack, over one client and one queue of outgoing messages."""

from slack_sdk import WebClient

from assistant.slack.alerts import AlertFlow
from assistant.slack.deciding import Deciding
from assistant.slack.delivering import Delivery
from assistant.slack.digests import DigestFlow
from assistant.slack.drafts import DraftFlow
from assistant.slack.edits import EditFlow
from assistant.slack.failures import FailureFlow
from assistant.slack.fixes import FixFlow
from assistant.slack.freezes import FreezeFlow
from assistant.slack.home import HomeFlow
from assistant.slack.keeping import CardKeeper
from assistant.slack.knowing import KnowingFlow
from assistant.slack.membership import Membership
from assistant.slack.outgoing import Outgoing
from assistant.slack.posting import Posting
from assistant.slack.private import PrivateFlow
from assistant.slack.questions import QuestionFlow
from assistant.slack.refreshing import Refresher
from assistant.slack.reviews import ReviewFlow
from assistant.slack.summaries import SummaryFlow
from assistant.slack.uploads import Uploads
from assistant.slack.votes import VoteFlow
from assistant.wiring import Assistant


class Flows:
    """What is done in Slack, for whom; `post_spacing_seconds` lie between two messages to a channel."""

    def __init__(self, assistant: Assistant, client: WebClient, post_spacing_seconds: float) -> None:
        self.client = client
        self.membership = membership = Membership(client, assistant.settings)
        outgoing = Outgoing(post_spacing_seconds)
        posting = Posting(client, assistant.slack_posts, assistant.clock, outgoing)
        delivery = Delivery(client, posting, assistant.slack_posts, assistant.clock, outgoing)
        uploads = Uploads(client, assistant.uploads, assistant.clock, outgoing)
        self.questions = QuestionFlow(assistant, delivery, membership, client)
        self.votes = VoteFlow(assistant, posting)
        self.edits = EditFlow(assistant, posting, delivery, self.questions)
        self.private = PrivateFlow(assistant, posting, membership)
        self.knowing = KnowingFlow(assistant, posting, membership, client)
        self.fixes = FixFlow(assistant, posting, membership, self.knowing)
        self.reviews = ReviewFlow(assistant, posting, membership)
        self.deciding = Deciding(assistant, posting, self.reviews)
        self.drafts = DraftFlow(assistant, posting, membership, self.reviews, self.private)
        self.digests = DigestFlow(assistant, posting, uploads, membership)
        self.summaries = SummaryFlow(assistant, client, posting, uploads, membership, self.digests, self.private)
        self.alerts = AlertFlow(assistant, posting, uploads, membership)
        self.home = HomeFlow(assistant, client, membership, outgoing, uploads)
        self.failures = FailureFlow(posting)
        freezes = FreezeFlow(assistant, posting)
        self._keeper = CardKeeper(assistant.cards, self.reviews, freezes, assistant.clock, post_spacing_seconds)
        self._refresher = Refresher(assistant, self.home)

    def start(self) -> None:
        """Keep cards and Homes as what they show changes."""
        self._keeper.start()
        self._refresher.start()

    def stop(self) -> None:
        """Leave cards and Homes as they are."""
        self._keeper.stop()
        self._refresher.stop()
