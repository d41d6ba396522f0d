"""Posts to counts by hour and bucket of every series: one post belongs to up to eight of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import product

import numpy as np

from assistant.alerts.baseline import BUCKETS_AN_HOUR, WINDOWS, Hours, Numbers, find_peaks
from assistant.alerts.counts import Cell, CountTables, HourRow, find_spans
from assistant.domain import Series

_HOURS_A_ROUND = 50


def recount(tables: CountTables, now: datetime, kept_days: int) -> int:
    """Count the hours anew in which posts were analysed since the last time; returns how many hours.

    At most 50 hours a call, the newest first: after a large import the older ones follow in the next rounds.
    """
    stale = tables.stale_hours(now, kept_days, _HOURS_A_ROUND)
    for first, last in find_spans(stale):
        # The windows that end in the hour after begin in the last one.
        hours = range(first, last + 2)
        tables.keep_hours(hours, list(_count_hours(tables, hours)))
    return len(stale)


def _count_hours(tables: CountTables, hours: range) -> Iterator[HourRow]:
    """Every series' hours that have posts, or windows that reach into them from the hour before."""
    lead = (hours[0] - 1) * BUCKETS_AN_HOUR
    cells = tables.cells(lead, (hours[-1] + 1) * BUCKETS_AN_HOUR)
    for series, buckets in spread(cells, lead, (len(hours) + 1) * BUCKETS_AN_HOUR).items():
        posts = buckets.reshape(-1, BUCKETS_AN_HOUR).sum(axis=1)[1:]
        peaks = find_peaks(buckets)[1:]
        name = (series.network, series.topic, series.sentiment)
        numbers = np.column_stack([np.array(hours), posts, peaks]).astype(np.int64)
        for hour, count, ten_minutes, an_hour in numbers[peaks.any(axis=1)].tolist():
            yield (*name, hour, count, ten_minutes, an_hour)


def spread(cells: Sequence[Cell], first_bucket: int, number: int) -> dict[Series, Numbers]:
    """Posts by bucket for each series that these cells belong to."""
    narrowest: dict[tuple[str, str, str], Numbers] = {}
    for network, topic, sentiment, bucket, posts in cells:
        name = (network, topic, sentiment)
        if name not in narrowest:
            narrowest[name] = np.zeros(number)
        narrowest[name][bucket - first_bucket] += posts
    found: dict[Series, Numbers] = {}
    for name, buckets in narrowest.items():
        for parts in set(product(*(("", part) for part in name))):
            series = Series(*parts)
            found[series] = found[series] + buckets if series in found else buckets
    return found


def read_hours(tables: CountTables, series: Series, first_hour: int, end_hour: int) -> Hours:
    """A series' kept hours from the first on, the end left out; an hour without posts counts as none."""
    number = end_hour - first_hour
    dense = np.zeros((number, 1 + len(WINDOWS)))
    found = np.array(tables.hours_of(series, first_hour, end_hour), dtype=np.int64).reshape(-1, 2 + len(WINDOWS))
    dense[found[:, 0] - first_hour] = found[:, 1:]
    return Hours(dense[:, 0], dense[:, 1:])
