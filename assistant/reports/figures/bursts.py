"""Bursts: stretches of hours in which far more is posted about one thing than usual, and the posts that belong to it.

A burst is found by its counts, in all posts or in those that share a word or a place, against the same hours of the
other days. Its posts are told from those that came at the same time by their words and places: the words that are
used within the burst and hardly outside speak for it (naive Bayes, whose odds and words are estimated in turns).
No language and no topic needs to be known.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.reports.figures.topics import compare_shares

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

_LENGTHS = (1, 2, 3, 4, 6, 8, 12, 18, 24, 36)
_DAY, _DAYS = 24, 7
_LEAST_DAYS, _UNKNOWN = 3, 1e9
_LEAST_POSTS, _LEAST_PEOPLE = 8, 5
_LEAST_RATIO, _LEAST_USUAL = 2.5, 0.5
# Twice the log likelihood ratio: all posts are one series, places and words are many that chance may choose from.
_SURE, _SURE_OF_A_SERIES = 25.0, 40.0
_NEAR = 0.6  # a series that stands out nearly as far as the furthest; the widest of them is taken
_SURE_OF_A_THING, _LEAST_WORDS = 7.88, 2  # chi square, one in two hundred: people share words, not only an hour
_MOST_BURSTS = 5
_ROUNDS = 6
_ECHO_HOURS = 12
_LATE_ODDS = -3.0  # days after it, a post must say plainly that it is about the same
_NOWHERE_ODDS = -0.5  # one without a place must say something
_LEAST_USES = 3
_WORD_LIMITS = (-1.5, 2.0)
_ALL_LIMITS = (-4.0, 6.0)
_COMMON = 3  # a word in more than a third of all posts names the company or its trade


@dataclass(frozen=True)
class CountedPost:
    """A post as it is counted: `hour` since the beginning, and `answers`, the id of the post that it replies to."""

    mention_id: str
    hour: float
    person: str
    place: str
    words: frozenset[str]
    answers: str = ""


@dataclass(frozen=True)
class Burst:
    """A burst: when most of it came, its posts by their places, oldest first, and the words that tell it apart."""

    first_hour: int
    end_hour: int
    posts: tuple[int, ...]
    weights: dict[str, float]


def find_bursts(posts: Sequence[CountedPost], first_hour: int, end_hour: int) -> list[Burst]:
    """The bursts that begin within some hours, the largest first; earlier posts tell what is usual."""
    found: list[Burst] = []
    left = np.ones(len(posts), dtype=bool)
    while len(found) < _MOST_BURSTS and (window := _find_window(posts, left, first_hour, end_hour)):
        burst = _gather(posts, left, window, end_hour) if _shares_words(posts, window) else None
        left[list(window.posts)] = False  # what comes to nothing is not found again
        if burst is None:
            continue
        left[list(burst.posts)] = False
        people = {posts[place].person for place in burst.posts}
        if len(burst.posts) >= _LEAST_POSTS and len(people) >= _LEAST_PEOPLE:
            found.append(burst)
    return sorted(found, key=lambda one: -len(one.posts))


@dataclass(frozen=True)
class _Window:
    score: float
    first_hour: int
    end_hour: int
    slice: Flags
    posts: tuple[int, ...]


def _find_window(posts: Sequence[CountedPost], left: Flags, first_hour: int, end_hour: int) -> _Window | None:
    """The stretch of some series that stands out most: of all posts first, then of a place, then of a word."""
    hours = np.array([post.hour for post in posts])
    begun = int(hours.min()) if len(posts) else 0
    everything = np.ones(len(posts), dtype=bool)
    for slices in ([everything, *_list_places(posts)], _list_words(posts, left)):
        found = []
        for series in slices:
            flags, least = series & left, _SURE if series is everything else _SURE_OF_A_SERIES
            counts = np.bincount(hours[flags].astype(int), minlength=end_hour).astype(float)[:end_hour]
            score, first, end = _score(counts, begun, first_hour)
            if score >= least:
                inside = tuple(np.flatnonzero(flags & (hours >= first) & (hours < end)).tolist())
                found.append(_Window(score, first, end, flags, inside))
        if found:
            furthest = max(window.score for window in found)
            return max((w for w in found if w.score >= _NEAR * furthest), key=lambda window: int(window.slice.sum()))
    return None


def _shares_words(posts: Sequence[CountedPost], window: _Window) -> bool:
    """Whether some words are used within it and hardly before or after: a busy Monday has none."""
    inside, series = set(window.posts), np.flatnonzero(window.slice).tolist()
    within = Counter(word for place in inside for word in posts[place].words)
    uses = Counter(word for place in series for word in posts[place].words)
    often = [
        word for word, own in within.items() if own >= _LEAST_USES and own / len(inside) > uses[word] / len(series)
    ]
    outside = len(series) - len(inside)
    sure = [
        w for w in often if compare_shares(within[w], len(inside), uses[w] - within[w], outside) >= _SURE_OF_A_THING
    ]
    return len(sure) >= _LEAST_WORDS


def _list_places(posts: Sequence[CountedPost]) -> list[Flags]:
    places = Counter(post.place for post in posts if post.place)
    names = [place for place, number in places.items() if number >= _LEAST_POSTS]
    return [np.array([post.place == name for post in posts], dtype=bool) for name in names]


def _list_words(posts: Sequence[CountedPost], left: Flags) -> list[Flags]:
    """Words that were used often enough, on some day far more than on most."""
    used: dict[str, list[int]] = defaultdict(list)
    for place in np.flatnonzero(left).tolist():
        for word in posts[place].words:
            used[word].append(place)
    slices = []
    for places in used.values():
        days = Counter(int(posts[place].hour) // _DAY for place in places)
        most, rest = max(days.values()), len(places) - max(days.values())
        if most + max(days.get(day + 1, 0) for day in days) >= _LEAST_POSTS and most >= rest / _DAYS * _LEAST_RATIO:
            flags = np.zeros(len(posts), dtype=bool)
            flags[places] = True
            slices.append(flags)
    return slices


def _score(counts: Numbers, begun: int, first_hour: int) -> tuple[float, int, int]:
    """How far the busiest stretch stands out against the same hours of other days (Poisson), and its ends."""
    sums = np.concatenate([[0.0], np.cumsum(counts)])
    best = (0.0, 0, 0)
    for length in _LENGTHS:
        if len(counts) - length <= first_hour:
            break
        windows = sums[length:] - sums[:-length]
        places = np.arange(first_hour, len(windows))
        usual = _find_usual(windows, places, begun)
        seen = windows[places]
        scores = np.where(
            (seen >= _LEAST_POSTS) & (seen >= _LEAST_RATIO * usual),
            2 * (seen * np.log(np.maximum(seen, 1) / usual) - (seen - usual)),
            0.0,
        )
        top = int(scores.argmax())
        if scores[top] > best[0]:
            best = float(scores[top]), int(places[top]), int(places[top]) + length
    return best


def _find_usual(windows: Numbers, places: NDArray[np.int64], begun: int) -> Numbers:
    """The mean of the same hours of the days around, the busiest left out; endless where too few are known."""
    others = []
    for day in (*range(-_DAYS, 0), *range(1, _DAYS + 1)):
        moved = places + day * _DAY
        is_known = (moved >= begun) & (moved < len(windows))
        others.append(np.where(is_known, windows[np.clip(moved, 0, len(windows) - 1)], np.nan))
    rows = np.array(others)
    known = np.isfinite(rows).sum(axis=0)
    total = np.nansum(rows, axis=0) - np.where(known, np.nanmax(np.nan_to_num(rows), axis=0), 0)
    usual = np.maximum(total / np.maximum(known - 1, 1), _LEAST_USUAL)
    return np.where(known >= _LEAST_DAYS, usual, _UNKNOWN)


def _gather(posts: Sequence[CountedPost], left: Flags, window: _Window, end_hour: int) -> Burst:
    hours = np.array([post.hour for post in posts])
    is_in = (hours >= window.first_hour) & (hours < window.end_hour) & left
    prior = _find_prior(posts, window, hours, left & (hours < end_hour))
    odds = np.where(is_in, _chance(prior), 0.0)
    weights: dict[str, float] = {}
    for _ in range(_ROUNDS):
        weights = _weigh(posts, odds)
        spoken = np.array([sum(weights.get(word, 0.0) for word in post.words) for post in posts])
        odds = _chance(prior + np.clip(spoken, *_ALL_LIMITS))
        odds = np.where(is_in | (odds > 0.5), odds, 0.0)
    members = set(np.flatnonzero(odds > 0.5).tolist())
    _add_answers(posts, members, left, window.first_hour)
    return Burst(window.first_hour, window.end_hour, tuple(sorted(members, key=lambda p: posts[p].hour)), weights)


def _find_prior(posts: Sequence[CountedPost], window: _Window, hours: Numbers, left: Flags) -> Numbers:
    """The log odds that a post belongs to it, before it is read: by its time, and by how busy its place is."""
    length = window.end_hour - window.first_hour
    odds = {}
    for place in {post.place for post in posts}:
        flags = np.array([post.place == place for post in posts], dtype=bool) & window.slice
        seen = float((flags & (hours >= window.first_hour) & (hours < window.end_hour)).sum())
        earlier = hours[flags & ((hours < window.first_hour) | (hours >= window.end_hour))]
        span = max(hours.max() - hours.min() - length, 1.0)
        clock = (earlier - window.first_hour) % _DAY < min(length, _DAY)
        usual = float(clock.sum()) * length / min(length, _DAY) / max(span / _DAY, 1.0)
        share = min(0.95, max(0.05, (seen - usual - 0.5) / (seen + 0.5)))
        odds[place] = math.log(share / (1 - share)) if place else min(math.log(share / (1 - share)), _NOWHERE_ODDS)
    own = np.array([odds[post.place] for post in posts])
    own = np.where(window.slice, own, np.minimum(own, -2.0))
    echo = (hours >= window.end_hour) & (hours < window.end_hour + _ECHO_HOURS)
    is_in = (hours >= window.first_hour) & (hours < window.end_hour)
    late = np.where(hours >= window.end_hour + _ECHO_HOURS, _LATE_ODDS, -99.0)
    prior = np.where(is_in, own, np.where(echo, np.minimum(own - 1, 1.0), late))
    return np.where(left, prior, -99.0)


def _weigh(posts: Sequence[CountedPost], odds: Numbers) -> dict[str, float]:
    """For each word how much it speaks for the burst."""
    within: dict[str, float] = defaultdict(float)
    uses: Counter[str] = Counter()
    for post, share in zip(posts, odds.tolist(), strict=True):
        uses.update(post.words)
        if share:
            for word in post.words:
                within[word] += share
    inside, outside = float(odds.sum()) + 1, float(len(posts) - odds.sum()) + 1
    limit = max(2 * _COMMON, len(posts) / _COMMON)
    return {
        word: float(np.clip(math.log((own + 0.5) / inside / ((uses[word] - own + 0.5) / outside)), *_WORD_LIMITS))
        for word, own in within.items()
        if _LEAST_USES <= uses[word] <= limit
    }


def _chance(odds: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -60, 60))))


def _add_answers(posts: Sequence[CountedPost], members: set[int], left: Flags, first_hour: int) -> None:
    """A post that answers one of them belongs to it, however little it says."""
    ids = {post.mention_id: place for place, post in enumerate(posts)}
    for place, post in enumerate(posts):  # oldest first, so that answers to answers follow
        if post.hour >= first_hour and left[place] and ids.get(post.answers) in members:
            members.add(place)
