"""Posts to counts by hour and bucket of every series: one post belongs to up to eight of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import product

import numpy as np

from assistant.alerts.rhythm import BUCKETS_AN_HOUR, WINDOWS, Hours, Numbers, find_peaks
from assistant.domain import Series
from assistant.store.counts import Cell, CountTables, HourRow, find_spans

_HOURS_A_ROUND = 200


def recount(tables: CountTables, now: datetime, kept_days: int) -> int:
    """Count the hours anew in which posts were analysed since the last time; returns how many hours.

    At most 200 hours a call, the newest first: after a large import the older ones follow in the next rounds.
    """
    stale = tables.stale_hours(now, kept_days, _HOURS_A_ROUND)
    for first, last in find_spans(stale):
        # The windows that end in the hour after begin in the last one.
        hours = range(first, last + 2)
        rows = list(_count_hours(tables, hours))
        tables.keep_hours(hours, rows, now)
    return len(stale)


def _count_hours(tables: CountTables, hours: range) -> Iterator[HourRow]:
    """Every series' hours that have posts, or peaks from the hour before."""
    lead = (hours[0] - 1) * BUCKETS_AN_HOUR
    cells = tables.cells(lead, hours[-1] * BUCKETS_AN_HOUR + BUCKETS_AN_HOUR)
    for series, buckets in spread(cells, lead, (len(hours) + 1) * BUCKETS_AN_HOUR).items():
        posts = buckets.reshape(-1, BUCKETS_AN_HOUR).sum(axis=1)[1:]
        peaks = find_peaks(buckets)[1:]
        for place in np.flatnonzero(peaks.any(axis=1)):
            yield series, hours[int(place)], int(posts[place]), [int(peak) for peak in peaks[place]]


def spread(cells: Sequence[Cell], first_bucket: int, number: int) -> dict[Series, Numbers]:
    """Posts by bucket for each series that these cells belong to."""
    found: dict[Series, Numbers] = {}
    for network, topic, sentiment, bucket, posts in cells:
        for parts in _list_parts(network, topic, sentiment):
            series = Series(*parts)
            if series not in found:
                found[series] = np.zeros(number)
            found[series][bucket - first_bucket] += posts
    return found


def _list_parts(network: str, topic: str, sentiment: str) -> set[tuple[str, ...]]:
    return set(product(("", network), ("", topic), ("", sentiment)))


def read_hours(tables: CountTables, series: Series, first_hour: int, end_hour: int) -> Hours:
    """A series' kept hours from the first on, the end left out; an hour without posts counts as none."""
    number = end_hour - first_hour
    posts, peaks = np.zeros(number), np.zeros((number, len(WINDOWS)))
    for hour, (count, highest) in tables.hours_of(series, first_hour, end_hour).items():
        posts[hour - first_hour] = count
        peaks[hour - first_hour] = highest
    return Hours(posts, peaks)
