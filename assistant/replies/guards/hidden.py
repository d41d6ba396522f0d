"""Signs that a reader does not see or takes for others: what hides words from people hides them from checks too."""

import re
import unicodedata
from collections.abc import Iterator

import emoji
from confusable_homoglyphs import confusables

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
