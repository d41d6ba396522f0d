"""The bounds of every text that comes from outside: posts, pages, feeds' entries, a model's words, questions.

They hold where the nouns are made, so that no way in goes round them, nor any row that was kept before they held.
"""

import re
from dataclasses import dataclass

CUT = " […]"
# What steers a terminal, a spreadsheet or the order that words are read in. Line breaks and tabs stay.
_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LINE_BREAK = re.compile("\r\n|[\r\x85\u2028\u2029]")
_LOOKED_AT = 4  # times the length that is kept: what is removed or collapsed must not push the words out
_ELLIPSIS = "…"


@dataclass(frozen=True)
class Bounds:
    """Limits of a text of one kind, in characters: in all, without a space, and of one character in a row."""

    length: int
    word: int
    run: int


POST = Bounds(length=20_000, word=2_000, run=50)  # far more than most networks allow
DOCUMENT = Bounds(length=5_000_000, word=2_000, run=500)  # tables are filled up with spaces and dashes
QUESTION = Bounds(length=20_000, word=2_000, run=50)  # of a post that is to be answered as well as of a person
SENTENCE = Bounds(length=4_000, word=2_000, run=50)  # of a chat model
NAME = Bounds(length=500, word=500, run=500)


def bound(text: str, bounds: Bounds) -> str:
    """The text within its bounds; what is cut off is marked. Bounding it once more changes nothing."""
    kept = _collapse(drop_steering(text[: bounds.length * _LOOKED_AT]), bounds)
    if len(kept) <= bounds.length and len(text) <= bounds.length * _LOOKED_AT:
        return kept
    return kept[: bounds.length - len(CUT)].rstrip().removesuffix(CUT) + CUT


def drop_steering(text: str) -> str:
    """The text without control and direction characters, and with one kind of line break; it may be empty then."""
    return _STEERING.sub("", _LINE_BREAK.sub("\n", text))


def _collapse(text: str, bounds: Bounds) -> str:
    text = _collapse_runs(text, bounds.run)
    text = re.sub(rf"(\s{{{bounds.run}}})\s+", r"\1", text)
    # Only of ASCII: languages that put no spaces between words write whole pages without one.
    return re.sub(rf"[!-~]{{{bounds.word + 1},}}", lambda found: _shorten(found[0], bounds.word), text)


def _collapse_runs(text: str, most: int) -> str:
    """The text with at most so many of one character in a row.

    A pattern that refers back without an end takes 80 bytes for each character: 400 MB for one run of 5 MB.
    """
    kept, place, run = [], 0, re.compile(rf"(.)\1{{{most}}}", re.DOTALL)
    while found := run.search(text, place):
        kept.append(text[place : found.start() + most])
        place = _find_end(text, found[1], found.end(), most)
    return "".join([*kept, text[place:]])


def _find_end(text: str, one: str, place: int, step: int) -> int:
    for part in (one * step, one):
        while text.startswith(part, place):
            place += len(part)
    return place


def _shorten(word: str, most: int) -> str:
    return word[:most].rstrip(_ELLIPSIS) + _ELLIPSIS
