"""Tables of what customers say: mentions, and what was found out about them.

Kept posts by their address on the web, however it was copied.
"""

import json
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Analysis, Mention, Period, Triage
from assistant.errors import InputError
from assistant.listening.tables.analyses import AnalysisTables, CorrectionTables

MENTION_COLUMNS = """mention_id, network, external_id, author, text, created_at, lang, location, url,
    in_reply_to, followers, conversation_id, engagement, edited_at, removed_at, author_id"""

INSERT = f"insert into mentions ({MENTION_COLUMNS}, collected_at) values ({', '.join('?' * 17)}) on conflict do nothing"

# Danger, law and press first, then outages and who may leave; the oldest of each first. For `mentions m`, `urgency`.
URGENT_FIRST = "case urgency.label when 'high' then 0 when 'raised' then 1 else 2 end, m.created_at, m.mention_id"


class MentionTables:
    """Reads and writes mentions and analyses."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.analyses = AnalysisTables(store)
        self.corrections = CorrectionTables(store)

    def transaction(self) -> AbstractContextManager[object]:
        """Several changes, all or none."""
        return self._store.transaction()

    def add(self, mentions: Sequence[Mention], now: datetime) -> int:
        """Keep those that are not known yet; returns how many were new."""
        with self._store.transaction() as db:
            return sum(db.execute(INSERT, (*to_values(mention), to_text(now))).rowcount for mention in mentions)

    def find(self, mention_id: str) -> Mention:
        """A mention by its id, or by its external id alone where one network only has it. Raises InputError."""
        select = f"select {MENTION_COLUMNS} from mentions where"
        # The whole id first: one that is also another mention's external id could else never be named.
        by_id = self._store.rows(f"{select} mention_id = ?", mention_id)
        rows = by_id or self._store.rows(f"{select} external_id = ?", mention_id)
        if not rows:
            raise InputError(f"There is no mention {mention_id}.", "earshot mentions lists them.", in_slack="")
        if len(rows) > 1:
            names = ", ".join(row["mention_id"] for row in rows)
            raise InputError(f"More than one mention is called {mention_id}.", f"Say which: {names}.")
        return to_mention(rows[0])

    def is_known(self, mention_id: str) -> bool:
        """Return whether there is a mention with this id."""
        return bool(self._store.value("select 1 from mentions where mention_id = ?", mention_id))

    def latest(self, limit: int, since: datetime | None = None) -> list[Row]:
        """The newest mentions with what was found out about them."""
        condition = "m.removed_at is null and m.created_at >= ? order by m.created_at desc, m.mention_id limit ?"
        return self._describe(condition, to_text(since) if since else "", limit)

    def describe(self, mention_ids: Sequence[str]) -> list[Row]:
        """These mentions with what was found out about them, in this order."""
        rows = self._describe(f"m.mention_id in ({','.join('?' * len(mention_ids))})", *mention_ids)
        return sorted(rows, key=lambda row: mention_ids.index(row["mention_id"]))

    def _describe(self, condition: str, *values: object) -> list[Row]:
        return self._store.rows(
            f"""select {MENTION_COLUMNS.replace("mention_id", "m.mention_id", 1)},
                a.sentiment, a.sentiment_score, a.action, a.reason, i.label as intent
            from mentions m left join analyses a on a.mention_id = m.mention_id
            left join findings i on i.mention_id = m.mention_id and i.about = 'intent' where {condition}""",
            *values,
        )

    def without_analysis(self, limit: int, after: str = "") -> list[Mention]:
        """The oldest mentions that nobody has looked at yet; only those that came later than the mention `after`."""
        return self._find_to_analyse(
            "not exists (select 1 from analyses a where a.mention_id = m.mention_id)", limit, after
        )

    def with_other_analysis(self, version: str, limit: int, after: str = "") -> list[Mention]:
        """The oldest mentions that another version has looked at; only those that came later than `after`."""
        was_seen = "exists (select 1 from analyses a where a.mention_id = m.mention_id and a.version <> :version)"
        return self._find_to_analyse(was_seen, limit, after, version)

    def _find_to_analyse(self, condition: str, limit: int, after: str, version: str = "") -> list[Mention]:
        # Without `after`, each batch would read all the rows of the batches before it once more.
        rows = self._store.named_rows(
            f"""select {MENTION_COLUMNS} from mentions m where {condition} and removed_at is null
            and m.rowid > coalesce((select rowid from mentions where mention_id = :after), 0)
            order by m.rowid limit :limit""",
            {"limit": limit, "after": after, "version": version},
        )
        return [to_mention(row) for row in rows]

    def add_analyses(self, analyses: Sequence[tuple[Analysis, Triage]], now: datetime) -> None:
        """Keep what was found out, in place of what was kept before; nothing of mentions that are gone meanwhile."""
        with self._store.transaction() as db:
            analyses = self._drop_removed(analyses)
            for table in ("mention_words", "analyses"):  # findings and copies go with the latter
                sql = f"delete from {table} where mention_id = ?"
                db.conn.executemany(sql, [(found.mention_id,) for found, _ in analyses])
            db.conn.executemany(
                "insert into analyses values (?, ?, ?, ?, ?, ?, ?, ?)",
                [_to_analysis_values(found, triage, now) for found, triage in analyses],
            )
            words = [(word, found.mention_id) for found, _ in analyses for word in found.words]
            db.conn.executemany("insert or ignore into mention_words values (?, ?)", words)
            self.analyses.add_findings([found for found, _ in analyses])

    def _drop_removed(self, analyses: Sequence[tuple[Analysis, Triage]]) -> list[tuple[Analysis, Triage]]:
        ids = json.dumps([found.mention_id for found, _ in analyses])
        sql = "select mention_id from mentions where removed_at is null and mention_id in"
        there = {row["mention_id"] for row in self._store.rows(f"{sql} (select value from json_each(?))", ids)}
        return [pair for pair in analyses if pair[0].mention_id in there]

    def triage_of(self, mention_id: str) -> Row | None:
        """Sentiment, question, action and reason of one mention, once it was analysed."""
        return self._store.row(
            "select sentiment, sentiment_score, is_question, action, reason from analyses where mention_id = ?",
            mention_id,
        )

    def to_draft(self, limit: int) -> list[str]:
        """Ids of mentions that deserve a reply from us and have no draft but stale ones: urgent first, then oldest."""
        rows = self._store.rows(
            f"""select a.mention_id from analyses a join mentions m on m.mention_id = a.mention_id
            left join findings urgency on urgency.mention_id = a.mention_id and urgency.about = 'urgency'
            where a.action = 'reply'
            and a.mention_id not in (select mention_id from drafts where status <> 'stale')
            and a.mention_id not in (select mention_id from not_ours)
            and a.mention_id not in (select mention_id from answered)
            order by {URGENT_FIRST} limit ?""",
            limit,
        )
        return [row["mention_id"] for row in rows]

    def waiting(self, week: Period, limit: int) -> tuple[Mention, ...]:
        """The week's posts that deserve a reply and have none, those with most followers first, then the newest."""
        rows = self._store.rows(
            f"""select {MENTION_COLUMNS.replace("mention_id", "m.mention_id", 1)}
            from mentions m join analyses a on a.mention_id = m.mention_id
            where m.created_at >= ? and m.created_at < ? and a.action = 'reply'
            and m.mention_id not in (select mention_id from replies)
            and m.mention_id not in (select mention_id from not_ours)
            and m.mention_id not in (select mention_id from answered)
            order by coalesce(m.followers, 0) desc, m.created_at desc limit ?""",
            to_text(week.start_at),
            to_text(week.end_at),
            limit,
        )
        return tuple(to_mention(row) for row in rows)

    def span(self) -> tuple[datetime, datetime] | None:
        """Return when the oldest and the newest kept post were written."""
        row = self._store.row(
            "select min(created_at) as first, max(created_at) as last from mentions where removed_at is null"
        )
        return (to_time(row["first"]), to_time(row["last"])) if row and row["first"] else None

    def count(self) -> int:
        """Count the mentions; those that were deleted upstream are left out."""
        return int(self._store.value("select count(*) from mentions where removed_at is null"))


def _to_analysis_values(found: Analysis, triage: Triage, now: datetime) -> tuple[object, ...]:
    return (
        found.mention_id,
        found.sentiment,
        found.sentiment_score,
        found.is_question,
        found.version,
        triage.action,
        triage.reason,
        to_text(now),
    )


def to_mention(row: Row) -> Mention:
    """A row of the mentions table as a Mention."""
    times = {name: to_time(row[name]) for name in ("created_at", "edited_at", "removed_at") if row[name]}
    return Mention(**{**row, **times})


def to_values(mention: Mention) -> tuple[object, ...]:
    """The values of a mention's columns, in the order of INSERT."""
    return (
        mention.mention_id,
        mention.network,
        mention.external_id,
        mention.author,
        mention.text,
        to_text(mention.created_at),
        mention.lang,
        mention.location,
        mention.url,
        mention.in_reply_to,
        mention.followers,
        mention.conversation_id,
        mention.engagement,
        to_text(mention.edited_at) if mention.edited_at else None,
        to_text(mention.removed_at) if mention.removed_at else None,
        mention.author_id,
    )


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<![\w.-])[\w-]+(?:\.[\w-]+)+/\S+")
_TELLING = frozenset(("v", "lc", "id", "comment_id", "fbid", "story_fbid"))


class AddressTables:
    """Reads addresses of mentions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, address: str) -> str | None:
        """The id of the kept mention at this address; None when there is none."""
        wanted = flatten_address(address)
        words = re.findall(r"[\w-]{4,}", wanted.partition("/")[2])
        if not words:
            return None
        # The longest part of the path narrows the rows down; their addresses are compared whole.
        sql = "select mention_id, url from mentions where removed_at is null and instr(url, ?)"
        rows = self._store.rows(sql, max(words, key=len))
        return next((str(row["mention_id"]) for row in rows if flatten_address(row["url"]) == wanted), None)


def is_address(text: str) -> bool:
    """Return whether a text is a web address and nothing else."""
    return bool(_ADDRESS.fullmatch(text.strip()))


def flatten_address(address: str) -> str:
    """Host and path, and of the query what names a post: without scheme, `www.`, marks of where it was copied."""
    try:
        parts = urlsplit(address.strip() if "//" in address else f"//{address.strip()}")
    except ValueError:
        return ""
    host = re.sub(r"^(?:www|mobile|m|old)\.", "", (parts.netloc or "").lower())
    host = "x.com" if host == "twitter.com" else host
    query = "&".join(f"{name}={value}" for name, value in sorted(parse_qsl(parts.query)) if name in _TELLING)
    return f"{host}{parts.path.rstrip('/')}{'?' if query else ''}{query}"
