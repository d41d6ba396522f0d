"""Customers' posts, and how they are analysed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.outside import NAME, POST, bound

PASTED = "pasted"  # the network of texts that colleagues paste to get a draft: they are no posts of a period


@dataclass(frozen=True)
class Mention:
    """One public post about us or a competitor. `mention_id` is `network:external_id`; times are aware UTC.

    `in_reply_to` and `conversation_id` are ids of the network. `engagement` counts likes, reposts and replies together.
    `author_id` is the id of the author's account, which stays when they take another name; None where it is not told.
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
    author_id: str | None = None

    def __post_init__(self) -> None:
        """Keep what strangers wrote within bounds, wherever the post comes from."""
        object.__setattr__(self, "author", bound(self.author, NAME))
        object.__setattr__(self, "text", bound(self.text, POST))
        object.__setattr__(self, "location", None if self.location is None else bound(self.location, NAME))


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
    author_id: str | None = None

    def __post_init__(self) -> None:
        """Keep what strangers wrote within bounds."""
        object.__setattr__(self, "author", bound(self.author, NAME))
        object.__setattr__(self, "text", bound(self.text, POST))


class Sentiment(StrEnum):
    """The sentiment of a post about us; `unsure` where no sentiment is much likelier than the others."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    UNSURE = "unsure"


class Intent(StrEnum):
    """The purpose of a post."""

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
    """The time within which a person should look at a post."""

    HIGH = "high"
    RAISED = "raised"
    NORMAL = "normal"


class About(StrEnum):
    """The subject of a Finding; each is found by one file of assistant/listening/analysis/."""

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


@dataclass(frozen=True)
class Brand:
    """A name that a post names: one of ours, or a competitor's, as networks.yaml writes it."""

    name: str
    is_ours: bool


class TriageAction(StrEnum):
    """The next step for a Mention."""

    REPLY = "reply"
    WATCH = "watch"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Correction:
    """A person's correction of a Mention: it always wins for that mention, and changes what others get."""

    mention_id: str
    about: About
    label: str
    corrected_by: str
    corrected_at: datetime


@dataclass(frozen=True)
class Analysis:
    """The findings about one Mention. `version` names all that found them, each Finding has its own.

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
    brands: tuple[Brand, ...] = ()

    @property
    def competitors_alone(self) -> tuple[str, ...]:
        """The competitors that the post is about; none where it is about us too."""
        return () if any(brand.is_ours for brand in self.brands) else tuple(brand.name for brand in self.brands)

    def find(self, about: About) -> Finding | None:
        """Return the finding about this, if any."""
        return next((finding for finding in self.findings if finding.about is about), None)


@dataclass(frozen=True)
class Triage:
    """Reply, watch or ignore, and why, in words a person can argue with."""

    mention_id: str
    action: TriageAction
    reason: str
