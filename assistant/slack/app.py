"""The Bolt app: each listener writes down what came, acks, and leaves the work to the inbox."""

import re
from dataclasses import asdict
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from assistant.errors import EarshotError
from assistant.slack.alerts import CRISIS_ACTIONS, read_click
from assistant.slack.digest_listeners import DigestListeners
from assistant.slack.listeners import Inbox, StaffListeners, add_commands
from assistant.slack.membership import Membership
from assistant.slack.modals import build_edit_modal, build_reject_modal, read_labels
from assistant.slack.reviews import ReviewFlow, read_value
from assistant.slack.summaries import SummaryFlow
from assistant.wiring import Assistant

Body = dict[str, Any]
_EVERYTHING = re.compile(".*", re.DOTALL)


def build_app(
    assistant: Assistant,
    client: WebClient,
    membership: Membership,
    reviews: ReviewFlow,
    summaries: SummaryFlow,
    inbox: Inbox,
) -> App:
    """An App with every listener. Raises slack_sdk's error when the token is refused."""
    secret = assistant.settings.slack_signing_secret
    app = App(client=client, signing_secret=secret.get_secret_value() if secret else "socket-mode-needs-none")
    staff = StaffListeners(assistant, membership, inbox)
    staff.add_to(app)
    digests = DigestListeners(summaries, inbox)
    digests.add_to(app)
    add_commands(app, {**staff.build_commands(), **digests.build_commands()})
    _add_button_listeners(app, assistant, reviews, inbox)
    _add_modal_listeners(app, assistant, reviews, inbox)
    _add_catch_alls(app)
    return app


def _add_button_listeners(app: App, assistant: Assistant, reviews: ReviewFlow, inbox: Inbox) -> None:
    def handle_decision(body: Body, ack: Ack) -> None:
        action = body["actions"][0]
        user = body["user"]["id"]
        payload = {
            "action": action["action_id"],
            "seen": asdict(read_value(action["value"])),
            "user": user,
            "channel": body["channel"]["id"],
        }
        inbox("decision", f"decision:{action['action_ts']}:{user}:{action['value']}", payload)
        ack()

    def handle_open_modal(body: Body, ack: Ack, client: WebClient) -> None:
        ack()
        action = body["actions"][0]
        draft = assistant.drafts.find(read_value(action["value"]).draft_id)
        mention = assistant.mentions.find(draft.mention_id)
        build = build_edit_modal if action["action_id"] == "edit" else build_reject_modal
        client.views_open(trigger_id=body["trigger_id"], view=build(draft, mention))

    def handle_open_relabel(body: Body, ack: Ack, client: WebClient) -> None:
        ack()
        seen = read_value(body["actions"][0]["value"])
        client.views_open(trigger_id=body["trigger_id"], view=reviews.build_relabel_modal(seen))

    def handle_crisis(body: Body, ack: Ack) -> None:
        click = read_click(body)
        inbox("crisis", click.key, asdict(click))
        ack()

    for action_id in CRISIS_ACTIONS:
        app.action(action_id)(handle_crisis)
    for action_id in ("approve", "mark_sent"):
        app.action(action_id)(handle_decision)
    for action_id in ("edit", "reject"):
        app.action(action_id)(handle_open_modal)
    app.action("relabel")(handle_open_relabel)


def _add_modal_listeners(app: App, assistant: Assistant, reviews: ReviewFlow, inbox: Inbox) -> None:
    def handle_submit(body: Body, ack: Ack) -> None:
        view, user = body["view"], body["user"]["id"]
        seen = read_value(view["private_metadata"])
        text = view["state"]["values"]["text"]["text"]["value"] or ""
        try:
            reviews.check_reviewer(user)
            decide = reviews.edit if view["callback_id"] == "edit" else reviews.reject
            decide(seen, user, text)
        except EarshotError as error:
            ack(response_action="errors", errors={"text": f"{error.message} {error.hint}".strip()})
            return
        inbox("card", f"card:{view['id']}", {"draft_id": seen.draft_id})
        ack()

    def handle_relabel(body: Body, ack: Ack) -> None:
        view, user = body["view"], body["user"]["id"]
        seen = read_value(view["private_metadata"])
        chosen = read_labels(view["state"]["values"], assistant.analyser.topic_names)
        try:
            labels = reviews.find_changes(seen, user, chosen)
        except EarshotError as error:
            ack(response_action="errors", errors={"sentiment": f"{error.message} {error.hint}".strip()})
            return
        inbox("relabel", f"relabel:{view['id']}", {"draft_id": seen.draft_id, "labels": labels, "user": user})
        ack()

    for callback_id in ("edit", "reject"):
        app.view(callback_id)(handle_submit)
    app.view("relabel")(handle_relabel)


def _add_catch_alls(app: App) -> None:
    """What no listener is for is acked all the same: Slack would show the person an error sign."""

    def handle_rest(ack: Ack) -> None:
        ack()

    app.event(_EVERYTHING)(handle_rest)
    app.action(_EVERYTHING)(handle_rest)
    app.view(_EVERYTHING)(handle_rest)
    app.view_closed(_EVERYTHING)(handle_rest)
    app.shortcut(_EVERYTHING)(handle_rest)
