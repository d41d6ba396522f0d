"""Tables of posts by hour, counted for every series: each network, topic and sentiment, and each mix of them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from assistant.core.database import Store, to_text, translated_errors
from assistant.domain import Series

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
        """Hours whose posts have to be counted anew, the newest ones, in order; older ones than are kept are let go."""
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
    """When a bucket is over."""
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
