"""All figures of a period, in the order in which they build on each other."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from assistant.core.database import to_time
from assistant.domain import EVERYTHING, Figure, Period, Scope, ScopeKind
from assistant.domain.calendar import BusinessHours, find_days, period_before
from assistant.reports.figures.costs import COSTS, measure_minutes
from assistant.reports.figures.coverage import find_hearing
from assistant.reports.figures.drafts import DRAFTING, KNOWLEDGE
from assistant.reports.figures.freshness import FRESHNESS
from assistant.reports.figures.people import PEOPLE, POSTS_THAT_MATTERED, hide_people
from assistant.reports.figures.query import FigureScope, ask
from assistant.reports.figures.responses import OUTCOME, RESPONSE, is_promise
from assistant.reports.figures.sentiment import FEELING, add_error_bars
from assistant.reports.figures.tables import MeasuringTables
from assistant.reports.figures.topics import IDEAS, TOPICS, WORDS, measure_discovered, measure_subjects
from assistant.reports.figures.volume import VOICE, VOLUME, measure_change

QUERIES = (*VOLUME, *VOICE, *FEELING, TOPICS, WORDS, POSTS_THAT_MATTERED, *PEOPLE, IDEAS)
AFTERWARDS = (*KNOWLEDGE, *RESPONSE, *DRAFTING, *OUTCOME, *FRESHNESS, *COSTS)
NAMES = frozenset(query.name for query in (*QUERIES, *AFTERWARDS)) | {"posts_change"}

# What was said in public, and is no judgement of ours on a person.
_PUBLIC = (*VOLUME, *VOICE, *FEELING, TOPICS, WORDS, POSTS_THAT_MATTERED, IDEAS)
_FOUND = "posts_change topics_rising topics_falling topics_new discovered_topics subject_posts"
_HAPPENED = "event_posts event_people event_press event_leaving"
PUBLIC_NAMES = frozenset(query.name for query in _PUBLIC) - {"posts_by_triage"} | {*_FOUND.split(), *_HAPPENED.split()}


@dataclass(frozen=True)
class Measure:
    """The company's way to count: its time zone, its working hours, its promise, and whether people stay unnamed."""

    zone: ZoneInfo
    hours: BusinessHours
    reply_within_hours: float
    is_hiding_authors: bool = False


def build_span(
    tables: MeasuringTables, period: Period, measuring: Measure, now: datetime, scope: Scope = EVERYTHING
) -> FigureScope:
    """Prepare a period to be measured: its rows, its days, and how it was heard beside the one before it."""
    zone = measuring.zone
    before = period_before(period, zone)
    for part in (before, period):
        tables.fill(part.start_at, part.end_at)
    hearing = find_hearing(tables, period, before, now, scope)
    overdue = measuring.hours.go_back(now, measuring.reply_within_hours)
    days, promise = tuple(find_days(period, zone)), measuring.reply_within_hours
    return FigureScope(period, before, days, hearing, now, promise, overdue, scope)


def measure(tables: MeasuringTables, span: FigureScope, measuring: Measure) -> tuple[Figure, ...]:
    """Every figure of a period. A figure with rows is named `query.label`, such as `posts_by_network.x`.

    Of a scope those are left out that are about the company as a whole.
    """
    _offer_functions(tables, measuring)
    # Who is named together with a brand is no share of anything.
    queries = [query for query in QUERIES if query not in VOICE or span.scope.kind is not ScopeKind.BRAND]
    figures = add_error_bars(tables, span, ask(tables, span, queries))
    figures += measure_change(figures)
    figures += measure_subjects(figures)
    if not span.scope.kind:
        figures += measure_discovered(tables, span)
    figures += ask(tables, span, AFTERWARDS)
    if not span.scope.kind:
        figures += measure_minutes(span, figures)
    return tuple(hide_people(figures) if measuring.is_hiding_authors else figures)


def measure_some(
    tables: MeasuringTables, span: FigureScope, measuring: Measure, names: Collection[str]
) -> tuple[Figure, ...]:
    """The figures of these queries alone, for who cannot wait for all; none of them names a person."""
    _offer_functions(tables, measuring)
    return tuple(ask(tables, span, [query for query in (*QUERIES, *AFTERWARDS) if query.name in names]))


def _offer_functions(tables: MeasuringTables, measuring: Measure) -> None:
    # Several queries ask for the same replies.
    @lru_cache(maxsize=100_000)
    def count_hours(first: str | None, last: str | None) -> float | None:
        if not first or not last:
            return None
        return measuring.hours.between(to_time(first), to_time(last))

    tables.offer("business_hours", 2, count_hours)
    tables.offer("is_promise", 1, is_promise)
