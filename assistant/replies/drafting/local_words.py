"""What a customer reads of a page: their own city and currency, and a table's row as a sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import About, Analysis
from assistant.text.tokens import find_terms, split_words

_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD", "zł": "PLN", "GBP": "GBP", "EUR": "EUR", "USD": "USD", "PLN": "PLN",
          "CHF": "CHF", "Fr.": "CHF", "euro": "EUR", "euros": "EUR", "pounds": "GBP", "quid": "GBP"}  # fmt: skip
_OF_COUNTRY = {"GB": "GBP", "PL": "PLN", "US": "USD", "CH": "CHF"} | dict.fromkeys(
    "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split(), "EUR"
)
_OF_LANGUAGE = {"pl": "PLN"} | dict.fromkeys("de es fr it nl pt".split(), "EUR")
_SIGN = r"(?:£|€|\$|zł|(?:GBP|EUR|USD|PLN|CHF|euros?|pounds|quid)\b)"
_NUMBER = r"\d(?:[\d.,]{0,15}\d)?"
_AMOUNT = rf"(?:[£€$]\s?{_NUMBER}|{_NUMBER}\s?{_SIGN}|(?:GBP|EUR|USD|PLN|CHF)\s?{_NUMBER})(?:\s(?:million|mio))?"
_AMOUNTS = re.compile(rf"{_AMOUNT}(?:(?:\s?/\s?|,\s|\s)(?:(?:or|and|oder|und|ou|et|o|y|lub|i)\s)?{_AMOUNT})+")
_ONE = re.compile(_AMOUNT)
_ANY_SIGN = re.compile(rf"(?<!\w){_SIGN}|(?<=\d){_SIGN}|[£€$]")
_CELLS = re.compile(r";\s(?=[^:;]{1,60}:\s)")
_CAPITAL = re.compile(r"[^\W\d_a-zß-ÿ]")
_JOINING = frozenset("and in or und et y e i o ou only".split())


@dataclass(frozen=True)
class Whereabouts:
    """What is known of where a customer is: a currency (ISO 4217), and words of the post and the profile."""

    currency: str = ""
    words: frozenset[str] = frozenset()

    def names(self, heading: str) -> bool:
        """Return whether a column's heading names their city."""
        return any(word in self.words for word in split_words(heading))


def find_whereabouts(text: str, location: str | None, found: Analysis, lang: str) -> Whereabouts:
    """By the money they write of, else by the country that is known, else by a language of few countries."""
    signs = {_SIGNS[sign[0]] for sign in _ANY_SIGN.finditer(text) if sign[0] in _SIGNS}
    country = found.find(About.COUNTRY)
    by_place = _OF_COUNTRY.get(country.label, "") if country else ""
    currency = signs.pop() if len(signs) == 1 else by_place or _OF_LANGUAGE.get(lang, "")
    return Whereabouts(currency, frozenset(split_words(f"{text} {location or ''}")))


def keep_own_currency(text: str, whereabouts: Whereabouts) -> str:
    """`£9 / €10 / 39 zł` to the one they pay; the text itself where that is not known, or is not among them."""
    return _AMOUNTS.sub(lambda found: _choose(found[0], whereabouts.currency), text) if whereabouts.currency else text


def tell_row(row: str, asked: str, whereabouts: Whereabouts) -> str:
    """A row, as spans.py reads it out, as a sentence: `Beck 500: €37 in Cork.`; empty where it names nothing."""
    cells = [(name.strip(), value.strip()) for name, _, value in (cell.partition(": ") for cell in _CELLS.split(row))]
    if len(cells) < 2 or not all(value for _, value in cells):
        return ""
    (_, subject), *rest = cells
    told = [_tell_cell(name, value, len(rest)) for name, value in _keep_asked(_keep_own(rest, whereabouts), asked)]
    mark = " –" if ":" in "".join(told) else ":"
    said = f"{subject}{mark} {', '.join(told)}"
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _choose(amounts: str, currency: str) -> str:
    found = [(_name_currency(one[0]), one[0]) for one in _ONE.finditer(amounts)]
    if len({name for name, _ in found}) < len(found):  # `£5 or £6` is a range
        return amounts
    return dict(found).get(currency, amounts)


def _name_currency(amount: str) -> str:
    sign = _ANY_SIGN.search(amount)
    return _SIGNS.get(sign[0], "") if sign else ""


def _keep_own(cells: Sequence[tuple[str, str]], whereabouts: Whereabouts) -> Sequence[tuple[str, str]]:
    """Of columns that differ by city the customer's own, by its name or else by its money."""
    places = [cell for cell in cells if _is_place(cell[0]) and _ONE.search(cell[1])]
    if len(places) < 2:
        return cells
    own = [cell for cell in places if whereabouts.names(cell[0])]
    own = own or [cell for cell in places if _name_currency(cell[1]) == whereabouts.currency]
    return [cell for cell in cells if cell not in places or cell in own] if own else cells


def _is_place(heading: str) -> bool:
    """Whether each word of it is a name: `Leeds and York`."""
    words = re.findall(r"[^\W\d_]+", heading)
    return bool(words) and all(word in _JOINING or _CAPITAL.match(word) for word in words)


def _keep_asked(cells: Sequence[tuple[str, str]], asked: str) -> Sequence[tuple[str, str]]:
    """Of many columns those whose heading has a word of the question, where there are such."""
    wanted = set(find_terms(asked))
    named = [cell for cell in cells if wanted & set(find_terms(cell[0]))]
    return named if len(cells) > 2 and named else cells


def _tell_cell(name: str, value: str, cells: int) -> str:
    if cells == 1 or not name:
        return value
    if _is_place(name) and _ONE.search(value):
        return f"{value} in {name}"
    lowered = name if name[:2].isupper() else name[:1].lower() + name[1:]
    return f"{lowered}: {value}"
