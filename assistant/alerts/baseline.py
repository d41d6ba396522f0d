"""A series' own rhythm: how many posts an hour of the day usually has, and how far its busiest minutes stand out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

BUCKET_MINUTES = 5
BUCKETS_AN_HOUR = 60 // BUCKET_MINUTES
WINDOWS = (2, 12)  # in buckets: ten minutes for a burst, an hour for what swells
HISTORY_DAYS = 28
LEAST_DAYS = 3
_LEAST_SPREAD = 0.3
LEAST_POSTS = 10
_LEAST_RATIO = 2
_SATURDAY = 5
_WEEK = 7 * 24


@dataclass(frozen=True)
class Hours:
    """Whole hours of a series without a gap, oldest first: posts, and the most posts in a window that ended in each.

    `posts` has n numbers, `peaks` n rows of a number for each of WINDOWS. Many series may stand behind one another in
    a first dimension: learning is then many times as fast.
    """

    posts: Numbers
    peaks: Numbers


@dataclass(frozen=True)
class Calendar:
    """The local hour of the day and whether it is a weekend, for as many hours as wanted up to and with the last."""

    hour_of_day: NDArray[np.int64]
    is_weekend: NDArray[np.int64]

    def part(self, start: int, end: int) -> "Calendar":
        """The hours from one place, included, to another."""
        return Calendar(self.hour_of_day[start:end], self.is_weekend[start:end])


def build_calendar(last_hour: int, number: int, zone: ZoneInfo) -> Calendar:
    """Of `number` hours up to and with `last_hour`; an hour's number counts hours since 1970 in UTC."""
    first = datetime.fromtimestamp((last_hour - number + 1) * 3600, UTC)
    moments = [(first + timedelta(hours=step)).astimezone(zone) for step in range(number)]
    return Calendar(
        np.array([moment.hour for moment in moments], dtype=np.int64),
        np.array([moment.weekday() >= _SATURDAY for moment in moments], dtype=np.int64),
    )


@dataclass(frozen=True)
class Rhythm:
    """The usual rhythm of an hour: posts in each of WINDOWS, and the spread of the busiest windows on the root scale.

    Of many series both have a row for each.
    """

    usual: Numbers
    spread: Numbers

    def of(self, place: int) -> "Rhythm":
        """The one of many."""
        return Rhythm(self.usual[place], self.spread[place])

    def score(self, posts: Numbers) -> Numbers:
        """Return how far out windows are: rows of posts in each of WINDOWS to numbers of the same shape."""
        distance = (_root(posts) - _root(self.usual)) / np.maximum(self.spread, _LEAST_SPREAD)
        is_odd = (posts >= LEAST_POSTS) & (posts > _LEAST_RATIO * self.usual)
        return np.where(is_odd, distance, 0.0)


def learn_rhythm(hours: Hours, calendar: Calendar) -> Rhythm | None:
    """The rhythm for the hour after `hours`, which is the last of `calendar`; None of less than LEAST_DAYS.

    Usual is the median over the same hour of the day and its neighbours, on weekdays or at weekends (on all days while
    one of the kinds was seen on fewer than two days), and no less than the busiest minutes that the same hour of the
    week had in most weeks. The spread is the root mean square of how far the busiest windows
    of each hour stood above what is usual: a series that often bursts needs a larger burst. Counts are compared on
    Anscombe's root scale (Biometrika 35, 1948), on which the noise of counts does not depend on their size.
    """
    number = min(hours.posts.shape[-1], HISTORY_DAYS * 24)
    if number < LEAST_DAYS * 24:
        return None
    days = calendar.part(len(calendar.hour_of_day) - number - 1, len(calendar.hour_of_day))
    profile = _find_profile(hours.posts[..., -number:], days)
    windows = np.array(WINDOWS) / BUCKETS_AN_HOUR
    expected = profile[..., days.is_weekend, days.hour_of_day][..., None] * windows
    excess = np.maximum(_root(hours.peaks[..., -number:, :]) - _root(expected[..., :-1, :]), 0)
    usual = np.maximum(expected[..., -1, :], _find_weekly(hours.peaks[..., -number:, :]))
    return Rhythm(usual, np.sqrt(np.mean(excess**2, axis=-2)))


def _find_weekly(peaks: Numbers) -> Numbers:
    """The busiest windows that this hour of the week had in most weeks before; nothing before two weeks are known."""
    number = peaks.shape[-2]
    weeks = [number - _WEEK * week for week in range(1, number // _WEEK + 1)]
    if len(weeks) < 2:
        return np.zeros((*peaks.shape[:-2], len(WINDOWS)))
    lowest_first = np.sort(peaks[..., weeks, :], axis=-2)
    return np.asarray(lowest_first[..., (len(weeks) - 1) // 2, :], dtype=np.float64)


def _find_profile(posts: Numbers, days: Calendar) -> Numbers:
    """Posts an hour, by kind of day and hour of the day."""
    hour_of_day, is_weekend = days.hour_of_day[:-1], days.is_weekend[:-1]
    profile = np.zeros((*posts.shape[:-1], 2, 24))
    for kind in (0, 1):
        is_kind = is_weekend == kind
        if is_kind.sum() < 2 * 24:
            is_kind = np.ones_like(is_kind)
        for hour in range(24):
            is_near = (hour_of_day - hour + 1) % 24 <= 2
            profile[..., kind, hour] = np.median(posts[..., is_near & is_kind], axis=-1)
    return profile


def sum_windows(buckets: Numbers) -> Numbers:
    """Posts by bucket to rows of posts in each of WINDOWS that end with it; what lies before counts as nothing."""
    sums = np.concatenate([[0.0], np.cumsum(buckets)])
    ends = np.arange(1, len(buckets) + 1)
    return np.stack([sums[ends] - sums[np.maximum(ends - size, 0)] for size in WINDOWS], axis=1)


def find_peaks(buckets: Numbers) -> Numbers:
    """Posts by bucket, beginning with a whole hour, to the highest of each window by hour, a row an hour."""
    windows = sum_windows(buckets)
    missing = -len(windows) % BUCKETS_AN_HOUR
    padded = np.concatenate([windows, np.zeros((missing, len(WINDOWS)))])
    peaks: Numbers = padded.reshape(-1, BUCKETS_AN_HOUR, len(WINDOWS)).max(axis=1)
    return peaks


def _root(posts: Numbers) -> Numbers:
    return np.sqrt(posts + 3 / 8)
