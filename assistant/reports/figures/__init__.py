"""A week, a month or a quarter to Figures: every number comes from one SQL query, and carries it."""

from assistant.domain.calendar import find_period, find_week, name_kind, period_before, week_of
from assistant.reports.figures.measure import NAMES, PUBLIC_NAMES, Measure, build_span, measure, measure_some
from assistant.reports.figures.query import (
    FigureScope,
    find,
    find_examples,
    find_posts,
    group,
    is_scope_known,
    label_of,
    table,
    value,
)

__all__ = [
    "NAMES",
    "PUBLIC_NAMES",
    "FigureScope",
    "Measure",
    "build_span",
    "find",
    "find_examples",
    "find_period",
    "find_posts",
    "find_week",
    "group",
    "is_scope_known",
    "label_of",
    "measure",
    "measure_some",
    "name_kind",
    "period_before",
    "table",
    "value",
    "week_of",
]
