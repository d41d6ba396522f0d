"""Changes of mentions on their networks: they come, are edited, and are deleted, here as there.

Tables of how far each network was read, and since when one could not be read.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Mention, ThreadPost
from assistant.domain.outside import POST, bound
from assistant.errors import NetworkError, TransientNetworkError
from assistant.listening.tables.posts import INSERT, to_values

_EDITED = "The post was edited after this draft was made: read it again."
_REMOVED = "The post was deleted on its network."
_RECHECK_DAYS = 3
_RECHECK_HOURS = 6


ForgetLessons = Callable[[Store, str], None]
"""Takes back what the replies to these posts (JSON of ids) taught, in the transaction that removes them."""


@dataclass(frozen=True)
class KeptUpstream:
    """The result of taking mentions in. `stale_drafts` are ids of drafts that their edits made stale."""

    new: int
    known: int
    edited: tuple[str, ...] = ()
    stale_drafts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Removed:
    """The mentions that were removed (vectors must follow), and the waiting drafts that became stale with them."""

    mention_ids: tuple[str, ...] = ()
    stale_drafts: tuple[int, ...] = ()


class UpstreamTables:
    """Takes in what the networks say about mentions."""

    def __init__(self, store: Store, forget_lessons: ForgetLessons) -> None:
        self._store = store
        self._forget_lessons = forget_lessons

    def keep(self, mentions: Sequence[Mention], now: datetime, is_export: bool = False) -> KeptUpstream:
        """Keep new mentions; a known one with another text was edited, and is to be analysed and drafted again.

        What was removed stays removed, an older version never replaces a newer one, and of two with one id the first
        counts, but for one that says that it was edited later. With `is_export` only those that say when they were
        edited are: two exports may use the same numbers.
        """
        new, edited, stale = 0, [], []
        seen: set[str] = set()
        with self._store.transaction() as db:
            for mention in mentions:
                if mention.mention_id in seen and mention.edited_at is None:
                    continue
                seen.add(mention.mention_id)
                if db.execute(INSERT, (*to_values(mention), to_text(now))).rowcount:
                    new += 1
                elif (mention.edited_at or not is_export) and self._edit(mention, now):
                    edited.append(mention.mention_id)
                    stale += self._make_stale(mention.mention_id, _EDITED, now)
        return KeptUpstream(new, len(mentions) - new - len(edited), tuple(edited), tuple(stale))

    def remove(self, mention_ids: Sequence[str], now: datetime, note: str = _REMOVED) -> Removed:
        """Take text, author and all that was found out about these mentions away; the only place that does.

        The bare row stays, so that a post is not taken in again, and so do sent replies and the decisions on drafts.
        """
        removed, stale = [], []
        with self._store.transaction():
            for mention_id in mention_ids:
                if self._bury(mention_id, now, note):
                    removed.append(mention_id)
                    stale += self._make_stale(mention_id, note, now)
            self._drop_orphans()
        return Removed(tuple(removed), tuple(stale))

    def keep_parents(self, posts: Sequence[ThreadPost]) -> None:
        """Keep posts that mentions answer, as they are now; what was removed stays removed."""
        rows = [
            (p.network, p.external_id, p.author, p.text, to_text(p.created_at), p.in_reply_to, p.author_id)
            for p in posts
        ]
        self._store.change_many(
            """insert or replace into parent_posts select ?1, ?2, ?3, ?4, ?5, ?6, ?7 where not exists
            (select 1 from mentions where network = ?1 and external_id = ?2 and removed_at is not null)""",
            rows,
        )

    def to_recheck(self, network: str, now: datetime, limit: int) -> tuple[str, ...]:
        """External ids of mentions that are young or have a draft that waits, not looked at again for some hours."""
        rows = self._store.rows(
            """select external_id from mentions m where network = ? and removed_at is null
            and coalesce(rechecked_at, collected_at) <= ? and (created_at >= ? or exists
            (select 1 from drafts d where d.mention_id = m.mention_id and d.status in ('pending', 'approved')))
            order by coalesce(rechecked_at, collected_at) limit ?""",
            network,
            to_text(now - timedelta(hours=_RECHECK_HOURS)),
            to_text(now - timedelta(days=_RECHECK_DAYS)),
            limit,
        )
        return tuple(row["external_id"] for row in rows)

    def note_rechecked(self, network: str, external_ids: Sequence[str], now: datetime) -> None:
        """These were looked at again now."""
        self._store.change_many(
            "update mentions set rechecked_at = ? where network = ? and external_id = ?",
            [(to_text(now), network, external_id) for external_id in external_ids],
        )

    def _edit(self, mention: Mention, now: datetime) -> bool:
        """Bring a known mention up to date; whether its text is another one now."""
        known = self._store.row(
            "select text, edited_at, removed_at from mentions where mention_id = ?", mention.mention_id
        )
        if known is None or known["removed_at"] or _is_older(mention, known):
            return False
        # A row from before posts were bounded holds the whole text: that alone is no edit.
        is_edited = mention.text != bound(known["text"], POST)
        edited_at = to_text(mention.edited_at or now) if is_edited else known["edited_at"]
        self._store.change(
            """update mentions set text = ?, edited_at = ?, engagement = coalesce(?, engagement),
            followers = coalesce(?, followers), author_id = coalesce(author_id, ?), lang = iif(?, ?, coalesce(?, lang))
            where mention_id = ?""",
            mention.text,
            edited_at,
            mention.engagement,
            mention.followers,
            mention.author_id,
            is_edited,
            mention.lang,
            mention.lang,
            mention.mention_id,
        )
        if is_edited:
            self._drop_analysis(mention.mention_id)
        return is_edited

    def _bury(self, mention_id: str, now: datetime, note: str) -> bool:
        self._drop_analysis(mention_id)
        sql = """update mentions set author = '', author_id = null, text = '', lang = null, location = null, url = null,
            followers = null, engagement = null, removed_at = ? where mention_id = ? and removed_at is null"""
        is_new = bool(self._store.change(sql, to_text(now), mention_id))
        if is_new:
            self._drop_words_of(mention_id, note)
        return is_new

    def _drop_words_of(self, mention_id: str, note: str) -> None:
        """What drafts keep of the post's own words: how it was when they were made, and notes on how it changed."""
        theirs = "draft_id in (select draft_id from drafts where mention_id = ?)"
        self._store.change(f"delete from baselines where {theirs}", mention_id)
        self._store.change("update drafts set note = ? where mention_id = ? and status = 'stale'", note, mention_id)
        self._forget_lessons(self._store, json.dumps([mention_id]))

    def _drop_analysis(self, mention_id: str) -> None:
        for table in ("analyses", "mention_words"):
            self._store.change(f"delete from {table} where mention_id = ?", mention_id)

    def _make_stale(self, mention_id: str, note: str, now: datetime) -> list[int]:
        """Drafts that wait for a decision or to be sent; one that is being sent has gone too far."""
        waiting = "select draft_id from drafts where mention_id = ? and status in ('pending', 'approved')"
        rows = self._store.rows(waiting, mention_id)
        for row in rows:
            sql = "update drafts set status = 'stale', note = trim(? || ' ' || note), changed_at = ? where draft_id = ?"
            self._store.change(sql, note, to_text(now), row["draft_id"])
        return [row["draft_id"] for row in rows]

    def _drop_orphans(self) -> None:
        self._store.change(
            """delete from parent_posts where not exists (select 1 from mentions m
            where m.network = parent_posts.network and m.in_reply_to = parent_posts.external_id
            and m.removed_at is null)"""
        )


def find_limit(retention_days: int, now: datetime) -> datetime | None:
    """Posts from before this moment are not kept; None, for 0 days, keeps all."""
    return now - timedelta(days=retention_days) if retention_days else None


def _is_older(mention: Mention, known: Row) -> bool:
    return bool(known["edited_at"] and mention.edited_at and mention.edited_at < to_time(known["edited_at"]))


@dataclass(frozen=True)
class Coverage:
    """The coverage of a network: `failed_since` and `failure` when it could not be read, `is_capped` when it lags."""

    network: str
    read_at: datetime | None
    failed_since: datetime | None = None
    failure: str = ""
    hint: str = ""
    retry_at: datetime | None = None
    is_capped: bool = False


class CursorTables:
    """Reads and writes cursors."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def cursor(self, network: str) -> str:
        """Return the cursor up to which a network was read; empty before the first time."""
        return str(self._store.value("select cursor from cursors where network = ?", network) or "")

    def coverage(self, network: str) -> Coverage:
        """Return the coverage of one network."""
        row = self._store.row("select * from cursors where network = ?", network)
        return _to_coverage(row) if row else Coverage(network, None)

    def note_read(self, network: str, cursor: str, now: datetime, is_capped: bool = False) -> None:
        """A network was read up to here, and nothing of it failed."""
        self._store.change(
            """insert or replace into cursors (network, cursor, read_at, is_capped) values (?, ?, ?, ?)""",
            network,
            cursor,
            to_text(now),
            is_capped,
        )

    def note_partial(self, network: str, cursor: str, now: datetime, error: NetworkError, is_capped: bool) -> None:
        """A part of a network was read up to here, another part failed; since when is kept."""
        with self._store.transaction():
            before = self.coverage(network).failed_since
            self.note_read(network, cursor, now, is_capped)
            self.note_failure(network, error.message, before or now, error.hint, find_retry_at(error))

    def note_failure(
        self, network: str, failure: str, now: datetime, hint: str = "", retry_at: datetime | None = None
    ) -> None:
        """A network could not be read; since when is kept from the first failure on."""
        self._store.change(
            """insert into cursors (network, cursor, read_at, failed_since, failure, hint, retry_at)
            values (?1, '', '', ?2, ?3, ?4, ?5) on conflict (network) do update
            set failed_since = coalesce(failed_since, ?2), failure = ?3, hint = ?4, retry_at = ?5""",
            network,
            to_text(now),
            failure,
            hint,
            to_text(retry_at) if retry_at else None,
        )

    def coverages(self) -> list[Coverage]:
        """Return the coverage of each network that was ever tried."""
        return [_to_coverage(row) for row in self._store.rows("select * from cursors order by network")]


def find_retry_at(error: NetworkError) -> datetime | None:
    """Before which moment the platform wants no further question, if it said so."""
    return error.retry_at if isinstance(error, TransientNetworkError) else None


def _to_coverage(row: Row) -> Coverage:
    return Coverage(
        network=row["network"],
        read_at=_to_time(row["read_at"]),
        failed_since=_to_time(row["failed_since"]),
        failure=row["failure"] or "",
        hint=row["hint"] or "",
        retry_at=_to_time(row["retry_at"]),
        is_capped=bool(row["is_capped"]),
    )


def _to_time(text: str | None) -> datetime | None:
    return to_time(text) if text else None


class DeliveryTables:
    """Remembers which signed requests were handled, for as long as they could be sent again."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def is_known(self, signature: str) -> bool:
        """Return whether this request was handled before."""
        return bool(self._store.value("select 1 from deliveries where signature = ?", signature))

    def note(self, signature: str, now: datetime, window: timedelta) -> None:
        """This request was handled; those that are too old to be sent again are forgotten."""
        with self._store.transaction() as db:
            db.execute("delete from deliveries where taken_at < ?", (to_text(now - 2 * window),))
            db.execute("insert or ignore into deliveries values (?, ?)", (signature, to_text(now)))
