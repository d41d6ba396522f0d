"""Tables of what customers say: mentions, what was found out about them, and how far each network was read."""

from collections.abc import Sequence
from datetime import datetime

from assistant.domain import Analysis, Mention, Triage, Week
from assistant.errors import InputError
from assistant.store.database import Row, Store, to_text, to_time

_COLUMNS = """mention_id, network, external_id, author, text, created_at, lang, location, url, in_reply_to, followers"""


class MentionTables:
    """Reads and writes mentions, analyses and cursors."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, mentions: Sequence[Mention], now: datetime) -> int:
        """Keep those that are not known yet; returns how many were new."""
        added = 0
        marks = ", ".join("?" * 12)
        with self._store.transaction() as db:
            for mention in mentions:
                sql = f"insert into mentions ({_COLUMNS}, collected_at) values ({marks}) on conflict do nothing"
                added += db.execute(sql, (*_to_values(mention), to_text(now))).rowcount
        return added

    def find(self, mention_id: str) -> Mention:
        """A mention by its id, or by its external id alone where one network only has it. Raises InputError."""
        select = f"select {_COLUMNS} from mentions where"
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
            f"""select {_COLUMNS.replace("mention_id", "m.mention_id", 1)},
                a.sentiment, a.sentiment_score, a.action, a.reason
            from mentions m left join analyses a on a.mention_id = m.mention_id
            order by m.created_at desc, m.mention_id limit ?""",
            limit,
        )

    def without_analysis(self, limit: int) -> list[Mention]:
        """The oldest mentions that nobody has looked at yet."""
        rows = self._store.rows(
            f"select {_COLUMNS} from mentions where mention_id not in (select mention_id from analyses)"
            " order by rowid limit ?",
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
        """Ids of mentions that deserve a reply and never had a draft, newest first."""
        rows = self._store.rows(
            """select a.mention_id from analyses a join mentions m on m.mention_id = a.mention_id
            where a.action = 'reply' and a.mention_id not in (select mention_id from drafts)
            order by m.created_at desc limit ?""",
            limit,
        )
        return [row["mention_id"] for row in rows]

    def waiting(self, week: Week, limit: int) -> tuple[Mention, ...]:
        """The week's posts that deserve a reply and have none, those with most followers first, then the newest."""
        rows = self._store.rows(
            f"""select {_COLUMNS.replace("mention_id", "m.mention_id", 1)}
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
        row = self._store.row("select min(created_at) as first, max(created_at) as last from mentions")
        return (to_time(row["first"]), to_time(row["last"])) if row and row["first"] else None

    def count(self) -> int:
        """How many mentions there are."""
        return int(self._store.value("select count(*) from mentions"))

    def cursor(self, network: str) -> str:
        """How far a network was read; empty before the first time."""
        return str(self._store.value("select cursor from cursors where network = ?", network) or "")

    def note_read(self, network: str, cursor: str, now: datetime) -> None:
        """A network was read up to here."""
        self._store.change("insert or replace into cursors values (?, ?, ?, null, null)", network, cursor, to_text(now))

    def note_failure(self, network: str, failure: str, now: datetime) -> None:
        """A network could not be read; since when is kept from the first failure on."""
        self._store.change(
            """insert into cursors values (?1, '', '', ?2, ?3) on conflict (network) do update
            set failed_since = coalesce(failed_since, ?2), failure = ?3""",
            network,
            to_text(now),
            failure,
        )

    def failures(self) -> list[Row]:
        """The networks that could not be read the last time, and since when."""
        return self._store.rows("select network, failed_since, failure from cursors where failed_since is not null")


def to_mention(row: Row) -> Mention:
    """A row of the mentions table as a Mention."""
    return Mention(**{**row, "created_at": to_time(row["created_at"])})


def _to_values(mention: Mention) -> tuple[object, ...]:
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
    )
