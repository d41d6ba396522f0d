"""The material of a period to its Digest.

The few figures of a period that are looked at every day, while it is still running.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.domain import Audience, Figure, Period
from assistant.reports.digest.headlines import tell_coverage, write_headlines
from assistant.reports.digest.names import name_day
from assistant.reports.digest.sections_events import build_sections_of_events, write_news
from assistant.reports.digest.sections_posts import build_line, build_sections_of_posts, build_trend
from assistant.reports.digest.sections_work import (
    build_goals,
    build_response,
    build_sections_of_work,
    build_stages,
    list_stages,
)
from assistant.reports.digest.types import Digest, DigestSection, Line, Material
from assistant.reports.figures import PUBLIC_NAMES, Measure, build_span, find, measure_some
from assistant.reports.figures.tables import MeasuringTables

# Given the template's sentences and the figures, sentences that may take their place.
Tell = Callable[[tuple[str, ...], tuple[Figure, ...]], tuple[str, ...]]


def build_digest(material: Material, tell: Tell | None = None) -> Digest:
    """Put a period's figures in order; every number in its sentences is a figure's value."""
    material = restrict(material)
    headlines = write_headlines(material)
    made = [*build_sections_of_events(material), *build_sections_of_posts(material)]
    if material.audience is Audience.INTERNAL:
        made = [*made, build_goals(material), *build_sections_of_work(material)]
    told = (section for section in made if section.lines or section.quotes or section.note)
    return Digest(
        period=material.period,
        dates=tell_dates(material),
        made_at=material.made_at,
        headlines=tell(headlines, material.figures) if tell else headlines,
        coverage=tell_coverage(material),
        sections=tuple(_without_empty_chart(section) for section in told),
        figures=material.figures,
        scope=material.scope,
        news=write_news(material),
    )


def restrict(material: Material) -> Material:
    """Only what this audience may see: outsiders see what was said in public, and neither our work nor our view of it.

    Figures that are left out can be in no sentence, no table and no file.
    """
    if material.audience is Audience.INTERNAL:
        return material
    shown = tuple(figure for figure in material.figures if figure.name.partition(".")[0] in PUBLIC_NAMES)
    matter = tuple(replace(f, note="") if f.name.startswith("posts_that_mattered.") else f for f in shown)
    return replace(material, figures=matter, coverages=())


def _without_empty_chart(section: DigestSection) -> DigestSection:
    """A picture of one bar, or of none, tells nothing that its table does not."""
    chart = section.chart
    return replace(section, chart=None) if chart and chart.kind == "bars" and len(chart.labels) < 2 else section


def tell_dates(material: Material) -> str:
    """From which day to which; nothing for a period without days."""
    if not material.days:
        return ""
    first, last = material.days[0].label, material.last_day
    return f"{name_day(first)} to {name_day(last)} {last[:4]}"


_POSTS = (("posts", "posts"), ("negative_share", "of them negative"), ("positive_share", "of them positive"))
_NAMES = frozenset(
    "posts negative_share positive_share posts_by_day sentiment_by_day replies answered_share sla_kept hours_to_reply"
    " hours_to_reply_90th calendar_hours_to_reply hours_to_reply_by_stage hours_to_reply_by_stage_90th"
    " costliest_stage".split()
)


@dataclass(frozen=True)
class Overview:
    """The overview: what was said, our answers, and the time they took; `trend` and `stages` may have a picture.

    `coverage` says what was heard and what was not, a sentence each.
    """

    period: Period
    dates: str
    made_at: datetime
    coverage: tuple[str, ...]
    posts: DigestSection
    trend: DigestSection
    replies: DigestSection
    stages: DigestSection


def build_overview(tables: MeasuringTables, period: Period, measuring: Measure, now: datetime) -> Overview:
    """Measure them."""
    span = build_span(tables, period, measuring, now)
    last = (period.end_at - timedelta(seconds=1)).astimezone(measuring.zone).date()
    figures = measure_some(tables, span, measuring, _NAMES)
    material = Material(period, span.days, figures, span.hearing, now, {}, last_day=str(last))
    return Overview(
        period,
        tell_dates(material),
        now,
        tell_coverage(material),
        DigestSection("Posts", _list_posts(material)),
        build_trend(material),
        build_response(material),
        _build_stages(material),
    )


def _build_stages(material: Material) -> DigestSection:
    """Without a picture where every stage took no working time, as on a Sunday."""
    stages = build_stages(material)
    return stages if stages.lines else DigestSection(stages.title, list_stages(material))


def _list_posts(material: Material) -> tuple[Line, ...]:
    found = [(find(material.figures, name), label) for name, label in _POSTS]
    return tuple(build_line(figure, label) for figure, label in found if figure and figure.value is not None)
