"""The listeners for review cards: each writes down what came, acks, and leaves the work to the inbox."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from assistant.core.home import Home
from assistant.core.roles import Role
from assistant.errors import EarshotError, edge
from assistant.listening.build import Listening
from assistant.replies.build import Replies
from assistant.slack.answers.intake import Inbox
from assistant.slack.cards import Card
from assistant.slack.cards.blocks import MORE, read_block_id
from assistant.slack.cards.card import Seen, read_value
from assistant.slack.cards.decisions import CardClick, to_payload
from assistant.slack.cards.flow import BuildModal, ReviewFlow
from assistant.slack.cards.modals import (
    OVERRULE,
    VERSION,
    build_edit_modal,
    build_mark_sent_modal,
    build_not_ours_modal,
    build_overrule_modal,
    build_regenerate_modal,
    build_reject_modal,
    build_versions_modal,
    build_whole_modal,
    read_labels,
)
from assistant.slack.client.blocks import Block
from assistant.slack.client.client import translated
from assistant.slack.tables import SlackStore

Body = dict[str, Any]

_AT_ONCE = ("approve", "agree", "anyway", "claim", "release", "undo", "delete", "redraft", "ours")
_LATER = ("approve", "regenerate", "overrule", "bring_back", "mark_sent")
_HERE = ("edit", "reject", "not_ours")


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
            "edit": lambda card: build_edit_modal(card.draft, card.mention),
            "reject": lambda card: build_reject_modal(card.draft, card.mention),
            "not_ours": build_not_ours_modal,
            "regenerate": build_regenerate_modal,
            "overrule": build_overrule_modal,
            "mark_sent": build_mark_sent_modal,
            "relabel": reviews.build_relabel_modal,
            "versions": self._build_versions_modal,
            "whole": build_whole_modal,
        }

    def add_to(self, app: App) -> None:
        """Register every listener for cards and their modals."""
        for action_id in _AT_ONCE:
            app.action(action_id)(self.handle_decision)
        for action_id in ("edit", "reject", "not_ours", "regenerate", "overrule", "mark_sent", "relabel"):
            app.action(action_id)(self.handle_open)
        app.action(MORE)(self.handle_menu)
        for callback_id in _LATER:
            app.view(callback_id)(self.handle_wish)
        for callback_id in _HERE:
            app.view(callback_id)(self.handle_form)
        app.view("relabel")(self.handle_relabel)

    def handle_decision(self, body: Body, ack: Ack) -> None:
        """A click that decides by itself."""
        action, user = body["actions"][0], body["user"]["id"]
        click = CardClick(action["action_id"], read_value(action["value"]), user, body["channel"]["id"])
        self._inbox("decision", f"decision:{action['action_ts']}:{user}:{action['value']}", to_payload(click))
        ack()

    def handle_open(self, body: Body, ack: Ack, client: WebClient) -> None:
        """A button that opens a form."""
        ack()
        action = body["actions"][0]
        self._open(body, client, action["action_id"], read_value(action["value"]).draft_id)

    def handle_menu(self, body: Body, ack: Ack, client: WebClient) -> None:
        """The menu of what is seldom wanted."""
        ack()
        action = body["actions"][0]
        self._open(body, client, action["selected_option"]["value"], read_block_id(action["block_id"]))

    def handle_wish(self, body: Body, ack: Ack) -> None:
        """A form whose work may take long: whether the person may is said at once, the rest by the inbox."""
        view, user = body["view"], body["user"]["id"]
        seen, action = read_value(view["private_metadata"]), view["callback_id"]
        try:
            with edge("reading a form"):
                is_overrule = action == OVERRULE
                self._reviews.check_reviewer(user, Role.SECOND_APPROVER if is_overrule else Role.REVIEWER)
        except EarshotError as error:
            self._refuse(ack, body, error, seen)
            return
        click = CardClick(action, seen, user, self._find_channel(seen), _read_field(view))
        self._inbox("decision", f"decision:{view['id']}", to_payload(click))
        ack()

    def handle_form(self, body: Body, ack: Ack) -> None:
        """A form that is decided while it is open, so that an objection stands beside what was typed."""
        view, user = body["view"], body["user"]["id"]
        seen = read_value(view["private_metadata"])
        try:
            with edge("taking a decision"):
                self._decide(view, seen, user)
        except EarshotError as error:
            self._refuse(ack, body, error, seen)
            return
        self._inbox("card", f"card:{view['id']}", {"draft_id": seen.draft_id})
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
        self._inbox("relabel", f"relabel:{view['id']}", {"draft_id": seen.draft_id, "labels": labels, "user": user})
        ack()

    def _open(self, body: Body, client: WebClient, name: str, draft_id: int) -> None:
        try:
            with edge("opening a form"), translated():
                view = self._modals[name](self._reviews.reader.read(draft_id))
                client.views_open(trigger_id=body["trigger_id"], view=view)
        except EarshotError as error:
            self._reviews.tell(body["channel"]["id"], body["user"]["id"], error, draft_id)

    def _build_versions_modal(self, card: Card) -> Block:
        return build_versions_modal(card, self._replies.drafting.list_versions(card.draft.draft_id))

    def _decide(self, view: Body, seen: Seen, user: str) -> None:
        text = _read_field(view)
        if view["callback_id"] == "edit":
            self._reviews.edit(seen, user, text, _read_field(view, OVERRULE))
        elif view["callback_id"] == "reject":
            self._reviews.reject(seen, user, text)
        else:
            self._reviews.set_not_ours(seen, user, text)

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


def _read_field(view: Body, block_id: str = "") -> str:
    """What was typed into a field, or chosen from the menu of versions; empty where nothing was."""
    values = view["state"]["values"]
    if block_id or VERSION not in values:
        name = block_id or "text"
        return str(values.get(name, {}).get(name, {}).get("value") or "")
    return str((values[VERSION][VERSION].get("selected_option") or {}).get("value") or "")
