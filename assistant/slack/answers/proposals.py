"""Answers that colleagues wrote become knowledge: drawn up from a solved thread, edited and decided on in Slack."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from slack_sdk import WebClient

from assistant.core.home import Home
from assistant.core.job import Asker, Job, JobHandlers
from assistant.core.roles import Action
from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Audience, Question
from assistant.domain.outside import QUESTION, bound
from assistant.errors import EarshotError, InputError, ReviewError
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.proposals import OwnerRequest, Proposal, ProposalKind, ProposalStatus, name_written
from assistant.slack.answers.ask_expert import KnowingFlow
from assistant.slack.answers.events import to_plain
from assistant.slack.answers.masking import Masked, find_marks, list_masked, mask, put_back
from assistant.slack.answers.proposal_blocks import (
    ACCEPT_ANSWER,
    FIELD_CHARACTERS,
    build_blank,
    build_card,
    build_form,
    build_told,
)
from assistant.slack.client.blocks import Block, build_section, escape, escape_line, tell_error
from assistant.slack.client.client import translated
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.client.readers import Readers

_LIKE = 0.9  # of questions in other words that still ask the same
_log = logging.getLogger(__name__)


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


@dataclass(frozen=True)
class AnswerEdited(Job):
    """What somebody made of a proposed answer in its form; `put_back` are numbers of what was masked."""

    kind: ClassVar = "answer_edited"
    proposal_id: int
    question: str
    answer: str
    title: str
    put_back: list[int]
    user: str
    channel: str
    ts: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


@dataclass(frozen=True)
class AnswerWritten(Job):
    """An answer that was missing, as somebody wrote it; `asked` are the numbers of the questions that lacked it."""

    kind: ClassVar = "answer_written"
    form: str
    asked: str
    question: str
    answer: str
    title: str
    user: str
    channel: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


@dataclass(frozen=True)
class ProposalsAsk(Job):
    """`/earshot proposals`, or the button in a Home: every card that waits for this person, once more."""

    kind: ClassVar = "proposals"
    key: str
    user: str
    channel: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


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
        readers: Readers,
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._client = client
        self._posting = posting
        self._membership = membership
        self._knowing = knowing
        self._readers = readers

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle solved threads and decisions."""
        jobs.add(SolvedThread, self.draw_up)
        jobs.add(AnswerClick, self.decide)
        jobs.add(AnswerEdited, self.edit)
        jobs.add(AnswerWritten, self.write)
        jobs.add(ProposalsAsk, self.send_waiting)

    def draw_up(self, solved: SolvedThread) -> None:
        """Make a proposal of a solved thread; the person alone is told what became of it."""
        try:
            wording = self._readers.wording_for(solved.user)
            if not self._membership.is_full_member(solved.user):
                raise ReviewError(wording.say(Say.PROPOSAL_NO_GUESTS))
            said = self._propose(solved, wording)
        except EarshotError as error:
            if error.is_transient:
                raise
            if not solved.thread_ts:  # people use an emoji for much else
                return
            said = escape(tell_error(error))
        self._posting.tell(solved.channel, solved.user, said, solved.thread_ts or solved.ts)

    def decide(self, click: AnswerClick) -> None:
        """Take a click; the person alone is told when it cannot be done."""
        with self._told(click.channel, click.user):
            proposal = self._find(click.proposal_id, click.user)
            curation, now = self._knowledge.curation, self._home.clock()
            decide = curation.accept if click.action == ACCEPT_ANSWER else curation.drop
            decide(proposal.proposal_id, click.user, now)
            self._show(proposal.proposal_id, click.user, (click.channel, click.ts), click.user)

    def edit(self, edited: AnswerEdited) -> None:
        """Keep what somebody made of it, and show it on the card they clicked on."""
        with self._told(edited.channel, edited.user):
            proposal = self._find(edited.proposal_id, edited.user)
            asked, answered = self._list_masked(proposal) if edited.put_back else ([], [])
            question = put_back(edited.question, asked, edited.put_back)
            text = put_back(edited.answer, answered, [number - len(asked) for number in edited.put_back])
            if not self._knowledge.proposals.edit(edited.proposal_id, question, text, edited.title, edited.user):
                raise InputError(self._readers.wording_for(edited.user).say(Say.PROPOSAL_GONE))
            self._show(edited.proposal_id, edited.user, (edited.channel, edited.ts))

    def build_form(self, proposal_id: int, user: str, place: tuple[str, str]) -> Block:
        """The form that edits one, or why there is none."""
        wording = self._readers.wording_for(user)
        try:
            proposal = self._find(proposal_id, user)
            if proposal.status is not ProposalStatus.OPEN:
                raise InputError(wording.say(Say.PROPOSAL_GONE))
            if max(len(proposal.question), len(proposal.text)) > FIELD_CHARACTERS:
                raise InputError(wording.say(Say.PROPOSAL_TOO_LONG))
            asked, answered = self._list_masked(proposal)
        except EarshotError as error:
            return build_told(wording, [build_section(escape(tell_error(error)))])
        return build_form(proposal, [*asked, *answered], place, wording)

    def build_blank(self, asked: str, user: str, channel: str) -> Block:
        """The form for an answer that is missing. Raises ReviewError, InputError."""
        wording = self._readers.wording_for(user)
        self._membership.check(user, Action.READ_SUMMARY)
        question = self._knowledge.questions.find_text(int(asked.split(",")[0]))
        if question is None:
            raise InputError(wording.say(Say.QUESTION_GONE))
        return build_blank(mask(question), asked, channel, wording)

    def write(self, written: AnswerWritten) -> None:
        """Make a proposal of an answer that was missing, for an owner to decide on; its writer is told."""
        wording, user = self._readers.wording_for(written.user), written.user
        with self._told(written.channel, user):
            self._membership.check(user, Action.READ_SUMMARY)
            key, direct = name_written(written.asked, written.form), self._posting.open_direct(user)
            said = self._find_repeat(written.question, key, wording)
            if not said:
                request = OwnerRequest(key, written.question, user, user, *(direct, "", direct, ""))
                said = self._keep_written(request, written, wording)
            self._posting.tell(written.channel, user, said)

    def _keep_written(self, request: OwnerRequest, written: AnswerWritten, wording: Wording) -> str:
        name, tables = self._membership.name_of(written.user), self._knowledge.proposals
        # The form is its message: once more, after a crash, it adds nothing.
        proposal = tables.propose(request, written.answer, name, written.form, self._home.clock(), title=written.title)
        if proposal is None:
            return wording.say(Say.PROPOSAL_DECIDED, question=escape_line(written.question, 200))
        return self._ask(proposal, (request.channel, None), wording)

    def send_waiting(self, asked: ProposalsAsk) -> None:
        """Send somebody a card for each answer that waits and that they may decide on."""
        wording, theirs = self._readers.wording_for(asked.user), self._list_waiting(asked.user)
        direct = self._posting.open_direct(asked.user)
        for one in theirs:
            self._post(f"{asked.key}:{one.proposal_id}", one, direct, None, wording)
        key = Say.PROPOSALS_SENT if theirs else Say.PROPOSALS_NONE
        self._posting.tell(asked.channel or direct, asked.user, wording.say(key, count=len(theirs)))

    def count_waiting(self, user: str) -> int:
        """How many proposed answers wait for this person's word."""
        return len(self._list_waiting(user))

    def _list_waiting(self, user: str) -> list[Proposal]:
        waiting = [one for one in self._knowledge.proposals.list_open() if one.kind is ProposalKind.ANSWER]
        decides_on_all = bool(waiting) and self._membership.may(user, Action.DECIDE_FIX)
        return [one for one in waiting if decides_on_all or one.owner == user]

    def _propose(self, solved: SolvedThread, wording: Wording) -> str:
        root_ts, messages = self._read(solved.channel, solved.thread_ts or solved.ts)
        question, answer = messages[0], _find_answer(messages, solved.ts)
        if answer is None:
            raise InputError(wording.say(Say.PROPOSAL_NO_ANSWER))
        text = mask(to_plain(str(answer.get("text") or "")))
        asked = bound(mask(to_plain(str(question.get("text") or ""))), QUESTION)
        if not (text and asked):
            raise InputError(wording.say(Say.PROPOSAL_NO_ANSWER))
        if known := self._find_repeat(asked, f"solved:{solved.channel}:{root_ts}", wording):
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
            return wording.say(Say.PROPOSAL_DECIDED, question=escape_line(asked, 200))
        return self._ask(proposal, (solved.channel, solved.thread_ts or solved.ts), wording)

    def _read(self, channel: str, ts: str) -> tuple[str, list[dict[str, Any]]]:
        """The ts of a thread and its messages, the question first."""
        with translated():
            messages = self._client.conversations_replies(channel=channel, ts=ts, limit=200)["messages"]
            root_ts = str(messages[0].get("thread_ts") or messages[0]["ts"])
            if root_ts != messages[0]["ts"]:  # a reaction names the reply alone
                messages = self._client.conversations_replies(channel=channel, ts=root_ts, limit=200)["messages"]
        return root_ts, messages

    def _list_masked(self, proposal: Proposal) -> tuple[list[Masked], list[Masked]]:
        """What was left out of the question and of the answer, as the thread still has it; nothing where it is gone."""
        _, channel, ts = proposal.question_key.split(":") if proposal.question_key.count(":") == 2 else ("", "", "")
        if not (ts and find_marks(f"{proposal.question} {proposal.text}")):
            return [], []
        try:
            _, messages = self._read(channel, ts)
        except EarshotError as error:
            _log.info("the thread of proposal %s is not read: %s", proposal.proposal_id, error.message)
            return [], []
        said = [to_plain(str(one.get("text") or "")) for one in messages if one["ts"] in proposal.message_ts.split()]
        return list_masked(to_plain(str(messages[0].get("text") or ""))), list_masked("\n\n".join(said))

    def _find_repeat(self, asked: str, key: str, wording: Wording) -> str:
        """What to say where the same was saved before, in this thread or another one; empty where it is new."""
        others = [
            one
            for one in self._knowledge.proposals.list_answers()
            if one.question_key != key and one.status is not ProposalStatus.DROPPED
        ]
        texts = [one.question for one in others]
        if not texts:
            return ""
        likeness = [self._knowledge.measure_likeness(asked, [text]) for text in texts]
        best = max(range(len(texts)), key=likeness.__getitem__)
        if likeness[best] < _LIKE:
            return ""
        is_saved = others[best].status is ProposalStatus.ACCEPTED
        said = Say.PROPOSAL_SAVED if is_saved else Say.PROPOSAL_WAITS
        return wording.say(said, question=escape_line(texts[best], 200))

    def _ask(self, proposal: Proposal, place: tuple[str, str | None], wording: Wording) -> str:
        """Ask an approver in a direct message; at this place where nobody is known."""
        owner = self._find_approver(proposal.question)
        channel, thread_ts = (self._posting.open_direct(owner), None) if owner else place
        self._knowledge.proposals.assign(proposal.proposal_id, owner or "")
        theirs = self._readers.wording_for(owner or "")
        self._post(f"answer:{proposal.proposal_id}", proposal, channel, thread_ts, theirs)
        return wording.say(Say.PROPOSAL_SENT, who=f"<@{owner}>" if owner else wording.say(Say.PROPOSAL_AN_ADMIN))

    def _post(self, key: str, proposal: Proposal, channel: str, thread_ts: str | None, wording: Wording) -> None:
        self._posting.post_once(key, channel, _name(proposal, wording), build_card(proposal, wording), thread_ts)

    def _find_approver(self, question: str) -> str | None:
        """The owner of the nearest page, whoever is asked for what nobody owns, or an admin."""
        found = self._knowledge.retriever.search(Question(question, Audience.INTERNAL))
        owners = ", ".join(result.chunk.owner for result in found.documents[:3] if result.chunk.owner)
        owner = self._knowing.find_user(owners)
        return owner or min(self._membership.find_people(self._home.settings.admins), default=None)

    def _may(self, proposal: Proposal, user: str) -> bool:
        is_asked = user == proposal.owner or user == self._find_approver(proposal.question)
        return is_asked or self._membership.may(user, Action.DECIDE_FIX)

    def _find(self, proposal_id: int, user: str) -> Proposal:
        """One that somebody may decide on. Raises ReviewError, InputError."""
        proposal = self._knowledge.proposals.find(proposal_id)
        if proposal.kind is not ProposalKind.ANSWER or not self._may(proposal, user):
            raise ReviewError(self._readers.wording_for(user).say(Say.PROPOSAL_NOT_YOURS))
        return proposal

    def _show(self, proposal_id: int, user: str, place: tuple[str, str], decided_by: str = "") -> None:
        proposal, wording = self._knowledge.proposals.find(proposal_id), self._readers.wording_for(user)
        blocks = build_card(proposal, wording, decided_by)
        self._posting.update(*place, _name(proposal, wording), blocks)

    @contextmanager
    def _told(self, channel: str, user: str) -> Iterator[None]:
        """What cannot be done is told to the person alone."""
        try:
            yield
        except EarshotError as error:
            if error.is_transient:
                raise
            self._posting.tell(channel, user, escape(tell_error(error)))


def _name(proposal: Proposal, wording: Wording) -> str:
    return wording.say(Say.PROPOSAL_NAMED, question=escape_line(proposal.question, 200))


def _find_answer(messages: list[dict[str, Any]], marked_ts: str) -> dict[str, Any] | None:
    """The message that was marked, else the last one of anybody but who asked."""
    people = [one for one in messages[1:] if not one.get("bot_id") and one.get("user")]
    marked = next((one for one in people if one["ts"] == marked_ts), None)
    others = [one for one in people if one["user"] != messages[0].get("user")]
    return marked or (others[-1] if others else None)
