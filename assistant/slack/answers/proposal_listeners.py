"""Listeners for proposed answers: the shortcut, the emoji, the buttons and the forms."""

import json
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from assistant.core.home import Home
from assistant.core.job import Inbox
from assistant.core.roles import Action
from assistant.core.say import Say
from assistant.slack.answers.proposal_blocks import (
    ACCEPT_ANSWER,
    DROP_ANSWER,
    EDIT_ANSWER,
    SAVE_EDITED,
    SEND_WRITTEN,
    WRITE_ANSWER,
    build_told,
    list_faults,
    read_edited,
)
from assistant.slack.answers.proposals import (
    AnswerClick,
    AnswerEdited,
    AnswerWritten,
    ProposalFlow,
    ProposalsAsk,
    SolvedThread,
)
from assistant.slack.client.blocks import build_section
from assistant.slack.client.clicks import Click
from assistant.slack.client.client import translated
from assistant.slack.client.commands import Command, Commands, Issued
from assistant.slack.client.failures import hash_key
from assistant.slack.client.readers import Readers
from assistant.slack.client.respond import told_alone

SAVE_ANSWER = "save_answer"


class ProposalListeners:
    """Listeners for the shortcut, the emoji, the buttons and the form."""

    def __init__(self, home: Home, flow: ProposalFlow, readers: Readers, inbox: Inbox) -> None:
        self._home = home
        self._flow = flow
        self._readers = readers
        self._inbox = inbox

    def add_to(self, app: App) -> None:
        """Register them."""
        app.shortcut(SAVE_ANSWER)(self.handle_shortcut)
        app.event("reaction_added", middleware=[self.hear_reaction])(lambda ack: ack())
        for action_id in (ACCEPT_ANSWER, DROP_ANSWER):
            app.action(action_id)(self.handle_decision)
        app.action(EDIT_ANSWER)(self.handle_open)
        app.view(SAVE_EDITED)(self.handle_save)
        app.action(WRITE_ANSWER)(self.handle_write)
        app.view(SEND_WRITTEN)(self.handle_written)

    def build_commands(self) -> Commands:
        """The subcommand for who decides."""
        told = "sends you the proposed answers that wait for your word"
        return {"proposals": Command(self.ask, "", told, needs=Action.READ_SUMMARY)}

    def ask(self, issued: Issued) -> str:
        """`/earshot proposals`."""
        key = f"proposals:{hash_key(issued.trigger_id)}"
        self._inbox(ProposalsAsk(key, issued.user, issued.channel), key)
        return ""

    def handle_shortcut(self, body: dict[str, Any], ack: Ack) -> None:
        """*Save as answer* in a message's menu."""
        message, channel = body["message"], body["channel"]["id"]
        ts = str(body["message_ts"])
        self._put(channel, ts, str(message.get("thread_ts") or ts), body["user"]["id"])
        ack()

    def hear_reaction(self, body: dict[str, Any], next_: Any) -> None:
        """The emoji that SOLVED_EMOJI names, on a message of a person."""
        event, item = body["event"], body["event"].get("item") or {}
        wanted = self._home.settings.solved_emoji.strip(":")
        if wanted and event.get("reaction") == wanted and item.get("type") == "message":
            self._put(item["channel"], str(item["ts"]), "", event["user"])
        next_()

    def handle_decision(self, body: dict[str, Any], ack: Ack) -> None:
        """Accept or drop."""
        click = Click(body)
        key = f"answer:{click.at}:{click.user}:{click.value}"
        number, where = int(click.value), (click.channel, click.message_ts)
        self._inbox(AnswerClick(key, click.action, number, click.user, *where), key)
        ack()

    def handle_open(self, body: dict[str, Any], ack: Ack, client: WebClient, respond: Respond) -> None:
        """The form: one that says so at once, then what stands there, as the thread has to be read for it."""
        ack()
        click, wording = Click(body), self._readers.wording_for(body["user"]["id"])
        with told_alone(respond, "opening a proposed answer"), translated():
            loading = build_told(wording, [build_section(wording.say(Say.LOADING))])
            view = client.views_open(trigger_id=click.trigger, view=loading)["view"]
            form = self._flow.build_form(int(click.value), click.user, (click.channel, click.message_ts))
            client.views_update(view_id=view["id"], hash=view["hash"], view=form)

    def handle_save(self, body: dict[str, Any], ack: Ack) -> None:
        """What was made of it."""
        view, user = body["view"], body["user"]["id"]
        edited = read_edited(view["state"]["values"])
        if faults := list_faults(edited, self._readers.wording_for(user)):
            ack(response_action="errors", errors=faults)
            return
        number, channel, ts = json.loads(view["private_metadata"])
        texts = (edited.question, edited.answer, edited.title)
        self._inbox(AnswerEdited(number, *texts, list(edited.put_back), user, channel, ts), f"edited:{view['id']}")
        ack()

    def handle_write(self, body: dict[str, Any], ack: Ack, client: WebClient, respond: Respond) -> None:
        """The form for an answer that is missing, from the list of them."""
        ack()
        click = Click(body)
        with told_alone(respond, "writing a missing answer"), translated():
            form = self._flow.build_blank(click.value, click.user, click.channel)
            client.views_open(trigger_id=click.trigger, view=form)

    def handle_written(self, body: dict[str, Any], ack: Ack) -> None:
        """An answer that was missing."""
        view, user = body["view"], body["user"]["id"]
        written = read_edited(view["state"]["values"])
        if faults := list_faults(written, self._readers.wording_for(user)):
            ack(response_action="errors", errors=faults)
            return
        asked, channel = json.loads(view["private_metadata"])
        texts = (written.question, written.answer, written.title)
        self._inbox(AnswerWritten(view["id"], asked, *texts, user, channel), f"written:{view['id']}")
        ack()

    def _put(self, channel: str, ts: str, thread_ts: str, user: str) -> None:
        key = f"solved:{channel}:{ts}"
        self._inbox(SolvedThread(key, channel, ts, thread_ts, user), f"{key}:{user}")
