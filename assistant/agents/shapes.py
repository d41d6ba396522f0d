"""Requests and results of the calls: MCP's schemas, the OpenAPI page and the checks are all made from these."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain.outside import QUESTION

_POST_CHARACTERS = 10_000
Text = Annotated[str, Field(min_length=1, max_length=QUESTION.length)]


class AgentRequest(BaseModel):
    """What a caller sends; a field that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")


class AskRequest(AgentRequest):
    question: Text = Field(description="The question, in any language.")


class SearchRequest(AgentRequest):
    query: Text = Field(description="What to look for.")
    limit: int = Field(5, ge=1, le=20, description="How many documents.")


class MentionsRequest(AgentRequest):
    about: str = Field(
        "", max_length=QUESTION.length, description="Posts about this, the nearest first; empty: the newest."
    )
    since: date | None = Field(None, description="Only posts since this day.")
    limit: int = Field(10, ge=1, le=50, description="How many posts.")


class FiguresRequest(AgentRequest):
    period: str = Field(
        "", max_length=20, description="2026-W46, 2026-11, 2026-Q4, this, last, this month; empty: the last week."
    )
    scope: str = Field(
        "", max_length=300, description="topic=billing, brand=…, country=DE,AT or network=…; empty: all."
    )


class DraftRequest(AgentRequest):
    post: str = Field(
        min_length=1,
        max_length=_POST_CHARACTERS,
        description="A customer's post: its text, its address, or the id that `mentions` gave.",
    )


class QuotedPage(BaseModel):
    """A passage of a document, word for word."""

    title: str
    heading: str
    url: str | None
    quote: str


class Statement(BaseModel):
    """A sentence of the answer, with the passages that say it."""

    text: str
    evidence: list[QuotedPage]


class NearPage(BaseModel):
    """A page near to the question."""

    title: str
    url: str | None
    owner: str | None


class AskResult(BaseModel):
    """Only sentences with evidence; where there are none, `reason` says why and `nearest` where to look."""

    is_answered: bool
    statements: list[Statement]
    reason: str
    nearest: list[NearPage]


class FoundPassage(BaseModel):
    """The passage of a document that fits best."""

    title: str
    heading: str
    url: str | None
    text: str
    updated_on: date | None


class SearchResults(BaseModel):
    """Documents, best first."""

    results: list[FoundPassage]


class MentionShape(BaseModel):
    """A customer's post and how it was classified."""

    mention_id: str
    network: str
    author: str
    text: str
    created_at: str
    url: str | None
    sentiment: str | None
    intent: str | None
    action: str | None


class MentionsResult(BaseModel):
    """Posts."""

    mentions: list[MentionShape]


class FigureShape(BaseModel):
    """A number of the period; `change` is against the period before, on networks that were heard in both."""

    name: str
    value: float | int | str | None
    unit: str
    change: float | None
    note: str


class FiguresResult(BaseModel):
    """A period in sentences and numbers; `coverage` says what was heard and what was not."""

    period: str
    sentences: list[str]
    coverage: list[str]
    figures: list[FigureShape]


class DraftResult(BaseModel):
    """A draft that waits for people: nothing is sent. `note` says what a reviewer should know."""

    draft_id: int
    status: str
    text: str
    no_reply_reason: str
    note: str
