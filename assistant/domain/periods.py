"""Weeks, months and quarters by the calendar on the wall of a time zone."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.domain import Period
from assistant.errors import InputError

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-[Qq]([1-4])")
_MOST_STEPS = 31


def find_period(label: str, zone: ZoneInfo) -> Period:
    """The week `2026-W46`, the month `2026-11` or the quarter `2026-Q4`. Raises InputError for what is none."""
    try:
        if found := _MONTH.fullmatch(label):
            return _months(label, int(found[1]), int(found[2]), 1, zone)
        if found := _QUARTER.fullmatch(label):
            return _months(label.upper(), int(found[1]), 3 * int(found[2]) - 2, 3, zone)
        return find_week(label, zone)
    except (ValueError, OverflowError, InputError) as error:
        raise InputError(
            f"{label} isn't a week, month or quarter.", "Write it like 2026-W46, 2026-11 or 2026-Q4."
        ) from error


def find_week(label: str, zone: ZoneInfo) -> Period:
    """The ISO week `2026-W46` in a time zone. Raises InputError for what is no week."""
    try:
        year, number = label.upper().split("-W")
        monday = date.fromisocalendar(int(year), int(number), 1)
        name = f"{int(year):04d}-W{int(number):02d}"
        return Period(name, _midnight(monday, zone), _midnight(monday + timedelta(7), zone))
    except (ValueError, OverflowError) as error:
        raise InputError(f"{label} isn't a week.", "Write it like 2026-W46.") from error


def week_of(moment: datetime, zone: ZoneInfo) -> Period:
    """The ISO week that holds a moment."""
    year, number, _ = moment.astimezone(zone).isocalendar()
    return find_week(f"{year}-W{number:02d}", zone)


def period_before(period: Period, zone: ZoneInfo) -> Period:
    """The week, month or quarter that ends where this one begins. Raises InputError before the year 1."""
    try:
        day = period.start_at.astimezone(zone).date() - timedelta(days=1)
    except OverflowError as error:
        raise InputError(f"There is nothing before {period.label}.", "Name a later one.") from error
    if "W" in period.label:
        year, number, _ = day.isocalendar()
        return find_week(f"{year}-W{number:02d}", zone)
    quarter = f"{day.year}-Q{(day.month + 2) // 3}"
    return find_period(quarter if "Q" in period.label else f"{day.year:04d}-{day.month:02d}", zone)


def name_kind(period: Period) -> str:
    """`week`, `month` or `quarter`."""
    return "week" if "W" in period.label else "quarter" if "Q" in period.label else "month"


def find_days(period: Period, zone: ZoneInfo) -> list[Period]:
    """Its days, by their dates; of a quarter its weeks from Monday to Sunday, the first and the last one cut."""
    first, end = period.start_at.astimezone(zone).date(), period.end_at.astimezone(zone).date()
    borders = [first + timedelta(number) for number in range((end - first).days)]
    if len(borders) > _MOST_STEPS:
        borders = [day for day in borders if day == first or day.weekday() == 0]
    ends = [*borders[1:], end]
    return [
        Period(str(day), _midnight(day, zone), _midnight(after, zone)) for day, after in zip(borders, ends, strict=True)
    ]


def _months(label: str, year: int, month: int, count: int, zone: ZoneInfo) -> Period:
    first = date(year, month, 1)
    following = date(year + (month + count - 1) // 12, (month + count - 1) % 12 + 1, 1)
    return Period(label, _midnight(first, zone), _midnight(following, zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
