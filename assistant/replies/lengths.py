"""How long a text is as a network counts it, which decides whether it is taken."""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

import regex

LINK = re.compile(
    r"(?:https?://|www\.)\S*[^\s.,;:!?)]"
    r"|(?<![\w.@/-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|co|app|dev|eu|de|uk|fr|es|pl|example)\b(?:/\S*[^\s.,;:!?)])?",
    re.IGNORECASE,
)
_PICTURE = "[\U0001f000-\U0001faff\u2600-\u27bf\u2b05-\u2b55\u231a-\u23fa]"
EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)
_LINK_CHARACTERS = 23  # both X and Mastodon count any link so
_EMOJI_CHARACTERS = 2
# X counts signs of these ranges once and all others twice (twitter-text, config v3).
_SINGLE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_REMOTE_HANDLE = re.compile(r"(?<!\w)(@\w+)@[\w.-]+\w")


class Counting(StrEnum):
    """Whose way to count: every sign, what a reader sees as one sign (Bluesky), Mastodon's, or X's."""

    CHARACTERS = "characters"
    GRAPHEMES = "graphemes"
    MASTODON = "mastodon"
    X = "x"


def measure_length(text: str, counting: Counting) -> int:
    """How much of the network's limit the text takes."""
    return _MEASURES[counting](text)


def _count_graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


def _count_as_mastodon(text: str) -> int:
    """A link is 23 characters, and of a handle elsewhere its server is not counted."""
    return _count_graphemes(_REMOTE_HANDLE.sub(r"\1", LINK.sub("x" * _LINK_CHARACTERS, text)))


def _count_as_x(text: str) -> int:
    text = unicodedata.normalize("NFC", text)
    rest, links = LINK.subn("", text)
    rest, emoji = EMOJI.subn("", rest)
    signs = sum(1 if any(first <= ord(sign) <= last for first, last in _SINGLE) else 2 for sign in rest)
    return signs + links * _LINK_CHARACTERS + emoji * _EMOJI_CHARACTERS


_MEASURES: dict[Counting, Callable[[str], int]] = {
    Counting.CHARACTERS: len,
    Counting.GRAPHEMES: _count_graphemes,
    Counting.MASTODON: _count_as_mastodon,
    Counting.X: _count_as_x,
}
