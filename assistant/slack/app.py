"""The Bolt app: each listener writes down what came, acks, and leaves the work to the inbox."""

import re
from dataclasses import asdict
from typing import Any

from slack_bolt import Ack, App

from assistant.app import Assistant
from assistant.slack.alerts.flow import CRISIS_ACTIONS, read_click
from assistant.slack.answers.intake import Hearing, Inbox
from assistant.slack.answers.listeners import StaffListeners, add_commands
from assistant.slack.cards.document_fixes import FIX_ACTIONS, read_fix_click
from assistant.slack.cards.draft_requests import DraftListeners
from assistant.slack.cards.freeze import FreezeCommands
from assistant.slack.cards.listeners import ReviewListeners
from assistant.slack.digests.listeners import DigestListeners
from assistant.slack.flows import Flows
from assistant.slack.home.listeners import HomeListeners
from assistant.slack.home.settings import SettingFlow

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
        Hearing(assistant.home, assistant.knowledge, assistant.slack, inbox),
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
    """What no listener is for is acked all the same: Slack would show the person an error sign."""

    def handle_rest(ack: Ack) -> None:
        ack()

    app.event(_EVERYTHING)(handle_rest)
    app.action(_EVERYTHING)(handle_rest)
    app.view(_EVERYTHING)(handle_rest)
    app.view_closed(_EVERYTHING)(handle_rest)
    app.shortcut(_EVERYTHING)(handle_rest)
