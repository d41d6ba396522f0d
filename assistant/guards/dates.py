"""Dates as people write them: a day, a month, a quarter, a season."""

import re

from assistant.facts.figures import Figure, read_figures
from assistant.facts.stating import find_given_figures, has_figure
from assistant.facts.units import MONTHS

_NAMES = "|".join(sorted((name for name in MONTHS if name != "may"), key=len, reverse=True))
# `may` alone is mostly a verb.
_MONTH = re.compile(rf"\b(?:in|by|until|from|since|next|this|early|mid|late)[ -]({_NAMES}|(?-i:May))\b", re.IGNORECASE)
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "1st": "1", "2nd": "2", "3rd": "3", "4th": "4"}
_QUARTER = re.compile(rf"\bQ([1-4])\b|\b({'|'.join(_ORDINALS)}) quarter\b", re.IGNORECASE)
_SEASON = re.compile(r"\b(spring|summer|autumn|winter|week \d{1,2})(?: (?:of )?)(\d{4})\b", re.IGNORECASE)


def find_dates(text: str) -> set[Figure]:
    """Every date of the text; a month alone has neither year nor day, a quarter is a period of its own."""
    _, placed = read_figures(text)
    dates = {Figure(one.figure.value, "date") for one in placed if one.figure.unit == "date"}
    if not dates:
        dates = {Figure(f"-{MONTHS[found[1].lower()]}-", "date") for found in _MONTH.finditer(text)}
    return dates | _find_periods(text)


def states_date(text: str, date: Figure) -> bool:
    """Whether a text states this date; it may state more of it, such as the year."""
    if date.unit == "period":
        return date in _find_periods(text)
    given = {Figure(one.value, "date") for one in find_given_figures(text) if one.unit == "date"}
    return has_figure(date, given)


def _find_periods(text: str) -> set[Figure]:
    quarters = {f"q{found[1] or _ORDINALS[found[2].lower()]}" for found in _QUARTER.finditer(text)}
    seasons = {f"{found[1].lower()} {found[2]}" for found in _SEASON.finditer(text)}
    return {Figure(value, "period") for value in quarters | seasons}
