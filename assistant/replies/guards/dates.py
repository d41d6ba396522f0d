"""Dates as people write them: a day, a month, a quarter, a season."""

import re

from assistant.text.facts.agreement import find_given_figures, has_figure
from assistant.text.facts.numbers import MONTHS, Quantity, read_figures

_NAMES = "|".join(sorted((name for name in MONTHS if name != "may"), key=len, reverse=True))
# `may` alone is mostly a verb.
_MONTH = re.compile(rf"\b(?:in|by|until|from|since|next|this|early|mid|late)[ -]({_NAMES}|(?-i:May))\b", re.IGNORECASE)
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "1st": "1", "2nd": "2", "3rd": "3", "4th": "4"}
_QUARTER = re.compile(rf"\bQ([1-4])\b|\b({'|'.join(_ORDINALS)}) quarter\b", re.IGNORECASE)
_SEASON = re.compile(r"\b(spring|summer|autumn|winter|week \d{1,2})(?: (?:of )?)(\d{4})\b", re.IGNORECASE)

# The other languages that there are phrases for, by month.
_ELSEWHERE = (
    "januar janvier enero gennaio janeiro januari stycznia|februar février febrero febbraio fevereiro februari lutego"
    "|märz mars marzo março maart marca|april avril abril aprile kwietnia|mai mayo maggio maio mei maja"
    "|juni juin junio giugno junho czerwca|juli juillet julio luglio julho lipca|august août agosto augustus sierpnia"
    "|september septembre septiembre settembre setembro września|oktober octobre octubre ottobre outubro października"
    "|november novembre noviembre novembro listopada|dezember décembre diciembre dicembre dezembro grudnia"
)
_ENGLISH = {
    word: english
    for english, row in zip(list(dict.fromkeys(MONTHS.values())), _ELSEWHERE.split("|"), strict=True)
    for word in row.split()
}
_ABROAD = re.compile(
    rf"(?P<day>\b\d{{1,2}}\.?\s+(?:de\s+)?)?\b(?P<month>{'|'.join(_ENGLISH)})\b(?P<year>\s+(?:de\s+)?\d{{4}}\b)?",
    re.IGNORECASE,
)

_NUMERIC = re.compile(r"(?<![\d./])(\d{1,2})[./](\d{1,2})[./](20\d\d)(?![\d/])")


def find_dates(text: str) -> set[Quantity]:
    """Every date of the text; a month alone has neither year nor day, a quarter is a period of its own."""
    text = _NUMERIC.sub(_name_month, _ABROAD.sub(_to_english, text))
    _, placed = read_figures(text)
    dates = {Quantity(one.figure.value, "date") for one in placed if one.figure.unit == "date"}
    if not dates:
        dates = {Quantity(f"-{MONTHS[found[1].lower()]}-", "date") for found in _MONTH.finditer(text)}
    return dates | _find_periods(text)


def states_date(text: str, date: Quantity) -> bool:
    """Return whether a text states this date; it may state more, such as the year."""
    if date.unit == "period":
        return date in _find_periods(text)
    given = {Quantity(one.value, "date") for one in find_given_figures(text) if one.unit == "date"}
    return has_figure(date, given)


def _to_english(found: re.Match[str]) -> str:
    """`18. Mai 2027` as `18 May 2027`; a month with neither day nor year is left alone: `mars` and `mai` are words."""
    day, year = (re.sub(r"\D", "", found[part] or "") for part in ("day", "year"))
    month = next(name for name, number in MONTHS.items() if number == _ENGLISH[found["month"].lower()])
    return f"{day} {month.capitalize()} {year}".strip() if day or year else found[0]


def _name_month(found: re.Match[str]) -> str:
    """The day stands first, but where that cannot be: `5/18/2027` is American."""
    day, month, year = map(int, found.groups())
    if month > 12:
        day, month = month, day
    name = next((name for name, number in MONTHS.items() if number == month), "")
    return f"{day} {name.capitalize()} {year}" if name else found[0]


def _find_periods(text: str) -> set[Quantity]:
    quarters = {f"q{found[1] or _ORDINALS[found[2].lower()]}" for found in _QUARTER.finditer(text)}
    seasons = {f"{found[1].lower()} {found[2]}" for found in _SEASON.finditer(text)}
    return {Quantity(value, "period") for value in quarters | seasons}
