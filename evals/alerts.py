"""Quality of alerts on counts with labelled windows, beside two plain baselines, each tuned on other companies.

Reads counts with labelled windows: a CSV of times and counts for each company, and one JSON of all windows.

Scores of alerts on labelled windows, as the Numenta Anomaly Benchmark gives them, and in plain counts beside.

Method: A. Lavin and S. Ahmad, Evaluating Real-Time Anomaly Detection Algorithms, ICMLA 2015 (arXiv:1510.03336), with
the standard profile (weights of a found window 1, a false alarm .11, a missed window 1). Of each window the earliest
alert counts, the more the earlier it comes; false alarms cost less shortly after a window; the first 15 % of a series
(of 5,000 rows at most) are for learning and count nothing. The benchmark's own program is not packaged, nor kept.
"""

import csv
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from assistant.alerts.baseline import (
    BUCKET_MINUTES,
    BUCKETS_AN_HOUR,
    HISTORY_DAYS,
    Hours,
    Numbers,
    build_calendar,
    find_peaks,
    learn_rhythm,
    sum_windows,
)
from assistant.alerts.spikes import THRESHOLD, pick_news
from assistant.errors import InputError

WINDOWS_FILE = "anomaly_windows.json"
_HINT = f"Give a folder with {WINDOWS_FILE} and CSV files of timestamp and value, one a company."
_SECONDS = BUCKET_MINUTES * 60


@dataclass(frozen=True)
class Counts:
    """Posts in each five minutes. `first_bucket` counts five minutes since 1970; windows are rows, `labels` too."""

    company: str
    first_bucket: int
    posts: Numbers
    windows: tuple[tuple[int, int], ...]
    labels: tuple[int, ...]


def read_counts(folder: Path) -> list[Counts]:
    """All companies of a folder. A file belongs to the company whose name its own ends with. Raises InputError."""
    windows = _read_windows(folder / WINDOWS_FILE)
    return [_read_company(_find_file(folder, company), company, windows[company]) for company in sorted(windows)]


def _read_windows(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSON.", _HINT) from error
    if not isinstance(found, dict) or not all(isinstance(one, dict) and "windows" in one for one in found.values()):
        raise InputError(f"{path} does not name the windows of each company.", _HINT)
    return found


def _find_file(folder: Path, company: str) -> Path:
    files = [path for path in sorted(folder.glob("*.csv")) if path.stem == company or path.stem.endswith(f"_{company}")]
    if len(files) != 1:
        raise InputError(f"{folder} has {len(files)} CSV files of {company}.", _HINT)
    return files[0]


def _read_company(path: Path, company: str, marked: Mapping[str, Any]) -> Counts:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(_to_bucket(row["timestamp"]), float(row["value"])) for row in csv.DictReader(file)]
        buckets = np.array([bucket for bucket, _ in rows], dtype=np.int64)
        first = int(buckets.min())
        posts = np.bincount(buckets - first, [value for _, value in rows]).astype(np.float64)
        windows = tuple((_to_bucket(start) - first, _to_bucket(end) - first) for start, end in marked["windows"])
        labels = tuple(_to_bucket(label) - first for label in marked.get("labels", ()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"The counts of {company} in {path} cannot be read: {error}.", _HINT) from error
    return Counts(company, first, posts, tuple(sorted(windows)), tuple(sorted(labels)))


def _to_bucket(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() // _SECONDS)


_FALSE_ALARM = 0.11
_LEARNING_SHARE = 0.15
_LEARNING_ROWS = 5000
_FAR = 3.0
ROWS_A_WEEK = 7 * 24 * 12


@dataclass(frozen=True)
class Tally:
    """The tally of alerts in one series: `first` holds, by window, the row of the first alert in it, or None.

    `score` is the benchmark's raw score, from -`windows` (no alerts at all) to `windows`.
    """

    score: float
    windows: int
    first: tuple[int | None, ...]
    false_alarms: int
    weeks: float

    @property
    def found(self) -> int:
        """Count the windows that have an alert."""
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


# A week, on each company that is known: half of what is promised, since an unknown one may be noisier.
_MOST_FALSE_ALARMS = 0.5
_LEAST_POSTS = 10
_SPANS = {"an hour": 12, "three hours": 36, "a day": 288, "a week": 2016}
_OURS = (3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0)
_TIMES = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0)
_DEVIATIONS = (3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0)

Choice = tuple[str, float]
Scores = Mapping[str, Numbers]
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class CompanyReport:
    """One company, judged with what was chosen on all others.

    Delays are minutes from the first alert of each window that was found: to the window's start, and to the nearest
    moment that was labelled in it (negative where the alert came before). `false_alarms` are a week.
    """

    company: str
    chosen: str
    nab: float | None
    windows: int
    found: int
    false_alarms: float
    delays_from_start: tuple[int, ...]
    delays_from_label: tuple[int, ...]


@dataclass(frozen=True)
class DetectorReport:
    """One detector over all companies. Precision is the share of alerts that begin in a window, each window once."""

    detector: str
    nab: float | None
    windows: int
    found: int
    precision: float | None
    recall: float | None
    most_false_alarms: float
    median_delay_from_start: float | None
    median_delay_from_label: float | None
    found_within_30_minutes_of_label: int
    companies: tuple[CompanyReport, ...]


def measure_alerts(companies: Sequence[Counts]) -> list[DetectorReport]:
    """Ours as shipped, then ours and the baselines, each with its numbers chosen without the company they judge."""
    ours = {one.company: {"rhythm": score_counts(one)} for one in companies}
    averages = {one.company: _score_spans(one, _score_average) for one in companies}
    deviations = {one.company: _score_spans(one, _score_deviation) for one in companies}
    shipped = {one.company: _judge(one, ours[one.company]["rhythm"], THRESHOLD) for one in companies}
    return [
        _report(f"shipped ({THRESHOLD})", companies, shipped, dict.fromkeys(shipped, f"over {THRESHOLD}")),
        *(
            _leave_one_out(name, companies, scores, thresholds)
            for name, scores, thresholds in (
                ("left out: ours", ours, _OURS),
                ("left out: z-score", deviations, _DEVIATIONS),
                ("left out: moving average", averages, _TIMES),
            )
        ),
    ]


def score_counts(counts: Counts) -> Numbers:
    """The shipped detector over a whole series, each hour with what was known before it; a score a bucket."""
    lead = counts.first_bucket % BUCKETS_AN_HOUR
    buckets = np.concatenate([np.zeros(lead), counts.posts])
    missing = -len(buckets) % BUCKETS_AN_HOUR
    posts = np.concatenate([buckets, np.zeros(missing)]).reshape(-1, BUCKETS_AN_HOUR).sum(axis=1)
    peaks = find_peaks(buckets)
    windows = sum_windows(buckets)
    first_hour = (counts.first_bucket - lead) // BUCKETS_AN_HOUR
    calendar = build_calendar(first_hour + len(posts) - 1, len(posts), _UTC)
    scores = np.zeros(len(buckets))
    for hour in range(1, len(posts)):
        start = max(0, hour - HISTORY_DAYS * 24)
        known = calendar.part(start, hour + 1)
        rhythm = learn_rhythm(Hours(posts[start:hour], peaks[start:hour]), known)
        if rhythm:
            rows = slice(hour * BUCKETS_AN_HOUR, (hour + 1) * BUCKETS_AN_HOUR)
            scores[rows] = rhythm.score(windows[rows]).max(axis=1)
    return scores[lead:]


def _score_spans(counts: Counts, score: Callable[[Numbers, int], Numbers]) -> dict[str, Numbers]:
    """A baseline over each span, with the same least size as ours."""
    enough = counts.posts >= _LEAST_POSTS
    return {name: np.where(enough, score(counts.posts, rows), 0.0) for name, rows in _SPANS.items()}


def _score_average(posts: Numbers, rows: int) -> Numbers:
    mean, _ = _look_back(posts, rows)
    return posts / np.maximum(mean, 1)


def _score_deviation(posts: Numbers, rows: int) -> Numbers:
    mean, deviation = _look_back(posts, rows)
    return (posts - mean) / np.maximum(deviation, 1e-9)


def _look_back(posts: Numbers, rows: int) -> tuple[Numbers, Numbers]:
    """Mean and standard deviation of the rows before each."""
    sums = np.concatenate([[0.0], np.cumsum(posts)])
    squares = np.concatenate([[0.0], np.cumsum(posts**2)])
    ends = np.arange(len(posts))
    starts = np.maximum(ends - rows, 0)
    number = np.maximum(ends - starts, 1)
    mean = (sums[ends] - sums[starts]) / number
    variance = (squares[ends] - squares[starts]) / number - mean**2
    return mean, np.sqrt(np.maximum(variance, 0))


def _judge(counts: Counts, scores: Numbers, threshold: float) -> Tally:
    """All detectors keep quiet by the same rule, so that a baseline is not punished for repeating itself."""
    return tally(pick_news(scores.tolist(), threshold), counts.windows, len(counts.posts))


def _leave_one_out(
    name: str, companies: Sequence[Counts], scores: Mapping[str, Scores], thresholds: Sequence[float]
) -> DetectorReport:
    """Each company with what is best for all others among what gives none of them too many false alarms."""
    choices = [(span, threshold) for span in next(iter(scores.values())) for threshold in thresholds]
    tallies = {
        choice: {one.company: _judge(one, scores[one.company][choice[0]], choice[1]) for one in companies}
        for choice in choices
    }
    judged, chosen = {}, {}
    for one in companies:
        rest = {
            choice: [found for company, found in by_company.items() if company != one.company]
            for choice, by_company in tallies.items()
        }
        best = _choose(rest)
        judged[one.company] = tallies[best][one.company]
        chosen[one.company] = f"{best[0]}, over {best[1]}"
    return _report(name, companies, judged, chosen)


def _choose(rest: Mapping[Choice, Sequence[Tally]]) -> Choice:
    calm = [
        choice for choice, found in rest.items() if all(one.false_alarms_a_week <= _MOST_FALSE_ALARMS for one in found)
    ]
    return max(calm or rest, key=lambda choice: normalise(rest[choice]) or 0.0)


def _report(
    name: str, companies: Sequence[Counts], tallies: Mapping[str, Tally], chosen: Mapping[str, str]
) -> DetectorReport:
    each = tuple(_report_company(one, tallies[one.company], chosen[one.company]) for one in companies)
    windows, found = sum(one.windows for one in each), sum(one.found for one in each)
    alarms = sum(one.false_alarms for one in tallies.values())
    from_start = [delay for one in each for delay in one.delays_from_start]
    from_label = [delay for one in each for delay in one.delays_from_label]
    return DetectorReport(
        detector=name,
        nab=normalise(list(tallies.values())),
        windows=windows,
        found=found,
        precision=found / (found + alarms) if found + alarms else None,
        recall=found / windows if windows else None,
        most_false_alarms=max(one.false_alarms for one in each),
        median_delay_from_start=median(from_start) if from_start else None,
        median_delay_from_label=median(from_label) if from_label else None,
        found_within_30_minutes_of_label=sum(delay <= 30 for delay in from_label),
        companies=each,
    )


def _report_company(counts: Counts, judged: Tally, chosen: str) -> CompanyReport:
    rows = [(row, window) for row, window in zip(judged.first, counts.windows, strict=True) if row is not None]
    labels = [[label for label in counts.labels if start <= label <= end] for _, (start, end) in rows]
    return CompanyReport(
        company=counts.company,
        chosen=chosen,
        nab=normalise([judged]),
        windows=judged.windows,
        found=judged.found,
        false_alarms=judged.false_alarms_a_week,
        delays_from_start=tuple((row - start) * BUCKET_MINUTES for row, (start, _) in rows),
        delays_from_label=tuple(
            min((row - label for label in found), key=abs) * BUCKET_MINUTES
            for (row, _), found in zip(rows, labels, strict=True)
            if found
        ),
    )
