"""One question to the database, and its rows as Figures that carry the query, their coverage and the posts behind.

A query about all posts as one about a scope: common table expressions stand in for the tables that it reads.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from assistant.core.database import Row, to_text
from assistant.domain import EVERYTHING, Figure, Period, Scope, ScopeKind
from assistant.domain.listening import PASTED
from assistant.reports.figures.coverage import PeriodCoverage
from assistant.reports.figures.tables import POST_COLUMNS, MeasuringTables

_NAMES = "(select value from json_each(:scope))"
# Of a post that was measured its own row tells; a reply may be to an older one, which has none.
_ROWS = {
    ScopeKind.COUNTRY: f"p.country in {_NAMES}",
    ScopeKind.TOPIC: f"p.topic collate nocase in {_NAMES}",
    ScopeKind.NETWORK: f"(p.network in {_NAMES} or substr(p.network, 1, instr(p.network, ':') - 1) in {_NAMES})",
    ScopeKind.BRAND: "exists (select 1 from mention_brands b where b.mention_id = p.mention_id"
    f" and b.name collate nocase in {_NAMES})",
}
_FOUND = (
    "exists (select 1 from findings f where f.mention_id = p.mention_id and f.about = '{about}'"
    f" and f.label collate nocase in {_NAMES})"
)
_NETWORK = (
    "exists (select 1 from mentions m where m.mention_id = p.mention_id and"
    f" (m.network in {_NAMES} or substr(m.network, 1, instr(m.network, ':') - 1) in {_NAMES}))"
)
_POSTS = {
    ScopeKind.COUNTRY: _FOUND.format(about="country"),
    ScopeKind.TOPIC: _FOUND.format(about="topic"),
    ScopeKind.NETWORK: _NETWORK,
    ScopeKind.BRAND: _ROWS[ScopeKind.BRAND],
}


def scope_sql(sql: str, scope: Scope) -> str:
    """The query with only the scope's posts, replies, drafts and edits; `:scope` is bound by `scope_values`.

    It may continue a `select` of its own: then it is put in front of that, as it stands in front of the whole.
    """
    if scope.kind is None:
        return sql
    tables = _build_tables(scope.kind)
    used = [f"{name} as not materialized ({source})" for name, source in tables.items() if _reads(sql, name)]
    if not used:
        return sql
    head, _, rest = sql.lstrip().partition(" ")
    if head.lower() == "with":
        return f"with {', '.join(used)}, {rest}"
    return f"with {', '.join(used)} {sql.lstrip()}"


def scope_values(scope: Scope) -> dict[str, str | None]:
    """Return the values of a scoped query."""
    return {"scope": json.dumps(list(scope.names), ensure_ascii=False)} if scope.kind else {}


def _build_tables(kind: ScopeKind) -> dict[str, str]:
    # A post that names a competitor alone is no post about us, but it is what that competitor's scope is about.
    columns = [
        "1 as is_ours" if name == "is_ours" and kind is ScopeKind.BRAND else f"p.{name}" for name in POST_COLUMNS
    ]
    found = _POSTS[kind]
    drafts = f"select p.* from main.drafts p where {found}"
    return {
        "measured_posts": f"select {', '.join(columns)} from main.measured_posts p where {_ROWS[kind]}",
        "replies": f"select p.* from main.replies p where {found}",
        "drafts": drafts,
        "edits": f"select e.* from main.edits e where e.draft_id in (select draft_id from main.drafts p where {found})",
    }


def _reads(sql: str, table: str) -> bool:
    return re.search(rf"\b(?:from|join)\s+{table}\b", sql) is not None


# The posts of a period, on all networks or on those that are compared. `measured_posts` has a row for each post that
# still exists, see core/schema.sql. What colleagues pasted to get a draft is no post of the period.
ALL_POSTS = (
    f"from measured_posts where created_at >= :start and created_at < :end and network <> '{PASTED}'"
    " and (:networks is null or network in (select value from json_each(:networks)))"
)
# Those that are about us: what is said of a competitor alone only counts for the share of voice. What repeats an
# earlier post counts only as a repeat.
OURS = f"{ALL_POSTS} and is_ours"
POSTS = f"{OURS} and copy_of is null"
MOST_ROWS = 10


@dataclass(frozen=True)
class FigureQuery:
    """A question whose rows have `label` and `value`, and if they like `note`, `low`, `high` and `base`.

    `posts` continues `select mention_id` and gives the posts behind the row `:label`. One that `compares` is also
    asked of the period before, on the networks that were heard in both alike. One that `is_whole` is about the company
    as a whole and cannot be told for a scope.
    """

    name: str
    unit: str
    sql: str
    posts: str = ""
    compares: bool = False
    is_whole: bool = False


@dataclass(frozen=True)
class FigureScope:
    """The scope of a measurement: a period, the one before it, the days within, both coverages, the time, the posts.

    `reply_within_hours` is the company's promise, in working hours: what was written before `overdue` is past it.
    """

    period: Period
    before: Period
    days: tuple[Period, ...]
    hearing: PeriodCoverage
    now: datetime
    reply_within_hours: float
    overdue: datetime
    scope: Scope = EVERYTHING

    @cached_property
    def values(self) -> dict[str, str | None]:
        """Return the values for the queries of this period."""
        return self.bind(self.period, None) | {
            "days": _days_json(self.days),
            "now": to_text(self.now),
            "sla": f"{self.reply_within_hours:g}",
            "overdue": to_text(self.overdue),
        }

    def bind(self, period: Period, networks: str | None) -> dict[str, str | None]:
        """Return the values for a query of some period."""
        bounds = {"start": to_text(period.start_at), "end": to_text(period.end_at), "networks": networks}
        return bounds | scope_values(self.scope)

    def scoped(self, sql: str) -> str:
        """A query with only the posts that are measured here."""
        return scope_sql(sql, self.scope)

    @cached_property
    def comparable(self) -> str:
        """The networks that can be compared, as JSON."""
        return json.dumps(list(self.hearing.comparable))


def ask(tables: MeasuringTables, span: FigureScope, queries: Iterable[FigureQuery]) -> list[Figure]:
    """The figures of some queries. A row with a label is named `query.label`, such as `posts_by_network.x`."""
    asked = [query for query in queries if not (query.is_whole and span.scope.kind)]
    return [figure for query in asked for figure in _ask_one(tables, span, query)]


def find_posts(tables: MeasuringTables, figure: Figure, limit: int, order: str = "created_at desc") -> list[str]:
    """Ids of the posts behind a figure, the newest first; none for one that is not about posts."""
    if not figure.posts_query:
        return []
    sql = f"""select distinct mention_id, m.created_at, m.engagement from ({figure.posts_query}) p
    join mentions m using (mention_id) where m.removed_at is null
    order by m.{order}, m.created_at desc, mention_id limit {int(limit)}"""
    return [row["mention_id"] for row in tables.rows(sql, {"networks": None, "label": None, **figure.values})]


def find_examples(tables: MeasuringTables, figure: Figure, limit: int) -> list[str]:
    """Ids of the posts behind a figure that drew most."""
    return find_posts(tables, figure, limit, "engagement desc")


def is_scope_known(tables: MeasuringTables, span: FigureScope) -> bool:
    """Return whether any post that was ever measured belongs to the scope: otherwise it may be a typo."""
    sql = span.scoped("select 1 as found from measured_posts limit 1")
    return not span.scope.kind or bool(tables.rows(sql, span.values))


def _ask_one(tables: MeasuringTables, span: FigureScope, query: FigureQuery) -> list[Figure]:
    figures = [to_figure(span, query, row) for row in tables.rows(span.scoped(query.sql), span.values)]
    if not query.compares or not span.hearing.comparable:
        return figures
    before = _count(tables, span, query, span.before)
    compared = {figure.name: float(figure.value or 0) for figure in figures}
    if span.hearing.not_comparable:
        compared = _count(tables, span, query, span.period)
    return [
        replace(figure, compared=compared.get(figure.name, 0), before=before.get(figure.name, 0)) for figure in figures
    ]


def to_figure(span: FigureScope, query: FigureQuery, row: Row) -> Figure:
    """One row of a query as a Figure."""
    label = row.get("label")
    # A query and its posts are one text that can be pasted into sqlite3: hence what it was given comes along.
    sql = span.scoped(query.sql)
    posts = span.scoped(f"select mention_id, created_at {query.posts}") if query.posts else ""
    texts = sql + posts
    values = {name: value for name, value in span.values.items() if value is not None and f":{name}" in texts}
    given = {"start": span.values["start"] or "", "end": span.values["end"] or ""} | values
    return Figure(
        name=f"{query.name}.{label}" if label else query.name,
        value=row["value"],
        unit=query.unit,
        query=" ".join(sql.split()),
        period=span.period.label,
        coverage=span.hearing.summary,
        posts_query=" ".join(posts.split()),
        values=given | ({"label": str(label)} if label else {}),
        note=row.get("note") or "",
        low=row.get("low"),
        high=row.get("high"),
        base=row.get("base"),
    )


def _count(tables: MeasuringTables, span: FigureScope, query: FigureQuery, period: Period) -> dict[str, float]:
    rows = tables.rows(span.scoped(query.sql), span.bind(period, span.comparable))
    return {f"{query.name}.{row['label']}" if row["label"] else query.name: row["value"] or 0 for row in rows}


def _days_json(days: Iterable[Period]) -> str:
    return json.dumps(
        [{"label": day.label, "start": to_text(day.start_at), "end": to_text(day.end_at)} for day in days]
    )


def table(figures: Iterable[Figure], name: str) -> list[Row]:
    """The rows of one query's figures: label and value."""
    return [{"label": label_of(figure), "value": figure.value} for figure in group(figures, name)]


def group(figures: Iterable[Figure], name: str) -> list[Figure]:
    """The figures of one query that have a label, in its order."""
    return [figure for figure in figures if figure.name.startswith(f"{name}.")]


def label_of(figure: Figure) -> str:
    """Return the part of a figure's name behind the dot."""
    return figure.name.partition(".")[2]


def find(figures: Iterable[Figure], name: str) -> Figure | None:
    """The figure with exactly this name."""
    return next((figure for figure in figures if figure.name == name), None)


def value(figures: Iterable[Figure], name: str) -> float | int | str | None:
    """The value of the figure with exactly this name; None when it could not be measured."""
    found = find(figures, name)
    return found.value if found else None
