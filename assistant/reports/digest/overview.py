"""The few figures of a period that are looked at every day, while it is still running."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain import Period
from assistant.reports.digest.build import tell_dates
from assistant.reports.digest.headlines import tell_coverage
from assistant.reports.digest.sections_posts import build_line, build_trend
from assistant.reports.digest.sections_work import build_response, build_stages, list_stages
from assistant.reports.digest.types import Line, Material, Section
from assistant.reports.figures import Measuring, build_span, find, measure_some
from assistant.reports.figures.tables import MeasuringTables

_POSTS = (("posts", "posts"), ("negative_share", "of them negative"), ("positive_share", "of them positive"))
_NAMES = frozenset(
    "posts negative_share positive_share posts_by_day sentiment_by_day replies answered_share sla_kept hours_to_reply"
    " hours_to_reply_90th calendar_hours_to_reply hours_to_reply_by_stage hours_to_reply_by_stage_90th"
    " costliest_stage".split()
)


@dataclass(frozen=True)
class Overview:
    """What was said, what we answered, and where the time went; `trend` and `stages` may have a picture.

    `coverage` says what was heard and what was not, a sentence each.
    """

    period: Period
    dates: str
    made_at: datetime
    coverage: tuple[str, ...]
    posts: Section
    trend: Section
    replies: Section
    stages: Section


def build_overview(tables: MeasuringTables, period: Period, measuring: Measuring, now: datetime) -> Overview:
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
        Section("Posts", _list_posts(material)),
        build_trend(material),
        build_response(material),
        _build_stages(material),
    )


def _build_stages(material: Material) -> Section:
    """Without a picture where every stage took no working time, as on a Sunday."""
    stages = build_stages(material)
    return stages if stages.lines else Section(stages.title, list_stages(material))


def _list_posts(material: Material) -> tuple[Line, ...]:
    found = [(find(material.figures, name), label) for name, label in _POSTS]
    return tuple(build_line(figure, label) for figure, label in found if figure and figure.value is not None)
