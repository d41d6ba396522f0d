"""Posts that say the same in other words, put together: ideas, and questions that no document answers."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain import Figure
from assistant.reports.figures.query import POSTS, Query, find_posts
from assistant.reports.figures.tables import MeasuringTables
from assistant.text.clustering import cluster
from assistant.text.embedding import Vectors

_SAME_COSINE = 0.5
MOST_POSTS = 150
_MOST_GROUPS = 8
_TEXTS = "select mention_id, text from mentions where mention_id in (select value from json_each(:ids))"

Embed = Callable[[Sequence[str]], Vectors]

IDEAS = Query(
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
    for place, label in enumerate(cluster(vectors, _SAME_COSINE)):
        places[label].append(place)
    themes = [_build_theme(ids, texts, vectors, group) for group in places.values()]
    return sorted(themes, key=lambda theme: -len(theme.mention_ids))[:_MOST_GROUPS]


def _build_theme(ids: list[str], texts: dict[str, str], vectors: Vectors, places: list[int]) -> Theme:
    own = vectors[places]
    middle = places[int((own @ own.T).sum(axis=1).argmax())]
    others = [ids[place] for place in places if place != middle]
    return Theme(texts[ids[middle]], (ids[middle], *others))
