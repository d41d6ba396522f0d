"""Alerts that cannot wait for the weekly summary: spikes, replies that are nearly late, and crises."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True)
class Series:
    """The posts that are counted together: of one network, topic and sentiment; an empty part means all of them."""

    network: str = ""
    topic: str = ""
    sentiment: str = ""

    def is_compatible(self, other: "Series") -> bool:
        """Return whether one post can belong to both."""
        pairs = ((self.network, other.network), (self.topic, other.topic), (self.sentiment, other.sentiment))
        return all(not mine or not theirs or mine == theirs for mine, theirs in pairs)


@dataclass(frozen=True)
class Spike:
    """More posts than a series usually has: `posts` in the `minutes` before `at`, where `usual` would be usual.

    `score` is how far that is out, in units of how far the series' own busiest minutes usually are.
    """

    series: Series
    at: datetime
    minutes: int
    posts: int
    usual: float
    score: float


class AlertKind(StrEnum):
    """Subjects of alerts."""

    SPIKE = "spike"
    SLA = "sla"


@dataclass(frozen=True)
class Alert:
    """Something a person should look at now. `also` are further series that the same posts make spike.

    Of an SLA alert `posts` is how many wait, and `at` is when that was seen.
    """

    alert_id: int
    kind: AlertKind
    series: Series
    at: datetime
    posts: int
    is_severe: bool
    found_at: datetime
    minutes: int = 0
    usual: float = 0.0
    score: float = 0.0
    also: tuple[Series, ...] = ()
    posted_at: datetime | None = None
    mention_ids: tuple[str, ...] = ()

    @property
    def length(self) -> timedelta:
        """Return the length of a spike's window."""
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Crisis:
    """Trouble that people work on together, until one of them closes it. `series` says whose posts it is about."""

    crisis_id: int
    title: str
    series: Series
    opened_by: str
    opened_at: datetime
    began_at: datetime
    people: tuple[str, ...] = ()
    alert_id: int | None = None
    is_frozen: bool = False
    closed_by: str = ""
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Return whether the crisis is still open."""
        return self.closed_at is None


@dataclass(frozen=True)
class CrisisEvent:
    """One line of a crisis's timeline. It never holds a customer's words: those are read from the posts themselves."""

    event_id: int
    at: datetime
    who: str
    text: str
