"""Amounts in whatever language: `10 €`, `zwei Tage` and `4,50 zł` are what `€10`, `2 days` and `4.50 zł` are."""

import re

from assistant.text.facts.agreement import find_figures
from assistant.text.facts.numbers import Quantity
from assistant.text.facts.words import FUNCTION_WORDS

# From 2 on, by value; words that are another word in one of the languages are left out: `due`, `sei`, `neuf`.
_WORDS = (
    "zwei deux dos dois duas dwa dwie twee|drei trois tres três tre trzy drie|vier quatre cuatro quatro quattro cztery"
    "|fünf cinq cinco cinque pięć vijf|sechs seis sześć zes|sieben siete sette siedem zeven|acht huit ocho oito osiem"
    "|neun nueve nove dziewięć negen|zehn dix diez dieci dez dziesięć tien|elf onze undici jedenaście"
    "|zwölf douze doce dodici doze dwanaście twaalf"
)
_VALUES = {word: str(value) for value, row in enumerate(_WORDS.split("|"), 2) for word in row.split()}
_UNITS = {
    "day": r"tag(?:en?)?|jours?|d[ií]as?|giorn[oi]|dni|dzień|dag(?:en)?",
    "hour": r"stunden?|std|heures?|horas?|or[ae]|godzin\w*|u(?:ur|ren)",
    "minute": r"minuten?|minutos?|minut[iyę]?|minuut",
    "week": r"wochen?|semaines?|semanas?|settiman[ae]|tygodni\w*|we(?:ek|ken)",
    "month": r"monate?n?|mois|mes(?:es|i|e)?|m[êe]s|miesiąc\w*|miesięc\w*|maand(?:en)?",
    "year": r"jahre?n?|ans?|années?|años?|ann[oi]|anos?|lata?|jaar",
    "percent": r"prozent|pour ?cent|por ciento|por cento|per cento|procent",
}
_WORD = re.compile(rf"\b(?:{'|'.join(_VALUES)})\b", re.IGNORECASE)
_UNIT = re.compile(
    rf"(?<=\d )(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _UNITS.items())})\b", re.IGNORECASE
)
_ONE = re.compile(r"\bone (?=([^\W\d_]+))", re.IGNORECASE)
_COMMA = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")
_BEHIND = re.compile(r"(?<![\d.,])(\d[\d.]{0,12}) ?([€£$])")


def find_amounts(text: str) -> set[Quantity]:
    """The amounts that a text states, without their bounds and rates; a date's and a telephone's are none."""
    plain = _WORD.sub(lambda found: _VALUES[found[0].lower()], _COMMA.sub(".", text))
    plain = _ONE.sub(lambda found: found[0] if found[1].lower() in FUNCTION_WORDS else "1 ", plain)
    plain = _UNIT.sub(lambda found: str(found.lastgroup), _BEHIND.sub(r"\2\1", plain))
    left_out = ("phone", "date", "word")
    return {
        Quantity(_shorten(figure.value), figure.unit)
        for figure in find_figures(plain)
        if figure.value and figure.unit not in left_out
    }


def state_all(wanted: set[Quantity], given: set[Quantity]) -> bool:
    """Return whether each of these amounts is among the others; one whose unit is not known fits any unit."""
    return all(any(one.value == it.value and _fit(one.unit, it.unit) for it in given) for one in wanted)


def _fit(unit: str, other: str) -> bool:
    return unit == other or not unit or not other


def _shorten(value: str) -> str:
    """`4.50` and `4.5` are the same number."""
    return value.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d+", value) else value
