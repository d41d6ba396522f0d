"""Tables of what was found out about mentions, each thing a row, and of what analysing needs to know beforehand."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from assistant.core.database import Row, Store, to_text
from assistant.domain import About, Analysis

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
        """What was found out about one mention: about, label, confidence, version, reason."""
        sql = "select about, label, confidence, version, reason from findings where mention_id = ? order by about"
        return self._store.rows(sql, mention_id)

    def count(self, about: About, start_at: datetime, end_at: datetime) -> dict[str, int]:
        """How many posts of a time have which label, most first; those that were deleted upstream left out."""
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
        """How many posts of a time name which brand, ours and competitors', on each network: most first."""
        return self._store.rows(
            """select b.name, b.is_ours, m.network, count(*) as posts
            from mention_brands b join mentions m on m.mention_id = b.mention_id
            where m.created_at >= ? and m.created_at < ? and m.removed_at is null
            group by 1, 2, 3 order by 4 desc, 1, 3""",
            to_text(start_at),
            to_text(end_at),
        )

    def find_answers(self, mention_ids: Sequence[str], handles: Sequence[str]) -> frozenset[str]:
        """Which of these mentions answer a post of ours: a reply that was sent, or one by an account of ours."""
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
        """How many later posts repeat this one."""
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
