"""Replies to pasted posts and links, by `/earshot draft` and a message shortcut: their cards come to the reviewers."""

from dataclasses import dataclass
from typing import Any, ClassVar

from slack_bolt import Ack, App

from assistant.core.home import Home
from assistant.core.job import Asker, Inbox, Job, JobHandlers
from assistant.core.roles import Action
from assistant.domain import Draft
from assistant.errors import EarshotError, InputError, edge
from assistant.listening.build import Listening
from assistant.listening.tables.posts import is_address
from assistant.replies.build import Replies
from assistant.slack.answers.events import to_plain
from assistant.slack.answers.private import PrivateFlow
from assistant.slack.cards.flow import ReviewFlow
from assistant.slack.client.blocks import escape
from assistant.slack.client.commands import COMMAND, Command, Commands, Issued
from assistant.slack.client.failures import hash_key
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.tables import SlackStore

SHORTCUT = "draft_reply"
_PASTE_WHAT = f"Paste a customer's post, or its address: `{COMMAND} draft I was charged twice, what now?`"
_READING = "I'm drafting a reply; I'll let you know when the card is in {place}."


@dataclass(frozen=True)
class DraftAsk(Job):
    """A request for a reply: a post's text or its address. `key` is the same however often Slack sends it.

    `response_url` is that of a command, whose line in the channel vanishes: a sign takes its place.
    """

    kind: ClassVar = "draft"
    key: str
    text: str
    user: str
    channel: str
    response_url: str = ""

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


class DraftListeners:
    """Listeners for people who bring a post themselves."""

    def __init__(self, home: Home, inbox: Inbox) -> None:
        self._home = home
        self._inbox = inbox

    def add_to(self, app: App) -> None:
        """Register the shortcut."""
        app.shortcut(SHORTCUT)(self.handle_shortcut)

    def build_commands(self) -> Commands:
        """The subcommand."""
        told = "drafts a reply to a pasted post or its address, as a review card"
        return {"draft": Command(self.draft, "POST", told, needs=Action.ASK_DRAFT)}

    def draft(self, issued: Issued) -> str:
        """`/earshot draft`. Raises InputError where there is no channel for its card."""
        if not issued.text:
            return _PASTE_WHAT
        _check_channel(self._home)
        key = hash_key(f"{issued.trigger_id} {issued.response_url}")
        asked = DraftAsk(key, issued.text, issued.user, issued.channel, issued.response_url)
        self._inbox(asked, key)
        return ""

    def handle_shortcut(self, body: dict[str, Any], ack: Ack) -> None:
        """The shortcut on a message: the same message is one post, whoever uses it."""
        message, channel = body["message"], body["channel"]["id"]
        key = hash_key(f"{body.get('team', {}).get('id', '')}:{channel}:{body['message_ts']}")
        is_ours = bool(message.get("app_id")) and message["app_id"] == body.get("api_app_id")
        text = "" if is_ours else "\n".join(map(to_plain, str(message.get("text") or "").splitlines()))
        self._inbox(DraftAsk(key, text, body["user"]["id"], channel), f"{key}:{body['action_ts']}")
        ack()


class DraftFlow:
    """Makes the draft, posts its card, and tells the person where it is."""

    def __init__(
        self,
        home: Home,
        listening: Listening,
        replies: Replies,
        slack_store: SlackStore,
        posting: Poster,
        membership: Membership,
        reviews: ReviewFlow,
        private: PrivateFlow,
    ) -> None:
        self._home = home
        self._listening = listening
        self._replies = replies
        self._slack_store = slack_store
        self._posting = posting
        self._membership = membership
        self._reviews = reviews
        self._private = private

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle requests."""
        jobs.add(DraftAsk, self.draft)

    def draft(self, asked: DraftAsk) -> None:
        """The same one again ends with the same card."""
        try:
            with edge("drafting a reply"):
                self._check(asked)
                if asked.response_url:
                    self._private.show_sign(
                        asked.key, asked.response_url, asked.channel, asked.user, self._tell_place()
                    )
                draft = self._make(asked)
                self._reviews.post_card(draft.draft_id)
        except EarshotError as error:
            self._reviews.tell(asked.channel, asked.user, error)
            return
        self._posting.tell(asked.channel, asked.user, self._tell(draft))

    def _tell_place(self) -> str:
        channel = self._home.settings.review_channel
        return _READING.format(place=f"<#{channel}>" if channel else "the review channel")

    def _check(self, asked: DraftAsk) -> None:
        _check_channel(self._home)
        self._membership.check(asked.user, Action.ASK_DRAFT)
        if not asked.text.strip():
            raise InputError("This message has no words of a customer.", f"Paste them: {COMMAND} draft POST")

    def _make(self, asked: DraftAsk) -> Draft:
        drafting, now = self._replies.drafting, self._home.clock()
        if is_address(asked.text):
            draft = drafting.draft_address(asked.text, now)
        else:
            draft = drafting.draft_pasted(asked.text, asked.key, now)
        # Its labels say whether one person may approve it: the card must not come before them.
        self._listening.sort_new_mentions(now)
        return draft

    def _tell(self, draft: Draft) -> str:
        place = self._slack_store.cards.find(draft.draft_id)
        where = f"<#{place['channel']}>" if place else "the review channel"
        return f"Draft {draft.draft_id} is in {where}: {escape(draft.no_reply_reason) or 'people decide on it there.'}"


def _check_channel(home: Home) -> None:
    if not home.settings.review_channel:
        raise InputError("There's no channel for review cards yet.", "An admin can choose one in my Home tab.")
