"""The flow of «ask someone who knows»: the owner is asked, and what they reply becomes a proposed document."""

import re
from dataclasses import dataclass
from typing import ClassVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.core.home import Home
from assistant.core.job import Asker, Job, JobHandlers
from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Answer
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.proposals import OwnerRequest
from assistant.slack.answers.events import OwnerReply
from assistant.slack.answers.explain import is_read_in, is_theirs
from assistant.slack.answers.proposal_blocks import build_decision
from assistant.slack.client.blocks import build_context, build_section, cut, escape, escape_line
from assistant.slack.client.client import translated
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.client.readers import Readers
from assistant.slack.client.sessions import AgentSessions, SessionStatus

_E_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_ANYBODY = "*"
_MOST_NAMED = 3


@dataclass(frozen=True)
class Handed(Job):
    """A click on the button under an answer."""

    kind: ClassVar = "hand_over"
    question_key: str
    user: str
    channel: str
    thread_ts: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel, self.thread_ts)


class KnowingFlow:
    """Hands questions to the owners of documents, and keeps what they reply."""

    def __init__(
        self,
        home: Home,
        knowledge: Knowledge,
        posting: Poster,
        membership: Membership,
        readers: Readers,
        client: WebClient,
        sessions: AgentSessions,
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._posting = posting
        self._membership = membership
        self._readers = readers
        self._client = client
        self._sessions = sessions

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle clicks and replies."""
        jobs.add(Handed, self.hand_over)
        jobs.add(OwnerReply, self.take_reply)

    def hand_over(self, handed: Handed) -> None:
        """Ask the owner, in the thread where they read along, else in a direct message; once for each question."""
        kept = self._knowledge.questions.find(handed.question_key)
        wording = self._readers.wording_about(kept, handed.user)
        if kept is None or not (is_theirs(kept, handed.user) or is_read_in(kept, handed.channel)):
            self._posting.tell(handed.channel, handed.user, wording.say(Say.QUESTION_GONE), handed.thread_ts)
            return
        owner = self._find_owner(kept.answer, handed.user)
        if owner is None:
            # Who asks on was not helped: so it stands among the gaps, whatever the answer was.
            self._knowledge.questions.vote(handed.question_key, handed.user, False, self._home.clock())
            told = " ".join(filter(None, (wording.say(Say.OWNER_UNKNOWN), self._name_curators())))
            self._posting.tell(handed.channel, handed.user, told, handed.thread_ts)
            return
        self._ask(handed, owner, kept.question.text, wording)

    def _name_curators(self) -> str:
        """Who tends the list of missing answers: admins, else managers; nobody where neither is named."""
        settings = self._home.settings
        people = sorted(self._membership.find_people([*(settings.admins or settings.managers)]))[:_MOST_NAMED]
        return ", ".join(f"<@{one}>" for one in people)

    def take_reply(self, asked: OwnerReply) -> None:
        """Keep what an owner wrote as a proposal, say so, and pass it on where the asker does not read along."""
        request = self._knowledge.proposals.find_request(asked.channel, asked.thread_ts, asked.user)
        if request is None or not asked.text:
            return
        name = self._membership.name_of(asked.user)
        proposal = self._knowledge.proposals.propose(request, asked.text, name, asked.ts, self._home.clock())
        if proposal is None:
            return
        number = proposal.proposal_id
        wording = self._readers.wording_for(asked.user)
        said = wording.say(Say.PROPOSAL_KEPT)
        blocks = [build_section(said), build_decision(number, wording)]
        self._posting.post_once(f"proposal:{request.question_key}", asked.channel, said, blocks, asked.thread_ts)
        if request.channel != request.answer_channel:
            self._pass_on(request, asked)
        self._sessions.set(request.answer_channel, request.answer_thread_ts, SessionStatus.ACTIVE)

    def _ask(self, handed: Handed, owner: str, question: str, wording: Wording) -> None:
        reads_along = self._membership.is_in(handed.channel, owner)
        channel = handed.channel if reads_along else self._posting.open_direct(owner)
        owners = self._readers.wording_for(owner)
        asks = owners.say(Say.OWNER_CAN_HELP, owner=f"<@{owner}>", person=f"<@{handed.user}>")
        said = f"{asks}\n&gt; {escape_line(question, 1000)}"
        blocks = [build_section(said), build_context(owners.say(Say.OWNER_HOW))]
        key, thread_ts = f"owner:{handed.question_key}", handed.thread_ts if reads_along else None
        ts = self._posting.post_once(key, channel, said, blocks, thread_ts)
        request = OwnerRequest(
            question_key=handed.question_key,
            question=question,
            asked_by=handed.user,
            owner=owner,
            channel=channel,
            thread_ts=thread_ts or ts,
            answer_channel=handed.channel,
            answer_thread_ts=handed.thread_ts,
        )
        self._knowledge.proposals.add_request(request, self._home.clock())
        self._sessions.set(handed.channel, handed.thread_ts, SessionStatus.SUSPENDED)
        if not reads_along:
            told = wording.say(Say.OWNER_ASKED, person=f"<@{owner}>")
            self._posting.tell(handed.channel, handed.user, told, handed.thread_ts)

    def _pass_on(self, request: OwnerRequest, asked: OwnerReply) -> None:
        head = self._readers.wording_for(request.asked_by).say(
            Say.OWNER_REPLIED, owner=f"<@{request.owner}>", person=f"<@{request.asked_by}>"
        )
        said = f"{head}\n{cut(escape(asked.text), 2500)}"
        key = f"passed-on:{asked.key}"
        where = (request.answer_channel, request.answer_thread_ts)
        self._posting.post_once(key, where[0], said, [build_section(said)], where[1])

    def find_user(self, owners: str) -> str | None:
        """The Slack user behind a document's owners, or whoever is asked for what nobody owns."""
        named = self._read_names()
        return self._find_one(owners, named) or named.get(_ANYBODY)

    def _read_names(self) -> dict[str, str]:
        known = dict(pair.split("=", 1) for pair in self._home.settings.owners_in_slack if "=" in pair)
        return {name.strip().casefold(): user.strip() for name, user in known.items()}

    def _find_owner(self, answer: Answer, asker: str) -> str | None:
        """Find somebody else than who asks: they may own the nearest document themselves."""
        named = self._read_names()
        owners = [self._find_one(near.owner or "", named) for near in answer.nearest]
        return next((user for user in (*owners, named.get(_ANYBODY)) if user and user != asker), None)

    def _find_one(self, owners: str, named: dict[str, str]) -> str | None:
        for owner in (part.strip() for part in owners.split(",")):
            user = named.get(owner.casefold()) or self._look_up(owner)
            if owner and user:
                return user
        return None

    def _look_up(self, owner: str) -> str | None:
        """The member of the company with the e-mail address in an owner's name."""
        found = _E_MAIL.search(owner)
        if found is None:
            return None
        try:
            user = str(self._client.users_lookupByEmail(email=found[0])["user"]["id"])
        except SlackApiError as error:
            if error.response.get("error") in ("users_not_found", "missing_scope"):
                return None
            with translated():
                raise
        return user if self._membership.is_full_member(user) else None
