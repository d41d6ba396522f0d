"""The nouns of Earshot, as frozen values: each step of the program takes one and returns the next."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Audience(StrEnum):
    """Who may see a Document. A reader with `internal` sees both; a reader with `public` sees public only."""

    PUBLIC = "public"
    INTERNAL = "internal"

    @property
    def readable(self) -> tuple["Audience", ...]:
        """The audiences whose documents this reader may see."""
        return (Audience.PUBLIC,) if self is Audience.PUBLIC else (Audience.PUBLIC, Audience.INTERNAL)


@dataclass(frozen=True)
class Document:
    """A knowledge file or page. `document_id` is its path below `source`, the folder or site it was ingested from."""

    source: str
    document_id: str
    title: str
    text: str
    audience: Audience
    content_hash: str
    url: str | None = None
    owner: str | None = None
    updated_on: date | None = None
    review_by: date | None = None


@dataclass(frozen=True)
class Chunk:
    """A piece of a Document: `heading` is the path of headings above it, `position` its place, counted from 0."""

    chunk_id: int
    source: str
    document_id: str
    title: str
    heading: str
    text: str
    position: int
    audience: Audience
    url: str | None = None
    owner: str | None = None
    updated_on: date | None = None
    review_by: date | None = None


@dataclass(frozen=True)
class SearchResult:
    """A Chunk and how well it fits: `score` orders results, `likeness` is the cosine to the question (-1 to 1)."""

    chunk: Chunk
    score: float
    likeness: float


class Support(StrEnum):
    """What a sentence rests on, found by code and never by the model; a counted one holds numbers that SQL counted."""

    QUOTED = "quoted"
    SUPPORTED = "supported"
    COUNTED = "counted"
    COURTESY = "courtesy"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Citation:
    """The Chunk a sentence rests on; `quote` stands in it word for word, `review_by` is an ISO date."""

    number: int
    document_id: str
    title: str
    heading: str
    url: str | None
    quote: str
    review_by: str | None = None


@dataclass(frozen=True)
class Sentence:
    """One sentence of an Answer or a Draft; `citations` are numbers of its Citations."""

    text: str
    support: Support
    citations: tuple[int, ...] = ()


@dataclass(frozen=True)
class Turn:
    """One earlier message of the conversation; `role` is `user` or `assistant`."""

    role: str
    text: str


@dataclass(frozen=True)
class Question:
    """What staff asked, who may hear the answer, and what was said before in the thread."""

    text: str
    audience: Audience = Audience.INTERNAL
    history: tuple[Turn, ...] = ()


class Look(StrEnum):
    """How sure an Answer is, so that none can be mistaken for another: all, a part, a question back, or only pages."""

    ANSWER = "answer"
    PARTIAL = "partial"
    CLARIFY = "clarify"
    FINDINGS = "findings"


@dataclass(frozen=True)
class Nearest:
    """A page near to a Question, and who may know more: its owner."""

    document_id: str
    title: str
    url: str | None
    owner: str | None


@dataclass(frozen=True)
class Answer:
    """The answer to a Question. Without evidence `is_grounded` is false and `reason` says why."""

    answer: str
    is_grounded: bool
    reason: str
    look: Look = Look.ANSWER
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    writer: str = "quoting"
    prompt_version: str = ""


@dataclass(frozen=True)
class Mention:
    """One public post about us. `mention_id` is `network:external_id`; times are aware UTC.

    `in_reply_to` and `conversation_id` are ids of the network. `engagement` counts likes, reposts and replies together.
    A post that was deleted upstream has a `removed_at`, and neither author nor text any more.
    """

    mention_id: str
    network: str
    external_id: str
    author: str
    text: str
    created_at: datetime
    lang: str | None = None
    location: str | None = None
    url: str | None = None
    in_reply_to: str | None = None
    followers: int | None = None
    conversation_id: str | None = None
    engagement: int | None = None
    edited_at: datetime | None = None
    removed_at: datetime | None = None


@dataclass(frozen=True)
class ThreadPost:
    """A post that stands before a Mention in its thread: a customer's, anybody's, or (`is_ours`) our own reply."""

    network: str
    external_id: str
    author: str
    text: str
    created_at: datetime
    in_reply_to: str | None = None
    is_ours: bool = False


class Sentiment(StrEnum):
    """How a post feels about us; `unsure` where no feeling is much likelier than the others."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    UNSURE = "unsure"


class Intent(StrEnum):
    """What a post wants."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    PRAISE = "praise"
    IDEA = "idea"
    PURCHASE = "purchase"
    LEAVING = "leaving"
    JOB = "job"
    PRESS = "press"
    SPAM = "spam"
    OTHER = "other"


class Urgency(StrEnum):
    """How soon a person should look at a post."""

    HIGH = "high"
    RAISED = "raised"
    NORMAL = "normal"


class About(StrEnum):
    """What a Finding is about; each is answered by one file of assistant/analyse/."""

    LANGUAGE = "language"
    SENTIMENT = "sentiment"
    TOPIC = "topic"
    INTENT = "intent"
    URGENCY = "urgency"
    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    INFLUENCE = "influence"


@dataclass(frozen=True)
class Finding:
    """One thing found out about a Mention: `confidence` runs from 0 to 1, `version` names what found it.

    `reason` is a sentence for people, where there is one to tell.
    """

    about: About
    label: str
    confidence: float
    version: str
    reason: str = ""


class TriageAction(StrEnum):
    """What to do with a Mention."""

    REPLY = "reply"
    WATCH = "watch"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Correction:
    """What a person said that a Mention is: it always wins for that mention, and changes what others get."""

    mention_id: str
    about: About
    label: str
    corrected_by: str
    corrected_at: datetime


@dataclass(frozen=True)
class Analysis:
    """What was found out about one Mention. `version` names all that found it, each Finding has its own.

    `sentiment_score` runs from -1 to 1. `copy_of` is the id of an earlier mention that says the same.
    """

    mention_id: str
    sentiment: Sentiment
    sentiment_score: float
    words: tuple[str, ...]
    is_question: bool
    version: str
    findings: tuple[Finding, ...] = ()
    copy_of: str | None = None

    def find(self, about: About) -> Finding | None:
        """What was found about this, if anything."""
        return next((finding for finding in self.findings if finding.about is about), None)


@dataclass(frozen=True)
class Triage:
    """Reply, watch or ignore, and why, in words a person can argue with."""

    mention_id: str
    action: TriageAction
    reason: str


class DraftStatus(StrEnum):
    """Where a Draft stands. `pending -> approved -> sending -> sent`, or one of the ends."""

    PENDING = "pending"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    STALE = "stale"
    BLOCKED = "blocked"
    FAILED = "failed"


@dataclass(frozen=True)
class Draft:
    """A proposed reply. `text` is what will be sent: after an approval, exactly the approved text."""

    draft_id: int
    mention_id: str
    text: str
    status: DraftStatus
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    writer: str
    prompt_version: str
    created_at: datetime
    note: str = ""


class DecisionAction(StrEnum):
    """What a person decided on a Draft."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"


@dataclass(frozen=True)
class Decision:
    """Who decided what on a Draft, and when; `text` is the exact text that was approved or proposed."""

    draft_id: int
    action: DecisionAction
    decided_by: str
    decided_at: datetime
    text: str
    reason: str = ""


@dataclass(frozen=True)
class Reply:
    """A Draft that was sent; `how` is `api` when Earshot sent it, `assist` when a person did and said so."""

    draft_id: int
    mention_id: str
    network: str
    external_id: str
    text: str
    sent_at: datetime
    url: str | None = None
    how: str = "api"


class MayReply(StrEnum):
    """May we reply here at all."""

    YES = "yes"
    ASSIST = "assist"
    NO = "no"


@dataclass(frozen=True)
class Eligibility:
    """May we reply to this Mention, and why (not)."""

    may_reply: MayReply
    reason: str


@dataclass(frozen=True)
class Figure:
    """One number of the Digest, with the query it came from and the posts behind it."""

    name: str
    value: float | int | str | None
    unit: str
    query: str
    mention_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Week:
    """An ISO week in the company's time zone: `start_at` included, `end_at` not, both aware UTC."""

    label: str
    start_at: datetime
    end_at: datetime
