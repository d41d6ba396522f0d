"""Scores of alerts on labelled windows, as the Numenta Anomaly Benchmark gives them, and in plain counts beside.

Method: A. Lavin and S. Ahmad, Evaluating Real-Time Anomaly Detection Algorithms, ICMLA 2015 (arXiv:1510.03336), with
the standard profile (weights of a found window 1, a false alarm .11, a missed window 1). Of each window the earliest
alert counts, the more the earlier it comes; false alarms cost less shortly after a window; the first 15 % of a series
(of 5,000 rows at most) are for learning and count nothing. The benchmark's own program is not packaged, nor kept.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_FALSE_ALARM = 0.11
_LEARNING_SHARE = 0.15
_LEARNING_ROWS = 5000
_FAR = 3.0
ROWS_A_WEEK = 7 * 24 * 12


@dataclass(frozen=True)
class Tally:
    """What the alerts of one series are worth: `first` holds, by window, the row of the first alert in it, or None.

    `score` is the benchmark's raw score, from -`windows` (no alerts at all) to `windows`.
    """

    score: float
    windows: int
    first: tuple[int | None, ...]
    false_alarms: int
    weeks: float

    @property
    def found(self) -> int:
        """How many windows have an alert."""
        return sum(row is not None for row in self.first)

    @property
    def false_alarms_a_week(self) -> float:
        """Alerts outside of every window, a week."""
        return self.false_alarms / self.weeks


def count_learning_rows(rows: int) -> int:
    """Rows at the beginning of a series that count nothing."""
    return math.floor(_LEARNING_SHARE * min(rows, _LEARNING_ROWS))


def tally(alerts: Sequence[int], windows: Sequence[tuple[int, int]], rows: int) -> Tally:
    """Judge alerts, given as rows; windows are first and last rows, in order, both within."""
    learning = count_learning_rows(rows)
    counted = [row for row in alerts if row >= learning]
    first: list[int | None] = []
    score = 0.0
    for start, end in windows:
        row = next((row for row in counted if start <= row <= end), None)
        first.append(row)
        score += -1.0 if row is None else _weigh(-(end - row + 1) / (end - start + 1)) / _weigh(-1.0)
    outside = [row for row in counted if not any(start <= row <= end for start, end in windows)]
    score += _FALSE_ALARM * sum(_weigh(_find_distance(row, windows)) for row in outside)
    return Tally(score, len(windows), tuple(first), len(outside), (rows - learning) / ROWS_A_WEEK)


def normalise(tallies: Sequence[Tally]) -> float | None:
    """The benchmark's score: 0 for no alerts at all, 100 for an alert at the beginning of every window and no other."""
    windows = sum(one.windows for one in tallies)
    return 100 * (sum(one.score for one in tallies) + windows) / (2 * windows) if windows else None


def _find_distance(row: int, windows: Sequence[tuple[int, int]]) -> float:
    """How far after the last window a row lies, in widths of that window."""
    before = [(start, end) for start, end in windows if end < row]
    if not before:
        return _FAR
    start, end = before[-1]
    return (row - end) / max(end - start, 1)


def _weigh(position: float) -> float:
    """The benchmark's scaled sigmoid: nearly 1 at a window's start (-1), 0 at its end, -1 far behind it."""
    return -1.0 if position >= _FAR else 2 / (1 + math.exp(5 * position)) - 1
