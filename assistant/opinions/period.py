"""The time a question speaks of, such as `last week` or `in October`, in the company's time zone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10, "twelve": 12}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_MOST_DAYS = 3660
_COUNTED = r"(?P<number>\d{1,4}|" + "|".join(_NUMBERS) + r") (?P<unit>day|week|month|year)s?"
_IN = r"(?:\b(?:in|over|during|within|for|of|from) )?(?:\bthe )?"


@dataclass(frozen=True)
class Period:
    """`start_at` included, `end_at` not, both aware UTC; `label` reads on after a count: `42 posts last week`."""

    start_at: datetime
    end_at: datetime
    label: str


def find_period(text: str, now: datetime, zone: ZoneInfo) -> tuple[Period | None, str]:
    """The first period that is named, and the text without it."""
    today = now.astimezone(zone).date()
    for pattern, read in _READERS:
        found = pattern.search(text)
        bounds = read(found, today) if found else None
        if found and bounds:
            first, after, label = bounds
            period = Period(_midnight(first, zone), _midnight(after, zone), label)
            return period, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


def last_days(days: int, now: datetime) -> Period:
    """The days up to now."""
    return Period(now - timedelta(days), now, f"in the last {days} days")


_Bounds = tuple[date, date, str]
_Reader = Callable[[re.Match[str], date], _Bounds | None]


def _read_day(found: re.Match[str], today: date) -> _Bounds:
    day = today - timedelta(1) if found[1].lower() == "yesterday" else today
    return day, day + timedelta(1), found[1].lower()


def _read_span(found: re.Match[str], today: date) -> _Bounds:
    is_last = found["which"].lower() != "this"
    label = f"{'last' if is_last else 'this'} {found['unit'].lower()}"
    first = _first_day(found["unit"].lower(), today)
    after = _first_day(found["unit"].lower(), first + timedelta(_DAYS[found["unit"].lower()] + 3))
    if is_last:
        first, after = _first_day(found["unit"].lower(), first - timedelta(1)), first
    return first, after, label


def _first_day(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(day.weekday())
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _read_count(found: re.Match[str], today: date) -> _Bounds | None:
    number = _NUMBERS.get(found["number"].lower()) or int(found["number"])
    days = number * _DAYS[found["unit"].lower()]
    if not 0 < days <= _MOST_DAYS:
        return None
    return today - timedelta(days - 1), today + timedelta(1), f"in the last {number} {found['unit'].lower()}s"


def _read_month(found: re.Match[str], today: date) -> _Bounds | None:
    month = _MONTHS.index(found["month"].lower()) + 1
    year = int(found["year"] or (today.year if month <= today.month else today.year - 1))
    if not 1970 < year < 9999:
        return None
    first = date(year, month, 1)
    return first, _first_day("month", first + timedelta(31)), f"in {found['month'].capitalize()} {year}"


def _read_week(found: re.Match[str], _today: date) -> _Bounds | None:
    try:
        monday = date.fromisocalendar(int(found["year"]), int(found["week"]), 1)
        return monday, monday + timedelta(7), f"in week {found['year']}-W{found['week']}"
    except (ValueError, OverflowError):
        return None


def _read_since(found: re.Match[str], today: date) -> _Bounds | None:
    try:
        first = date.fromisoformat(found["date"])
    except ValueError:
        return None
    return first, today + timedelta(1), f"since {first}"


_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (r"\b(today|yesterday)\b", _read_day),
        (_IN + r"\b(?:last|past|previous) " + _COUNTED + r"\b", _read_count),
        (_IN + r"\b(?P<which>this|last|past|previous) (?P<unit>week|month|year)\b", _read_span),
        (rf"\b(?:in|during) (?P<month>{'|'.join(_MONTHS)})\b(?: (?P<year>\d{{4}})\b)?", _read_month),
        (_IN + r"(?:week )?\b(?P<year>\d{4})-W(?P<week>\d{2})\b", _read_week),
        (r"\bsince (?P<date>\d{4}-\d{2}-\d{2})\b", _read_since),
    )
)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
