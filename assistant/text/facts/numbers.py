"""Numbers with what makes them a fact: their unit or currency, their bound, the date they belong to.

The words that go with numbers: units and their spellings, months, numbers written out.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from assistant.text.facts.words import spread

_SPELLINGS = (
    "day days|week weeks wk wks|month months|year years yr yrs|hour hours hr hrs h|minute minutes min mins"
    "|second seconds sec secs|quarter quarters|night nights|weekend weekends"
    "|km kilometre kilometres kilometer kilometers|m metre metres meter meters|cm centimetre centimetres|mm"
    "|mi mile miles"
    "|kg kilo kilos kilogram kilograms|g gram grams|lb lbs|t tonne tonnes ton tons|ft foot feet|inch inches"
    "|gb|mb|tb|kb|kw|kwh|wh|watt watts w|volt volts v|amp amps|l litre litres liter liters|ml"
    "|euro euros eur €|pound pounds gbp £|dollar dollars usd $|zł zloty zlotys pln|yen jpy ¥|franc francs chf"
    "|cent cents|penny pence p|%|percent|point points|time times x|°c|°f|‰"
)
UNITS = {word: row.split()[0] for row in _SPELLINGS.split("|") for word in row.split()} | {
    "percent": "%",
    "per cent": "%",
}
MONTHS = {
    word: number
    for number, row in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep"
        "|october oct|november nov|december dec".split("|"),
        1,
    )
    for word in row.split()
}
_SMALL = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
    " nineteen"
).split()
TENS = {
    word: 10 * place for place, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
NUMBER_WORDS = {word: place for place, word in enumerate(_SMALL, 2)} | TENS
SCALES = {"hundred": 100, "thousand": 1_000, "k": 1_000, "million": 1_000_000, "bn": 10**9, "billion": 10**9}
RATES = {
    "hourly": "hour", "daily": "day", "nightly": "night", "weekly": "week", "monthly": "month", "quarterly": "quarter",
    "yearly": "year", "annually": "year", "annual": "year",
}  # fmt: skip


_I = re.IGNORECASE
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?: ?(?:st|nd|rd|th)\b|\b)(?![:.]\d)"
_YEAR = r"(?: ?,? (?P<year>\d{4})\b)?"
_DATES = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b{_DAY}(?: of)? {_MONTH}{_YEAR}", _I),
    re.compile(rf"\b{_MONTH} {_DAY}{_YEAR}", _I),
    re.compile(rf"\b{_MONTH}(?P<day>) ?,? (?P<year>\d{{4}})\b", _I),
)
_TIME = re.compile(r"(?<![\w.,:/])(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?![:\w]))?(?: ?(?P<half>[ap])\.?m\b)?", _I)
_PHONE = re.compile(r"(?<![\w.,])\+?\(?\d+\)?(?:[ -]\(?\d{2,}\)?){2,}(?![\w,])")
_LEAST_PHONE_DIGITS = 7
_REPEATED = re.compile(r"\b(\d+) \(\1\)")  # `five (5) days`
_ORDINAL = re.compile(r"(?<=\d) (?=(?:st|nd|rd|th)\b)")
_NUMBER = re.compile(
    r"(?P<currency>[£€$¥])?\s?(?P<value>(?:(?<!\w)[-−])?[^\W_]{0,40}\d[^\W_]*(?:[.,:/⁄]\d+)*)"
    rf"(?:[ -]?(?P<scale>{'|'.join(SCALES)})\b)?"
    r"(?:[ -]?(?P<unit>%|‰|°\s?[CF]\b|per cent\b|[^\W\d_]+)(?:[ -](?P<next>[^\W\d_]+))?)?",
    _I,
)
_BOUNDS = {
    "most": r"up to|at most|(?:no|not) (?:more|longer|later) than|maximum(?: of)?|max\.?|limited to|capped at",
    "least": r"at least|(?:no|not) (?:less|fewer|earlier) than|minimum(?: of)?|min\.?|at the earliest",
    "above": r"(?:more|greater|longer|older|later|higher) than|over|above|exceed(?:s|ing)?",
    "below": r"(?:less|fewer|shorter|younger|lower|earlier) than|under|below",
    "before": r"before|prior to",
    "after": r"after",
}
_LEADING = [(name, re.compile(rf"\b(?:{words})\s*$", _I)) for name, words in _BOUNDS.items()]
_TRAILING = [
    ("least", re.compile(r"^\s*(?:or (?:more|longer|older|above)|and (?:more|over|above)|minimum)\b", _I)),
    ("most", re.compile(r"^\s*(?:or (?:less|fewer|below|under)|maximum)\b", _I)),
]
_RANGE = re.compile(r"^\s*(?:-|–|—|to|or)\s*$", _I)
_BETWEEN = re.compile(r"\bbetween\s*$", _I)
_ALOUD = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b", _I)
_TENS = re.compile(rf"\b({'|'.join(TENS)})[- ](one|two|three|four|five|six|seven|eight|nine)\b", _I)
TIMED = "|".join(word for word, unit in UNITS.items() if unit in RATES.values() and len(word) > 2 and word[-1] != "s")
_SINGLE = re.compile(rf"\bone(?=[ -](?:{TIMED})\b)", _I)
_LOOSE = re.compile(
    r"\b(?:hundred|thousand|million|billion|dozen|half|third|quarter|double|triple|twice|thrice)s?\b", _I
)
_THOUSANDS = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$")


@dataclass(frozen=True)
class Quantity:
    """A number as a fact: `14`, `day`, `most` is what `up to two weeks` would be in days."""

    value: str
    unit: str = ""
    bound: str = ""


@dataclass(frozen=True)
class Placed:
    """A figure and where its number stands in the text that read_figures gives back."""

    figure: Quantity
    start: int
    end: int


def read_figures(text: str) -> tuple[str, list[Placed]]:
    """The text with its number words as digits, and its figures in order, without rates."""
    plain = _write_digits(unicodedata.normalize("NFKC", text))
    placed: list[Placed] = []
    rest = plain
    for pattern in (*_DATES, _TIME, _PHONE):
        for found in pattern.finditer(rest):
            if figure := _read_special(pattern, found):
                placed.append(_place(figure, plain, found.start(), found.end()))
                rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
    placed += _join_ranges(plain, [_read_number(plain, found) for found in _NUMBER.finditer(rest)])
    placed += [Placed(Quantity(found[0].lower().rstrip("s"), "word"), *found.span()) for found in _LOOSE.finditer(rest)]
    return plain, sorted(placed, key=lambda one: one.start)


def _write_digits(text: str) -> str:
    text = _TENS.sub(lambda found: str(TENS[found[1].lower()] + NUMBER_WORDS.get(found[2].lower(), 1)), text)
    text = _ALOUD.sub(lambda found: str(NUMBER_WORDS[found[0].lower()]), text)
    return _ORDINAL.sub("", _REPEATED.sub(r"\1", spread(_SINGLE.sub("1", text))))


def _read_special(pattern: re.Pattern[str], found: re.Match[str]) -> Quantity | None:
    """A date, a time of day or a phone number; none where it only looks like one."""
    if pattern is _PHONE:
        digits = re.sub(r"\D", "", found[0])
        return Quantity(digits, "phone") if len(digits) >= _LEAST_PHONE_DIGITS else None
    if pattern is _TIME:
        if not found["half"] and not found["minute"]:
            return None
        hour = int(found["hour"]) % 12 + 12 * (found["half"] in "pP") if found["half"] else int(found["hour"])
        return Quantity(f"{hour}:{found['minute'] or '00'}", "time")
    month = MONTHS.get(found["month"].lower()) or int(found["month"])
    day = str(int(found["day"])) if found["day"] else ""
    return Quantity(f"{found['year'] or ''}-{month}-{day}", "date")


def _read_number(plain: str, found: re.Match[str]) -> Placed:
    unit, end = _read_unit(found)
    value = found["value"].lower().replace("−", "-")
    if _THOUSANDS.match(value):
        value = value.replace(",", "")
    if found["scale"] and value.replace(".", "", 1).isdecimal():
        value = f"{float(value) * SCALES[found['scale'].lower()]:.10g}"
    if found["currency"]:
        value = re.sub(r"\.00$", "", value)
    return _place(Quantity(value, unit), plain, found.start("currency" if found["currency"] else "value"), end)


def _read_unit(found: re.Match[str]) -> tuple[str, int]:
    """`5 days`, `5 working days`, `£5`: which unit it is, and where it ends."""
    if found["currency"]:
        return UNITS[found["currency"]], found.end("scale") if found["scale"] else found.end("value")
    for group in ("unit", "next"):
        word = (found[group] or "").lower().replace(" ", "" if "°" in (found[group] or "") else " ")
        if word in UNITS and (group == "unit" or len(word) > 2):
            return UNITS[word], found.end(group)
    return "", found.end("scale") if found["scale"] else found.end("value")


def _place(figure: Quantity, plain: str, start: int, end: int) -> Placed:
    before, after = plain[max(0, start - 30) : start], plain[end : end + 20]
    bounds = [name for name, pattern in _LEADING if pattern.search(before)]
    bounds += [name for name, pattern in _TRAILING if pattern.match(after)]
    return Placed(Quantity(figure.value, figure.unit, bounds[0] if bounds else ""), start, end)


def _join_ranges(plain: str, numbers: list[Placed]) -> list[Placed]:
    """`3 to 5 days` is one fact: three days alone is another."""
    joined: list[Placed] = []
    skip: Placed | None = None
    for one, other in pairwise([*numbers, None]):
        if one is None or one is skip:
            continue
        if other and _is_range(plain, one, other):
            value = f"{one.figure.value}–{other.figure.value}"
            joined.append(Placed(Quantity(value, other.figure.unit, one.figure.bound), one.start, other.end))
            skip = other
        else:
            joined.append(one)
    return joined


def _is_range(plain: str, one: Placed, other: Placed) -> bool:
    between = plain[one.end : other.start]
    if one.figure.unit not in ("", other.figure.unit):
        return False
    is_between = between.strip().lower() == "and" and bool(_BETWEEN.search(plain[: one.start]))
    return is_between or bool(_RANGE.match(between))
