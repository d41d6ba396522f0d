"""How likely a post is to be written for the machine and not for us: a badge for the card, no verdict."""

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from assistant.replies.guards.hidden import find_invisible, find_mixed_words, find_odd_letters, find_spaced
from assistant.replies.guards.lookalikes import fold


class RiskLevel(StrEnum):
    """What the card's badge says."""

    HIGH = "high"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True)
class Risk:
    """The level, and a plain sentence for each thing that was found."""

    level: RiskLevel
    reasons: tuple[str, ...] = ()


_HIGH, _SOME = 3, 2
_MANY_SIGNS = 8
_MARKS_FILE = "marks.txt"
_ENCODED = re.compile(r"(?<![\w/+.:-])(?:[A-Za-z0-9+/]{24,}={0,2}|(?:[0-9a-fA-F]{2}[ :]?){12,})(?![\w/+])")


def judge_risk(post: str) -> Risk:
    """What in a post is meant for a machine. Nothing hangs on it but a badge: the guards hold whatever it says."""
    plain = fold(post).text
    found = [(weight, told) for weight, told, pattern in _read_marks() if pattern.search(post) or pattern.search(plain)]
    found += _find_tricks(post)
    reasons = tuple(dict.fromkeys(told for _, told in found))
    total = sum(weight for weight, _ in found)
    level = RiskLevel.HIGH if total >= _HIGH else RiskLevel.SOME if total >= _SOME else RiskLevel.NONE
    return Risk(level, reasons)


@lru_cache(1)
def _read_marks() -> tuple[tuple[int, str, re.Pattern[str]], ...]:
    """What each mark weighs, what is told of it, and what finds it."""
    lines = (files("assistant.replies.guards") / _MARKS_FILE).read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.strip() and not line.startswith("#")]
    names = dict(line.split(" ", 1) for line in told if line[0].isupper())
    marks: dict[str, list[str]] = {}
    for line in told:
        if line[0].isdigit():
            marks[line] = []
        elif line[0] == " ":
            marks[next(reversed(marks))].append(_fill_in(line.strip(), names))
    flags = re.IGNORECASE | re.MULTILINE | re.DOTALL
    return tuple((int(mark[0]), mark[2:], re.compile("|".join(ways), flags)) for mark, ways in marks.items())


def _fill_in(pattern: str, names: dict[str, str]) -> str:
    for name, words in names.items():
        pattern = pattern.replace(f"{{{name}}}", words)
    return pattern


def _find_tricks(post: str) -> list[tuple[int, str]]:
    hidden = [
        # A few come with copied text and with names in some apps; a message hidden in them takes more.
        (1 if len(find_invisible(post)) < _MANY_SIGNS else 3, "It holds invisible signs.", bool(find_invisible(post))),
        (2, "It mixes letters of scripts that look alike.", any(find_mixed_words(post))),
        (1, "It is written in letters that only look like letters.", any(find_odd_letters(post))),
        (3, "Its letters are set apart.", any(find_spaced(post))),
        (2, "A part of it is encoded.", any(_is_encoded(found[0]) for found in _ENCODED.finditer(post))),
    ]
    return [(weight, told) for weight, told, is_there in hidden if is_there]


def _is_encoded(text: str) -> bool:
    """Whether it is text in base64 or in hexadecimal digits: what decodes to words was hidden on purpose."""
    for decode in (_from_hex, _from_base64):
        raw = decode(text)
        if len(raw) >= 8 and sum(32 <= byte < 127 for byte in raw) / len(raw) > 0.9:
            return True
    return False


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(re.sub(r"[ :]", "", text))
    except ValueError:
        return b""


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
