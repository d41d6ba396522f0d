"""The flow of a fact that somebody put right in a draft: the owner of its document is asked what becomes of it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from assistant.core.home import Home
from assistant.core.job import Asker, Job, JobHandlers
from assistant.core.roles import Action
from assistant.errors import EarshotError, ReviewError
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.proposals import Proposal, ProposalKind, ProposalStatus
from assistant.slack.answers.ask_expert import KnowingFlow
from assistant.slack.client.blocks import (
    Block,
    build_button,
    build_context,
    build_section,
    escape,
    escape_line,
    name_person,
    tell_error,
)
from assistant.slack.client.clicks import Click
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.tables import SlackStore

MENDED, RIGHT = "fix_mended", "fix_document_is_right"
FIX_ACTIONS = (MENDED, RIGHT)
_SHOWN = 800


@dataclass(frozen=True)
class FixClick(Job):
    """A click under the question."""

    kind: ClassVar = "fix"
    key: str
    action: str
    proposal_id: int
    user: str
    channel: str
    ts: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


def read_fix_click(body: dict[str, Any]) -> FixClick:
    """Bolt's body as a FixClick."""
    click = Click(body)
    key = f"fix:{click.at}:{click.user}:{click.value}"
    return FixClick(key, click.action, int(click.value), click.user, click.channel, click.message_ts)


class FixFlow:
    """Asks each owner once, in a direct message; they, or an admin, decide."""

    def __init__(
        self,
        home: Home,
        knowledge: Knowledge,
        slack_store: SlackStore,
        posting: Poster,
        membership: Membership,
        knowing: KnowingFlow,
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._slack_store = slack_store
        self._posting = posting
        self._membership = membership
        self._knowing = knowing

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle owners' clicks."""
        jobs.add(FixClick, self.take)

    def ask_owners(self) -> None:
        """Ask about every open fix whose document has an owner in Slack; `earshot proposals list` shows all."""
        for fix in self._knowledge.curation.list_fixes():
            key = f"fix:{fix.proposal_id}"
            asked = self._slack_store.slack_posts.find_post(key)
            owner = self._knowing.find_user(fix.owner) if asked is None or asked.ts is None else None
            if owner:
                blocks = [*self._describe(fix), _build_buttons(fix)]
                self._posting.post_once(key, self._posting.open_direct(owner), _name(fix), blocks)

    def take(self, click: FixClick) -> None:
        """Work a click off; the person alone is told when it cannot be done."""
        try:
            fix = self._knowledge.proposals.find(click.proposal_id)
            self._check(fix, click.user)
            decide = self._knowledge.curation.accept if click.action == MENDED else self._knowledge.curation.drop
            decide(fix.proposal_id, click.user, self._home.clock())
            self._show(self._knowledge.proposals.find(click.proposal_id), click)
        except EarshotError as error:
            if error.is_transient:
                raise
            self._posting.tell(click.channel, click.user, escape(tell_error(error)))

    def _check(self, fix: Proposal, user: str) -> None:
        is_admin = self._membership.may(user, Action.DECIDE_FIX)
        if fix.kind is not ProposalKind.FIX or not (is_admin or user == self._knowing.find_user(fix.owner)):
            raise ReviewError("Only the owner of the document or an admin decides on this.", "")

    def _show(self, fix: Proposal, click: FixClick) -> None:
        is_done = fix.status is ProposalStatus.ACCEPTED
        said = "the document says it no more" if is_done else "the document is right"
        blocks = [*self._describe(fix), build_context(f"{name_person(fix.decided_by)}: {said}.")]
        self._posting.update(click.channel, click.ts, _name(fix), blocks)

    def _describe(self, fix: Proposal) -> list[Block]:
        place, _ = self._knowledge.curation.find_document(fix)
        who = name_person(fix.author) if fix.author else "Somebody"
        said = f"*{_name(fix)}*\n{who} put this right in a reply to a customer:\n&gt; {escape_line(fix.text, _SHOWN)}"
        wrong = f"The document says:\n&gt; {escape_line(fix.passage, _SHOWN)}"
        return [build_section(said), build_section(wrong), build_context(escape_line(place, 200))]


def _name(fix: Proposal) -> str:
    return f"Proposal {fix.proposal_id}: is “{escape_line(fix.question, 150)}” wrong?"


def _build_buttons(fix: Proposal) -> Block:
    number = str(fix.proposal_id)
    buttons = [
        build_button("I've fixed it", MENDED, number, "primary"),
        build_button("The document is right", RIGHT, number),
    ]
    return {"type": "actions", "elements": buttons}
