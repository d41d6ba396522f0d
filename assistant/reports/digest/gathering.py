"""Fetches the posts that a digest quotes, and what is grouped by meaning."""

from collections.abc import Sequence

from assistant.domain import Figure, Mention
from assistant.errors import InputError
from assistant.listening.tables.posts import MentionTables
from assistant.reports.figures import find, find_examples, find_posts, group
from assistant.reports.figures.grouping import Embed, Theme, group_posts
from assistant.reports.figures.tables import MeasuringTables

_EXAMPLES = 2
_MOST_TOPICS = 3
_QUOTED = ("topics_rising", "topics_falling", "topics_new", "discovered_topics", "posts_by_topic")


def gather_examples(
    tables: MeasuringTables, mentions: MentionTables, figures: Sequence[Figure]
) -> dict[str, tuple[Mention, ...]]:
    """By figure: the posts that drew most of those behind it."""
    chosen = [figure for name in _QUOTED for figure in group(figures, name)[:_MOST_TOPICS]]
    found = {figure.name: find_examples(tables, figure, _EXAMPLES) for figure in chosen}
    found |= {figure.name: find_posts(tables, figure, 1) for figure in group(figures, "posts_that_mattered")}
    return {name: fetch(mentions, ids) for name, ids in found.items()}


def gather_themes(
    tables: MeasuringTables, mentions: MentionTables, figures: Sequence[Figure], name: str, embed: Embed
) -> list[tuple[Theme, Mention]]:
    """The posts behind a figure by what they say, each group with the post that stands for it."""
    figure = find(figures, name)
    if figure is None or not figure.value:
        return []
    themes = group_posts(tables, figure, embed)
    return [(theme, post) for theme in themes for post in fetch(mentions, theme.mention_ids[:1])]


def fetch(mentions: MentionTables, ids: Sequence[str]) -> tuple[Mention, ...]:
    """The posts with these ids, without those that were removed meanwhile."""
    posts = []
    for mention_id in ids:
        try:
            posts.append(mentions.find(mention_id))
        except InputError:  # removed meanwhile
            continue
    return tuple(post for post in posts if post.removed_at is None)
