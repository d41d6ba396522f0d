"""Topics of posts: topics and words that rise, fall or are new, each with the posts that show it.

Posts that say the same in other words, put together: ideas, and questions that no document answers.
"""

import json
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.domain import Figure
from assistant.reports.figures.query import MOST_ROWS, POSTS, FigureQuery, FigureScope, find_posts, to_figure
from assistant.reports.figures.tables import MeasuringTables
from assistant.text.embedding import Vectors, cluster

_MOST_TOPICS = 30
_LEAST_POSTS = 5
# Dunning's log-likelihood ratio at which a change is no chance in one of a thousand cases (chi square, one degree).
_SURE = 10.83

TOPICS = FigureQuery(
    "posts_by_topic",
    "posts",
    f"select topic as label, count(*) as value {POSTS} and topic is not null"
    f" group by 1 order by 2 desc, 1 limit {_MOST_TOPICS}",
    f"{POSTS} and topic = :label",
    compares=True,
)
_WORDED = "from mention_words w join posts p on p.mention_id = w.mention_id"
# A word that stands in more than a third of the posts names the company or its trade, and tells nothing.
WORDS = FigureQuery(
    "topic_words",
    "posts",
    f"""with posts as materialized (select mention_id {POSTS})
    select w.word as label, count(*) as value {_WORDED}
    group by 1 having count(*) > 1 and count(*) * 3 <= max(6, (select count(*) from posts))
    order by 2 desc, 1 limit {MOST_ROWS}""",
    f"{POSTS} and mention_id in (select mention_id from mention_words where word = :label)",
)
DISCOVERED = FigureQuery(
    "discovered_topics",
    "posts",
    "select label, posts as value from discovered_topics where week = :week order by posts desc, key limit 10",
    "from measured_posts where mention_id in (select p.mention_id from discovered_posts p join discovered_topics t"
    " on t.week = p.week and t.key = p.key where t.week = :week and t.label = :label)",
)


def measure_subjects(figures: Sequence[Figure]) -> list[Figure]:
    """Measure which topics rise, fall or are new against the period before, on comparable networks."""
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


def measure_discovered(tables: MeasuringTables, span: FigureScope) -> list[Figure]:
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


SAME_COSINE = 0.5  # fits the bundled embedder and the multilingual one
MOST_POSTS = 150
_MOST_GROUPS = 8
_TEXTS = "select mention_id, text from mentions where mention_id in (select value from json_each(:ids))"

Embed = Callable[[Sequence[str]], Vectors]

IDEAS = FigureQuery(
    "ideas",
    "posts",
    f"select '' as label, count(*) as value {POSTS} and intent = 'idea'",
    f"{POSTS} and intent = 'idea'",
    compares=True,
)


@dataclass(frozen=True)
class Theme:
    """Posts that say the same; `text` is that of the one nearest to all others, and `mention_ids` begin with it."""

    text: str
    mention_ids: tuple[str, ...]


def group_posts(tables: MeasuringTables, figure: Figure, embed: Embed) -> list[Theme]:
    """The posts behind a figure by what they say, the largest group first; of many only the newest 150 are read."""
    ids = find_posts(tables, figure, MOST_POSTS)
    texts = {row["mention_id"]: row["text"] for row in tables.rows(_TEXTS, {"ids": json.dumps(ids)})}
    ids = [mention_id for mention_id in ids if texts.get(mention_id, "").strip()]
    if not ids:
        return []
    vectors = embed([texts[mention_id] for mention_id in ids])
    places: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(cluster(vectors, SAME_COSINE)):
        places[label].append(place)
    themes = [_build_theme(ids, texts, vectors, group) for group in places.values()]
    return sorted(themes, key=lambda theme: -len(theme.mention_ids))[:_MOST_GROUPS]


def _build_theme(ids: list[str], texts: dict[str, str], vectors: Vectors, places: list[int]) -> Theme:
    own = vectors[places]
    middle = places[int((own @ own.T).sum(axis=1).argmax())]
    others = [ids[place] for place in places if place != middle]
    return Theme(texts[ids[middle]], (ids[middle], *others))
