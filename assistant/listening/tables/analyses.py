"""Tables of what was found out about mentions, each thing a row, and of what analysing needs to know beforehand.

Tables of what people put right, and of how often the chat model was asked about posts.

Tables of topics that were discovered in a week's posts.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import About, Analysis, Correction, Period

_RECENT_POSTS = 50_000
_MOST_CANDIDATES = 20


class AnalysisTables:
    """Reads and writes findings, copies, and what is known of authors."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_findings(self, analyses: Sequence[Analysis]) -> None:
        """Keep the findings and copies of analyses that were just added."""
        findings = [
            (a.mention_id, f.about, f.label, f.confidence, f.version, f.reason) for a in analyses for f in a.findings
        ]
        self._store.change_many("insert into findings values (?, ?, ?, ?, ?, ?)", findings)
        copies = [(a.mention_id, a.copy_of) for a in analyses if a.copy_of]
        self._store.change_many("insert into copies values (?, ?)", copies)
        brands = [(a.mention_id, brand.name, brand.is_ours) for a in analyses for brand in a.brands]
        self._store.change_many("insert into mention_brands values (?, ?, ?)", brands)

    def findings_of(self, mention_id: str) -> list[Row]:
        """Return the findings about one mention: about, label, confidence, version, reason."""
        sql = "select about, label, confidence, version, reason from findings where mention_id = ? order by about"
        return self._store.rows(sql, mention_id)

    def count(self, about: About, start_at: datetime, end_at: datetime) -> dict[str, int]:
        """Count the posts of a time by label, most first; those that were deleted upstream left out."""
        rows = self._store.rows(
            """select f.label, count(*) as posts from findings f join mentions m on m.mention_id = f.mention_id
            where f.about = ? and m.created_at >= ? and m.created_at < ? and m.removed_at is null
            group by 1 order by 2 desc, 1""",
            about,
            to_text(start_at),
            to_text(end_at),
        )
        return {row["label"]: row["posts"] for row in rows}

    def count_brands(self, start_at: datetime, end_at: datetime) -> list[Row]:
        """Count the posts of a time by brand, ours and competitors', on each network: most first."""
        return self._store.rows(
            """select b.name, b.is_ours, m.network, count(*) as posts
            from mention_brands b join mentions m on m.mention_id = b.mention_id
            where m.created_at >= ? and m.created_at < ? and m.removed_at is null
            group by 1, 2, 3 order by 4 desc, 1, 3""",
            to_text(start_at),
            to_text(end_at),
        )

    def find_answers(self, mention_ids: Sequence[str], handles: Sequence[str]) -> frozenset[str]:
        """Return which of these mentions answer a post of ours: a reply that was sent, or one by an account of ours."""
        rows = self._store.rows(
            """select m.mention_id from mentions m
            where m.in_reply_to is not null and m.mention_id in (select value from json_each(?))
            and (exists (select 1 from replies r where r.network = m.network and r.external_id = m.in_reply_to)
            or exists (select 1 from parent_posts p where p.network = m.network and p.external_id = m.in_reply_to
            and ltrim(lower(p.author), '@') in (select value from json_each(?))))""",
            json.dumps(list(mention_ids)),
            json.dumps([handle.lower() for handle in handles]),
        )
        return frozenset(row["mention_id"] for row in rows)

    def count_copies(self, mention_id: str) -> int:
        """Count the later posts that repeat this one."""
        return int(self._store.value("select count(*) from copies where first_id = ?", mention_id))

    def sizes_of(self, column: str) -> dict[str, list[int]]:
        """By network, in rising order, the `followers` or `engagement` that each recent author has at most."""
        rows = self._store.rows(
            f"""select network, max({column}) as size from
            (select * from mentions where removed_at is null order by rowid desc limit {_RECENT_POSTS})
            where {column} is not null and author <> '' group by network, author order by 2"""
        )
        sizes: dict[str, list[int]] = {}
        for row in rows:
            sizes.setdefault(row["network"], []).append(row["size"])
        return sizes

    def authors_of(self, mention_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """By mention: its author's posts of the week that ends with it, and reactions to all the author's others."""
        rows = self._store.rows(
            """select b.mention_id,
            (select count(*) from mentions m where m.network = b.network and m.author = b.author
             and m.created_at <= b.created_at
             and m.created_at > strftime('%Y-%m-%dT%H:%M:%fZ', b.created_at, '-7 days')) as posts,
            (select sum(coalesce(m.engagement, 0)) from mentions m where m.network = b.network and m.author = b.author
             and m.mention_id <> b.mention_id) as reactions
            from mentions b where b.author <> '' and b.mention_id in (select value from json_each(?))""",
            json.dumps(list(mention_ids)),
        )
        return {row["mention_id"]: (row["posts"], row["reactions"] or 0) for row in rows}

    def candidates(self, hashes: Sequence[int], since: datetime) -> dict[int, list[tuple[str, str]]]:
        """By hash: (id, text) of earlier posts with that hash, oldest first, a few at most."""
        rows = self._store.rows(
            """select s.hash, m.mention_id, m.text from shingles s join mentions m on m.mention_id = s.mention_id
            where s.hash in (select value from json_each(?)) and m.created_at >= ? and m.removed_at is null
            order by m.created_at, m.mention_id""",
            json.dumps(list(hashes)),
            to_text(since),
        )
        found: dict[int, list[tuple[str, str]]] = {}
        for row in rows:
            same = found.setdefault(row["hash"], [])
            if len(same) < _MOST_CANDIDATES:
                same.append((row["mention_id"], row["text"]))
        return found

    def add_sketches(self, sketches: Mapping[str, Sequence[int]]) -> None:
        """Keep hashes of posts by which their repeats are found; none without an analysis."""
        rows = [(number, mention_id) for mention_id, hashes in sketches.items() for number in hashes]
        self._store.change_many(
            "insert or ignore into shingles select ?, mention_id from analyses where mention_id = ?", rows
        )


_PERSON = "person"


class CorrectionTables:
    """Reads and writes corrections; nothing is overwritten, the last word on a mention counts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, mention_id: str, labels: Mapping[About, str], corrected_by: str, now: datetime) -> None:
        """Keep what a person said, and show it at once where the mention was analysed already."""
        with self._store.transaction() as db:
            for about, label in labels.items():
                db.execute(
                    "insert into corrections values (null, ?, ?, ?, ?, ?)",
                    (mention_id, about, label, corrected_by, to_text(now)),
                )
                db.execute(
                    """insert into findings select mention_id, ?, ?, 1, ?, 'A person said so.' from analyses
                    where mention_id = ? on conflict do update set label = excluded.label, confidence = 1,
                    version = excluded.version, reason = excluded.reason""",
                    (about, label, _PERSON, mention_id),
                )
                if about is About.SENTIMENT:
                    db.execute("update analyses set sentiment = ? where mention_id = ?", (label, mention_id))

    def all(self) -> tuple[list[Correction], list[str]]:
        """Every correction that counts, oldest first, and the text of each one's mention."""
        rows = self._store.rows(
            """select c.mention_id, c.about, c.label, c.corrected_by, c.corrected_at, m.text
            from corrections c join mentions m on m.mention_id = c.mention_id
            where m.removed_at is null and c.id in (select max(id) from corrections group by mention_id, about)
            order by c.id"""
        )
        corrections = [
            Correction(
                mention_id=row["mention_id"],
                about=About(row["about"]),
                label=row["label"],
                corrected_by=row["corrected_by"],
                corrected_at=to_time(row["corrected_at"]),
            )
            for row in rows
        ]
        return corrections, [row["text"] for row in rows]

    def of(self, mention_id: str) -> Sequence[dict[str, str]]:
        """Return who corrected a mention and when, oldest first."""
        sql = "select about, label, corrected_by, corrected_at from corrections where mention_id = ? order by id"
        return self._store.rows(sql, mention_id)

    def take_from_budget(self, wanted: int, budget: int, day: str) -> int:
        """Take from a day's budget of posts that the chat model may be asked about, and return how many it allows."""
        with self._store.transaction() as db:
            row = self._store.row("select posts from chat_uses where day = ?", day)
            granted = max(0, min(wanted, budget - (row["posts"] if row else 0)))
            sql = "insert into chat_uses values (?, ?) on conflict do update set posts = posts + excluded.posts"
            db.execute(sql, (day, granted))
        return granted


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
