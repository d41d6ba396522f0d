"""Spikes worth an alert: the first of many odd moments, and one that is far worse than the last one reported.

Posts to counts by hour and bucket of every series: one post belongs to up to eight of them.

Counts to Spikes: every series that has enough posts is held against its own rhythm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np

from assistant.alerts.baseline import (
    BUCKET_MINUTES,
    BUCKETS_AN_HOUR,
    HISTORY_DAYS,
    LEAST_POSTS,
    WINDOWS,
    Hours,
    Numbers,
    Rhythm,
    build_calendar,
    find_peaks,
    learn_rhythm,
    sum_windows,
)
from assistant.alerts.tables import Cell, CountTables, HourRow, find_spans, to_end
from assistant.domain import Series, Spike

THRESHOLD = 5.5
QUIET_BUCKETS = 24 * BUCKETS_AN_HOUR
_FAR_WORSE = 2.0


@dataclass(frozen=True)
class Told:
    """The last report on a series: its bucket and score, and the last bucket that was odd."""

    bucket: int
    score: float
    last_bucket: int


def is_news(bucket: int, score: float, told: Told | None) -> bool:
    """Return whether an odd bucket is news: after a calm day, or when it is twice as bad an hour or more later.

    Within the hour a spike only shows its height: that is the spike that was told.
    """
    if told is None or bucket - told.last_bucket > QUIET_BUCKETS:
        return True
    return score > _FAR_WORSE * told.score and bucket - told.bucket >= BUCKETS_AN_HOUR


def pick_news(scores: Sequence[float], threshold: float = THRESHOLD) -> list[int]:
    """The buckets of a whole series that are told, in order; `scores` has one number a bucket."""
    told: Told | None = None
    picked = []
    for bucket, score in enumerate(scores):
        if score <= threshold:
            continue
        if told is None or is_news(bucket, score, told):
            picked.append(bucket)
            told = Told(bucket, score, bucket)
        else:
            told = replace(told, last_bucket=bucket)
    return picked


_HOURS_A_ROUND = 50


def recount(tables: CountTables, now: datetime, kept_days: int) -> int:
    """Count again the hours in which posts were analysed since the last time; returns how many hours.

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


_NEW_HOURS = 14 * 24


class SpikeFinder:
    """Looks at some buckets, each with what was known before its hour."""

    def __init__(self, tables: CountTables, zone: ZoneInfo) -> None:
        self._tables = tables
        self._zone = zone
        self._since = tables.heard_since()

    def find(self, first_bucket: int, last_bucket: int) -> dict[int, list[Spike]]:
        """The odd windows that end in these buckets, by bucket, those that are furthest out first."""
        lead = first_bucket - max(WINDOWS) + 1
        cells = self._tables.cells(lead, last_bucket + 1)
        counted = self._count(cells, lead, last_bucket - lead + 1)
        windows = {series: sum_windows(buckets)[first_bucket - lead :] for series, buckets in counted.items()}
        busy = {series: found for series, found in windows.items() if (found >= LEAST_POSTS).any()}
        spikes: dict[int, list[Spike]] = {}
        for hour in range(first_bucket // BUCKETS_AN_HOUR, last_bucket // BUCKETS_AN_HOUR + 1):
            start = max(hour * BUCKETS_AN_HOUR, first_bucket)
            rows = slice(start - first_bucket, (hour + 1) * BUCKETS_AN_HOUR - first_bucket)
            for series, rhythm in self._learn([one for one in busy if (busy[one][rows] >= LEAST_POSTS).any()], hour):
                scores = rhythm.score(busy[series][rows])
                for place in np.flatnonzero((scores > THRESHOLD).any(axis=1)).tolist():
                    spike = _to_spike(series, start + place, busy[series][rows][place], rhythm.usual, scores[place])
                    spikes.setdefault(start + place, []).append(spike)
        return {bucket: sorted(spikes[bucket], key=lambda spike: -spike.score) for bucket in sorted(spikes)}

    def _count(self, cells: Sequence[Cell], lead: int, number: int) -> dict[Series, Numbers]:
        """Series over all networks leave those out that are newly listened to: their posts are no one's spike."""
        new = self._find_new(lead // BUCKETS_AN_HOUR)
        old = [cell for cell in cells if cell[0] not in new]
        counted = spread(old, lead, number)
        own = spread([cell for cell in cells if cell[0] in new], lead, number)
        return counted | {series: buckets for series, buckets in own.items() if series.network}

    def _find_new(self, hour: int) -> set[str]:
        """Networks that were added more than a day after the first one, and less than two weeks ago."""
        first = min(self._since.values(), default=hour)
        return {name for name, since in self._since.items() if since > first + 24 and hour - since < _NEW_HOURS}

    def _learn(self, wanted: Sequence[Series], hour: int) -> Iterator[tuple[Series, Rhythm]]:
        """Rhythms for an hour, those with as long a history together; none where it is too short."""
        by_start: dict[int, list[Series]] = {}
        for series in wanted:
            by_start.setdefault(self._find_start(series, hour), []).append(series)
        for start, group in by_start.items():
            hours = [read_hours(self._tables, series, start, hour) for series in group]
            calendar = build_calendar(hour, hour - start + 1, self._zone)
            known = Hours(np.stack([one.posts for one in hours]), np.stack([one.peaks for one in hours]))
            rhythm = learn_rhythm(known, calendar)
            if rhythm:
                yield from ((series, rhythm.of(place)) for place, series in enumerate(group))

    def _find_start(self, series: Series, hour: int) -> int:
        """Where a series' history begins: when its network, or any, was first heard; at most HISTORY_DAYS before."""
        since = self._since.get(series.network, hour) if series.network else min(self._since.values(), default=hour)
        return min(max(since, hour - HISTORY_DAYS * 24), hour)


def _to_spike(series: Series, bucket: int, posts: Numbers, usual: Numbers, scores: Numbers) -> Spike:
    window = int(np.argmax(scores))
    return Spike(
        series=series,
        at=to_end(bucket),
        minutes=WINDOWS[window] * BUCKET_MINUTES,
        posts=int(posts[window]),
        usual=round(float(usual[window]), 1),
        score=round(float(scores[window]), 2),
    )


def pick_headline(spikes: Sequence[Spike]) -> Spike:
    """The one to name: of those nearly as far out as the furthest, the narrowest series says most."""
    near = [spike for spike in spikes if spike.score >= 0.6 * max(one.score for one in spikes)]
    return max(near, key=lambda spike: (_count_parts(spike.series), spike.score))


def group_spikes(spikes: Sequence[Spike]) -> list[list[Spike]]:
    """Spikes of one moment, furthest out first, to groups that may be the same posts."""
    groups: list[list[Spike]] = []
    left = list(spikes)
    while left:
        headline = pick_headline(left)
        groups.append([headline, *(s for s in left if s is not headline and s.series.is_compatible(headline.series))])
        left = [spike for spike in left if not spike.series.is_compatible(headline.series)]
    return groups


def _count_parts(series: Series) -> int:
    return bool(series.network) + bool(series.topic) + bool(series.sentiment)
