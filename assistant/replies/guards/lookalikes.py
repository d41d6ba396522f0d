"""Text as a reader sees it: look-alike letters made plain, invisible signs gone, each with its place in the original.

Unicode's own list of confusable signs (TR39, of the library confusable-homoglyphs) says which letters look alike.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from confusable_homoglyphs import confusables

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
        """Where sign number `index` stands in the original."""
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
    """Where a phrase stands in the original text, however it is spelt: its first place and the one after its last."""
    pattern = build_pattern(phrase)
    found = pattern.search(folded.text) if pattern else None
    return (folded.place(found.start()), folded.place(found.end() - 1) + 1) if found else None


@lru_cache(maxsize=4096)
def build_pattern(phrase: str) -> re.Pattern[str] | None:
    """What finds a phrase in folded text, however it is spelt: `B.l-u e`, `8lue`, `BLUE`; None for one without words.

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
