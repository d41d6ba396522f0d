"""The command eval alerts: spikes found in counts whose spikes are labelled, beside two plain baselines."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.options import AsJson
from assistant.cli.output import print_json, print_table, say
from evals.alerts import CompanyReport, DetectorReport, measure_alerts, read_counts

_DECIMALS = 4
_Row = tuple[object, ...]


def alerts(
    counts: Annotated[Path, typer.Option(help="A folder: CSV of timestamp and value, and anomaly_windows.json.")],
    as_json: AsJson = False,
) -> None:
    """Measure alerts: the labelled windows found, how soon, and how often for nothing."""
    reports = measure_alerts(read_counts(counts))
    if as_json:
        print_json({"detectors": [_round(dataclasses.asdict(report)) for report in reports]})
        return
    columns = ("detector", "NAB", "found", "precision", "false a week", "delay", "from label", "chosen")
    print_table(columns, [row for report in reports for row in _to_rows(report)])
    say()
    say("NAB: 0 for no alert at all, 100 for one at each window's start. False a week: of the worst company.")
    say("Delays: median minutes from the window's start, and from the labelled moment in it (negative: before it).")


def _to_rows(report: DetectorReport) -> list[_Row]:
    found = f"{report.found} of {report.windows}"
    delays = (_show(report.median_delay_from_start, 0), _show(report.median_delay_from_label, 0))
    total = (report.detector, _show(report.nab, 1), found, _show(report.precision, 2))
    return [(*total, _show(report.most_false_alarms, 2), *delays, ""), *map(_to_row, report.companies)]


def _to_row(one: CompanyReport) -> _Row:
    delays = (_list(one.delays_from_start), _list(one.delays_from_label))
    found = f"{one.found} of {one.windows}"
    return (f"  {one.company}", _show(one.nab, 1), found, "", _show(one.false_alarms, 2), *delays, one.chosen)


def _show(value: float | None, decimals: int) -> str:
    return "–" if value is None else f"{value:.{decimals}f}"


def _list(delays: tuple[int, ...]) -> str:
    return " ".join(map(str, delays)) or "–"


def _round(value: object) -> object:
    if isinstance(value, dict):
        return {key: _round(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_round(item) for item in value]
    return round(value, _DECIMALS) if isinstance(value, float) else value
