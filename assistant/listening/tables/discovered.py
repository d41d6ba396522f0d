"""Tables of topics that were discovered in a week's posts."""

from collections.abc import Sequence

from assistant.core.database import Store, to_text
from assistant.domain import Period

_MOST_POSTS = 5_000


class DiscoveredTables:
    """Reads the posts of a week and writes what was discovered in them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def posts(self, week: Period) -> list[tuple[str, str, str | None]]:
        """(id, text, language) of a week's posts, copies and spam left out; of very many an even sample."""
        rows = self._store.rows(
            """select m.mention_id, m.text, l.label as language from mentions m
            left join findings l on l.mention_id = m.mention_id and l.about = 'language'
            left join findings i on i.mention_id = m.mention_id and i.about = 'intent'
            where m.created_at >= ? and m.created_at < ? and m.removed_at is null
            and m.mention_id not in (select mention_id from copies)
            and m.mention_id not in (select mention_id from competitor_posts) and coalesce(i.label, '') <> 'spam'
            order by m.created_at, m.mention_id""",
            to_text(week.start_at),
            to_text(week.end_at),
        )
        step = max(1, -(-len(rows) // _MOST_POSTS))
        return [(row["mention_id"], row["text"], row["language"]) for row in rows[::step]]

    def before(self, week: Period) -> list[tuple[int, bytes]]:
        """Key and centroid of each topic of the last week before this one that has any."""
        rows = self._store.rows(
            """select key, centroid from discovered_topics
            where week = (select max(week) from discovered_topics where week < ?)""",
            week.label,
        )
        return [(row["key"], row["centroid"]) for row in rows]

    def save(self, week: Period, topics: Sequence[tuple[int, str, bytes, Sequence[str]]]) -> None:
        """Keep (key, label, centroid, mention ids) of a week's topics in place of what was kept of it before."""
        with self._store.transaction() as db:
            for table in ("discovered_topics", "discovered_posts"):
                db.execute(f"delete from {table} where week = ?", (week.label,))
            for key, label, centroid, mention_ids in topics:
                values = (week.label, key, label, len(mention_ids), centroid)
                db.execute("insert into discovered_topics values (?, ?, ?, ?, ?)", values)
                rows = [(week.label, mention_id, key) for mention_id in mention_ids]
                db.conn.executemany("insert into discovered_posts (week, mention_id, key) values (?, ?, ?)", rows)
