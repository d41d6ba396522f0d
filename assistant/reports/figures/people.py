"""People worth knowing: advocates, critics and the most heard, each on their own network only."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain import Figure
from assistant.reports.figures.posts import POSTS_THAT_MATTERED
from assistant.reports.figures.query import POSTS, Query

_MOST_PEOPLE = 5
_BEHIND = f"{POSTS} and network || '/' || author = :label"


def _leaning(name: str, toward: str, against: str, said: str) -> Query:
    """Who wrote at least two posts of one feeling, none of the opposite, copies left out."""
    return Query(
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
    Query(
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
