"""The hours in which a company works, and how many of them lie between two moments.

The hours in which nobody wants to be disturbed.

Weeks, months and quarters by the calendar on the wall of a time zone.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.domain import Period
from assistant.errors import InputError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([a-z]{3})(?:\s*-\s*([a-z]{3}))?\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", re.IGNORECASE)
_LONGEST_DAYS = 400


@dataclass(frozen=True)
class BusinessHours:
    """Opening hours by weekday (0 is Monday) in a time zone."""

    spans: dict[int, tuple[time, time]]
    zone: ZoneInfo
    _known: dict[date, tuple[datetime, datetime] | None] = field(default_factory=dict, compare=False, repr=False)

    def between(self, first: datetime, last: datetime) -> float:
        """Working hours from one aware moment to another; 0 when the second is not later.

        Of more than 400 days only the last 400 are counted.
        """
        end_on = last.astimezone(self.zone).date()
        day = max(first.astimezone(self.zone).date(), end_on - timedelta(days=_LONGEST_DAYS))
        worked = timedelta()
        while day <= end_on:
            span = self._open(day)
            if span:
                worked += max(timedelta(), min(last, span[1]) - max(first, span[0]))
            day += timedelta(days=1)
        return worked / timedelta(hours=1)

    def go_back(self, last: datetime, hours: float) -> datetime:
        """The latest moment from which so many working hours pass until `last`, to the second; 400 days at most."""
        first, end = last - timedelta(days=_LONGEST_DAYS), last
        while end - first > timedelta(seconds=1):
            middle = first + (end - first) / 2
            if self.between(middle, last) >= hours:
                first = middle
            else:
                end = middle
        return first

    def _open(self, day: date) -> tuple[datetime, datetime] | None:
        if day not in self._known:
            span = self.spans.get(day.weekday())
            # Both in UTC: the difference of two local times leaves a change of the clocks between them out.
            self._known[day] = (_to_utc(day, span[0], self.zone), _to_utc(day, span[1], self.zone)) if span else None
        return self._known[day]


def read_hours(text: str, zone: ZoneInfo) -> BusinessHours:
    """`Mon-Fri 09:00-17:00, Sat 10:00-14:00` as hours. Raises ValueError that says what is wrong."""
    spans: dict[int, tuple[time, time]] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _SPAN.fullmatch(part)
        if not found or found[1].lower() not in _DAYS or (found[2] or found[1]).lower() not in _DAYS:
            raise ValueError("write it like Mon-Fri 09:00-17:00, Sat 10:00-14:00")
        opens, closes = _read_time(found[3], found[4]), _read_time(found[5], found[6])
        first, last = _DAYS.index(found[1].lower()), _DAYS.index((found[2] or found[1]).lower())
        if closes <= opens or last < first:
            raise ValueError("the first day and hour must come before the last ones")
        spans |= dict.fromkeys(range(first, last + 1), (opens, closes))
    if not spans:
        raise ValueError("write it like Mon-Fri 09:00-17:00")
    return BusinessHours(spans, zone)


def _read_time(hours: str, minutes: str) -> time:
    if (int(hours), int(minutes)) == (24, 0):
        return time.max
    try:
        return time(int(hours), int(minutes))
    except ValueError as error:
        raise ValueError("an hour is written from 00:00 to 24:00") from error


def _to_utc(day: date, moment: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, moment, zone).astimezone(UTC)


_QUIET_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class QuietHours:
    """From one local time to another, over midnight where the second is the earlier; equal ones are no hours at all."""

    begins: time
    ends: time
    zone: ZoneInfo

    def contains(self, moment: datetime) -> bool:
        """Return whether an aware moment lies within."""
        local = moment.astimezone(self.zone).time()
        if self.begins <= self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends


def read_quiet_hours(text: str, zone: ZoneInfo) -> QuietHours:
    """`22:00-07:00` as hours; empty text means none. Raises ValueError that says what is wrong."""
    if not text.strip():
        return QuietHours(time(), time(), zone)
    found = _QUIET_SPAN.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError
        return QuietHours(time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4])), zone)
    except ValueError as error:
        raise ValueError("write it like 22:00-07:00") from error


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
