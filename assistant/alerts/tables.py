"""Tables of alerts: each is written down before it is told, so that none is told twice."""

import json
from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Alert, AlertKind, Series
from assistant.errors import InputError

_COLUMNS = """alert_id, kind, network, topic, sentiment, at, posts, is_severe, found_at, minutes, usual, score, also,
    posted_at"""
_WAITING = """
    select m.mention_id from mentions m join analyses a on a.mention_id = m.mention_id
    where m.collected_at >= ? and m.collected_at <= ? and a.action = 'reply' and m.removed_at is null
    and not exists (select 1 from sla_warnings w where w.mention_id = m.mention_id)
    and not exists (select 1 from replies r where r.mention_id = m.mention_id)
    and not exists (select 1 from drafts d where d.mention_id = m.mention_id
        and d.status in ('sending', 'sent', 'unknown', 'rejected'))
    order by m.collected_at, m.mention_id
"""


class AlertTables:
    """Reads and writes alerts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, key: str, alert: Alert, last_bucket: int = 0) -> int | None:
        """Keep an alert under its key, with the mentions it warns of; None when the key is known already."""
        with self._store.transaction() as db:
            cursor = db.execute(
                "insert or ignore into alerts (alert_key, kind, network, topic, sentiment, at, posts, is_severe,"
                f" found_at, minutes, usual, score, also, last_bucket) values ({', '.join('?' * 14)})",
                (
                    *(key, alert.kind, *astuple(alert.series), to_text(alert.at), alert.posts, alert.is_severe),
                    *(to_text(alert.found_at), alert.minutes, alert.usual, alert.score),
                    *(json.dumps([astuple(series) for series in alert.also]), last_bucket),
                ),
            )
            if not cursor.rowcount:
                return None
            alert_id = int(cursor.lastrowid or 0)
            warned = [(mention_id, alert_id) for mention_id in alert.mention_ids]
            db.conn.executemany("insert or ignore into sla_warnings values (?, ?)", warned)
            return alert_id

    def find(self, alert_id: int) -> Alert:
        """An alert by its number. Raises InputError."""
        row = self._store.row(f"select {_COLUMNS} from alerts where alert_id = ?", alert_id)
        if row is None:
            raise InputError(f"There is no alert {alert_id}.", "earshot alerts lists them.")
        return self._to_alert(row)

    def since(self, moment: datetime) -> list[Alert]:
        """Alerts from a moment on, newest first."""
        sql = f"select {_COLUMNS} from alerts where at >= ? order by at desc, alert_id desc"
        return [self._to_alert(row) for row in self._store.rows(sql, to_text(moment))]

    def unposted(self, since: datetime) -> list[Alert]:
        """Alerts found since a moment that nobody was told yet, oldest first."""
        sql = f"select {_COLUMNS} from alerts where posted_at is null and found_at >= ? order by alert_id"
        return [self._to_alert(row) for row in self._store.rows(sql, to_text(since))]

    def note_posted(self, alert_id: int, now: datetime) -> None:
        """An alert was told."""
        self._store.change("update alerts set posted_at = ? where alert_id = ?", to_text(now), alert_id)

    def told(self, since_bucket: int) -> list[tuple[Alert, int]]:
        """Spikes that were odd since a bucket, with the last bucket in which they were, oldest first."""
        rows = self._store.rows(
            f"select {_COLUMNS}, last_bucket from alerts where kind = 'spike' and last_bucket >= ? order by alert_id",
            since_bucket,
        )
        return [(self._to_alert(row), row["last_bucket"]) for row in rows]

    def prolong(self, alert_id: int, last_bucket: int) -> None:
        """A spike that was told goes on."""
        sql = "update alerts set last_bucket = max(last_bucket, ?) where alert_id = ?"
        self._store.change(sql, last_bucket, alert_id)

    def waiting(self, since: datetime, until: datetime) -> list[str]:
        """Mentions found in a time that want a reply, have none, and were not warned of; the oldest first."""
        return [row["mention_id"] for row in self._store.rows(_WAITING, to_text(since), to_text(until))]

    def spike_mentions(self, series: Series, start: datetime, end: datetime, most: int) -> list[str]:
        """Ids of a series' posts of a time: those most people saw and answered first, negative ones before others."""
        rows = self._store.rows(
            f"""select m.mention_id from mentions m join analyses a on a.mention_id = m.mention_id
            left join findings f on f.mention_id = m.mention_id and f.about = 'topic'
            where m.created_at >= ? and m.created_at <= ? and m.removed_at is null and {IN_SERIES}
            order by a.sentiment = 'negative' desc, coalesce(m.engagement, 0) desc, coalesce(m.followers, 0) desc,
            m.created_at, m.mention_id limit ?""",
            to_text(start),
            to_text(end),
            *series_values(series),
            most,
        )
        return [row["mention_id"] for row in rows]

    def _to_alert(self, row: Row) -> Alert:
        sql = "select mention_id from sla_warnings where alert_id = ? order by mention_id"
        ids: Sequence[Row] = self._store.rows(sql, row["alert_id"]) if row["kind"] == AlertKind.SLA else ()
        return Alert(
            alert_id=row["alert_id"],
            kind=AlertKind(row["kind"]),
            series=_to_series(row),
            at=to_time(row["at"]),
            posts=row["posts"],
            is_severe=bool(row["is_severe"]),
            found_at=to_time(row["found_at"]),
            minutes=row["minutes"],
            usual=row["usual"],
            score=row["score"],
            also=tuple(Series(*parts) for parts in json.loads(row["also"])),
            posted_at=to_time(row["posted_at"]) if row["posted_at"] else None,
            mention_ids=tuple(one["mention_id"] for one in ids),
        )


IN_SERIES = """(? = '' or m.network = ?) and (? = '' or f.label = ?) and (? = '' or a.sentiment = ?)
    and not exists (select 1 from mention_brands b where b.mention_id = m.mention_id
        group by b.mention_id having max(b.is_ours) = 0)"""
"""A post `m`, its analysis `a` and its topic `f` belong to a series, whose `series_values` are bound.

Posts about competitors alone belong to none.
"""


def series_values(series: Series) -> tuple[str, ...]:
    """What IN_SERIES binds."""
    return tuple(part for part in astuple(series) for _ in range(2))


def _to_series(row: Row) -> Series:
    return Series(row["network"], row["topic"], row["sentiment"])
