"""The listeners for what staff do: each writes down what came, acks, and leaves the work to the inbox.

The agent view: what is suggested to somebody who opens Earshot's Messages tab.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from assistant.core.home import Home
from assistant.domain import Audience
from assistant.errors import EarshotError, edge
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.questions import KeptQuestion
from assistant.slack.answers.ask_expert import Handed
from assistant.slack.answers.blocks import ASK_DIRECT, ASK_OWNER, PASSAGES, SHARE, WHY
from assistant.slack.answers.explain import NOTHING_KEPT, build_passages, build_refusal, build_why, may_read
from assistant.slack.answers.flow import WHAT_CAN_YOU_DO, hash_key
from assistant.slack.answers.intake import Inbox, Intake
from assistant.slack.answers.private import Click, PrivateAsk
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
from assistant.slack.client.blocks import Block, build_section, cut, escape
from assistant.slack.client.client import translated
from assistant.slack.client.commands import COMMAND, Command, Commands, Issued, read_command, run_command
from assistant.slack.client.membership import Membership
from assistant.slack.client.respond import told_alone
from assistant.slack.tables import SlackStore

_TITLE = "What would you like to know?"
_FROM_POSTS = "What do customers complain about this week?"
_TITLES, _MOST_CHARACTERS = 2, 75


def suggest_prompts(knowledge: Knowledge, client: WebClient, channel: str) -> None:
    """Suggest what Earshot can answer here. Without a thread_ts: with one, an agent view shows nothing at all."""
    titles = knowledge.documents.recent_titles(Audience.PUBLIC, _TITLES)
    asked = [f"What does {title} say?" for title in titles]
    prompts = [{"title": text[:_MOST_CHARACTERS], "message": text} for text in (*asked, _FROM_POSTS, WHAT_CAN_YOU_DO)]
    with translated():
        client.assistant_threads_setSuggestedPrompts(channel_id=channel, title=_TITLE, prompts=prompts)


Body = dict[str, Any]

_ASK_WHAT = f"Ask something, for example: `{COMMAND} ask How do customers pause their plan?`"
_TOLD_CHARACTERS = 3900  # Slack's limit for such a text is 4,000
_NOTHING_ASKED = (
    "You asked me nothing in this channel yet, as far as I know. I answer when I am mentioned, in direct messages, and "
    "in threads where I was asked before. In a channel I hear nothing before somebody invites me: /invite @Earshot"
)


class StaffListeners:
    """Listeners for staff's messages and clicks."""

    def __init__(
        self,
        home: Home,
        knowledge: Knowledge,
        slack_store: SlackStore,
        membership: Membership,
        hearing: Intake,
        inbox: Inbox,
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._slack_store = slack_store
        self._membership = membership
        self._hearing = hearing
        self._inbox = inbox

    def add_to(self, app: App) -> None:
        """Register every listener for staff."""
        # Bolt acks an event before it calls the listener; what has to be written down first is middleware.
        for name in ("app_mention", "message"):
            app.event(name, middleware=[self.hear_message])(lambda ack: ack())
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

    def build_commands(self) -> Commands:
        """The subcommands for staff."""
        return {
            "ask": Command(self.ask, "QUESTION", "answers you alone; you may share the answer with the channel"),
            "why": Command(self.explain_last, "", "explains why I answered you in this channel, or didn't"),
        }

    def hear_message(self, body: Body, next_: Callable[[], object]) -> None:
        """A message or a mention, an edit or a deletion."""
        self._hearing.hear(body)
        self._hearing.note(body)
        next_()

    def hear_opened(self, body: Body, next_: Callable[[], object]) -> None:
        """Somebody opened a tab of the app."""
        event = body["event"]
        if event.get("tab") == "home":
            self._inbox("home", f"home:{body['event_id']}", {"user": event["user"]})
        next_()

    def handle_opened(self, body: Body, ack: Ack, client: WebClient) -> None:
        """Prompts are suggested again each time, so nothing needs to be kept."""
        event = body["event"]
        ack()
        if event.get("tab") == "messages":
            suggest_prompts(self._knowledge, client, event["channel"])

    def handle_vote(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """A thumb; a thumb down also asks why, while the trigger still opens a form."""
        voted = read_vote(body)
        self._inbox("vote", voted.key, asdict(voted))
        ack()
        if not voted.is_helpful:
            with told_alone(respond, "asking why"), translated():
                client.views_open(trigger_id=body["trigger_id"], view=build_reason_modal(voted))

    def handle_vote_reason(self, body: Body, ack: Ack) -> None:
        """Handle the reason why an answer did not help."""
        self._inbox("vote_reason", f"vote_reason:{body['view']['id']}", read_reason(body))
        ack()

    def handle_explain(self, body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        """The passages, or why: at once a form that says so, then what was kept."""
        ack()
        action = body["actions"][0]
        is_why = action["action_id"] == WHY
        title = "Why this answer?" if is_why else "The passages"
        with told_alone(respond, "explaining an answer"), translated():
            loading = build_text_modal(title, [build_section("Looking it up…")])
            view = client.views_open(trigger_id=body["trigger_id"], view=loading)["view"]
            blocks = self._explain(lambda: self._knowledge.questions.find(action["value"]), body["user"]["id"], is_why)
            client.views_update(view_id=view["id"], hash=view["hash"], view=build_text_modal(title, blocks))

    def handle_hand_over(self, body: Body, ack: Ack) -> None:
        """Ask someone who knows."""
        action, message = body["actions"][0], body.get("message") or {}
        thread_ts = message.get("thread_ts") or message.get("ts") or ""
        handed = Handed(action["value"], body["user"]["id"], body["channel"]["id"], thread_ts)
        key = f"hand_over:{handed.question_key}:{handed.user}:{action['action_ts']}"
        self._inbox("hand_over", key, asdict(handed))
        ack()

    def handle_click(self, body: Body, ack: Ack) -> None:
        """Share a private answer, or go on in a direct message."""
        action = body["actions"][0]
        click = Click(action["value"], body["user"]["id"], body["channel"]["id"], body.get("response_url") or "")
        kind = "share" if action["action_id"] == SHARE else "ask_direct"
        self._inbox(kind, f"{kind}:{click.question_key}:{click.user}:{action['action_ts']}", asdict(click))
        ack()

    def ask(self, issued: Issued) -> str:
        """`/earshot ask`: written down, then a sign and the answer by the command's own address."""
        if not issued.text:
            return _ASK_WHAT
        key = f"private:{hash_key(issued.trigger_id)}{hash_key(issued.response_url)}"
        asked = PrivateAsk(key, issued.channel, issued.user, issued.text, issued.response_url)
        self._inbox("private_question", key, asdict(asked))
        return ""

    def explain_last(self, issued: Issued) -> str:
        """`/earshot why`."""
        kept = self._knowledge.questions.find_last(issued.channel, issued.user)
        silence = self._slack_store.slack_posts.find_silence(issued.channel, issued.user)
        if silence and (kept is None or float(silence[0]) > kept.asked_at.timestamp()):
            return f"I left your last message in a thread here alone: {silence[1]}. Mention me and I answer."
        if kept is None:
            return _NOTHING_ASKED
        told = "\n".join(_read_text(block) for block in self._build_explanation(kept, issued.user, is_why=True))
        return cut(told, _TOLD_CHARACTERS)

    def _explain(self, find: Callable[[], KeptQuestion | None], user: str, is_why: bool) -> list[Block]:
        try:
            with edge("explaining an answer"):
                return self._build_explanation(find(), user, is_why)
        except EarshotError as error:
            return [build_section(_tell(error))]

    def _build_explanation(self, kept: KeptQuestion | None, user: str, is_why: bool) -> list[Block]:
        if kept is None:
            return [build_section(NOTHING_KEPT)]
        if not may_read(kept, self._membership.is_full_member(user)):
            return build_refusal()
        return build_why(kept) if is_why else build_passages(kept, self._knowledge.documents, self._home.today())


def add_commands(app: App, commands: Commands) -> None:
    """The one slash command, with every word that the program knows."""

    def handle_command(body: Body, ack: Ack) -> None:
        word, issued = read_command(body)
        try:
            with edge(f"running {COMMAND} {word}"):
                told = run_command(commands, word, issued)
        except EarshotError as error:
            told = _tell(error)
        if told:
            ack(text=told, response_type="ephemeral")
        else:
            ack()

    app.command(COMMAND)(handle_command)


def _tell(error: EarshotError) -> str:
    return escape(f"That didn't work. {error.message} {error.hint}".strip())


def _read_text(block: Block) -> str:
    return str(block["text"]["text"] if block["type"] == "section" else block["elements"][0]["text"])
