"""Parts of a Digest: sentences, tables with their pictures, and quoted posts.

Posts as quotes, and without the people who wrote them where they are to stay unnamed.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from assistant.domain import EVERYTHING, Audience, Figure, Mention, Period, Scope
from assistant.knowledge.gaps import Gap
from assistant.listening.tables.upstream import Coverage
from assistant.reports.charts import Chart
from assistant.reports.digest.names import hide_handles, name_network
from assistant.reports.figures.coverage import PeriodCoverage
from assistant.reports.figures.events import Event
from assistant.reports.figures.goals import GoalState
from assistant.reports.figures.maturity import Maturity
from assistant.reports.figures.subjects import Subject
from assistant.reports.figures.topics import Theme


@dataclass(frozen=True)
class Line:
    """One row of a table as people read it: `figure` is the name under which its posts are found."""

    label: str
    value: float
    text: str
    figure: str = ""
    change: str = ""
    note: str = ""


@dataclass(frozen=True)
class Quote:
    """A post, word for word; `why` says what it shows. Without a `mention_id` where its author stays unnamed."""

    mention_id: str
    text: str
    author: str
    network: str
    created_at: datetime
    url: str | None = None
    why: str = ""


@dataclass(frozen=True)
class News:
    """A sentence on what happened, and the figures whose numbers it tells."""

    text: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class DigestSection:
    """A table with the picture and the posts that belong to it; `note` is a sentence below its title.

    `figure` is the number that its quotes are behind, where it has no rows of its own. The sections that `is_first` are
    read by everybody, the others by who wants to know more.
    """

    title: str
    lines: tuple[Line, ...] = ()
    chart: Chart | None = None
    quotes: tuple[Quote, ...] = ()
    note: str = ""
    figure: str = ""
    is_first: bool = False

    @property
    def most(self) -> float:
        """The largest value, at least 1."""
        return float(max([1.0, *(line.value for line in self.lines)]))


@dataclass(frozen=True)
class Digest:
    """The summary of a period: `news` and `headlines` are the sentences that are read first.

    `news` says what happened, and is never reworded; `headlines` say how much there was.
    `coverage` says, a sentence each, what was heard and what was not; it leads, for every number rests on it.
    """

    period: Period
    dates: str
    made_at: datetime
    headlines: tuple[str, ...]
    coverage: tuple[str, ...]
    sections: tuple[DigestSection, ...]
    figures: tuple[Figure, ...]
    scope: Scope = EVERYTHING
    news: tuple[News, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """All sentences that are read first."""
        return (*(one.text for one in self.news), *self.headlines)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All pictures, in their order."""
        return tuple(section.chart for section in self.sections if section.chart)


@dataclass(frozen=True)
class Material:
    """All that a Digest is made from. `examples` are the posts to quote for a figure, by its name.

    For a public audience, people of other companies or guests, only what was said in public is told, not our work.
    """

    period: Period
    days: tuple[Period, ...]
    figures: tuple[Figure, ...]
    hearing: PeriodCoverage
    made_at: datetime
    examples: dict[str, tuple[Mention, ...]]
    ideas: Sequence[tuple[Theme, Mention]] = ()
    unanswered: Sequence[tuple[Theme, Mention]] = ()
    gaps: Sequence[Gap] = ()
    standings: Sequence[GoalState] = ()
    maturity: Maturity | None = None
    coverages: Sequence[Coverage] = ()
    is_hiding_authors: bool = False
    known_names: tuple[str, ...] = ()
    last_day: str = ""
    scope: Scope = EVERYTHING
    is_scope_known: bool = True
    audience: Audience = Audience.INTERNAL
    zone: tzinfo = UTC
    events: Sequence[Event] = ()
    dangers: Sequence[Event] = ()
    subjects: Sequence[Subject] = ()


def quote(material: Material, post: Mention, why: str = "") -> Quote:
    """A post to show. A link or an id leads to its author too: where authors stay unnamed there is none."""
    return place_quote(quote_post(post, material.is_hiding_authors, material.known_names, why), material.zone)


def place_quote(quote: Quote, zone: tzinfo) -> Quote:
    """A quote with its time as it was in a zone."""
    return replace(quote, created_at=quote.created_at.astimezone(zone))


def quote_post(post: Mention, is_hiding_authors: bool, known_names: tuple[str, ...], why: str = "") -> Quote:
    """A post to show; the handles of `known_names`, the company's and its competitors', are never hidden."""
    hidden, text = is_hiding_authors, html.unescape(post.text)  # exports of some networks write `&amp;`
    return Quote(
        mention_id="" if hidden else post.mention_id,
        text=hide_handles(text, known_names) if hidden else text,
        author="" if hidden else post.author,
        network=name_network(post.network),
        created_at=post.created_at,
        url=None if hidden else post.url,
        why=why,
    )


def quote_examples(material: Material, name: str, most: int, why: str = "") -> tuple[Quote, ...]:
    """Posts that show a figure."""
    return tuple(quote(material, post, why) for post in material.examples.get(name, ())[:most])
