"""The listeners for review cards: each writes down what came, acks, and leaves the work to the inbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from assistant.core.home import Home
from assistant.core.job import Inbox
from assistant.core.roles import Action
from assistant.errors import EarshotError, edge
from assistant.listening.build import Listening
from assistant.replies.build import Replies
from assistant.slack.cards import Card
from assistant.slack.cards.blocks import MORE, OPEN_POST, read_block_id
from assistant.slack.cards.card import Seen, read_value
from assistant.slack.cards.decisions import CardClick
from assistant.slack.cards.flow import BuildModal, CardChange, LabelsGiven, ReviewFlow
from assistant.slack.cards.modals import (
    FIND_SOURCE,
    INSERT_SOURCE,
    OVERRULE,
    build_copy_modal,
    build_edit_modal,
    build_found,
    build_inserted,
    build_mark_sent_modal,
    build_problems_modal,
    build_reason_modal,
    build_regenerate_modal,
    build_taken_modal,
    build_versions_modal,
    read_field,
    read_labels,
    read_turn,
)
from assistant.slack.client.blocks import Block
from assistant.slack.client.clicks import Click
from assistant.slack.client.client import translated
from assistant.slack.client.forms import open_form, update_form
from assistant.slack.tables import SlackStore

Body = dict[str, Any]

_AT_ONCE = (
    *("approve", "agree", "anyway", "reject", "not_ours", "claim", "release", "undo", "delete", "redraft", "ours"),
)
_LATER = ("approve", "regenerate", "overrule", "bring_back", "mark_sent", "reason")
_FORMS = ("edit", "problems", "mark_sent", "copy", "reason")


class ReviewListeners:
    """Listeners for clicks on cards."""

    def __init__(
        self,
        home: Home,
        listening: Listening,
        replies: Replies,
        slack_store: SlackStore,
        reviews: ReviewFlow,
        inbox: Inbox,
    ) -> None:
        self._home = home
        self._listening = listening
        self._replies = replies
        self._slack_store = slack_store
        self._reviews = reviews
        self._inbox = inbox
        self._modals: dict[str, BuildModal] = {
            "edit": build_edit_modal,
            "problems": build_problems_modal,
            "regenerate": build_regenerate_modal,
            "mark_sent": build_mark_sent_modal,
            "copy": build_copy_modal,
            "reason": build_reason_modal,
            "relabel": reviews.build_relabel_modal,
            "versions": self._build_versions_modal,
            "details": reviews.build_details_modal,
        }

    def add_to(self, app: App) -> None:
        """Register every listener for cards and their forms."""
        for action_id in _AT_ONCE:
            app.action(action_id)(self.handle_decision)
        for action_id in _FORMS:
            app.action(action_id)(self.handle_open)
        app.action(OPEN_POST)(self.handle_link)
        app.action(MORE)(self.handle_menu)
        app.action(FIND_SOURCE)(self.handle_find)
        app.action(INSERT_SOURCE)(self.handle_insert)
        for callback_id in _LATER:
            app.view(callback_id)(self.handle_wish)
        app.view("edit")(self.handle_edit)
        app.view("relabel")(self.handle_relabel)

    def handle_decision(self, body: Body, ack: Ack) -> None:
        """A click that decides by itself."""
        click = Click(body)
        decided = CardClick(click.action, read_value(click.value), click.user, click.channel)
        self._inbox(decided, f"decision:{click.at}:{click.user}:{click.value}")
        ack()

    def handle_open(self, body: Body, ack: Ack, client: WebClient) -> None:
        """A button that opens a form."""
        ack()
        click = Click(body)
        self._open(click, client, click.action, read_value(click.value).draft_id)

    def handle_link(self, ack: Ack) -> None:
        """A button that leads out of Slack, which it does by itself."""
        ack()

    def handle_menu(self, body: Body, ack: Ack, client: WebClient) -> None:
        """The menu of what is seldom wanted: some of it decides, the rest opens a form."""
        click = Click(body)
        name, draft_id = click.value, read_block_id(click.block)
        if name in self._modals:
            ack()
            self._open(click, client, name, draft_id)
            return
        decided = CardClick(name, Seen(draft_id, ""), click.user, click.channel)
        self._inbox(decided, f"decision:{click.at}:{click.user}:{name}:{draft_id}")
        ack()

    def handle_find(self, body: Body, ack: Ack, client: WebClient) -> None:
        """A search for a source: what is found stands below the field."""
        ack()
        text = str(body["actions"][0].get("value") or "")
        with self._told(body, "looking for a source"):
            facts = self._replies.sources.list_facts(text) if text.strip() else []
            found = build_found(text, facts)
            self._show_edit(body, client, read_field(body["view"]), read_turn(body["view"]), found)

    def handle_insert(self, body: Body, ack: Ack, client: WebClient) -> None:
        """Put a fact behind the text; its source is found again when the text is saved."""
        ack()
        view, fact = body["view"], str(body["actions"][0]["value"])
        with self._told(body, "inserting a source"):
            text = f"{read_field(view).rstrip()} {fact}".strip()
            self._show_edit(body, client, text, read_turn(view) + 1, build_inserted(fact))

    def _show_edit(self, body: Body, client: WebClient, text: str, turn: int, extra: list[Block]) -> None:
        view = body["view"]
        self._reviews.check(body["user"]["id"], Action.READ_CARD)
        card = self._reviews.reader.read(read_value(view["private_metadata"]).draft_id)
        form = build_edit_modal(card, text, turn, extra)
        form["private_metadata"] = view["private_metadata"]  # what the person saw when they began
        update_form(client, view, form)

    @contextmanager
    def _told(self, body: Body, doing: str) -> Iterator[None]:
        """Tell the person alone what went wrong in an open form."""
        seen = read_value(body["view"]["private_metadata"])
        try:
            with edge(doing), translated():
                yield
        except EarshotError as error:
            self._reviews.tell(self._find_channel(seen), body["user"]["id"], error, seen.draft_id)

    def handle_wish(self, body: Body, ack: Ack) -> None:
        """A form whose work may take long: whether the person may is said at once, the rest by the inbox."""
        view, user = body["view"], body["user"]["id"]
        seen, action = read_value(view["private_metadata"]), view["callback_id"]
        try:
            with edge("reading a form"):
                text, is_overrule = read_field(view), action == OVERRULE
                self._reviews.check(user, Action.OVERRULE if is_overrule else Action.DECIDE)
                if action == "mark_sent":
                    self._replies.sending.check_address(seen.draft_id, text.strip())
        except EarshotError as error:
            self._refuse(ack, body, error, seen)
            return
        click = CardClick(action, seen, user, self._find_channel(seen), text)
        self._inbox(click, f"decision:{view['id']}")
        ack()

    def handle_edit(self, body: Body, ack: Ack) -> None:
        """An edit is decided while its form is open, so that an objection stands beside what was typed."""
        view, user = body["view"], body["user"]["id"]
        seen = read_value(view["private_metadata"])
        try:
            with edge("taking a decision"):
                self._reviews.edit(seen, user, read_field(view), read_field(view, OVERRULE))
        except EarshotError as error:
            self._refuse(ack, body, error, seen)
            return
        self._inbox(CardChange(seen.draft_id), f"card:{view['id']}")
        ack()

    def handle_relabel(self, body: Body, ack: Ack) -> None:
        """Handle a correction of a post's labels."""
        view, user = body["view"], body["user"]["id"]
        seen = read_value(view["private_metadata"])
        chosen = read_labels(view["state"]["values"], self._listening.analyser.topic_names)
        try:
            with edge("reading labels"):
                labels = self._reviews.find_changes(seen, user, chosen)
        except EarshotError as error:
            self._refuse(ack, body, error, seen)
            return
        self._inbox(LabelsGiven(seen.draft_id, labels, user), f"relabel:{view['id']}")
        ack()

    def _open(self, click: Click, client: WebClient, name: str, draft_id: int) -> None:
        try:
            with edge("opening a form"), translated():
                self._reviews.check(click.user, Action.READ_CARD, draft_id, click.channel)
                card = self._reviews.reader.read(draft_id)
                claim = card.around.claim if name == "edit" else None
                is_taken = claim is not None and claim.claimed_by != click.user
                view = build_taken_modal(card, claim) if claim and is_taken else self._modals[name](card)
                open_form(client, click.trigger, view)
        except EarshotError as error:
            self._reviews.tell(click.channel, click.user, error, draft_id)

    def _build_versions_modal(self, card: Card) -> Block:
        return build_versions_modal(card, self._replies.drafting.list_versions(card.draft.draft_id))

    def _refuse(self, ack: Ack, body: Body, error: EarshotError, seen: Seen) -> None:
        """Beside the first field of the form, or, where it has none, to the person alone."""
        fields = [block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"]
        if fields:
            ack(response_action="errors", errors={fields[0]: self._reviews.put_error(error, seen.draft_id)})
            return
        ack()
        self._reviews.tell(self._find_channel(seen), body["user"]["id"], error, seen.draft_id)

    def _find_channel(self, seen: Seen) -> str:
        place = self._slack_store.cards.find(seen.draft_id)
        return str(place["channel"]) if place else self._home.settings.review_channel
