"""Speed of a week's summary, its pictures included, and of each of its queries on many posts."""

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.core.database import Row, Store
from assistant.reports.digest import to_html
from assistant.reports.figures import find_period
from assistant.reports.figures.tables import MeasuringTables
from benchmarks.posts import DEFAULT_END, fill_posts

_DAYS = 14  # the week and the one it is compared with
_SHOWN = 12


def measure_summary(folder: Path, count: int) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """A week of `count` posts after another one: rows of (run, seconds, of them computing, peak MB), and slow queries.

    Both runs are whole processes of their own. The first one also fills in the rows on which figures are counted.
    """
    home = folder / f"summary-{count}"
    if not (home / "earshot.db").exists():
        fill_posts(Store(home / "earshot.db"), DEFAULT_END, _DAYS, 2 * count)
    runs = [_run(home) for _ in range(2)]
    rows: list[tuple[object, ...]] = [
        (f"{count:,}, {name}", f"{run['seconds']:.1f}", f"{run['computing']:.1f}", f"{run['peak_mb']:.0f}")
        for name, run in zip(("nothing filled in", "filled in"), runs, strict=True)
    ]
    return rows, [(f"{seconds * 1000:.0f}", sql) for seconds, sql in runs[1]["slow"]]


def _run(home: Path) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603  # our own program, with words of our own
        [sys.executable, "-m", __name__, str(home)], capture_output=True, text=True, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


class _Timed(MeasuringTables):
    """Notes how long each query takes."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.times: list[tuple[float, str]] = []

    def rows(self, sql: str, values: Mapping[str, str | None]) -> list[Row]:
        """The rows of a query."""
        began = perf_counter()
        found = super().rows(sql, values)
        self.times.append((perf_counter() - began, " ".join(sql.split())[:100]))
        return found


def _tell(home: Path) -> None:
    assistant = Assistant(Settings.model_validate({"earshot_home": home}), lambda: DEFAULT_END + timedelta(hours=9))
    began, computing = perf_counter(), process_time()
    tables = _Timed(assistant.home.store)
    assistant.reports.measuring = tables
    digest = assistant.reports.digest(find_period("2026-W46", assistant.settings.zone))
    page = to_html(digest)
    pictures = [chart.png() for chart in digest.charts]
    print(  # noqa: T201
        json.dumps(
            {
                "seconds": perf_counter() - began,
                "computing": process_time() - computing,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "slow": sorted(tables.times, reverse=True)[:_SHOWN],
                "bytes": len(page) + sum(map(len, pictures)),
            }
        )
    )


if __name__ == "__main__":
    _tell(Path(sys.argv[1]))
