"""Counts to Spikes: every series that has enough posts is held against its own rhythm."""

from collections.abc import Sequence
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from assistant.alerts.counting import read_hours, spread
from assistant.alerts.rhythm import (
    BUCKET_MINUTES,
    BUCKETS_AN_HOUR,
    HISTORY_DAYS,
    LEAST_DAYS,
    LEAST_POSTS,
    WINDOWS,
    Calendar,
    Numbers,
    Rhythm,
    build_calendar,
    learn_rhythm,
    sum_windows,
)
from assistant.alerts.spikes import THRESHOLD
from assistant.domain import Series, Spike
from assistant.store.counts import Cell, CountTables, to_end

_LEAST_HOURS = LEAST_DAYS * 24
_NEW_HOURS = 14 * 24
_HISTORY_HOURS = HISTORY_DAYS * 24


class SpikeFinder:
    """Looks at some buckets once: it keeps what it reads of each hour's rhythm."""

    def __init__(self, tables: CountTables, zone: ZoneInfo) -> None:
        self._tables = tables
        self._zone = zone
        self._since = tables.heard_since()
        self._calendar = cache(self._build_calendar)

    def find(self, first_bucket: int, last_bucket: int) -> dict[int, list[Spike]]:
        """The odd windows that end in these buckets, by bucket, those that are furthest out first."""
        lead = first_bucket - max(WINDOWS) + 1
        cells = self._tables.cells(lead, last_bucket + 1)
        spikes: dict[int, list[Spike]] = {}
        for series, buckets in self._count(cells, lead, last_bucket - lead + 1).items():
            windows = sum_windows(buckets)[first_bucket - lead :]
            for spike, bucket in self._judge(series, windows, first_bucket):
                spikes.setdefault(bucket, []).append(spike)
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

    def _judge(self, series: Series, windows: Numbers, first_bucket: int) -> list[tuple[Spike, int]]:
        found: list[tuple[Spike, int]] = []
        places = np.flatnonzero((windows >= LEAST_POSTS).any(axis=1))
        rhythms: dict[int, Rhythm | None] = {}
        for place in places:
            bucket = first_bucket + int(place)
            hour = bucket // BUCKETS_AN_HOUR
            if hour not in rhythms:
                rhythms[hour] = self.learn(series, hour)
            if rhythm := rhythms[hour]:
                spike = _to_spike(series, bucket, windows[place], rhythm)
                found += [(spike, bucket)] if spike.score > THRESHOLD else []
        return found

    def learn(self, series: Series, hour: int) -> Rhythm | None:
        """A series' rhythm for an hour; None while there is too little history."""
        first_hour = self.find_first_hour(series, hour)
        if first_hour is None or hour - first_hour < _LEAST_HOURS:
            return None
        return learn_rhythm(read_hours(self._tables, series, first_hour, hour), self._calendar(hour))

    def find_first_hour(self, series: Series, hour: int) -> int | None:
        """Where a series' history begins: when its network, or any, was first heard; at most HISTORY_DAYS before."""
        since = self._since.get(series.network) if series.network else min(self._since.values(), default=None)
        return None if since is None else max(since, hour - _HISTORY_HOURS)

    def _build_calendar(self, hour: int) -> Calendar:
        return build_calendar(hour, _HISTORY_HOURS + 1, self._zone)


def _to_spike(series: Series, bucket: int, posts: Numbers, rhythm: Rhythm) -> Spike:
    scores = rhythm.score(posts)
    window = int(np.argmax(scores))
    minutes = WINDOWS[window] * BUCKET_MINUTES
    return Spike(
        series=series,
        at=to_end(bucket),
        minutes=minutes,
        posts=int(posts[window]),
        usual=round(float(rhythm.usual[window]), 1),
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
