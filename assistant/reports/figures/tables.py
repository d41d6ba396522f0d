"""Fills the rows on which figures are counted, and runs the figures' queries."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from assistant.core.database import Row, Store, to_text
from assistant.domain import ScopeKind

POST_COLUMNS = tuple(
    "created_at mention_id network author followers engagement collected_at language country topic intent urgency"
    " influence sentiment action is_question copy_of is_ours".split()
)
# A left join for each thing: SQLite looks one row up by its key, where grouping would sort all of them.
_ABOUT = ("language", "country", "topic", "intent", "urgency", "influence")
_FILL = f"""
insert into measured_posts
select m.created_at, m.mention_id, m.network, nullif(m.author, ''), m.followers, m.engagement, m.collected_at,
coalesce(nullif(language.label, 'unknown'), nullif(m.lang, '')),
{", ".join(f"nullif({about}.label, 'none')" for about in _ABOUT[1:])},
a.sentiment, a.action, a.is_question, copies.first_id,
coalesce((select max(b.is_ours) from mention_brands b where b.mention_id = m.mention_id), 1)
from mentions m left join analyses a on a.mention_id = m.mention_id
left join copies on copies.mention_id = m.mention_id
{" ".join(f"left join findings {n} on {n}.mention_id = m.mention_id and {n}.about = '{n}'" for n in _ABOUT)}
where m.created_at >= :start and m.created_at < :end and m.removed_at is null and not exists
(select 1 from measured_posts p where p.created_at = m.created_at and p.mention_id = m.mention_id)
"""

_SCOPE_NAMES = {
    ScopeKind.TOPIC: "select distinct label as name from findings where about = 'topic' and label <> 'none'",
    ScopeKind.BRAND: "select distinct name from mention_brands",
    ScopeKind.NETWORK: """select network as name from mentions union
        select substr(network, 1, instr(network, ':') - 1) from mentions where instr(network, ':') > 1""",
}


class MeasuringTables:
    """Reads what figures need; writes nothing but rows that can be made again from the others."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def fill(self, start_at: datetime, end_at: datetime) -> None:
        """Have a row for every post of this time that still stands; those that are there are left alone."""
        bounds = {"start": to_text(start_at), "end": to_text(end_at)}
        missing = self._store.named_rows(
            """select (select count(*) from mentions where created_at >= :start and created_at < :end
            and removed_at is null) - (select count(*) from measured_posts
            where created_at >= :start and created_at < :end) as number""",
            bounds,
        )[0]["number"]
        if missing:
            with self._store.transaction() as db:
                db.execute(_FILL, bounds)

    def offer(self, name: str, arguments: int, function: Callable[..., float | None]) -> None:
        """Let queries call a pure function of ours by its name."""
        self._store.db.conn.create_function(name, arguments, function, deterministic=True)

    def note_use(self, model: str, read: int, written: int, now: datetime) -> None:
        """A chat model was asked once: `read` and `written` count tokens."""
        self._store.change(
            """insert into model_uses values (?, ?, 1, ?, ?) on conflict do update set calls = calls + 1,
            input_tokens = input_tokens + excluded.input_tokens,
            output_tokens = output_tokens + excluded.output_tokens""",
            to_text(now)[:10],
            model,
            read,
            written,
        )

    def list_names(self, kind: ScopeKind, configured: Sequence[str] = ()) -> tuple[str, ...]:
        """The names that posts have of a scope, and those configured; none for countries, which have codes."""
        sql = _SCOPE_NAMES.get(kind, "")
        found = [str(row["name"]) for row in self._store.rows(sql)] if sql else []
        return tuple(sorted({name.casefold(): name for name in [*found, *configured]}.values()))

    def rows(self, sql: str, values: Mapping[str, str | None]) -> list[Row]:
        """The rows of a query."""
        return self._store.named_rows(sql, dict(values))
