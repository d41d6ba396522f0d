"""Schedules in words, and back: “every Monday at 09:00” for `0 9 * * 1`; anything else stays a cron expression."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from croniter import croniter

from assistant.core.cron import is_schedule

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_SIMPLE = re.compile(r"(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\*|1-5|[0-7])")
_WORDS = re.compile(r"(?:every |each |on )?([a-z]+) at (\d{1,2})(?:[:.](\d\d))?")
_WHEN = {"day": "*", "weekday": "1-5", **{day.lower(): str(number) for number, day in enumerate(_DAYS)}}
_LEAST = timedelta(hours=1)
_TRIED = 24


def tell_schedule(cron: str) -> str:
    """A cron expression in words; as it is where there are none for it."""
    found = _SIMPLE.fullmatch(cron.strip())
    if found is None or (found[3] != "*" and found[4] != "*"):
        return cron
    at = f"{int(found[2]):02d}:{int(found[1]):02d}"
    if found[3] != "*":
        return f"on day {found[3]} of each month at {at}"
    day = {"*": "day", "1-5": "weekday"}.get(found[4]) or _DAYS[int(found[4]) % 7]
    return f"every {day} at {at}"


def read_schedule(text: str) -> str:
    """The cron expression of some words, as tell_schedule writes them; other text stays what it is."""
    found = _WORDS.fullmatch(" ".join(text.lower().split()))
    when = _WHEN.get(found[1].removesuffix("s")) if found else None
    if found is None or when is None or int(found[2]) > 23 or int(found[3] or 0) > 59:
        return text.strip()
    return f"{int(found[3] or 0)} {int(found[2])} * * {when}"


def is_too_often(cron: str) -> bool:
    """Return whether a schedule comes due twice within an hour: a summary that often is nobody's wish."""
    if not is_schedule(cron):
        return False
    due = croniter(cron, datetime(2026, 1, 1, tzinfo=UTC))
    times = [due.get_next(datetime) for _ in range(_TRIED)]
    return any(later - earlier < _LEAST for earlier, later in pairwise(times))
