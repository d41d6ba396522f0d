"""Reads counts with labelled windows: a CSV of times and counts for each company, and one JSON of all windows."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from assistant.alerts.baseline import BUCKET_MINUTES, Numbers
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
