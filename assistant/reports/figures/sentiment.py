"""Sentiment of posts, and its error, estimated from posts that people checked."""

import math
from collections.abc import Sequence
from dataclasses import replace

from assistant.core.database import Row
from assistant.domain import Figure
from assistant.reports.figures.query import POSTS, FigureQuery, FigureScope, label_of
from assistant.reports.figures.tables import MeasuringTables

LEAST_CHECKS = 10
_NORMAL_95 = 1.96

FEELING = (
    FigureQuery(
        "posts_by_sentiment",
        "posts",
        f"""with labels(label) as (values ('negative'), ('neutral'), ('positive'), ('unsure')),
        counts as (select sentiment, count(*) as posts {POSTS} group by 1)
        select label, coalesce(posts, 0) as value from labels left join counts on sentiment = label
        where label <> 'unsure' or posts > 0""",
        f"{POSTS} and sentiment = :label",
        compares=True,
    ),
    FigureQuery(
        "net_sentiment",
        "points",
        f"""select '' as label, round(100.0 * sum((sentiment = 'positive') - (sentiment = 'negative'))
        / nullif(count(sentiment), 0), 1) as value, count(sentiment) as base {POSTS}""",
        f"{POSTS} and sentiment in ('positive', 'negative')",
        compares=True,
    ),
    *(
        FigureQuery(
            f"{feeling}_share",
            "percent",
            f"""select '' as label, round(100.0 * sum(sentiment = '{feeling}')
            / nullif(count(sentiment), 0), 1) as value, count(sentiment) as base {POSTS}""",
            f"{POSTS} and sentiment = '{feeling}'",
            compares=True,
        )
        for feeling in ("negative", "positive")
    ),
    FigureQuery(
        "negative_share_by_network",
        "percent",
        f"""select network as label, round(100.0 * sum(sentiment = 'negative')
        / nullif(count(sentiment), 0), 1) as value {POSTS} group by 1 having count(sentiment) > 0 order by 2 desc, 1""",
        f"{POSTS} and network = :label and sentiment = 'negative'",
    ),
)
# Of each post only the last word counts, and only what was found before anybody had touched it.
CHECKS = """select c.found, k.label as truth, count(*) as posts from corrections k
join (select mention_id, min(correction_id) as first_id from checks join corrections on id = correction_id
    where about = 'sentiment' group by 1) f on f.mention_id = k.mention_id
join checks c on c.correction_id = f.first_id
where k.about = 'sentiment' and k.id in (select max(id) from corrections where about = 'sentiment' group by mention_id)
group by 1, 2"""
_UNCHECKED = f"""select sentiment as label, count(*) as posts {POSTS} and sentiment is not null and mention_id not in
(select mention_id from corrections where about = 'sentiment') group by 1"""
_UNKNOWN = (
    "Accuracy not measured yet: {checks} posts checked. It takes {least} of each sentiment"
    " found, those that are right included."
)
_KNOWN = "Between {low} and {high} (95 %), estimated from {checks} checked posts."


def add_error_bars(tables: MeasuringTables, span: FigureScope, figures: Sequence[Figure]) -> list[Figure]:
    """The figures, those by sentiment with `low` and `high`, or a note that says why there is none.

    A stratified estimate (Cochran 1977, chapter 5A): the share of each true feeling is the sum over the found ones of
    their share times how often a check said so. Its standard error comes from the numbers of checks and of posts
    in each stratum. Posts that a person has looked at are known, count as what they are, and err no more.
    """
    rows = tables.rows(CHECKS, {})
    found = {row["label"]: float(row["posts"]) for row in tables.rows(span.scoped(_UNCHECKED), span.values)}
    checks = _count_checks(rows)
    is_known = _is_enough(found, checks)
    count = sum(row["posts"] for row in rows)
    return [_add_error_bar(figure, found, checks, is_known, count) for figure in figures]


def estimate(found: dict[str, float], checks: dict[str, dict[str, int]], truth: str) -> tuple[float, float]:
    """Estimate how many posts truly have a sentiment, and the standard error; `checks` counts found to true."""
    mean = variance = 0.0
    for label, posts in found.items():
        stratum = checks.get(label, {})
        number = sum(stratum.values())
        if not posts or not number:
            continue
        # Add one (Agresti and Coull 1998): ten right ones of ten do not mean that none is ever wrong.
        share = (stratum.get(truth, 0) + 1) / (number + len(stratum.keys() | {truth}) + 1)
        mean += posts * stratum.get(truth, 0) / number
        # The share may be another one, and of few posts chance alone takes more or fewer.
        variance += (posts**2 / number + posts) * share * (1 - share)
    return mean, math.sqrt(variance)


def _add_error_bar(
    figure: Figure, found: dict[str, float], checks: dict[str, dict[str, int]], is_known: bool, count: int
) -> Figure:
    name = label_of(figure)
    # `unsure` is what the sorting says of itself, and no feeling that a check could confirm.
    if not figure.name.startswith("posts_by_sentiment.") or name == "unsure":
        return figure
    if not is_known:
        return replace(figure, note=_UNKNOWN.format(checks=count, least=LEAST_CHECKS))
    mean, error = estimate(found, checks, name)
    known = float(figure.value or 0) - found.get(name, 0.0)
    low = round(known + max(0.0, mean - _NORMAL_95 * error))
    high = round(known + min(sum(found.values()), mean + _NORMAL_95 * error))
    return replace(figure, low=low, high=high, note=_KNOWN.format(low=low, high=high, checks=count))


def _count_checks(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    checks: dict[str, dict[str, int]] = {}
    for row in rows:
        checks.setdefault(row["found"], {})[row["truth"]] = row["posts"]
    return checks


def _is_enough(found: dict[str, float], checks: dict[str, dict[str, int]]) -> bool:
    """Enough checks of every feeling that was found; where nobody ever said `right`, only mistakes were looked at."""
    there = [label for label, posts in found.items() if posts]
    return bool(there) and all(
        sum(checks.get(label, {}).values()) >= LEAST_CHECKS and (checks[label].get(label) or label == "unsure")
        for label in there
    )
