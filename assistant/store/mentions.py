"""Tables of what customers say: mentions, and what was found out about them."""

from collections.abc import Sequence
from datetime import datetime

from assistant.domain import Analysis, Mention, Triage, Week
from assistant.errors import InputError
from assistant.store.database import Row, Store, to_text, to_time

MENTION_COLUMNS = """mention_id, network, external_id, author, text, created_at, lang, location, url,
    in_reply_to, followers, conversation_id, engagement, edited_at, removed_at"""

INSERT = f"insert into mentions ({MENTION_COLUMNS}, collected_at) values ({', '.join('?' * 16)}) on conflict do nothing"


class MentionTables:
    """Reads and writes mentions and analyses."""

    def __init__(self, store: Store) -> None:
        self._store = store

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
            raise InputError(f"There is no mention {mention_id}.", "earshot mentions lists them.")
        if len(rows) > 1:
            names = ", ".join(row["mention_id"] for row in rows)
            raise InputError(f"More than one mention is called {mention_id}.", f"Say which: {names}.")
        return to_mention(rows[0])

    def latest(self, limit: int) -> list[Row]:
        """The newest mentions with what was found out about them."""
        return self._store.rows(
            f"""select {MENTION_COLUMNS.replace("mention_id", "m.mention_id", 1)},
                a.sentiment, a.sentiment_score, a.action, a.reason
            from mentions m left join analyses a on a.mention_id = m.mention_id
            where m.removed_at is null order by m.created_at desc, m.mention_id limit ?""",
            limit,
        )

    def without_analysis(self, limit: int) -> list[Mention]:
        """The oldest mentions that nobody has looked at yet."""
        rows = self._store.rows(
            f"select {MENTION_COLUMNS} from mentions where mention_id not in (select mention_id from analyses)"
            " and removed_at is null order by rowid limit ?",
            limit,
        )
        return [to_mention(row) for row in rows]

    def add_analyses(self, analyses: Sequence[tuple[Analysis, Triage]], now: datetime) -> None:
        """Keep what was found out, in place of what was kept before."""
        with self._store.transaction() as db:
            for found, triage in analyses:
                db.execute("delete from mention_words where mention_id = ?", (found.mention_id,))
                db.execute(
                    "insert or replace into analyses values (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        found.mention_id,
                        found.sentiment,
                        found.sentiment_score,
                        found.is_question,
                        found.version,
                        triage.action,
                        triage.reason,
                        to_text(now),
                    ),
                )
                pairs = [(word, found.mention_id) for word in found.words]
                db.conn.executemany("insert or ignore into mention_words values (?, ?)", pairs)

    def triage_of(self, mention_id: str) -> Row | None:
        """Sentiment, question, action and reason of one mention, once it was analysed."""
        return self._store.row(
            "select sentiment, sentiment_score, is_question, action, reason from analyses where mention_id = ?",
            mention_id,
        )

    def to_draft(self, limit: int) -> list[str]:
        """Ids of mentions that deserve a reply and have no draft but stale ones, newest first."""
        rows = self._store.rows(
            """select a.mention_id from analyses a join mentions m on m.mention_id = a.mention_id
            where a.action = 'reply'
            and a.mention_id not in (select mention_id from drafts where status <> 'stale')
            order by m.created_at desc limit ?""",
            limit,
        )
        return [row["mention_id"] for row in rows]

    def waiting(self, week: Week, limit: int) -> tuple[Mention, ...]:
        """The week's posts that deserve a reply and have none, those with most followers first, then the newest."""
        rows = self._store.rows(
            f"""select {MENTION_COLUMNS.replace("mention_id", "m.mention_id", 1)}
            from mentions m join analyses a on a.mention_id = m.mention_id
            where m.created_at >= ? and m.created_at < ? and a.action = 'reply'
            and m.mention_id not in (select mention_id from replies)
            order by coalesce(m.followers, 0) desc, m.created_at desc limit ?""",
            to_text(week.start_at),
            to_text(week.end_at),
            limit,
        )
        return tuple(to_mention(row) for row in rows)

    def span(self) -> tuple[datetime, datetime] | None:
        """When the oldest and the newest kept post were written."""
        row = self._store.row(
            "select min(created_at) as first, max(created_at) as last from mentions where removed_at is null"
        )
        return (to_time(row["first"]), to_time(row["last"])) if row and row["first"] else None

    def count(self) -> int:
        """How many mentions there are, those that were deleted upstream left out."""
        return int(self._store.value("select count(*) from mentions where removed_at is null"))


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
    )
