"""A week to Figures: every number comes from one SQL query, and carries it and the posts behind it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.domain import Figure, Week
from assistant.errors import InputError
from assistant.store.database import Row, Store, to_text

_MOST_POSTS = 20
_MOST_WORDS = 10
_POSTS = (
    "from mentions m left join analyses a on a.mention_id = m.mention_id"
    " where m.created_at >= :start and m.created_at < :end and m.removed_at is null"
    " and m.mention_id not in (select mention_id from competitor_posts)"
)
_SENT = "from replies r join mentions m on m.mention_id = r.mention_id where r.sent_at >= :start and r.sent_at < :end"
_HOURS = "(julianday(r.sent_at) - julianday(m.created_at)) * 24"


@dataclass(frozen=True)
class _Query:
    """A question with one or more (label, value) rows; `posts` adds the posts behind a row by its label."""

    name: str
    unit: str
    sql: str
    posts: str = ""


_QUERIES = (
    _Query("posts", "posts", f"select '' as label, count(*) as value {_POSTS}", _POSTS),
    # The unit separator keeps `x` + `1a` apart from `x1` + `a`; a post without an author is nobody's.
    _Query(
        "authors",
        "people",
        f"select '' as label, count(distinct m.network || char(31) || nullif(m.author, '')) as value {_POSTS}",
        f"{_POSTS} and m.author <> ''",
    ),
    _Query(
        "posts_by_network",
        "posts",
        f"select m.network as label, count(*) as value {_POSTS} group by 1 order by 2 desc, 1",
        f"{_POSTS} and m.network = :label",
    ),
    _Query(
        "posts_by_sentiment",
        "posts",
        f"""with labels(label) as (values ('negative'), ('neutral'), ('positive'), ('unsure'))
        select label, (select count(*) {_POSTS} and a.sentiment = label) as value from labels
        where label <> 'unsure' or value > 0""",
        f"{_POSTS} and a.sentiment = :label",
    ),
    _Query(
        "posts_by_triage",
        "posts",
        f"""with labels(label) as (values ('reply'), ('watch'), ('ignore'))
        select label, (select count(*) {_POSTS} and a.action = label) as value from labels""",
        f"{_POSTS} and a.action = :label",
    ),
    # A word that stands in more than a third of the posts names the company or its trade, and tells nothing.
    _Query(
        "topic_words",
        "posts",
        f"""with posts as (select m.mention_id {_POSTS})
        select w.word as label, count(*) as value from mention_words w join posts p on p.mention_id = w.mention_id
        group by 1 having count(*) > 1 and count(*) * 3 <= max(6, (select count(*) from posts))
        order by 2 desc, 1 limit {_MOST_WORDS}""",
        f"{_POSTS} and m.mention_id in (select mention_id from mention_words where word = :label)",
    ),
    _Query("replies", "replies", f"select '' as label, count(*) as value {_SENT}", _SENT),
    _Query(
        "answered_share",
        "percent",
        """select '' as label, round(100.0 * count(r.draft_id) / nullif(count(*), 0), 1) as value
        from mentions m join analyses a on a.mention_id = m.mention_id and a.action = 'reply'
        left join replies r on r.mention_id = m.mention_id
        where m.created_at >= :start and m.created_at < :end""",
        f"{_POSTS} and a.action = 'reply'",
    ),
    _Query(
        "median_hours_to_reply",
        "hours",
        f"""select '' as label, round(avg(hours), 1) as value from (select {_HOURS} as hours,
        row_number() over (order by {_HOURS}) as place, count(*) over () as number {_SENT})
        where place in ((number + 1) / 2, (number + 2) / 2)""",
        _SENT,
    ),
    _Query(
        "drafts_by_decision",
        "drafts",
        """select action as label, count(distinct draft_id) as value from decisions
        where decided_at >= :start and decided_at < :end group by 1 order by 1""",
        """from mentions m where m.mention_id in (select d.mention_id from decisions c
        join drafts d on d.draft_id = c.draft_id
        where c.decided_at >= :start and c.decided_at < :end and c.action = :label)""",
    ),
    _Query(
        "questions_asked",
        "questions",
        "select '' as label, count(*) as value from questions where asked_at >= :start and asked_at < :end",
    ),
    _Query(
        "questions_unanswered",
        "questions",
        """select '' as label, count(*) as value from questions
        where asked_at >= :start and asked_at < :end and is_grounded = 0""",
    ),
)


def measure(store: Store, week: Week, zone: ZoneInfo) -> tuple[Figure, ...]:
    """Every figure of a week. A figure with rows is named `query.label`, such as `posts_by_network.x`."""
    bounds = {"start": to_text(week.start_at), "end": to_text(week.end_at)}
    figures = [figure for query in _QUERIES for figure in _measure(store, query, bounds)]
    return (*figures, *_measure_days(store, week, zone))


def find_week(label: str, zone: ZoneInfo) -> Week:
    """The ISO week `2026-W46` in a time zone. Raises InputError for what is no week."""
    try:
        year, number = label.upper().split("-W")
        monday = date.fromisocalendar(int(year), int(number), 1)
        return Week(
            f"{int(year):04d}-W{int(number):02d}", _midnight(monday, zone), _midnight(monday + timedelta(7), zone)
        )
    except (ValueError, OverflowError) as error:
        raise InputError(f"{label} is no week.", "Write it like 2026-W46.") from error


def week_of(moment: datetime, zone: ZoneInfo) -> Week:
    """The ISO week that holds a moment."""
    year, number, _ = moment.astimezone(zone).isocalendar()
    return find_week(f"{year}-W{number:02d}", zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _measure(store: Store, query: _Query, bounds: dict[str, str]) -> list[Figure]:
    figures = []
    for row in store.named_rows(query.sql, bounds):
        name = f"{query.name}.{row['label']}" if row["label"] else query.name
        posts = _posts_behind(store, query, {**bounds, "label": row["label"]})
        figures.append(Figure(name, row["value"], query.unit, " ".join(query.sql.split()), posts))
    return figures


def _posts_behind(store: Store, query: _Query, values: dict[str, str]) -> tuple[str, ...]:
    if not query.posts:
        return ()
    sql = f"select m.mention_id {query.posts} order by m.created_at desc, m.mention_id limit {_MOST_POSTS}"
    return tuple(row["mention_id"] for row in store.named_rows(sql, values))


def _measure_days(store: Store, week: Week, zone: ZoneInfo) -> list[Figure]:
    figures = []
    monday = week.start_at.astimezone(zone).date()
    for day in (monday + timedelta(number) for number in range(7)):
        bounds = {"start": to_text(_midnight(day, zone)), "end": to_text(_midnight(day + timedelta(1), zone))}
        query = _Query("posts_by_day", "posts", f"select '{day}' as label, count(*) as value {_POSTS}", _POSTS)
        figures += _measure(store, query, bounds)
    return figures


def table(figures: tuple[Figure, ...], name: str) -> list[Row]:
    """The rows of one query's figures: label and value."""
    prefix = f"{name}."
    return [{"label": f.name.removeprefix(prefix), "value": f.value} for f in figures if f.name.startswith(prefix)]


def value(figures: tuple[Figure, ...], name: str) -> float | int | str | None:
    """The value of the figure with exactly this name; None when it could not be measured."""
    return next((figure.value for figure in figures if figure.name == name), None)
