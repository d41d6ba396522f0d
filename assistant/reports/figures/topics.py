"""What posts are about: topics and words that rise, fall or are new, each with the posts that show it."""

import math
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain import Figure
from assistant.reports.figures.query import MOST_ROWS, POSTS, Query, Span, to_figure
from assistant.reports.figures.tables import MeasuringTables

_MOST_TOPICS = 30
_LEAST_POSTS = 5
# Dunning's log-likelihood ratio at which a change is no chance in one of a thousand cases (chi square, one degree).
_SURE = 10.83

TOPICS = Query(
    "posts_by_topic",
    "posts",
    f"select topic as label, count(*) as value {POSTS} and topic is not null"
    f" group by 1 order by 2 desc, 1 limit {_MOST_TOPICS}",
    f"{POSTS} and topic = :label",
    compares=True,
)
_WORDED = "from mention_words w join posts p on p.mention_id = w.mention_id"
# A word that stands in more than a third of the posts names the company or its trade, and tells nothing.
WORDS = Query(
    "topic_words",
    "posts",
    f"""with posts as materialized (select mention_id {POSTS})
    select w.word as label, count(*) as value {_WORDED}
    group by 1 having count(*) > 1 and count(*) * 3 <= max(6, (select count(*) from posts))
    order by 2 desc, 1 limit {MOST_ROWS}""",
    f"{POSTS} and mention_id in (select mention_id from mention_words where word = :label)",
)
DISCOVERED = Query(
    "discovered_topics",
    "posts",
    "select label, posts as value from discovered_topics where week = :week order by posts desc, key limit 10",
    "from measured_posts where mention_id in (select p.mention_id from discovered_posts p join discovered_topics t"
    " on t.week = p.week and t.key = p.key where t.week = :week and t.label = :label)",
)


def measure_subjects(figures: Sequence[Figure]) -> list[Figure]:
    """Which topics rise, fall or are new against the period before, on the networks that can be compared."""
    total = next((figure for figure in figures if figure.name == "posts"), None)
    if total is None or total.compared is None or total.before is None:
        return []
    moved = []
    for figure in figures:
        if figure.name.startswith("posts_by_topic."):
            kind = tell_move(figure.compared or 0, total.compared, figure.before or 0, total.before)
            if kind:
                moved.append(replace(figure, name=figure.name.replace("posts_by_topic", f"topics_{kind}")))
    return sorted(moved, key=lambda figure: -abs(figure.change or 0))


def measure_discovered(tables: MeasuringTables, span: Span) -> list[Figure]:
    """Topics nobody named, where they were looked for in this week."""
    values = {"week": span.period.label}
    rows = tables.rows(DISCOVERED.sql, values)
    made = [to_figure(span, DISCOVERED, row) for row in rows]
    return [replace(figure, values={**figure.values, **values}) for figure in made]


def tell_move(now: float, all_now: float, before: float, all_before: float) -> str:
    """`rising`, `falling`, `new`, or nothing where it may be chance: shares are compared, not counts."""
    if max(now, before) < _LEAST_POSTS or not all_now or not all_before:
        return ""
    if compare_shares(now, all_now, before, all_before) < _SURE:
        return ""
    if not before:
        return "new"
    return "rising" if now / all_now > before / all_before else "falling"


def compare_shares(now: float, all_now: float, before: float, all_before: float) -> float:
    """Dunning's log-likelihood ratio (1993) of two shares; larger means less likely by chance."""
    both = (now + before) / (all_now + all_before)
    expected = (all_now * both, all_before * both)
    return 2 * sum(seen * math.log(seen / due) for seen, due in zip((now, before), expected, strict=True) if seen)
