"""A series is held against its own rhythm: what is usual for it is never told, and a big jump always is."""

from itertools import pairwise

import numpy as np
from alerts.fakes_counts import UTC_ZONE, make_rhythm, score_last_hours
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.alerts.baseline import BUCKETS_AN_HOUR, Hours, build_calendar, find_peaks, learn_rhythm
from assistant.alerts.spikes import THRESHOLD, pick_news

_DAY = 24 * BUCKETS_AN_HOUR
_FEW = settings(max_examples=25, deadline=None)


@_FEW
@given(level=st.integers(0, 2000), days=st.integers(3, 30))
def test_a_flat_series_has_no_spikes(level: int, days: int) -> None:
    assert score_last_hours(np.full(days * _DAY, float(level)), 24).max() == 0


@_FEW
@given(level=st.floats(0.1, 500), swing=st.floats(0, 0.9), days=st.integers(9, 29), seed=st.integers(0, 10_000))
def test_a_purely_rhythmic_series_has_no_spikes(level: float, swing: float, days: int, seed: int) -> None:
    rhythm = make_rhythm(days, level, swing)
    posts = np.random.default_rng(seed).poisson(rhythm).astype(float)
    assert score_last_hours(posts, 24).max() <= THRESHOLD


@_FEW
@given(
    level=st.floats(0, 300), swing=st.floats(0, 0.9), days=st.integers(4, 29), seed=st.integers(0, 10_000),
    hour=st.integers(1, 23),
)  # fmt: skip
def test_a_big_jump_is_found_in_the_five_minutes_in_which_it_comes(
    level: float, swing: float, days: int, seed: int, hour: int
) -> None:
    rhythm = make_rhythm(days, level, swing)
    posts = np.random.default_rng(seed).poisson(rhythm).astype(float)
    place = len(posts) - hour * BUCKETS_AN_HOUR
    posts[place] += 60 + 30 * level
    scores = score_last_hours(posts, 24)
    assert scores[place - len(posts) + 24 * BUCKETS_AN_HOUR] > THRESHOLD


def test_before_three_days_are_known_nothing_is_said() -> None:
    posts = np.zeros(4 * _DAY)
    posts[3 * _DAY - 5] = 500
    posts[3 * _DAY + 5] = 500
    scores = score_last_hours(posts, 26)
    assert scores[: 2 * BUCKETS_AN_HOUR].max() == 0
    assert scores[2 * BUCKETS_AN_HOUR :].max() > 0


def test_a_daily_peak_is_usual_at_its_hour_and_odd_at_another() -> None:
    posts = np.tile(np.concatenate([np.zeros(_DAY - 36), np.full(36, 30.0)]), 10)
    assert score_last_hours(posts, 24).max() <= THRESHOLD
    posts[-_DAY : -_DAY + 36] = 60
    assert score_last_hours(posts, 24).max() > THRESHOLD


def test_an_hour_that_is_busy_every_week_is_usual_in_that_hour_and_odd_a_day_later() -> None:
    posts = np.full(23 * _DAY, 1.0)
    for day in (0, 7, 14, 21):
        posts[day * _DAY + 120 : day * _DAY + 132] = 40
    assert score_last_hours(posts[: 22 * _DAY], 24).max() == 0
    posts[22 * _DAY + 120 : 22 * _DAY + 132] = 40
    assert score_last_hours(posts, 24).max() > THRESHOLD


def test_a_working_day_s_posts_are_odd_at_the_weekend() -> None:
    """The series begins on a Thursday, as 1970 did."""
    posts = np.zeros(24 * _DAY)
    for day in range(24):
        if day % 7 not in (2, 3):
            posts[day * _DAY + 96 : day * _DAY + 204] = 40
    assert score_last_hours(posts[: 22 * _DAY], 24).max() == 0  # a Thursday
    posts[23 * _DAY + 96 : 23 * _DAY + 204] = 40  # a Saturday
    assert score_last_hours(posts, 24).max() > THRESHOLD


def test_a_series_that_often_bursts_needs_a_larger_burst() -> None:
    calm = np.full(10 * _DAY, 1.0)
    wild = calm.copy()
    wild[60 :: _DAY // 4] = 60
    calm[-5] = wild[-5] = 70
    assert score_last_hours(calm, 1).max() > THRESHOLD > score_last_hours(wild, 1).max()


def test_many_series_learned_together_are_what_each_is_alone() -> None:
    both = [np.random.default_rng(seed).poisson(5, 5 * _DAY).astype(float) for seed in (1, 2)]
    hours = [Hours(one.reshape(-1, BUCKETS_AN_HOUR).sum(axis=1), find_peaks(one)) for one in both]
    calendar = build_calendar(120, 121, UTC_ZONE)
    together = learn_rhythm(
        Hours(np.stack([one.posts for one in hours]), np.stack([one.peaks for one in hours])), calendar
    )
    assert together
    for place, one in enumerate(hours):
        alone = learn_rhythm(one, calendar)
        assert alone
        assert np.array_equal(together.of(place).usual, alone.usual)
        assert np.array_equal(together.of(place).spread, alone.spread)


@given(st.lists(st.floats(0, 30), max_size=400))
def test_a_spike_that_goes_on_is_told_again_only_when_it_is_far_worse(scores: list[float]) -> None:
    told = pick_news(scores)
    assert all(scores[bucket] > THRESHOLD for bucket in told)
    for earlier, later in pairwise(told):
        odd = [bucket for bucket in range(earlier, later) if scores[bucket] > THRESHOLD]
        is_worse = scores[later] > 2 * scores[earlier] and later - earlier >= BUCKETS_AN_HOUR
        assert later - odd[-1] > _DAY or is_worse
    assert bool(told) == any(score > THRESHOLD for score in scores)
