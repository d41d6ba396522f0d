"""Posts that say the same, word for word or nearly: found by a few hashes of their words, judged by edit distance."""

import hashlib
import re
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

VERSION = "repeats-2"
_NOISE = re.compile(r"^\s*(?:RT\s+@\w+:?|(?:from\s+\w+|repost|rt\s+utile|via\s+@?\w+)\s*:)|https?://\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+|@\w+")
_QUOTE = re.compile(r"\bRT\s+@|[\"“”«↪]\s*@")
# What turns a sentence round, or makes it another one: it must be the same in both.
_TELLING = re.compile(
    r"\d+|@\w+|\b(?:no|not|t|never|cannot|today|tonight|tomorrow|yesterday|now|nicht|kein\w*|nie|pas|jamais|non|nunca|não"
    r"|how|why|what|when|where|who|which|wie|warum|wann|wo|comment|pourquoi|quand|cómo|cuándo|dónde|perché|quando)\b"
)
_MOST_READ = 20_000  # edit distance takes the square of it
_RUN = 3
_SKETCH = 6
_LEAST_WORDS = 6
_LEAST_WORDS_OF_NEAR = 9
_LEAST_LIKENESS = 90.0
_LEAST_LIKENESS_OF_A_WORD = 80.0
_MOST_WORDS_AT_AN_END = 3


def find_words_of_repeats(text: str) -> list[str]:
    """The words that repeats share, in small letters: no links, and not who is quoted."""
    return _WORD.findall(_NOISE.sub(" ", text[:_MOST_READ]).lower())


def sketch(text: str) -> tuple[int, ...]:
    """The least hashes of its runs of three words (Broder 1997); none for a post of fewer than six words.

    Two posts that say nearly the same have one of them in common; short ones, as `thank you!`, are nobody's repeats.
    """
    words = find_words_of_repeats(text)
    if _count_said(words) < _LEAST_WORDS:
        return ()
    runs = {" ".join(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1)}
    hashes = sorted(int.from_bytes(hashlib.blake2b(run.encode(), digest_size=7).digest()) for run in runs)
    return tuple(hashes[:_SKETCH])


def is_repeat(text: str, earlier: str) -> bool:
    """Return whether two posts say the same: word for word, or, if longer, but for slips and a few words at an end.

    Other numbers, names, negations, questions or comments before a quote make another post of it, and so does any
    other word: customers ask the same thing in nearly the same words, each for themselves.
    """
    left, right = find_words_of_repeats(text), find_words_of_repeats(earlier)
    least = min(_count_said(left), _count_said(right))
    if least < _LEAST_WORDS or _comment(text) != _comment(earlier):
        return False
    if left == right:
        return True
    joined = " ".join(left), " ".join(right)
    if least < _LEAST_WORDS_OF_NEAR or _TELLING.findall(joined[0]) != _TELLING.findall(joined[1]):
        return False
    is_like = fuzz.ratio(*joined, score_cutoff=_LEAST_LIKENESS) > 0
    return is_like and all(_is_slip(left, right, *edit) for edit in Levenshtein.opcodes(left, right).as_list())


def _count_said(words: Sequence[str]) -> int:
    """How many words say something: under fifty handles, `She is.` and `She is a liar` would be nearly the same."""
    return sum(not word.startswith("@") for word in words)


def _is_slip(left: list[str], right: list[str], kind: str, a: int, b: int, c: int, d: int) -> bool:
    """Whether an edit from `left[a:b]` to `right[c:d]` changes nothing of what is said."""
    if kind == "equal":
        return True
    if kind == "replace":
        return fuzz.ratio(" ".join(left[a:b]), " ".join(right[c:d])) >= _LEAST_LIKENESS_OF_A_WORD
    is_at_an_end = a == 0 or b == len(left)
    return is_at_an_end and max(b - a, d - c) <= _MOST_WORDS_AT_AN_END


def _comment(text: str) -> list[str]:
    """What the author says before quoting somebody: `Lovely!` and `Nope.` make two posts of one quoted post."""
    plain = _NOISE.sub(" ", text)
    quote = _QUOTE.search(plain)
    return _WORD.findall(plain[: quote.start()].lower()) if quote else []


def find_first(text: str, candidates: Sequence[str], texts: Mapping[str, str]) -> str | None:
    """The first of some earlier posts (ids, oldest first) that this one repeats."""
    return next((mention_id for mention_id in candidates if is_repeat(text, texts[mention_id])), None)
