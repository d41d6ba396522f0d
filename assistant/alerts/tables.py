"""Tables of alerts: each is written down before it is told, so that none is told twice.

Tables of posts by hour, counted for every series: each network, topic and sentiment, and each mix of them.
"""

import json
from collections.abc import Sequence
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from itertools import groupby

from assistant.core.database import Row, Store, to_text, to_time, translated_errors
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
            raise InputError(f"There is no alert {alert_id}.", "earshot alerts lists them.", in_slack="")
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
    """Return the values that IN_SERIES binds."""
    return tuple(part for part in astuple(series) for _ in range(2))


def _to_series(row: Row) -> Series:
    return Series(row["network"], row["topic"], row["sentiment"])


BUCKET_SECONDS = 300
_HOUR_SECONDS = 3600
_KEPT_HOURS = 24 * 35

Cell = tuple[str, str, str, int, int]
"""Network, topic, sentiment, bucket (five minutes, counted since 1970 in UTC), posts."""
HourRow = tuple[str, str, str, int, int, int, int]
"""Network, topic, sentiment, hour (counted since 1970 in UTC), posts, most in ten minutes, most in an hour."""

_CELLS = """
    select m.network, coalesce(nullif(f.label, 'none'), '') as topic, a.sentiment,
    cast(strftime('%s', m.created_at) as integer) / 300 as bucket, count(*) as posts
    from mentions m join analyses a on a.mention_id = m.mention_id
    left join findings f on f.mention_id = m.mention_id and f.about = 'topic'
    where m.created_at >= ? and m.created_at < ?
    and not exists (select 1 from mention_brands b where b.mention_id = m.mention_id
        group by b.mention_id having max(b.is_ours) = 0)
    group by 1, 2, 3, 4
"""


class CountTables:
    """Reads and writes counts. Buckets and hours are numbered since 1970 in UTC."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def cells(self, first_bucket: int, end_bucket: int) -> list[Cell]:
        """Posts by network, topic, sentiment and bucket, the end left out."""
        rows = self._store.rows(_CELLS, _to_start(first_bucket), _to_start(end_bucket))
        return [(row["network"], row["topic"], row["sentiment"], row["bucket"], row["posts"]) for row in rows]

    def stale_hours(self, now: datetime, kept_days: int, most: int) -> list[int]:
        """Hours whose posts have to be counted again, the newest, in order; those older than are kept are dropped."""
        oldest = to_hour(now) - min(_KEPT_HOURS, kept_days * 24 if kept_days else _KEPT_HOURS)
        # An hour from which retention has taken posts would be counted too low.
        self._store.change("delete from stale_hours where hour <= ?", oldest)
        sql = "select hour from stale_hours where hour <= ? order by hour desc limit ?"
        return sorted(row["hour"] for row in self._store.rows(sql, to_hour(now), most))

    def keep_hours(self, hours: Sequence[int], rows: Sequence[HourRow]) -> None:
        """Put these counts in the place of what was kept of the hours, which are stale no more."""
        wanted = json.dumps(list(hours))
        these = "hour in (select value from json_each(?))"
        with self._store.transaction() as db:
            db.execute(f"delete from series_hours where {these}", (wanted,))
            db.conn.executemany("insert into series_hours values (?, ?, ?, ?, ?, ?, ?)", rows)
            firsts = _find_firsts(rows)
            sql = "insert into heard_since values (?, ?) on conflict do update set hour = min(hour, excluded.hour)"
            db.conn.executemany(sql, list(firsts.items()))
            db.execute(f"delete from stale_hours where {these}", (wanted,))

    def prune(self, now: datetime) -> None:
        """Drop the counts that no rhythm is learned from any more."""
        self._store.change("delete from series_hours where hour < ?", to_hour(now) - _KEPT_HOURS)

    def hours_of(self, series: Series, first_hour: int, end_hour: int) -> list[tuple[int, int, int, int]]:
        """Hour, posts, most in ten minutes and most in an hour, those hours with none left out."""
        # Rows as they are, for all series of a round: dictionaries would take most of its time.
        with translated_errors(self._store.path):
            found: list[tuple[int, int, int, int]] = self._store.db.execute(
                "select hour, posts, most_in_ten_minutes, most_in_an_hour from series_hours"
                " where network = ? and topic = ? and sentiment = ? and hour >= ? and hour < ?",
                (series.network, series.topic, series.sentiment, first_hour, end_hour),
            ).fetchall()
        return found

    def heard_since(self) -> dict[str, int]:
        """By network, the hour of the first post that was counted."""
        return {row["network"]: row["hour"] for row in self._store.rows("select network, hour from heard_since")}

    def series(self, since_hour: int) -> dict[Series, int]:
        """Posts of each series since an hour, most first."""
        rows = self._store.rows(
            "select network, topic, sentiment, sum(posts) as posts from series_hours where hour >= ?"
            " group by 1, 2, 3 order by 4 desc, 1, 2, 3",
            since_hour,
        )
        return {Series(row["network"], row["topic"], row["sentiment"]): row["posts"] for row in rows}


def to_hour(moment: datetime) -> int:
    """The hour's number, counted since 1970 in UTC."""
    return int(moment.timestamp()) // _HOUR_SECONDS


def to_bucket(moment: datetime) -> int:
    """The number of five minutes, counted since 1970 in UTC."""
    return int(moment.timestamp()) // BUCKET_SECONDS


def to_end(bucket: int) -> datetime:
    """Return the end of a bucket."""
    return datetime.fromtimestamp((bucket + 1) * BUCKET_SECONDS, UTC)


def find_spans(hours: Sequence[int]) -> list[tuple[int, int]]:
    """Rising numbers as (first, last) of those that follow one another."""
    spans = []
    for _, run in groupby(enumerate(hours), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        spans.append((numbers[0], numbers[-1]))
    return spans


def _to_start(bucket: int) -> str:
    return to_text(datetime.fromtimestamp(0, UTC) + timedelta(seconds=bucket * BUCKET_SECONDS))


def _find_firsts(rows: Sequence[HourRow]) -> dict[str, int]:
    hours: dict[str, int] = {}
    for network, _, _, hour, *_ in rows:
        if network:
            hours[network] = min(hour, hours.get(network, hour))
    return hours
