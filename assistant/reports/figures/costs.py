"""Costs of the work, and the time it saved, as a range with the assumptions that make it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import Figure
from assistant.reports.figures.query import FigureQuery, FigureScope, to_figure, value

# A use is written down by its UTC day only: the nearest midnight counts.
_DAYS = "day >= date(:start, '+12 hours') and day < date(:end, '+12 hours')"

COSTS = (
    FigureQuery(
        "model_calls",
        "calls",
        f"select '' as label, coalesce(sum(calls), 0) as value from model_uses where {_DAYS}",
        is_whole=True,
    ),
    FigureQuery(
        "model_tokens",
        "tokens",
        f"""with labels(label) as (values ('read'), ('written')) select label, (select coalesce(sum(iif(label = 'read',
        input_tokens, output_tokens)), 0) from model_uses where {_DAYS}) as value from labels
        where exists (select 1 from model_uses where {_DAYS})""",
        is_whole=True,
    ),
    FigureQuery(
        "network_readings",
        "readings",
        f"select network as label, sum(reads) as value from readings where {_DAYS} group by 1 order by 2 desc, 1",
        is_whole=True,
    ),
)


@dataclass(frozen=True)
class Assumption:
    """The minutes that a piece of work takes a person without Earshot, at least and at most."""

    figure: str
    least: float
    most: float
    what: str


ASSUMPTIONS = (
    Assumption("posts", 0.1, 0.3, "reading and sorting a post"),
    Assumption("replies", 3, 8, "finding the facts for a reply and writing it, less the review"),
    Assumption("questions_answered", 5, 15, "a colleague's question, for the one who asks and the one who answers"),
    Assumption("digests", 60, 180, "putting this summary together"),
)


def measure_minutes(span: FigureScope, figures: Sequence[Figure]) -> list[Figure]:
    """Minutes spared, from the least to the most; none in an empty period. The note has each assumption."""
    asked, vain = value(figures, "questions_asked") or 0, value(figures, "questions_unanswered") or 0
    counts = {
        "posts": float(value(figures, "posts") or 0),
        "replies": float(value(figures, "replies") or 0),
        "questions_answered": float(asked) - float(vain),
        "digests": 1.0 if value(figures, "posts") else 0.0,
    }
    low = sum(counts[a.figure] * a.least for a in ASSUMPTIONS)
    high = sum(counts[a.figure] * a.most for a in ASSUMPTIONS)
    if not high:
        return []
    notes = [
        f"{a.least:g} to {a.most:g} minutes for {a.what} (× {counts[a.figure]:,.0f})"
        for a in ASSUMPTIONS
        if counts[a.figure]
    ]
    query = FigureQuery("minutes_spared", "minutes", "select '' as label, :low || ' to ' || :high as value")
    row = {"label": "", "value": f"{low:,.0f} to {high:,.0f}", "note": "; ".join(notes), "low": low, "high": high}
    return [to_figure(span, query, row)]
