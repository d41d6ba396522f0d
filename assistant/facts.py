"""What a sentence states that nobody may invent: numbers, names, addresses and quotations."""

import re
import unicodedata

from assistant.index.terms import split_words

_URL = re.compile(r"(?:https?://|www\.)[^\s<>|)\]]+|[\w.+-]+@[\w-]+\.[\w.]+")
_NUMBER = re.compile(r"(?:(?<!\w)[-−](?=\d))?[^\W_]*\d[^\W_]*(?:[.,:/]\d+)*")
_GLUED_UNIT = re.compile(r"(?<!\w)(\d+(?:[.,:/]\d+)*)(?=[^\W\d_])")
# A number as a whole: `5` must not be found in `15`, `-5`, `2.5` or `8:5`, nor `1.5` in `1.50`.
_BEFORE, _AFTER = r"(?<![\w.,])(?<!\d[:/])(?<!(?<!\w)[-−])", r"(?!\w)(?![.,:/]\d)"
_QUOTATION = re.compile(r"[\"“”„«»]([^\"“”„«»]{2,})[\"“”„«»]")
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-ZÀ-ÖØ-Þ][\w&'’-]+")
# fmt: off
_NUMBER_WORDS = frozenset([
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty",
    "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million", "billion", "dozen", "half",
    "third", "quarter", "double", "triple", "twice", "hourly", "daily", "weekly", "monthly", "quarterly",
    "yearly", "annually",
])
# fmt: on


def find_facts(sentence: str) -> set[str]:
    """Numbers in digits or words, addresses, quotations and names, in small letters."""
    return _find_exact(sentence) | find_names(sentence)


def find_names(sentence: str) -> set[str]:
    """Words with a capital that do not begin the sentence."""
    rest = _without_addresses(sentence)
    return {name.lower().removesuffix("'s").removesuffix("’s") for name in _NAME.findall(rest)}


def has_all_facts(text: str, sentence: str) -> bool:
    """Whether every fact of the sentence stands in the text: names in any form, all else as it is."""
    lowered = normalise(_spread(text))
    exact = (re.escape(normalise(fact)) for fact in _find_exact(sentence))
    if not all(re.search(_BEFORE + fact + _AFTER, lowered) for fact in exact):
        return False
    said = stem_words(text)
    return all(stem_words(name) <= said for name in find_names(sentence))


def has_address(sentence: str) -> bool:
    """Whether it holds a link or a mail address."""
    return bool(_URL.search(sentence))


def stem_words(text: str) -> set[str]:
    """The words of a text without their endings."""
    return {stem(word) for word in split_words(text)}


def stem(word: str) -> str:
    """A word without its commonest English endings: gentler than Porter's, which would make one of `news` and `new`."""
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def normalise(text: str) -> str:
    """Small letters, plain quotation marks, single spaces."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").replace("“", '"').replace("”", '"')
    return " ".join(folded.lower().split())


def _find_exact(sentence: str) -> set[str]:
    addresses = {address.rstrip(".,;:!?").lower() for address in _URL.findall(_compose(sentence))}
    rest = _without_addresses(sentence)
    quotations = {quotation.strip().lower() for quotation in _QUOTATION.findall(rest)}
    return addresses | quotations | set(_NUMBER.findall(rest)) | (_NUMBER_WORDS & set(split_words(rest)))


def _without_addresses(sentence: str) -> str:
    return _spread(_URL.sub(" ", _compose(sentence)))


def _compose(sentence: str) -> str:
    return unicodedata.normalize("NFKC", sentence)  # else `5½` would pass for `5`


def _spread(text: str) -> str:
    """`61km` as `61 km`, so that both are the same number."""
    return _GLUED_UNIT.sub(r"\1 ", text)
