"""The calls that other agents make: ask, search, mentions, figures, draft; each limited, checked and in the audit."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from pydantic import BaseModel, ValidationError

from assistant.agents.shapes import (
    AgentRequest,
    AskRequest,
    AskResult,
    DraftRequest,
    DraftResult,
    FigureShape,
    FiguresRequest,
    FiguresResult,
    FoundPassage,
    MentionShape,
    MentionsRequest,
    MentionsResult,
    NearPage,
    QuotedPage,
    SearchRequest,
    SearchResults,
    Statement,
)
from assistant.app import Assistant
from assistant.core.audit import hash_text
from assistant.core.database import Row
from assistant.domain import Answer, Audience, Draft, Question, Sentence, Support
from assistant.errors import InputError, ReviewError, edge
from assistant.knowledge.tables.questions import AskedIn
from assistant.listening.tables.posts import is_address
from assistant.reports.digest.plans import choose_period
from assistant.slack.client.rate_limit import Allowance

CALLS_A_MINUTE = 60
_DRAFT_KEY_CHARACTERS = 16


class TooManyCallsError(ReviewError):
    """A caller went over its allowance."""


class UnknownCallError(InputError):
    """There is no call of this name."""


@dataclass(frozen=True)
class Caller:
    """Who calls, and what they may see: public documents alone, or all that a full member may see."""

    name: str
    audience: Audience


@dataclass(frozen=True)
class AgentCall:
    """One call: its name, what it does, and the shapes of what goes in and comes out."""

    name: str
    description: str
    request: type[AgentRequest]
    result: type[BaseModel]
    run: Callable[[Caller, Any], BaseModel]
    audience: Audience = Audience.PUBLIC
    is_read_only: bool = True


class AgentCalls:
    """Runs the calls over one Assistant."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._allowances: dict[str, Allowance] = defaultdict(lambda: Allowance(CALLS_A_MINUTE))
        self.calls: Mapping[str, AgentCall] = {call.name: call for call in self._list()}

    def run(self, caller: Caller, name: str, arguments: Mapping[str, Any]) -> BaseModel:
        """Run a call. Raises InputError, TooManyCallsError, or ReviewError for a caller who may not."""
        call = self.calls.get(name)
        if call is None:
            raise UnknownCallError(f"There is no call {name[:40]!r}.", f"There are {', '.join(self.calls)}.")
        if not self._allowances[caller.name].take():
            raise TooManyCallsError(f"{CALLS_A_MINUTE} calls a minute are the limit.", "Wait a minute, then go on.")
        if call.audience not in caller.audience.readable:
            raise ReviewError(
                f"`{name}` is for full members, and {caller.name} may see what is public.",
                "An admin can make an internal token: earshot tokens add NAME --audience internal",
            )
        request = _read(call, arguments)
        asked = hash_text(request.model_dump_json())
        now = self._assistant.clock()
        details = {"audience": caller.audience.level, "request": asked}
        self._assistant.home.audit.append(now, f"agent {caller.name}", f"agent {name}", f"call:{name}", details)
        with edge(f"running the call {name}"):
            return call.run(caller, request)

    def _list(self) -> list[AgentCall]:
        member = Audience.INTERNAL
        return [
            AgentCall(
                "ask",
                "Answer a question from the company's documents: only sentences with evidence, their quotes and links, "
                "or why there is no answer.",
                AskRequest,
                AskResult,
                self._ask,
            ),
            AgentCall(
                "search",
                "Find the company's documents that fit best, each with its best passage.",
                SearchRequest,
                SearchResults,
                self._search,
            ),
            AgentCall(
                "mentions",
                "List what customers wrote in public, newest first or about something, with sentiment and intent.",
                MentionsRequest,
                MentionsResult,
                self._mentions,
                member,
            ),
            AgentCall(
                "figures",
                "Sum up a week, month or quarter of what customers wrote, in sentences and numbers.",
                FiguresRequest,
                FiguresResult,
                self._figures,
                member,
            ),
            AgentCall(
                "draft",
                "Draft a reply to a customer's post. Its card goes to the reviewers; nothing is sent.",
                DraftRequest,
                DraftResult,
                self._draft,
                member,
                is_read_only=False,
            ),
        ]

    def _ask(self, caller: Caller, request: AskRequest) -> AskResult:
        knowledge, question = self._assistant.knowledge, Question(request.question, caller.audience)
        if caller.audience.level is Audience.INTERNAL:
            return _to_result(knowledge.answer(question, AskedIn(user=f"agent {caller.name}")))
        # Behind a public token stand people outside of the company: their words are answered and not kept, and whom to
        # ask is not theirs to know.
        found = knowledge.answering.answer(question)
        return _to_result(replace(found, nearest=tuple(replace(page, owner=None) for page in found.nearest)))

    def _search(self, caller: Caller, request: SearchRequest) -> SearchResults:
        found = self._assistant.knowledge.retriever.search(Question(request.query, caller.audience))
        chunks = [result.chunk for result in found.documents[: request.limit]]
        shapes = [FoundPassage(**{f: getattr(chunk, f) for f in FoundPassage.model_fields}) for chunk in chunks]
        return SearchResults(results=shapes)

    def _mentions(self, caller: Caller, request: MentionsRequest) -> MentionsResult:
        zone, listening = self._assistant.settings.zone, self._assistant.listening
        since = datetime.combine(request.since, time(), zone) if request.since else None
        if not request.about.strip():
            return _to_mentions(listening.mentions.latest(request.limit, since))
        found = listening.mention_index.search(request.about, since, request.limit)
        return _to_mentions(listening.mentions.describe([mention.mention_id for mention, _ in found]))

    def _figures(self, caller: Caller, request: FiguresRequest) -> FiguresResult:
        period = choose_period(request.period, self._assistant.clock(), self._assistant.settings.zone)
        digest = self._assistant.reports.digest(period, self._assistant.reports.read_scope(request.scope))
        figures = [
            FigureShape(name=one.name, value=one.value, unit=one.unit, change=one.change, note=one.note)
            for one in digest.figures
        ]
        return FiguresResult(
            period=period.label, sentences=list(digest.sentences), coverage=list(digest.coverage), figures=figures
        )

    def _draft(self, caller: Caller, request: DraftRequest) -> DraftResult:
        draft = self._make_draft(request.post.strip(), self._assistant.clock())
        self._assistant.listening.sort_new_mentions(self._assistant.clock())
        return DraftResult(
            draft_id=draft.draft_id,
            status=draft.status,
            text=draft.text,
            no_reply_reason=draft.no_reply_reason,
            note=draft.note,
        )

    def _make_draft(self, post: str, now: datetime) -> Draft:
        drafting = self._assistant.replies.drafting
        if is_address(post):
            return drafting.draft_address(post, now)
        if self._assistant.listening.mentions.is_known(post):
            return drafting.draft_mention(post, now)
        return drafting.draft_pasted(post, hash_text(post)[:_DRAFT_KEY_CHARACTERS], now)


def _read(call: AgentCall, arguments: Mapping[str, Any]) -> AgentRequest:
    try:
        return call.request.model_validate(dict(arguments))
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False)]
        raise InputError(f"`{call.name}` cannot be read: {'; '.join(faults)}.", "See its schema.") from error


def _to_result(answer: Answer) -> AskResult:
    sentences = answer.sentences if answer.is_grounded else ()
    statements = [Statement(text=sentence.text, evidence=_list_evidence(sentence, answer)) for sentence in sentences]
    nearest = [NearPage(title=near.title, url=near.url, owner=near.owner) for near in answer.nearest]
    reason = answer.reason if answer.is_grounded else answer.reason or answer.answer
    return AskResult(is_answered=answer.is_grounded, statements=statements, reason=reason, nearest=nearest)


def _list_evidence(sentence: Sentence, answer: Answer) -> list[QuotedPage]:
    """The pages of a sentence; what is quoted is its own quote, as a page's citation has one for all of its parts."""
    is_quoted = sentence.support is Support.QUOTED
    return [
        QuotedPage(title=one.title, heading=one.heading, url=one.url, quote=sentence.text if is_quoted else one.quote)
        for one in answer.citations
        if one.number in sentence.citations
    ]


def _to_mentions(rows: list[Row]) -> MentionsResult:
    return MentionsResult(mentions=[MentionShape(**{f: row[f] for f in MentionShape.model_fields}) for row in rows])
