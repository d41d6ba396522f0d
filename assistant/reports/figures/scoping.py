"""A query about all posts as one about a scope: common table expressions stand in for the tables that it reads."""

import json
import re

from assistant.domain import Scope, ScopeKind
from assistant.reports.figures.tables import POST_COLUMNS

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
    """What a scoped query is given."""
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
