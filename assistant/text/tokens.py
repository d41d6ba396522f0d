"""The words of a text as the word index compares them: small letters, no accents, no stop words, stemmed.

Takes Markdown's and HTML's marks away, so that words and meaning are read from what a person reads.
"""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+")
_REMEMBERED_STEMS = 200_000
STOP_WORDS = frozenset(
    "a an and are as at be been being but by can could did do does doing for from had has have having he her here"
    " him his how i if in into is it its just me my no not of on or our ours out over she should so some such than"
    " that the their them then there these they this those to too up us very was we were what when where which who"
    " whom why will with would you your yours am any about also may might must shall let get got want need know"
    " tell please s t don ll ve re m d".split()
)


def split_words(text: str) -> list[str]:
    """Every word in small letters, in order, without accents."""
    return _WORD.findall(_without_accents(text.lower()))


def find_terms(text: str) -> list[str]:
    """The stems of a text's content words, in order, repeats included (Porter's stemmer, 1980)."""
    return [_stem(word) for word in split_words(text) if word not in STOP_WORDS]


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


@lru_cache(_REMEMBERED_STEMS)
def _stem(word: str) -> str:
    # One of its own for each word: a stemmer keeps the word that it works on, and threads would mix theirs up.
    return str(snowballstemmer.stemmer("porter").stemWord(word))


_COMMENT = ("<!--", "-->")
_TEMPLATES = (("{%", "%}"), ("{{", "}}"), ("{:", "}"))  # Liquid, which static sites leave in their pages
_PATTERNS = (
    (re.compile(r"!?\[([^\]]{0,300})\](?:\([^)]{0,2000}\)|\[[^\]]{0,300}\])"), r"\1"),
    (re.compile(r"</?(?:tr|p|li|div|br|h\d)\b[^<>]*+>"), "\n"),
    (re.compile(r"</?[a-zA-Z][^<>]*+>"), " "),
    (re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)"), ""),
    (re.compile(r"^(?=[^\n|]*\|)[ \t:|-]{2,}+$", re.MULTILINE), ""),
)


def strip_markup(text: str) -> str:
    """The text without links' addresses, emphasis, tags, template code and table rules; lines stay lines."""
    text = strip_comments(text, " ")
    for begin, end in _TEMPLATES:
        text = _cut_out(text, begin, end, " ")
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text.strip()


def strip_comments(text: str, replacement: str = "") -> str:
    """The text without HTML's comments, which its readers do not see."""
    return _cut_out(text, *_COMMENT, replacement)


def _cut_out(text: str, begin: str, end: str, replacement: str) -> str:
    """Replace all from `begin` to `end`; one that is never closed stays. A pattern would look for its end each time."""
    kept: list[str] = []
    place = 0
    while (start := text.find(begin, place)) >= 0 and (stop := text.find(end, start + len(begin))) >= 0:
        kept += [text[place:start], replacement]
        place = stop + len(end)
    return "".join([*kept, text[place:]])
