"""Volume of posts: by whom, when, on which network, in which language and country, and what they need.

Whose name is spoken how often: ours beside the competitors'.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain import Figure
from assistant.domain.listening import PASTED
from assistant.reports.figures.query import ALL_POSTS, OURS, POSTS, FigureQuery, find

_LEAST_REPEATS = 2


def _by(name: str, column: str, most: int = 1000) -> FigureQuery:
    return FigureQuery(
        name,
        "posts",
        f"select {column} as label, count(*) as value {POSTS} and {column} is not null"
        f" group by 1 order by 2 desc, 1 limit {most}",
        f"{POSTS} and {column} = :label",
        compares=True,
    )


_WITHIN = (
    "created_at >= day.value ->> '$.start' and created_at < day.value ->> '$.end' and is_ours and copy_of is null"
    f" and network <> '{PASTED}'"
)
_IN_DAY = f"from measured_posts where {_WITHIN}"
_BEHIND_DAY = (
    f"from measured_posts, json_each(:days) as day where day.value ->> '$.label' = substr(:label, 1, 10) and {_WITHIN}"
)

VOLUME = (
    FigureQuery("posts", "posts", f"select '' as label, count(*) as value {POSTS}", POSTS, compares=True),
    # The unit separator keeps `x` + `1a` apart from `x1` + `a`; a post without an author is nobody's.
    FigureQuery(
        "authors",
        "people",
        f"select '' as label, count(distinct network || char(31) || author) as value {POSTS}",
        f"{POSTS} and author is not null",
        compares=True,
    ),
    FigureQuery(
        "posts_by_day",
        "posts",
        f"select day.value ->> '$.label' as label, (select count(*) {_IN_DAY}) as value from json_each(:days) as day",
        _BEHIND_DAY,
    ),
    FigureQuery(
        "sentiment_by_day",
        "posts",
        # One pass over each day: a count for each feeling would read it four times.
        f"""with labels(name) as (values ('negative'), ('neutral'), ('positive'), ('unsure')), counts as (
            select day.value ->> '$.label' as day, sentiment, count(*) as posts from json_each(:days) as day
            join measured_posts on {_WITHIN} group by 1, 2
        ) select day.value ->> '$.label' || '.' || name as label, coalesce(posts, 0) as value
        from json_each(:days) as day cross join labels
        left join counts on counts.day = day.value ->> '$.label' and counts.sentiment = name order by day.key, name""",
        f"{_BEHIND_DAY} and sentiment = substr(:label, 12)",
    ),
    _by("posts_by_network", "network"),
    _by("posts_by_language", "language"),
    _by("posts_by_country", "country"),
    FigureQuery(
        "posts_without_country",
        "posts",
        f"select '' as label, count(*) as value {POSTS} and country is null",
        f"{POSTS} and country is null",
    ),
    FigureQuery(
        "posts_by_triage",
        "posts",
        f"""with labels(label) as (values ('reply'), ('watch'), ('ignore')),
        counts as (select action, count(*) as posts {POSTS} group by 1)
        select label, coalesce(posts, 0) as value from labels left join counts on action = label""",
        f"{POSTS} and action = :label",
        compares=True,
    ),
    _by("posts_by_intent", "intent"),
    # So that tables add up: what is in none of their rows.
    FigureQuery(
        "posts_without",
        "posts",
        f"""with posts as materialized (select * {POSTS}) select 'topic' as label, count(*) as value from posts
        where topic is null union all select 'intent', count(*) from posts where intent is null
        union all select 'language', count(*) from posts where language is null
        union all select 'sorting', count(*) from posts where sentiment is null""",
        f"{POSTS} and case :label when 'topic' then topic when 'intent' then intent when 'language' then language"
        " else sentiment end is null",
    ),
    FigureQuery(
        "repeats",
        "posts",
        f"select '' as label, count(*) as value {OURS} and copy_of is not null",
        f"{OURS} and copy_of is not null",
    ),
)


def measure_change(figures: Sequence[Figure]) -> list[Figure]:
    """Measure the change of volume in percent, on comparable networks; none where there are none."""
    posts = find(figures, "posts")
    if posts is None or not posts.before or posts.compared is None:
        return []
    percent = round(100 * (posts.compared - posts.before) / posts.before, 1)
    return [replace(posts, name="posts_change", value=percent, unit="percent", note="of posts, against before")]


_VOICES = f"""with posts as materialized (select mention_id {ALL_POSTS} and copy_of is null), voices as (
    select b.name as label, max(b.is_ours) as is_ours, count(*) as posts
    from posts p join mention_brands b on b.mention_id = p.mention_id group by 1
)"""

VOICE = (
    # A post that names two counts for both. Where no competitor is named there is nothing to share.
    FigureQuery(
        "share_of_voice",
        "percent",
        f"""{_VOICES} select label, round(100.0 * posts / (select sum(posts) from voices), 1) as value,
        format('%,d', posts) || iif(posts = 1, ' post', ' posts') || iif(is_ours, ', ours', '') as note from voices
        where exists (select 1 from voices where not is_ours) order by posts desc, 1 limit 20""",
        f"{ALL_POSTS} and copy_of is null"
        " and mention_id in (select mention_id from mention_brands where name = :label)",
        compares=True,
    ),
)
