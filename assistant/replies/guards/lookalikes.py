"""Text as a reader sees it: look-alike letters made plain, invisible signs gone, each with its place in the original.

Unicode's own list of confusable signs (TR39, of the library confusable-homoglyphs) says which letters look alike.

Addresses and numbers as they are meant: `ada at mail dot example`, `evil [.] com`, digits in words or in circles.

Signs that a reader does not see or takes for others: what hides words from people hides them from checks too.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import emoji
from confusable_homoglyphs import confusables

from assistant.text.facts.links import COMMON_ENDINGS

# Invisible, but no letter either: joiners and selectors of emoji count as invisible here, as they hide in words too.
_INVISIBLE = frozenset("Cf Cc Mn Me Co Cn".split())
# Capitals that Unicode lists as an l.
_CAPITALS = {"\u0406": "i", "\u0399": "i", "\u04c0": "i"}
_DIGITS_AS_LETTERS = {"a": "4@", "b": "8", "e": "3", "g": "9", "i": "1!l|", "l": "1!i|", "o": "0", "s": "5$", "t": "7+"}


@dataclass(frozen=True)
class Folded:
    """`text` in small plain letters; sign number i of it stands at `places[i]` of the original."""

    text: str
    places: tuple[int, ...]

    def place(self, index: int) -> int:
        """Return the place in the original of sign number `index`."""
        return self.places[index] if index < len(self.places) else -1


def fold(text: str, is_alike: bool = True) -> Folded:
    """Every sign in its plainest form: full width, accents, styles and look-alikes of other scripts are one letter.

    Without `is_alike` letters of other scripts stay what they are, as a text in one of them is meant.
    """
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for plain in sign if sign.isascii() else _fold_sign(sign, is_alike):
            signs.append(plain.lower())
            places.append(place)
    return Folded("".join(signs), tuple(places))


def spell_both_ways(text: str) -> list[Folded]:
    """Both foldings, or the one that both are."""
    alike, plain = fold(text), fold(text, is_alike=False)
    return [alike] if alike.text == plain.text else [alike, plain]


def find_phrase(folded: Folded, phrase: str) -> tuple[int, int] | None:
    """Find a phrase in the original text, however it is spelt: its first place and the one after its last."""
    pattern = build_pattern(phrase)
    found = pattern.search(folded.text) if pattern else None
    return (folded.place(found.start()), folded.place(found.end() - 1) + 1) if found else None


@lru_cache(maxsize=4096)
def build_pattern(phrase: str) -> re.Pattern[str] | None:
    """Build a pattern for a phrase in folded text, however it is spelt: `B.l-u e`, `8lue`; None for one without words.

    Within a word marks may stand between letters, but no spaces: unless all of its letters are spaced out.
    """
    words = [[_either(sign) for sign in word] for word in re.findall(r"[^\W_]+", fold(phrase).text)]
    if not words:
        return None
    closed = r"[\W_]+".join(r"(?:[^\w\s]|_)*".join(word) for word in words)
    letters = [letter for word in words for letter in word]
    spaced = "|" + r"[\W_]+".join(letters) if len(letters) > 2 else ""
    joined = "|" + "".join(letters) if len(words) > 1 else ""
    return re.compile(rf"(?<![^\W_])(?:{closed}{joined}{spaced})(?:['’]?s)?(?![^\W_])")


def _either(sign: str) -> str:
    likes = _DIGITS_AS_LETTERS.get(sign, "")
    return f"[{re.escape(sign + likes)}]" if likes else re.escape(sign)


@lru_cache(maxsize=4096)
def _fold_sign(sign: str, is_alike: bool) -> str:
    decomposed = unicodedata.normalize("NFKD", sign)
    if decomposed.isascii():
        return decomposed
    visible = (one for one in decomposed if unicodedata.category(one) not in _INVISIBLE)
    return "".join(_find_alike(one) if is_alike else one for one in visible)


def _find_alike(sign: str) -> str:
    """The ASCII letter or digit that looks like a sign, or else the sign."""
    if sign.isascii() or not sign.isalpha():
        return sign
    if sign in _CAPITALS:
        return _CAPITALS[sign]
    found = confusables.confusables_data.get(sign, ()) or confusables.confusables_data.get(sign.lower(), ())
    alike = [one["c"] for one in found if len(one["c"]) == 1 and one["c"].isascii() and one["c"].isalnum()]
    # A capital I of another script looks like an l too: its own case is meant.
    letters = sorted((one for one in alike if one.isalpha()), key=lambda one: one.isupper() != sign.isupper())
    return str((letters or alike or [sign])[0])


_AT = "at|arroba|malpa|chiocciola|arobase"
_DOT = r"dot|punkt|punto|point|ponto|kropka|punt"
_ENDING = rf"(?:{COMMON_ENDINGS}|example)\b"
_PROVIDER = "gmail|googlemail|hotmail|outlook|yahoo|icloud|gmx|proton(?:mail)?|wp|onet"
_OPEN, _CLOSE = r"\s*[(\[{<]\s*", r"\s*[)\]}>]\s*"
# No address has more than ten parts: without an end, a post of nothing but `dot` would be read a thousand times over.
# In this order: an `at` in words is one only before a dot in words, as in `look at larkspur.example` it is none.
_STEPS = (
    (re.compile(rf"{_OPEN}(?:\.|{_DOT}){_CLOSE}(?=\w)"), "."),
    (re.compile(rf"(?<=\w){_OPEN}(?:@|{_AT}){_CLOSE}(?=\w)"), "@"),
    (re.compile(rf"(?<=\w)\s+(?:{_AT})\s+(?=[\w-]+(?:\s+(?:{_DOT})\s+[\w-]+){{0,9}}\s+(?:{_DOT})\s+{_ENDING})"), "@"),
    (re.compile(rf"(?<=\w)\s+(?:{_AT})\s+(?=(?:{_PROVIDER})\b)"), "@"),
    (re.compile(rf"(?<=\w)\s+(?:{_DOT})\s+(?=(?:[\w@-]+\s+(?:{_DOT})\s+){{0,9}}{_ENDING})"), "."),
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


_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][ .·_*|/-]{1,3}){7,}[^\W\d_](?!\w)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_JOINERS = "\u200c\u200d"
# Scripts that need joiners within words: Arabic and its kin, and those of India.
_JOINING_SCRIPTS = re.compile(r"[\u0600-\u08ff\u0900-\u0dff]")
_SELECTORS = "\ufe0e\ufe0f"


def find_invisible(text: str) -> list[int]:
    """Places of signs that show nothing: zero width, direction marks, tags, control and private signs.

    Those that make up an emoji, or join letters of scripts that need it, are no harm.
    """
    harmless = {i for found in emoji.emoji_list(text) for i in range(found["match_start"], found["match_end"])}
    return [i for i, sign in enumerate(text) if i not in harmless and _is_invisible(text, i, sign)]


def find_mixed_words(text: str) -> Iterator[re.Match[str]]:
    """Words that mix scripts which look alike, such as a Cyrillic letter among Latin ones."""
    for word in _WORD.finditer(text):
        if not word[0].isascii() and confusables.is_mixed_script(word[0], allowed_aliases=["COMMON", "INHERITED"]):
            scripts = {unicodedata.name(sign, "").split()[0] for sign in word[0]}
            if scripts & {"LATIN"} and scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "LISU", "COPTIC"}:
                yield word


def find_odd_letters(text: str) -> Iterator[re.Match[str]]:
    """Words in letters that stand for others: mathematical bold, full width, circled."""
    for word in re.finditer(r"[^\s\x00-\x7f]{3,}", text):
        plain = unicodedata.normalize("NFKC", word[0])
        if plain != word[0] and plain.isascii() and sum(sign.isalpha() for sign in plain) > 2:
            yield word


def find_spaced(text: str) -> Iterator[re.Match[str]]:
    """Eight single letters and more in a row, set apart."""
    return _SPACED.finditer(text)


def _is_invisible(text: str, place: int, sign: str) -> bool:
    if sign.isascii():
        return unicodedata.category(sign) == "Cc" and sign not in "\n\t\r"
    if sign in _JOINERS:
        return not _JOINING_SCRIPTS.search(text[max(0, place - 1) : place + 2])
    if sign in _SELECTORS:
        return place == 0 or not unicodedata.category(text[place - 1]).startswith("S")
    return (
        unicodedata.category(sign) in ("Cf", "Cc", "Co", "Cs")
        or 0xFE00 <= ord(sign) <= 0xFE0D
        or sign in "\u3164\u115f\u1160\u2800"
    )
