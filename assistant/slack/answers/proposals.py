"""Answers that colleagues wrote become knowledge: drawn up from a solved thread, decided on in Slack."""

from dataclasses import dataclass
from typing import Any, ClassVar

from slack_bolt import Ack, App
from slack_sdk import WebClient

from assistant.core.home import Home
from assistant.core.job import Asker, Inbox, Job, JobHandlers
from assistant.core.roles import Action
from assistant.domain import Audience, Question
from assistant.domain.outside import QUESTION, bound
from assistant.errors import EarshotError, InputError, ReviewError
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.proposals import OwnerRequest, Proposal, ProposalKind, ProposalStatus
from assistant.slack.answers.ask_expert import KnowingFlow
from assistant.slack.answers.attachments import mask
from assistant.slack.answers.blocks import ACCEPT_ANSWER, DROP_ANSWER, build_decision
from assistant.slack.answers.events import to_plain
from assistant.slack.client.blocks import (
    Block,
    build_context,
    build_link,
    build_section,
    escape,
    escape_line,
    tell_error,
)
from assistant.slack.client.clicks import Click
from assistant.slack.client.client import translated
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster

SAVE_ANSWER = "save_answer"
_SHOWN_CHARACTERS = 2_000
_NO_ANSWER = "There's no answer of a colleague in this thread yet."
_SENT = "Thanks. I've asked {who} to approve it; then I'll answer from it."
_KNOWN = "This is already {what}: “{question}”."
_HEAD = "*Should I answer this from now on?*\n*{question}*"
_LIKE = 0.9  # of questions in other words that still ask the same


@dataclass(frozen=True)
class SolvedThread(Job):
    """A message that somebody marked as the answer; in the thread's first message, the question is.

    `thread_ts` is empty for an emoji, which names the message alone; nobody waits for a reply to one that fails.
    """

    kind: ClassVar = "solved"
    key: str
    channel: str
    ts: str
    thread_ts: str
    user: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel, self.thread_ts or None)


@dataclass(frozen=True)
class AnswerClick(Job):
    """A click on Accept or Drop under a proposed answer."""

    kind: ClassVar = "answer_decision"
    key: str
    action: str
    proposal_id: int
    user: str
    channel: str
    ts: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


class ProposalListeners:
    """Listeners for the shortcut, the emoji and the two buttons."""

    def __init__(self, home: Home, inbox: Inbox) -> None:
        self._home = home
        self._inbox = inbox

    def add_to(self, app: App) -> None:
        """Register them."""
        app.shortcut(SAVE_ANSWER)(self.handle_shortcut)
        app.event("reaction_added", middleware=[self.hear_reaction])(lambda ack: ack())
        for action_id in (ACCEPT_ANSWER, DROP_ANSWER):
            app.action(action_id)(self.handle_decision)

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

    def _put(self, channel: str, ts: str, thread_ts: str, user: str) -> None:
        key = f"solved:{channel}:{ts}"
        self._inbox(SolvedThread(key, channel, ts, thread_ts, user), f"{key}:{user}")


class ProposalFlow:
    """Draws up question and answer, asks who may approve them, and takes the decision."""

    def __init__(
        self,
        home: Home,
        knowledge: Knowledge,
        client: WebClient,
        posting: Poster,
        membership: Membership,
        knowing: KnowingFlow,
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._client = client
        self._posting = posting
        self._membership = membership
        self._knowing = knowing

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle solved threads and decisions."""
        jobs.add(SolvedThread, self.draw_up)
        jobs.add(AnswerClick, self.decide)

    def draw_up(self, solved: SolvedThread) -> None:
        """Make a proposal of a solved thread; the person alone is told what became of it."""
        try:
            self._refuse_guests(solved.user)
            said = self._propose(solved)
        except EarshotError as error:
            if error.is_transient:
                raise
            if not solved.thread_ts:  # people use an emoji for much else
                return
            said = escape(tell_error(error))
        self._posting.tell(solved.channel, solved.user, said, solved.thread_ts or solved.ts)

    def decide(self, click: AnswerClick) -> None:
        """Take a click; the person alone is told when it cannot be done."""
        try:
            proposal = self._knowledge.proposals.find(click.proposal_id)
            self._check(proposal, click.user)
            curation, now = self._knowledge.curation, self._home.clock()
            decide = curation.accept if click.action == ACCEPT_ANSWER else curation.drop
            decide(proposal.proposal_id, click.user, now)
            self._show(self._knowledge.proposals.find(click.proposal_id), click)
        except EarshotError as error:
            if error.is_transient:
                raise
            self._posting.tell(click.channel, click.user, escape(tell_error(error)))

    def _propose(self, solved: SolvedThread) -> str:
        question, answer, root_ts = self._read(solved)
        text = mask(to_plain(str(answer.get("text") or "")))
        asked = bound(mask(to_plain(str(question.get("text") or ""))), QUESTION)
        if not (text and asked):
            raise InputError(_NO_ANSWER)
        if known := self._find_repeat(asked, solved.channel, root_ts):
            return known
        author = str(answer["user"])
        with translated():
            link = str(self._client.chat_getPermalink(channel=solved.channel, message_ts=root_ts)["permalink"])
        request = OwnerRequest(
            f"solved:{solved.channel}:{root_ts}",
            *(asked, str(question.get("user") or ""), author),
            *(solved.channel, root_ts, solved.channel, root_ts),
        )
        now = self._home.clock()
        name = self._membership.name_of(author)
        proposal = self._knowledge.proposals.propose(request, text, name, str(answer["ts"]), now, link)
        if proposal is None:
            return _KNOWN.format(what="decided", question=escape_line(asked, 200))
        return self._ask(proposal, solved)

    def _read(self, solved: SolvedThread) -> tuple[dict[str, Any], dict[str, Any], str]:
        """The question, the answer and the ts of the thread."""
        with translated():
            page = self._client.conversations_replies(
                channel=solved.channel, ts=solved.thread_ts or solved.ts, limit=200
            )
            messages = page["messages"]
            root_ts = str(messages[0].get("thread_ts") or messages[0]["ts"])
            if root_ts != messages[0]["ts"]:  # a reaction names the reply alone
                messages = self._client.conversations_replies(channel=solved.channel, ts=root_ts, limit=200)["messages"]
        question = messages[0]
        people = [m for m in messages[1:] if not m.get("bot_id") and m.get("user")]
        marked = next((m for m in people if m["ts"] == solved.ts), None)
        others = [m for m in people if m["user"] != question.get("user")]
        answer = marked or (others[-1] if others else None)
        if answer is None:
            raise InputError(_NO_ANSWER)
        return question, answer, root_ts

    def _find_repeat(self, asked: str, channel: str, root_ts: str) -> str:
        """What to say where the same was saved before, in this thread or another one; empty where it is new."""
        others = [
            one
            for one in self._knowledge.proposals.list_answers()
            if one.question_key != f"solved:{channel}:{root_ts}" and one.status is not ProposalStatus.DROPPED
        ]
        texts = [one.question for one in others]
        if not texts:
            return ""
        likeness = [self._knowledge.measure_likeness(asked, [text]) for text in texts]
        best = max(range(len(texts)), key=likeness.__getitem__)
        if likeness[best] < _LIKE:
            return ""
        what = "saved" if others[best].status is ProposalStatus.ACCEPTED else "waiting for approval"
        return _KNOWN.format(what=what, question=escape_line(texts[best], 200))

    def _ask(self, proposal: Proposal, solved: SolvedThread) -> str:
        """Ask an approver in a direct message; in the thread where nobody is known."""
        owner = self._find_approver(proposal.question)
        channel = self._posting.open_direct(owner) if owner else solved.channel
        thread_ts = None if owner else solved.thread_ts or solved.ts
        blocks = [*_describe(proposal), build_decision(proposal.proposal_id)]
        key = f"answer:{proposal.proposal_id}"
        self._posting.post_once(
            key, channel, f"A proposed answer: {escape_line(proposal.question, 200)}", blocks, thread_ts
        )
        return _SENT.format(who=f"<@{owner}>" if owner else "an admin")

    def _find_approver(self, question: str) -> str | None:
        """The owner of the nearest page, whoever is asked for what nobody owns, or an admin."""
        found = self._knowledge.retriever.search(Question(question, Audience.INTERNAL))
        owners = ", ".join(result.chunk.owner for result in found.documents[:3] if result.chunk.owner)
        owner = self._knowing.find_user(owners)
        return owner or min(self._membership.find_people(self._home.settings.admins), default=None)

    def _check(self, proposal: Proposal, user: str) -> None:
        is_answer = proposal.kind is ProposalKind.ANSWER
        may = self._membership.may(user, Action.DECIDE_FIX) or user == self._find_approver(proposal.question)
        if not (is_answer and may):
            raise ReviewError("Only the owner of the nearest document or an admin can decide on this.")

    def _refuse_guests(self, user: str) -> None:
        if not self._membership.is_full_member(user):
            raise ReviewError("Only full members of the company can save answers.", "Ask a colleague to do it.")

    def _show(self, proposal: Proposal, click: AnswerClick) -> None:
        is_done = proposal.status is ProposalStatus.ACCEPTED
        said = f"Accepted by <@{click.user}>. I answer from it now." if is_done else f"Dropped by <@{click.user}>."
        blocks = [*_describe(proposal), build_context(said)]
        self._posting.update(
            click.channel, click.ts, f"A proposed answer: {escape_line(proposal.question, 200)}", blocks
        )


def _describe(proposal: Proposal) -> list[Block]:
    text = "\n".join(f"&gt; {escape(line)}" for line in proposal.text.splitlines())[:_SHOWN_CHARACTERS]
    thread = f" · {build_link('the thread', proposal.url)}" if proposal.url else ""
    return [
        build_section(_HEAD.format(question=escape_line(proposal.question, 500))),
        build_section(text),
        build_context(f"Written by {escape_line(proposal.author_name, 80)}{thread}"),
    ]
