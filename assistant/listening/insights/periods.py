"""The time a question speaks of, such as `last week` or `since 10 November`, in the company's time zone.

Names of days and of spans of days, as people write them: `yesterday`, `last quarter`, `10 November`, `2026-W46`.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_NUMBERS = {
    name: number
    for number, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"few": 3, "couple of": 2}
_MOST = {"hour": 9999, "day": 3660, "week": 520, "month": 120, "quarter": 40, "year": 10}
_NUMBER_WORDS = "|".join(_NUMBERS)
_MONTH = rf"(?P<month>{'|'.join(MONTHS)}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"


@dataclass(frozen=True)
class DaySpan:
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


def read_span(text: str, today: date) -> DaySpan | None:
    """Read a text that names days and nothing else."""
    for pattern, read in _DATES_READERS:
        if found := re.fullmatch(pattern, text.strip(), re.IGNORECASE):
            try:
                return _check(read({name: (value or "").lower() for name, value in found.groupdict().items()}, today))
            except (ValueError, OverflowError):  # 30 February, week 60
                return None
    return None


def _check(span: DaySpan) -> DaySpan | None:
    is_sane = span.first.year >= _FIRST_YEAR and span.after.year <= _LAST_YEAR
    return span if is_sane else None


_Groups = dict[str, str]
_DatesReader = Callable[[_Groups, date], DaySpan]


def _read_near_day(found: _Groups, today: date) -> DaySpan:
    day = today - timedelta(found["near"] == "yesterday")
    return DaySpan(day, day + timedelta(1), found["near"], found["near"])


def _read_weekend(_found: _Groups, today: date) -> DaySpan:
    """The latest one that has begun."""
    saturday = today - timedelta((today.weekday() - WEEKDAYS.index("saturday")) % 7)
    name = f"the weekend of {saturday}"
    return DaySpan(saturday, saturday + timedelta(2), f"on {name}", name)


def _read_numbers(found: _Groups, _today: date) -> DaySpan:
    """`15.11.2026`; with slashes only where one of them can be no month."""
    return _one_day(date(int(found["year"]), int(found["month"]), int(found["day"])))


def _read_weekday(found: _Groups, today: date) -> DaySpan:
    """The latest one before today."""
    back = (today.weekday() - WEEKDAYS.index(found["weekday"]) - 1) % 7 + 1
    return _one_day(today - timedelta(back), f"{found['weekday'].capitalize()}, ")


def _read_days_ago(found: _Groups, today: date) -> DaySpan:
    return _one_day(today - timedelta(int(found["ago"])))


def _read_units_ago(found: _Groups, today: date) -> DaySpan:
    """The whole week or month that lies so far back: `two weeks ago` is no single day."""
    said, unit = found["number"], found["unit"]
    number = _NUMBERS.get(said.removeprefix("a ")) or (1 if said in ("a", "one") else int(said))
    first = _first_day(unit, today)
    for _ in range(min(number, _MOST[unit])):
        first = _first_day(unit, first - timedelta(1))
    after = _first_day(unit, first + timedelta(_LONGEST[unit] + 1))
    label = f"{said} {unit}{'s'[: number != 1]} ago"
    return DaySpan(first, after, f"{label} ({first} to {after - timedelta(1)})", label)


def _read_unit(found: _Groups, today: date) -> DaySpan:
    unit, is_last = found["unit"], found["which"] not in ("this", "current")
    first = _first_day(unit, today)
    if is_last:
        first = _first_day(unit, first - timedelta(1))
    label = f"{'last' if is_last else 'this'} {unit}"
    return DaySpan(first, _first_day(unit, first + timedelta(_LONGEST[unit] + 1)), label, label)


_LONGEST = {"week": 7, "month": 31, "quarter": 92, "year": 366}


def _first_day(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=(day.month - 1) // 3 * 3 + 1 if unit == "quarter" else 1, day=1)


def _read_iso_day(found: _Groups, _today: date) -> DaySpan:
    return _one_day(date.fromisoformat(found["iso"]))


def _read_iso_week(found: _Groups, _today: date) -> DaySpan:
    monday = date.fromisocalendar(int(found["year"]), int(found["week"]), 1)
    name = f"week {found['year']}-W{found['week']}"
    return DaySpan(monday, monday + timedelta(7), f"in {name}", name)


def _read_week(found: _Groups, today: date) -> DaySpan:
    """The latest week of that number that has begun."""
    week, year = int(found["week"]), int(found["year"] or today.isocalendar().year)
    monday = date.fromisocalendar(year, week, 1)
    if monday > today and not found["year"]:
        monday = date.fromisocalendar(year - 1, week, 1)
    name = f"week {monday.isocalendar().year}-W{week:02}"
    return DaySpan(monday, monday + timedelta(7), f"in {name}", name)


def _read_day_of_month(found: _Groups, today: date) -> DaySpan:
    month = _find_month(found["month"])
    year = int(found["year"] or today.year)
    day = date(year, month, int(found["day"]))
    return _one_day(day if found["year"] or day <= today else day.replace(year=year - 1))


def _read_month(found: _Groups, today: date) -> DaySpan:
    month = _find_month(found["month"])
    year = int(found["year"] or (today.year if month <= today.month else today.year - 1))
    first, name = date(year, month, 1), f"{MONTHS[month - 1].capitalize()} {year}"
    return DaySpan(first, shift_months(first, 1), f"in {name}", name)


def _read_quarter(found: _Groups, today: date) -> DaySpan:
    quarter = int(found["quarter"])
    latest = today.year if quarter <= (today.month + 2) // 3 else today.year - 1
    first = date(int(found["year"] or latest), quarter * 3 - 2, 1)
    return DaySpan(first, shift_months(first, 3), f"in Q{quarter} {first.year}", f"Q{quarter} {first.year}")


def _read_year(found: _Groups, _today: date) -> DaySpan:
    first = date(int(found["year"]), 1, 1)
    return DaySpan(first, shift_months(first, 12), f"in {first.year}", str(first.year))


def _one_day(day: date, weekday: str = "") -> DaySpan:
    return DaySpan(day, day + timedelta(1), f"on {weekday}{day}", f"{weekday}{day}")


def _find_month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, start=1) if month.startswith(name.rstrip(".")[:3]))


# The first that fits counts. Those of the last three are common words and numbers: they need a word before them.
_DATES_READERS: tuple[tuple[str, _DatesReader], ...] = (
    (r"(?P<near>today|yesterday)", _read_near_day),
    (r"(?P<ago>\d{1,3}) days? ago", _read_days_ago),
    (
        rf"(?P<number>a|\d{{1,3}}|(?:a )?(?:{_NUMBER_WORDS})) (?P<unit>week|month|quarter|year)s? ago",
        _read_units_ago,
    ),
    (
        rf"(?:calendar )?week (?:no\.? ?|number )?(?P<week>\d{{1,2}})(?! ?[-–/]?w?\d)(?:,? (?:of )?{_YEAR})?",
        _read_week,
    ),
    (r"(?:the |this |last |past )?(?P<weekend>weekend)", _read_weekend),
    (rf"(?:{'|'.join(WEEKDAYS)}),? (?:the )?{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?", _read_day_of_month),
    (rf"(?:{'|'.join(WEEKDAYS)}),? {_MONTH} (?:the )?{_DAY}(?:,? {_YEAR})?", _read_day_of_month),
    (rf"(?:(?:last|past|this) )?(?P<weekday>{'|'.join(WEEKDAYS)})", _read_weekday),
    (r"(?:the )?(?P<which>this|current|last|past|previous) (?P<unit>week|month|quarter|year)", _read_unit),
    (r"(?P<iso>\d{4}-\d{2}-\d{2})", _read_iso_day),
    (r"(?:week )?(?P<year>\d{4})-w(?P<week>\d{2})", _read_iso_week),
    (r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d\d)", _read_numbers),
    (r"(?P<day>1[3-9]|2\d|3[01])[/-](?P<month>\d{1,2})[/-](?P<year>(?:19|20)\d\d)", _read_numbers),
    (r"(?P<month>\d{1,2})[/-](?P<day>1[3-9]|2\d|3[01])[/-](?P<year>(?:19|20)\d\d)", _read_numbers),
    (rf"(?:the )?{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?", _read_day_of_month),
    (rf"{_MONTH} (?:the )?{_DAY}(?:,? {_YEAR})?", _read_day_of_month),
    (rf"(?P<month>{'|'.join(MONTHS)}) {_YEAR}(?P<day>)", _read_month),
    (rf"Q(?P<quarter>[1-4])(?: (?:of )?{_YEAR})?", _read_quarter),
    (rf"{_MONTH}(?: {_YEAR})?", _read_month),
    (_YEAR, _read_year),
)
_NAMELESS = [re.sub(r"\?P<\w+>", "?:", pattern) for pattern, _ in _DATES_READERS]
NAMED = f"(?:{'|'.join(_NAMELESS)})"
CLEARLY_NAMED = f"(?:{'|'.join(_NAMELESS[:-2])})"


BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_IN = r"(?:\b(?:in|over|during|within|for|of|from|on|at|throughout) )?"
_PLAINER = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\bthe day before yesterday\b", "2 days ago"),
        (r"\ba fortnight ago\b", "two weeks ago"),
        (r"\b(?:this|the) fortnight\b", "the last two weeks"),
        (r"\bfortnight\b", "two weeks"),
        (r"\b(this (?:week|month|quarter|year|weekend)) (?:so far|to date)\b", r"\1"),
        (r"\bso far (this (?:week|month|quarter|year|weekend))\b", r"\1"),
        (r"\b(?:this (?:morning|afternoon|evening)|tonight)\b", "today"),
        (r"\blast night\b", "yesterday"),
        (r"\b(?:right now|at the moment|these days|lately|recently)\b", ""),
    )
)
_DAY_ONLY = r"(?:the )?\d{1,2}(?:st|nd|rd|th)?"


@dataclass(frozen=True)
class AskedPeriod:
    """`start_at` included, `end_at` not, both aware UTC; `label` reads on after a count: `42 posts last week`."""

    start_at: datetime
    end_at: datetime
    label: str


def find_period(text: str, now: datetime, zone: ZoneInfo) -> tuple[AskedPeriod | None, str]:
    """The first period that is named, and the text without it."""
    text, clock = _say_plainly(text), _Clock(now, zone)
    for pattern, read in _READERS:
        for found in pattern.finditer(text):
            if period := read(found, clock):
                return period, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


def _say_plainly(text: str) -> str:
    """A fortnight is two weeks; `so far` and `to date` add nothing to `this year`."""
    for pattern, plain in _PLAINER:
        text = pattern.sub(plain, text)
    return text


def last_days(days: int, now: datetime) -> AskedPeriod:
    """The days up to now."""
    return AskedPeriod(now - timedelta(days), now, f"in the last {days} days")


def since(period: AskedPeriod, now: datetime) -> AskedPeriod:
    """The time from a period's end up to now: what is compared with it."""
    end = min(period.end_at, now)
    return AskedPeriod(end, max(now, end), f"from {end:%Y-%m-%d} on")


def before(period: AskedPeriod, now: datetime) -> tuple[AskedPeriod, AskedPeriod]:
    """A period as far as it has come, and as long a time right before it, in whole weeks where it is one."""
    end = min(period.end_at, now)
    whole = period.end_at - period.start_at
    start = period.start_at - whole
    return (
        AskedPeriod(period.start_at, end, period.label),
        AskedPeriod(start, start + (end - period.start_at), "in the same length of time before"),
    )


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

    def until_now(self, first: date, label: str) -> AskedPeriod:
        return AskedPeriod(
            self.midnight(first), max(self.midnight(first), self.midnight(self.today + timedelta(1))), label
        )

    def within(self, span: DaySpan) -> AskedPeriod:
        return AskedPeriod(self.midnight(span.first), self.midnight(span.after), span.label)


_Reader = Callable[[re.Match[str], _Clock], AskedPeriod | None]


def _read_between(found: re.Match[str], clock: _Clock) -> AskedPeriod | None:
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
    return AskedPeriod(clock.midnight(begins.first), clock.midnight(ends.after), label)


def _number(text: str) -> str:
    return "".join(re.findall(r"\d+", text)[:1])


def _month(text: str) -> str:
    """A day's month and year without the day."""
    return re.sub(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?(?!\d)|\b(?:the|of)\b|,", "", text).strip()


def _read_bound(found: re.Match[str], clock: _Clock) -> AskedPeriod | None:
    span, how = read_span(found["named"], clock.today), found["how"].lower()
    if not span:
        return None
    if how == "from" and not found["on"]:
        return clock.within(span)
    if how in ("since", "from", "starting"):
        return clock.until_now(span.first, f"since {span.name}")
    if how == "after":
        return clock.until_now(span.after, f"after {span.name}")
    if how == "before":
        return AskedPeriod(BEGINNING, clock.midnight(span.first), f"before {span.name}")
    return AskedPeriod(BEGINNING, clock.midnight(span.after), f"until {span.name}")


def _read_count(found: re.Match[str], clock: _Clock) -> AskedPeriod | None:
    unit, written = found["unit"].lower(), (found["number"] or "one").lower()
    number = _NUMBERS.get(written.removeprefix("a ")) or int(written)
    if not 0 < number <= _MOST[unit]:
        return None
    label = f"in the last {unit}" if number == 1 else f"in the last {number} {unit}s"
    if unit == "hour":
        return AskedPeriod(clock.now - timedelta(hours=number), clock.now, label)
    if unit in ("day", "week"):
        return clock.until_now(clock.today - timedelta(number * (7 if unit == "week" else 1) - 1), label)
    months = {"month": 1, "quarter": 3, "year": 12}[unit] * number
    return clock.until_now(shift_months(clock.today, -months) + timedelta(1), label)


def _read_named(found: re.Match[str], clock: _Clock) -> AskedPeriod | None:
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
            rf"\b(?P<how>since|from|starting|after|before|until|till|up to) (?P<named>{NAMED})(?![\w-])"
            r"(?P<on> on(?:wards?)?\b)?",
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
