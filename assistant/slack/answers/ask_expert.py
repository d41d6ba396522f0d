"""The flow of «ask someone who knows»: the owner is asked, and what they reply becomes a proposed document."""

import re
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.core.home import Home
from assistant.domain import Answer
from assistant.knowledge.build import Knowledge
from assistant.knowledge.tables.proposals import OwnerRequest
from assistant.slack.answers.events import Asked
from assistant.slack.client.blocks import build_context, build_section, cut, escape, escape_line
from assistant.slack.client.client import translated
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster

_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ANYBODY = "*"
_UNKNOWN = "I no longer have this question. Ask it again, then click on the new answer."
_NOBODY = (
    "I do not know who in Slack could answer this: {owners}. Whoever runs me can say so with the setting "
    "OWNERS_IN_SLACK."
)
_HOW = "Reply in this thread. I keep what you write as a proposed document; a person accepts it before I use it."


@dataclass(frozen=True)
class Handed:
    """A click on the button under an answer."""

    question_key: str
    user: str
    channel: str
    thread_ts: str


class KnowingFlow:
    """Hands questions to the owners of documents, and keeps what they reply."""

    def __init__(
        self, home: Home, knowledge: Knowledge, posting: Poster, membership: Membership, client: WebClient
    ) -> None:
        self._home = home
        self._knowledge = knowledge
        self._posting = posting
        self._membership = membership
        self._client = client

    def hand_over(self, handed: Handed) -> None:
        """Ask the owner, in the thread where they read along, else in a direct message; once for each question."""
        kept = self._knowledge.questions.find(handed.question_key)
        if kept is None:
            self._posting.tell(handed.channel, handed.user, _UNKNOWN, handed.thread_ts)
            return
        owner = self._find_owner(kept.answer)
        if owner is None:
            told = _NOBODY.format(owners=escape_line(_name_owners(kept.answer) or "no document names an owner", 200))
            self._posting.tell(handed.channel, handed.user, told, handed.thread_ts)
            return
        self._ask(handed, owner, kept.question.text)

    def take_reply(self, asked: Asked) -> None:
        """Keep what an owner wrote as a proposal, say so, and pass it on where the asker does not read along."""
        request = self._knowledge.proposals.find_request(asked.channel, asked.thread_ts, asked.user)
        if request is None or not asked.text:
            return
        name = self._membership.name_of(asked.user)
        proposal = self._knowledge.proposals.propose(request, asked.text, name, asked.ts, self._home.clock())
        if proposal is None:
            return
        number = proposal.proposal_id
        said = f"Thank you. This is kept as proposal {number}; once somebody accepts it, I answer from it."
        how = f"`earshot proposals accept {number}`"
        blocks = [build_section(said), build_context(how)]
        self._posting.post_once(f"proposal:{request.question_key}", asked.channel, said, blocks, asked.thread_ts)
        if request.channel != request.answer_channel:
            self._pass_on(request, asked)

    def _ask(self, handed: Handed, owner: str, question: str) -> None:
        reads_along = self._membership.is_in(handed.channel, owner)
        channel = handed.channel if reads_along else self._posting.open_direct(owner)
        said = f"<@{owner}> can you help? <@{handed.user}> asks:\n&gt; {escape_line(question, 1000)}"
        blocks = [build_section(said), build_context(_HOW)]
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
        if not reads_along:
            told = f"I asked <@{owner}> in a direct message, and bring the reply here."
            self._posting.tell(handed.channel, handed.user, told, handed.thread_ts)

    def _pass_on(self, request: OwnerRequest, asked: Asked) -> None:
        said = f"<@{request.owner}> replied to <@{request.asked_by}>:\n{cut(escape(asked.text), 2500)}"
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

    def _find_owner(self, answer: Answer) -> str | None:
        named = self._read_names()
        found = next((user for near in answer.nearest if (user := self._find_one(near.owner or "", named))), None)
        return found or named.get(_ANYBODY)

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


def _name_owners(answer: Answer) -> str:
    return ", ".join(dict.fromkeys(near.owner for near in answer.nearest if near.owner))
