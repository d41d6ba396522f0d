"""The listeners for what staff do: each writes down what came, acks, and leaves the work to the inbox.

The agent view: what is suggested to somebody who opens Earshot's Messages tab.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from assistant.core.home import Home
from assistant.core.job import Inbox
from assistant.core.roles import FindRoles
from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.errors import EarshotError, edge, logged
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.questions import KeptQuestion
from assistant.slack.answers.ask_expert import Handed
from assistant.slack.answers.blocks import (
    ASK_DIRECT,
    ASK_OWNER,
    FOLLOW_UP,
    PASSAGES,
    SHARE,
    SHARE_ELSEWHERE,
    WHY,
    build_share_form,
    read_share,
)
from assistant.slack.answers.events import ButtonAsked
from assistant.slack.answers.explain import build_passages, build_why, find_refusal
from assistant.slack.answers.intake import Intake
from assistant.slack.answers.private import DirectClick, PrivateAsk, ShareClick
from assistant.slack.answers.stops import Stops, read_stop
from assistant.slack.answers.suggestions import Suggestions
from assistant.slack.answers.votes import (
    FEEDBACK,
    HELPFUL,
    NOT_HELPFUL,
    VOTE_REASON,
    build_reason_modal,
    read_reason,
    read_vote,
)
from assistant.slack.cards.modals import build_text_modal
from assistant.slack.client.blocks import Block, build_section, cut, escape, tell_failure
from assistant.slack.client.clicks import Click
from assistant.slack.client.client import translated
from assistant.slack.client.commands import ASK, COMMAND, Command, Commands, Issued, read_command, run_command
from assistant.slack.client.failures import hash_key
from assistant.slack.client.membership import Membership
from assistant.slack.client.person_limit import PersonLimit
from assistant.slack.client.readers import Readers
from assistant.slack.client.respond import told_alone
from assistant.slack.home.flow import HomeOpened
from assistant.slack.tables import SlackStore

Body = dict[str, Any]
_log = logging.getLogger(__name__)

_TOLD_CHARACTERS = 3900  # Slack's limit for such a text is 4,000


class StaffListeners:
    """Listeners for staff's messages and clicks."""

    def __init__(
        self,
        home: Home,
        knowledge: Knowledge,
        slack_store: SlackStore,
        membership: Membership,
        readers: Readers,
        hearing: Intake,
        stops: Stops,
        inbox: Inbox,
        suggestions: Suggestions,
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._slack_store = slack_store
        self._membership = membership
        self._readers = readers
        self._hearing = hearing
        self._stops = stops
        self._suggestions = suggestions
        self._inbox = inbox

    def add_to(self, app: App) -> None:
        """Register every listener for staff."""
        # Bolt acks an event before it calls the listener; what has to be written down first is middleware.
        for name in ("app_mention", "message"):
            app.event(name, middleware=[self.hear_message])(self.note_heard)
        app.event("agent_session_stopped", middleware=[self.hear_stop])(lambda ack: ack())
        app.event("app_home_opened", middleware=[self.hear_opened])(self.handle_opened)
        app.action(FEEDBACK)(self.handle_vote)
        app.action(HELPFUL)(self.handle_vote)
        app.action(NOT_HELPFUL)(self.handle_vote)
        app.view(VOTE_REASON)(self.handle_vote_reason)
        for action_id in (PASSAGES, WHY):
            app.action(action_id)(self.handle_explain)
        app.action(ASK_OWNER)(self.handle_hand_over)
        for action_id in (SHARE, ASK_DIRECT):
            app.action(action_id)(self.handle_click)
        app.action(SHARE_ELSEWHERE)(self.handle_share_form)
        app.view(SHARE_ELSEWHERE)(self.handle_share)
        app.action(re.compile(rf"{FOLLOW_UP}\.\d"))(self.handle_follow_up)
        app.event("app_context_changed")(self.handle_context)

    def build_commands(self) -> Commands:
        """The subcommands for staff."""
        return {
            ASK: Command(self.ask, "QUESTION", "answers you alone; you can share the answer (“ask” can be left out)"),
            "why": Command(self.explain_last, "", "explains why I answered you in this channel, or didn't", True),
        }

    def hear_message(self, body: Body, next_: Callable[[], object]) -> None:
        """A message or a mention, an edit or a deletion."""
        self._hearing.hear(body)
        next_()

    def hear_stop(self, body: Body, next_: Callable[[], object]) -> None:
        """Somebody clicked Stop: the work ends here and now, before anything waits for a channel's turn."""
        if stopped := read_stop(body):
            self._stops.hear(stopped)
            self._inbox(stopped, stopped.key)
        next_()

    def note_heard(self, body: Body, ack: Ack) -> None:
        """Keep how far Slack was read. After the ack: a busy database must not keep Slack waiting."""
        ack()
        with logged("noting how far Slack was read"):
            self._hearing.note(body)

    def hear_opened(self, body: Body, next_: Callable[[], object]) -> None:
        """Somebody opened a tab of the app."""
        event = body["event"]
        if event.get("tab") == "home":
            self._inbox(HomeOpened(event["user"]), f"home:{body['event_id']}")
        next_()

    def handle_opened(self, body: Body, ack: Ack, client: WebClient) -> None:
        """Prompts are suggested again each time, so nothing needs to be kept."""
        event = body["event"]
        ack()
        if event.get("tab") == "messages":
            self._suggestions.show(client, event["channel"], event["user"])

    def handle_vote(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """A thumb; a thumb down also asks why, while the trigger still opens a form."""
        voted = read_vote(body)
        self._inbox(voted, voted.key)
        ack()
        if not voted.is_helpful:
            with told_alone(respond, "asking why"), translated():
                wording = self._choose_wording(voted.question_key, voted.user)
                client.views_open(trigger_id=body["trigger_id"], view=build_reason_modal(voted, wording))

    def handle_vote_reason(self, body: Body, ack: Ack) -> None:
        """Handle the reason why an answer did not help."""
        self._inbox(read_reason(body), f"vote_reason:{body['view']['id']}")
        ack()

    def handle_explain(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """The passages, or why: at once a form that says so, then what was kept."""
        ack()
        click = Click(body)
        is_why = click.action == WHY
        with told_alone(respond, "explaining an answer"), translated():
            wording = self._choose_wording(click.value, click.user)
            title = wording.say(Say.WHY_TITLE if is_why else Say.PASSAGES_TITLE)
            loading = build_text_modal(title, [build_section(wording.say(Say.LOADING))])
            view = client.views_open(trigger_id=click.trigger, view=loading)["view"]
            blocks = self._explain(click.value, click.user, click.channel, is_why)
            client.views_update(view_id=view["id"], hash=view["hash"], view=build_text_modal(title, blocks))

    def handle_hand_over(self, body: Body, ack: Ack) -> None:
        """Ask someone who knows."""
        click = Click(body)
        handed = Handed(click.value, click.user, click.channel, click.root_ts)
        self._inbox(handed, f"hand_over:{handed.question_key}:{handed.user}:{click.at}")
        ack()

    def handle_click(self, body: Body, ack: Ack) -> None:
        """Share a private answer, or go on in a direct message."""
        click = Click(body)
        job = ShareClick if click.action == SHARE else DirectClick
        job_key = f"{job.kind}:{click.value}:{click.user}:{click.at}"
        self._inbox(job(click.value, click.user, click.channel, click.response_url), job_key)
        ack()

    def handle_share_form(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """Ask which channel an answer is to be shared with."""
        ack()
        key = str(body["actions"][0]["value"])
        with told_alone(respond, "sharing an answer"), translated():
            form = build_share_form(key, body["channel"]["id"], self._choose_wording(key, body["user"]["id"]))
            client.views_open(trigger_id=body["trigger_id"], view=form)

    def handle_share(self, body: Body, ack: Ack) -> None:
        """Share an answer with the channel that was chosen."""
        key, origin, channel = read_share(body["view"])
        self._inbox(ShareClick(key, body["user"]["id"], channel, origin=origin), f"share:{body['view']['id']}")
        ack()

    def handle_follow_up(self, body: Body, ack: Ack) -> None:
        """A question on a button: answered where its button is, alone where the answer was for one person."""
        click = Click(body)
        where = (click.channel, click.root_ts or click.at)
        key = f"question:{click.workspace}:{click.channel}:{click.at}"
        if click.is_private:
            asked = PrivateAsk(f"private:{key}", click.channel, click.user, click.value, click.response_url)
            self._inbox(asked, asked.key)
        else:
            self._inbox(ButtonAsked(key, *where, click.user, click.value, click.at, click.team), key)
        ack()

    def handle_context(self, body: Body, ack: Ack, client: WebClient) -> None:
        """Somebody looks at something else beside Earshot's messages: other questions are suggested."""
        ack()
        user, channel = read_looker(body)
        entities = (body["event"].get("context") or {}).get("entities") or []
        if user and not channel:
            with translated():
                channel = str(client.conversations_open(users=user)["channel"]["id"])
        if channel:
            self._suggestions.show(client, channel, user, entities)

    def ask(self, issued: Issued) -> str:
        """`/earshot ask`: written down, then a sign and the answer by the command's own address."""
        if not issued.text:
            return self._readers.wording_for(issued.user).say(Say.ASK_WHAT, command=COMMAND)
        key = f"private:{hash_key(issued.trigger_id)}{hash_key(issued.response_url)}"
        asked = PrivateAsk(key, issued.channel, issued.user, issued.text, issued.response_url)
        self._inbox(asked, key)
        return ""

    def explain_last(self, issued: Issued) -> str:
        """`/earshot why`."""
        kept = self._knowledge.questions.find_last(issued.channel, issued.user)
        silence = self._slack_store.slack_posts.find_silence(issued.channel, issued.user)
        if silence and (kept is None or float(silence[0]) > kept.asked_at.timestamp()):
            return _tell_silence(silence[1], self._readers.wording_for(issued.user))
        if kept is None:
            return self._readers.wording_for(issued.user).say(Say.WHY_NOTHING_ASKED)
        told = "\n".join(
            _read_text(block) for block in self._build_explanation(kept, issued.user, issued.channel, is_why=True)
        )
        return cut(told, _TOLD_CHARACTERS)

    def _explain(self, question_key: str, user: str, channel: str, is_why: bool) -> list[Block]:
        try:
            with edge("explaining an answer"):
                return self._build_explanation(self._knowledge.questions.find(question_key), user, channel, is_why)
        except EarshotError as error:
            did_not = self._choose_wording(question_key, user).say(Say.DID_NOT_WORK)
            return [build_section(escape(tell_failure(error, did_not)))]

    def _build_explanation(self, kept: KeptQuestion | None, user: str, channel: str, is_why: bool) -> list[Block]:
        wording = self._readers.wording_about(kept, user)
        if kept is None:
            return [build_section(wording.say(Say.WHY_GONE))]
        if refusal := find_refusal(kept, user, channel, self._membership.audience_of_person(user)):
            return [build_section(wording.say(refusal))]
        if is_why:
            return build_why(kept, wording)
        return build_passages(kept, self._knowledge.documents, self._home.today(), wording)

    def _choose_wording(self, question_key: str, user: str) -> Wording:
        try:
            with edge("reading a question"):
                return self._readers.wording_about(self._knowledge.questions.find(question_key), user)
        except EarshotError:  # whoever reads it next tells of it
            return self._readers.wording_for(user)


def read_looker(body: Body) -> tuple[str, str]:
    """Who looks at something, and the channel with their messages; Slack may name the person outside of the event."""
    event = body["event"]
    people = (one for one in body.get("authorizations") or () if not one.get("is_bot", True))
    user = event.get("user") or next((one.get("user_id") for one in people), "")
    return str(user or ""), str(event.get("channel") or "")


def add_commands(app: App, commands: Commands, find_roles: FindRoles) -> None:
    """The one slash command, with every word that the program knows."""
    limit = PersonLimit(waiting=0)

    def handle_command(body: Body, ack: Ack) -> None:
        word, issued = read_command(body)
        try:
            with edge(f"running {COMMAND} {word}"), limit.turn(issued.user):
                told = run_command(commands, word, issued, find_roles)
        except EarshotError as error:
            told = escape(tell_failure(error))
        if told:
            ack(text=told, response_type="ephemeral")
        else:
            ack()

    app.command(COMMAND)(handle_command)


def _tell_silence(rule: str, wording: Wording) -> str:
    reason = wording.say(Say(rule)) if rule in set(Say) else rule  # once, the reason itself was kept
    return wording.say(Say.WHY_LEFT_ALONE, reason=reason)


def _read_text(block: Block) -> str:
    return str(block["text"]["text"] if block["type"] == "section" else block["elements"][0]["text"])
