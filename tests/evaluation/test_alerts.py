"""The measure of alerts: as the benchmark counts, worked out by hand, and honest about unreadable files."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import InputError
from evals.alerts import measure_alerts, normalise, read_counts, tally

WINDOWS = [(2000, 2099), (3000, 3099)]


def test_no_alerts_are_worth_nothing_and_one_at_the_start_of_each_window_is_worth_all() -> None:
    assert normalise([tally([], WINDOWS, 5000)]) == 0
    assert normalise([tally([2000, 3000], WINDOWS, 5000)]) == pytest.approx(100)


def test_an_early_alert_is_worth_more_than_a_late_one_and_only_the_first_counts() -> None:
    early, late = tally([2010], WINDOWS, 5000), tally([2090], WINDOWS, 5000)
    assert early.score > late.score > tally([], WINDOWS, 5000).score
    assert tally([2010, 2090], WINDOWS, 5000) == early


def test_the_numbers_are_those_of_the_paper_s_formula() -> None:
    """2·sigmoid(-5y) - 1 over its value at -1; a false alarm far from any window costs .11."""

    def weigh(position: float) -> float:
        return 2 / (1 + math.exp(5 * position)) - 1

    judged = tally([1000, 2049, 2149], WINDOWS, 5000)
    wanted = weigh(-51 / 100) / weigh(-1) - 1 - 0.11 + 0.11 * weigh(50 / 99)
    assert judged.score == pytest.approx(wanted)
    assert (judged.false_alarms, judged.found, judged.first) == (2, 1, (2049, None))


def test_the_first_part_of_a_series_is_for_learning() -> None:
    assert tally([10, 749], WINDOWS, 5000).false_alarms == 0
    assert tally([750], WINDOWS, 5000).false_alarms == 1
    assert tally([], WINDOWS, 750 + 2016).weeks == pytest.approx(1.17, abs=0.01)


def write_company(folder: Path, name: str, seed: int) -> None:
    posts = np.random.default_rng(seed).poisson(5, 15 * 288)
    posts[3000] = 200
    start = np.datetime64("2026-01-01T00:02:53")
    times = [str(start + np.timedelta64(5 * row, "m")).replace("T", " ") for row in range(len(posts))]
    lines = [f"{at},{count}" for at, count in zip(times, posts, strict=True)]
    (folder / f"mentions_{name}.csv").write_text("timestamp,value\n" + "\n".join(lines))
    path = folder / "anomaly_windows.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    known[name] = {"windows": [[times[2995], times[3005]]], "labels": [times[3000]]}
    path.write_text(json.dumps(known))


def test_each_company_is_judged_with_what_the_others_chose(tmp_path: Path) -> None:
    for seed, name in enumerate(("AAA", "BBB")):
        write_company(tmp_path, name, seed)
    shipped, ours, *baselines = measure_alerts(read_counts(tmp_path))
    assert (shipped.found, shipped.windows, shipped.most_false_alarms, shipped.precision) == (2, 2, 0, 1)
    assert shipped.companies[0].delays_from_start == (25,)
    assert shipped.companies[0].delays_from_label == (0,)
    assert ours.found == 2
    assert [one.detector for one in baselines] == ["left out: z-score", "left out: moving average"]


@pytest.mark.parametrize("wrong", ["nothing", "no csv", "bad csv", "no windows"])
def test_what_cannot_be_read_is_named(tmp_path: Path, wrong: str) -> None:
    if wrong != "nothing":
        write_company(tmp_path, "AAA", 1)
    if wrong == "no csv":
        (tmp_path / "mentions_AAA.csv").unlink()
    if wrong == "bad csv":
        (tmp_path / "mentions_AAA.csv").write_text("timestamp,value\nyesterday,7\n")
    if wrong == "no windows":
        (tmp_path / "anomaly_windows.json").write_text("[]")
    with pytest.raises(InputError) as caught:
        read_counts(tmp_path)
    assert str(tmp_path) in caught.value.message
