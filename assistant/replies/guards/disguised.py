"""Addresses and numbers as they are meant: `ada at mail dot example`, `evil [.] com`, digits in words or in circles."""

import re
from collections.abc import Iterator

from assistant.replies.guards.lookalikes import Folded, fold
from assistant.text.facts.links import COMMON_ENDINGS

_AT = "at|arroba|malpa|chiocciola|arobase"
_DOT = r"dot|punkt|punto|point|ponto|kropka|punt"
_ENDING = rf"(?:{COMMON_ENDINGS}|example)\b"
_PROVIDER = "gmail|googlemail|hotmail|outlook|yahoo|icloud|gmx|proton(?:mail)?|wp|onet"
_OPEN, _CLOSE = r"\s*[(\[{<]\s*", r"\s*[)\]}>]\s*"
# In this order: an `at` in words is one only before a dot in words, as in `look at larkspur.example` it is none.
_STEPS = (
    (re.compile(rf"{_OPEN}(?:\.|{_DOT}){_CLOSE}(?=\w)"), "."),
    (re.compile(rf"(?<=\w){_OPEN}(?:@|{_AT}){_CLOSE}(?=\w)"), "@"),
    (re.compile(rf"(?<=\w)\s+(?:{_AT})\s+(?=[\w-]+(?:\s+(?:{_DOT})\s+[\w-]+)*\s+(?:{_DOT})\s+{_ENDING})"), "@"),
    (re.compile(rf"(?<=\w)\s+(?:{_AT})\s+(?=(?:{_PROVIDER})\b)"), "@"),
    (re.compile(rf"(?<=\w)\s+(?:{_DOT})\s+(?=(?:[\w@-]+\s+(?:{_DOT})\s+)*{_ENDING})"), "."),
    (re.compile(rf"(?<=[a-z\d])(?:\s+\.\s*|\u3002\s*)(?={_ENDING})|(?<=\w)\.\s+(?=(?:com|org)\b)"), "."),
    (re.compile(rf"(?<=\w)\s*@\s+(?=(?:[\w-]+\.)+{_ENDING})"), "@"),
    (re.compile(r"(?<![^\W\d_])o(?=\d\d)|(?<=\d)o(?=\d)"), "0"),
    (re.compile(r"(?<![^\W\d_])l(?=\d\d)|(?<=\d)l(?=\d)"), "1"),
)
_ROWS = (
    "zero oh nought null cero nul|one un uno um eins een jeden|two deux dos dois due zwei zwo twee dwa"
    "|three trois tres tre drei drie trzy|four quatre cuatro quatro quattro vier cztery"
    "|five cinq cinco cinque funf vijf piec|six seis sei sechs zes szesc meia|seven sept siete sete sette sieben zeven"
    " siedem|eight huit ocho oito otto acht osiem|nine neuf nueve nove neun negen dziewiec|ten dix diez dez dieci zehn"
    " tien|eleven onze once elf|twelve douze doce zwolf twaalf|thirteen treize trece|fourteen quatorze catorce"
    "|fifteen quinze quince|sixteen seize|seventeen|eighteen|nineteen"
)
_TENS = "twenty vingt veinte|thirty trente treinta|forty quarante|fifty cinquante|sixty soixante|seventy|eighty|ninety"
_VALUES = {word: str(value) for value, row in enumerate(_ROWS.split("|")) for word in row.split()} | {
    word: str(10 * value) for value, row in enumerate(_TENS.split("|"), 2) for word in row.split()
}
_TOKEN = rf"(?:\d+|{'|'.join(sorted(_VALUES, key=len, reverse=True))})"
_SPOKEN = re.compile(rf"(?<!\w){_TOKEN}(?:[\s,./-]+{_TOKEN})+(?!\w)")
_LEAST_WORDS, _LEAST_DIGITS = 3, 7


def spell_plainly(text: str) -> Folded:
    """The text in small letters, with such ats, dots and digits as signs; each sign has its place in the original."""
    folded = fold(text, is_alike=False)
    for pattern, sign in _STEPS:
        folded = _put(folded, [(found.start(), found.end(), sign) for found in pattern.finditer(folded.text)])
    return _put(folded, list(_find_spoken(folded.text)))


def _find_spoken(text: str) -> Iterator[tuple[int, int, str]]:
    """Numbers that are read out: at least three words among what makes seven digits."""
    for run in _SPOKEN.finditer(text):
        tokens = re.findall(r"\w+", run[0])
        digits = "".join(_VALUES.get(token, token) for token in tokens)
        if sum(token in _VALUES for token in tokens) >= _LEAST_WORDS and len(digits) >= _LEAST_DIGITS:
            yield run.start(), run.end(), digits


def _put(folded: Folded, changes: list[tuple[int, int, str]]) -> Folded:
    """The changes made; a new sign stands where the words for it began, the last one where they ended."""
    text, places = folded.text, folded.places
    for start, end, by in reversed(changes):
        text = text[:start] + by + text[end:]
        places = (*places[:start], *(places[start] for _ in by[1:]), places[end - 1], *places[end:])
    return Folded(text, places)
