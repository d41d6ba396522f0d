"""Whether a text states the numbers and names that a sentence states."""

import re
from collections.abc import Iterable
from functools import lru_cache

from assistant.text.facts.numbers import TIMED, Figure, read_figures
from assistant.text.facts.units import RATES, UNITS
from assistant.text.facts.words import find_names, normalise, stem_words

_I = re.IGNORECASE
_RATE = re.compile(rf"\b(?:per|each|every|a|an|/) ?({TIMED})\b", _I)
_SURE_RATE = re.compile(rf"\b(?:per|each|every) ({TIMED})\b|\d\S*(?: [^\s\d]+){{0,2}} an? ({TIMED})\b", _I)
_RATE_WORD = re.compile(rf"\b(?:{'|'.join(RATES)})\b", _I)


def find_figures(text: str) -> set[Figure]:
    """Every figure that a sentence states."""
    plain, placed = read_figures(text)
    rates = {f"per {UNITS[(found[1] or found[2]).lower()]}" for found in _SURE_RATE.finditer(plain)}
    return {one.figure for one in placed} | {Figure("", rate) for rate in rates | _rate_words(plain)}


def find_given_figures(text: str) -> set[Figure]:
    """Every figure that a text gives away, also by the way: `a month` is one month too, and a date has a year."""
    plain, placed = read_figures(text)
    units = {UNITS[found[1].lower()] for found in _RATE.finditer(plain)}
    rates = {f"per {unit}" for unit in units} | _rate_words(plain)
    years = {one.figure.value.split("-")[0] for one in placed if one.figure.unit == "date"}
    found = {one.figure for one in placed} | {Figure("", rate) for rate in rates} | {Figure(year) for year in years}
    return found | {Figure("1", unit) for unit in units}


def has_figure(wanted: Figure, given: set[Figure]) -> bool:
    """Whether a text with these figures states this one; of a date it may state more."""
    if wanted.unit != "date":
        return wanted in given
    parts = wanted.value.split("-")
    dates = [one.value.split("-") for one in given if one.unit == "date" and one.bound == wanted.bound]
    return any(all(mine in ("", its) for mine, its in zip(parts, date, strict=True)) for date in dates)


def has_facts(text: str, sentence: str) -> bool:
    """Whether every number and name of a sentence without addresses stands in the text."""
    return has_figures(text, find_figures(sentence)) and has_names(text, sentence)


def has_figures(text: str, wanted: Iterable[Figure]) -> bool:
    """Whether the text states all of these figures."""
    given = find_given_figures(text)
    return all(has_figure(figure, given) for figure in wanted)


def has_names(text: str, sentence: str) -> bool:
    """Whether every name of the sentence stands in the text, in any form."""
    said = stem_words(text) | stem_words(normalise(text))
    return all(stem_words(name) <= said for name in find_names(sentence))


@lru_cache(maxsize=4096)
def spell_out(text: str) -> str:
    """The text with every number in one spelling, so that `March 3` and `2026-03-03` share their words."""
    plain, placed = read_figures(text)
    for one in sorted(placed, key=lambda one: -one.start):
        if one.figure.unit != "word":
            spelt = re.sub(r"(?<=\w)[-–:]", " ", one.figure.value).removesuffix(" 00")
            plain = f"{plain[: one.start]} {spelt.strip(' -')} {one.figure.unit} {plain[one.end :]}"
    return _RATE_WORD.sub(lambda found: RATES[found[0].lower()], plain)


def _rate_words(plain: str) -> set[str]:
    return {f"per {RATES[found[0].lower()]}" for found in _RATE_WORD.finditer(plain)}
