"""Names of days and of spans of days, as people write them: `yesterday`, `last quarter`, `10 November`, `2026-W46`."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_MONTH = rf"(?P<month>{'|'.join(MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"


@dataclass(frozen=True)
class Span:
    """Days from `first` up to `after`, which is not included. `label` reads on after a count: `posts last week`.

    `name` is what stands after `since` or `until`.
    """

    first: date
    after: date
    label: str
    name: str


def shift_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_span(text: str, today: date) -> Span | None:
    """What a text means that is a name of days and nothing else."""
    for pattern, read in _READERS:
        if found := re.fullmatch(pattern, text.strip(), re.IGNORECASE):
            try:
                return _check(read({name: (value or "").lower() for name, value in found.groupdict().items()}, today))
            except (ValueError, OverflowError):  # 30 February, week 60
                return None
    return None


def _check(span: Span) -> Span | None:
    is_sane = span.first.year >= _FIRST_YEAR and span.after.year <= _LAST_YEAR
    return span if is_sane else None


_Groups = dict[str, str]
_Reader = Callable[[_Groups, date], Span]


def _read_near_day(found: _Groups, today: date) -> Span:
    day = today - timedelta(found["near"] == "yesterday")
    return Span(day, day + timedelta(1), found["near"], found["near"])


def _read_weekday(found: _Groups, today: date) -> Span:
    """The latest one before today."""
    back = (today.weekday() - WEEKDAYS.index(found["weekday"]) - 1) % 7 + 1
    return _one_day(today - timedelta(back), f"{found['weekday'].capitalize()}, ")


def _read_days_ago(found: _Groups, today: date) -> Span:
    return _one_day(today - timedelta(int(found["ago"])))


def _read_unit(found: _Groups, today: date) -> Span:
    unit, is_last = found["unit"], found["which"] not in ("this", "current")
    first = _first_day(unit, today)
    if is_last:
        first = _first_day(unit, first - timedelta(1))
    label = f"{'last' if is_last else 'this'} {unit}"
    return Span(first, _first_day(unit, first + timedelta(_LONGEST[unit] + 1)), label, label)


_LONGEST = {"week": 7, "month": 31, "quarter": 92, "year": 366}


def _first_day(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=(day.month - 1) // 3 * 3 + 1 if unit == "quarter" else 1, day=1)


def _read_iso_day(found: _Groups, _today: date) -> Span:
    return _one_day(date.fromisoformat(found["iso"]))


def _read_iso_week(found: _Groups, _today: date) -> Span:
    monday = date.fromisocalendar(int(found["year"]), int(found["week"]), 1)
    name = f"week {found['year']}-W{found['week']}"
    return Span(monday, monday + timedelta(7), f"in {name}", name)


def _read_day_of_month(found: _Groups, today: date) -> Span:
    month = _find_month(found["month"])
    year = int(found["year"] or today.year)
    day = date(year, month, int(found["day"]))
    return _one_day(day if found["year"] or day <= today else day.replace(year=year - 1))


def _read_month(found: _Groups, today: date) -> Span:
    month = _find_month(found["month"])
    year = int(found["year"] or (today.year if month <= today.month else today.year - 1))
    first, name = date(year, month, 1), f"{MONTHS[month - 1].capitalize()} {year}"
    return Span(first, shift_months(first, 1), f"in {name}", name)


def _read_quarter(found: _Groups, today: date) -> Span:
    quarter = int(found["quarter"])
    latest = today.year if quarter <= (today.month + 2) // 3 else today.year - 1
    first = date(int(found["year"] or latest), quarter * 3 - 2, 1)
    return Span(first, shift_months(first, 3), f"in Q{quarter} {first.year}", f"Q{quarter} {first.year}")


def _read_year(found: _Groups, _today: date) -> Span:
    first = date(int(found["year"]), 1, 1)
    return Span(first, shift_months(first, 12), f"in {first.year}", str(first.year))


def _one_day(day: date, weekday: str = "") -> Span:
    return Span(day, day + timedelta(1), f"on {weekday}{day}", f"{weekday}{day}")


def _find_month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, start=1) if month.startswith(name.rstrip(".")[:3]))


# The first that fits counts. Those of the last three are common words and numbers: they need a word before them.
_READERS: tuple[tuple[str, _Reader], ...] = (
    (r"(?P<near>today|yesterday)", _read_near_day),
    (r"(?P<ago>\d{1,3}) days? ago", _read_days_ago),
    (rf"(?:(?:last|past|this) )?(?P<weekday>{'|'.join(WEEKDAYS)})", _read_weekday),
    (r"(?:the )?(?P<which>this|current|last|past|previous) (?P<unit>week|month|quarter|year)", _read_unit),
    (r"(?P<iso>\d{4}-\d{2}-\d{2})", _read_iso_day),
    (r"(?:week )?(?P<year>\d{4})-w(?P<week>\d{2})", _read_iso_week),
    (rf"(?:the )?{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?", _read_day_of_month),
    (rf"{_MONTH} (?:the )?{_DAY}(?:,? {_YEAR})?", _read_day_of_month),
    (rf"(?P<month>{'|'.join(MONTHS)}) {_YEAR}(?P<day>)", _read_month),
    (rf"Q(?P<quarter>[1-4])(?: (?:of )?{_YEAR})?", _read_quarter),
    (rf"{_MONTH}(?: {_YEAR})?", _read_month),
    (_YEAR, _read_year),
)
_NAMELESS = [re.sub(r"\?P<\w+>", "?:", pattern) for pattern, _ in _READERS]
NAMED = f"(?:{'|'.join(_NAMELESS)})"
CLEARLY_NAMED = f"(?:{'|'.join(_NAMELESS[:-2])})"
