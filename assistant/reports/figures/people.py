"""People worth knowing: advocates, critics and the most heard, each on their own network only.

The ten posts that mattered and why, and examples for a figure: chosen by points that are told.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain import Figure
from assistant.reports.figures.query import MOST_ROWS, OURS, POSTS, FigureQuery

_STRONG = 0.95

_OWN = f"{POSTS} and coalesce(intent, '') <> 'spam'"
# The share of posts of the same network that drew less tells whether a post drew much: likes weigh differently on each.
# The limit of each network is found among its few different counts, where ranking would sort every post.
_RANKED = f"""with levels as (
    select network, engagement, count(*) as number {_OWN} group by 1, 2
), places as (
    select network, engagement, sum(number) over (partition by network order by engagement) - number as lower,
    sum(number) over (partition by network) - 1 as others from levels
), limits as (
    select network, min(engagement) as least from places
    where engagement > 0 and 1.0 * lower / others >= {_STRONG} group by 1
), copies as (
    select copy_of, count(*) as number {OURS} and copy_of is not null group by 1
), marks as materialized (
    select mention_id, created_at, engagement, followers, urgency, influence, coalesce(number, 0) as copies,
    coalesce(engagement >= least, 0) as is_strong, action = 'reply' and not exists
    (select 1 from replies s where s.mention_id = p.mention_id and s.deleted_at is null)
    and not exists (select 1 from answered n where n.mention_id = p.mention_id) as is_waiting
    from (select * {_OWN}) p left join limits using (network) left join copies c on c.copy_of = p.mention_id
)"""

POSTS_THAT_MATTERED = FigureQuery(
    "posts_that_mattered",
    "points",
    f"""{_RANKED}, points as (
        select *, 3 * (coalesce(urgency, '') = 'high') + 1 * (coalesce(urgency, '') = 'raised')
        + 2 * (coalesce(influence, '') = 'high') + 2 * coalesce(is_strong, 0) + min(copies, 3)
        + 1 * coalesce(is_waiting, 0) as points from marks
    )
    select mention_id as label, points as value, ltrim(
        case urgency when 'high' then ', urgent' when 'raised' then ', somewhat urgent' else '' end
        || iif(influence = 'high', ', its author is among the most heard on the network', '')
        || iif(is_strong, format(', %,d reactions, among the most of its network', engagement), '')
        || case when copies = 1 then ', repeated once' when copies > 1 then format(', repeated by %,d posts', copies)
           else '' end
        || iif(is_waiting, ', waits for an answer', ''), ', ') as note
    from points where points > 0
    order by points desc, engagement desc, followers desc, created_at desc, mention_id limit {MOST_ROWS}""",
    "from measured_posts where mention_id = :label",
)


_MOST_PEOPLE = 5
_BEHIND = f"{POSTS} and network || '/' || author = :label"


def _leaning(name: str, toward: str, against: str, said: str) -> FigureQuery:
    """Who wrote at least two posts of one feeling, none of the opposite, copies left out."""
    return FigureQuery(
        name,
        "posts",
        f"""select network || '/' || author as label, sum(sentiment = '{toward}') as value,
        format('%,d {said} posts', sum(sentiment = '{toward}'))
        || iif(max(followers) is null, '', format(', %,d followers', max(followers))) as note
        {POSTS} and author is not null and copy_of is null and coalesce(intent, '') <> 'spam'
        group by network, author having value >= 2 and not sum(sentiment = '{against}')
        order by 2 desc, max(followers) desc, sum(engagement) desc, 1 limit {_MOST_PEOPLE}""",
        f"{_BEHIND} and sentiment = '{toward}'",
    )


PEOPLE = (
    _leaning("advocates", "positive", "negative", "kind"),
    _leaning("critics", "negative", "positive", "unhappy"),
    FigureQuery(
        "influencers",
        "posts",
        # Followers are compared within a network only: each has its own measure of what many are.
        f"""with heard as (
            select network || '/' || author as label, network, count(*) as value, max(followers) as followers,
            coalesce(sum(engagement), 0) as reactions {POSTS} and author is not null and influence = 'high'
            and coalesce(intent, '') <> 'spam' group by network, author
        ), ranked as (
            select *, row_number() over (partition by network order by followers desc, reactions desc, label) as place,
            sum(value) over (partition by network) as posts from heard
        ) select label, value, format('%,d', value) || iif(value = 1, ' post, ', ' posts, ')
        || iif(followers is null, format('%,d reactions', reactions), format('%,d followers', followers)) as note
        from ranked where place <= 3 order by posts desc, network, place limit {2 * _MOST_PEOPLE}""",
        _BEHIND,
    ),
)


def hide_people(figures: Sequence[Figure]) -> list[Figure]:
    """The figures, with numbers in place of handles, and of ids of posts, which may be an address with a handle."""
    names = {query.name for query in PEOPLE}
    counts: dict[str, int] = {}
    shown = []
    for figure in figures:
        query, _, person = figure.name.partition(".")
        if query in names:
            counts[query] = counts.get(query, 0) + 1
            label = f"{person.partition('/')[0]}/person {counts[query]}"
            # Without the handle the posts cannot be found either.
            figure = replace(figure, name=f"{query}.{label}", posts_query="", values={})
        elif query == POSTS_THAT_MATTERED.name:
            counts[query] = counts.get(query, 0) + 1
            figure = replace(figure, name=f"{query}.{counts[query]}")
        shown.append(figure)
    return shown
