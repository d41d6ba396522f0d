"""The time a question speaks of, such as `last week` or `since 10 November`, in the company's time zone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.listening.insights.dates import CLEARLY_NAMED, MONTHS, NAMED, WEEKDAYS, Span, read_span, shift_months

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBERS = {
    name: number
    for number, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"few": 3, "couple of": 2}
_MOST = {"hour": 9999, "day": 3660, "week": 520, "month": 120, "quarter": 40, "year": 10}
_IN = r"(?:\b(?:in|over|during|within|for|of|from|on|at|throughout) )?"
_DAY_ONLY = r"(?:the )?\d{1,2}(?:st|nd|rd|th)?"


@dataclass(frozen=True)
class Period:
    """`start_at` included, `end_at` not, both aware UTC; `label` reads on after a count: `42 posts last week`."""

    start_at: datetime
    end_at: datetime
    label: str


def find_period(text: str, now: datetime, zone: ZoneInfo) -> tuple[Period | None, str]:
    """The first period that is named, and the text without it."""
    clock = _Clock(now, zone)
    for pattern, read in _READERS:
        for found in pattern.finditer(text):
            if period := read(found, clock):
                return period, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


def last_days(days: int, now: datetime) -> Period:
    """The days up to now."""
    return Period(now - timedelta(days), now, f"in the last {days} days")


def find_unread_times(text: str) -> list[str]:
    """Words in what is left of a text that speak of a time."""
    return [found[0] for found in _UNREAD.finditer(text)]


@dataclass(frozen=True)
class _Clock:
    """When a question is asked, and where midnight is."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def until_now(self, first: date, label: str) -> Period:
        return Period(self.midnight(first), max(self.midnight(first), self.midnight(self.today + timedelta(1))), label)

    def within(self, span: Span) -> Period:
        return Period(self.midnight(span.first), self.midnight(span.after), span.label)


_Reader = Callable[[re.Match[str], _Clock], Period | None]


def _read_between(found: re.Match[str], clock: _Clock) -> Period | None:
    """`between 10 and 11 November` names the month once."""
    first, last = found["first"], found["last"]
    if not read_span(first, clock.today):
        first = f"{_number(first)} {_month(last)}"
    elif not read_span(last, clock.today):
        last = f"{_number(last)} {_month(first)}"
    begins, ends = read_span(first, clock.today), read_span(last, clock.today)
    if begins and ends and ends.after <= begins.first:  # the year it is not over in yet
        ends = read_span(last, begins.first + timedelta(364))
    if not begins or not ends or ends.after <= begins.first:
        return None
    label = f"from {begins.name} to {ends.name}"
    return Period(clock.midnight(begins.first), clock.midnight(ends.after), label)


def _number(text: str) -> str:
    return "".join(re.findall(r"\d+", text)[:1])


def _month(text: str) -> str:
    """A day's month and year without the day."""
    return re.sub(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?(?!\d)|\b(?:the|of)\b|,", "", text).strip()


def _read_bound(found: re.Match[str], clock: _Clock) -> Period | None:
    span, how = read_span(found["named"], clock.today), found["how"].lower()
    if not span:
        return None
    if how in ("since", "from", "starting"):
        return clock.until_now(span.first, f"since {span.name}")
    if how == "after":
        return clock.until_now(span.after, f"after {span.name}")
    if how == "before":
        return Period(BEGINNING, clock.midnight(span.first), f"before {span.name}")
    return Period(BEGINNING, clock.midnight(span.after), f"until {span.name}")


def _read_count(found: re.Match[str], clock: _Clock) -> Period | None:
    unit, written = found["unit"].lower(), (found["number"] or "one").lower()
    number = _NUMBERS.get(written.removeprefix("a ")) or int(written)
    if not 0 < number <= _MOST[unit]:
        return None
    label = f"in the last {unit}" if number == 1 else f"in the last {number} {unit}s"
    if unit == "hour":
        return Period(clock.now - timedelta(hours=number), clock.now, label)
    if unit in ("day", "week"):
        return clock.until_now(clock.today - timedelta(number * (7 if unit == "week" else 1) - 1), label)
    months = {"month": 1, "quarter": 3, "year": 12}[unit] * number
    return clock.until_now(shift_months(clock.today, -months) + timedelta(1), label)


def _read_named(found: re.Match[str], clock: _Clock) -> Period | None:
    span = read_span(found["named"], clock.today)
    return clock.within(span) if span else None


_NUMBER = rf"\d{{1,4}}|(?:a )?(?:{'|'.join(_NUMBERS)})"
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (
            rf"\b(?:between|from) (?P<first>{NAMED}|{_DAY_ONLY}) (?:and|to|until|till|-|–) "
            rf"(?P<last>{NAMED}|{_DAY_ONLY})(?![\w-])",
            _read_between,
        ),
        (
            rf"\b(?P<how>since|from|starting|after|before|until|till|up to) (?P<named>{NAMED})(?![\w-])",
            _read_bound,
        ),
        (
            _IN + rf"\b(?:the )?(?:last|past|previous) (?P<number>{_NUMBER}) (?P<unit>{'|'.join(_MOST)})s?\b",
            _read_count,
        ),
        (r"\b(?:in|over|during|within) the (?:last|past) (?P<number>)(?P<unit>hour|day)\b", _read_count),
        (_IN + rf"(?<![\w-])(?P<named>{CLEARLY_NAMED})(?![\w-])", _read_named),
        (rf"\b(?:in|during|for|throughout) (?P<named>{NAMED})(?![\w-]| \d)", _read_named),
    )
)
_UNREAD = re.compile(
    r"\b(?:since|between|until|till|before|after|last|past|previous|ago|tomorrow|tonight|weekends?"
    rf"|{'|'.join((*WEEKDAYS, *(month for month in MONTHS if month not in ('march', 'may'))))})\b"
    r"|\b\d+[-/.:]\d+(?:[-/.:]\w+)?\b|\b(?:week )?\d{4}-w\d+\b|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
