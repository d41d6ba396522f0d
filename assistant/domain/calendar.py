"""The hours in which a company works, and how many of them lie between two moments."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

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
