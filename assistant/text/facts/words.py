"""The words of a sentence that carry its meaning, its names and its quotations."""

import re
import unicodedata

from assistant.text.tokens import split_words

_GLUED_UNIT = re.compile(r"(?<!\w)(\d+(?:[.,:/]\d+)*)(?=[^\W\d_])")
_QUOTATION = re.compile(r"[\"“”„«»]([^\"“”„«»]{2,})[\"“”„«»]")
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-ZÀ-ÖØ-Þ][\w&'’-]+")
_POSSESSIVE = re.compile(r"['’]s?$")
# fmt: off
FUNCTION_WORDS = frozenset([
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "for",
    "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "is", "it", "its", "may", "might",
    "must", "my", "of", "on", "or", "our", "she", "should", "so", "than", "that", "the", "their", "them",
    "then", "there", "these", "they", "this", "those", "to", "up", "us", "was", "we", "were", "what", "when",
    "where", "which", "who", "will", "with", "would", "you", "your", "also", "about", "into", "any", "all",
    "each",
    # What contractions fall apart into; a negation is looked at by itself.
    "t", "s", "ll", "ve", "re", "m", "d", "don", "doesn", "didn", "isn", "aren", "wasn", "weren", "won", "wouldn",
    "couldn", "shouldn", "hasn", "haven", "hadn", "mustn", "not", "cannot",
])
# fmt: on


def find_names(sentence: str) -> set[str]:
    """Words with a capital that do not begin the sentence, in small letters."""
    return {_POSSESSIVE.sub("", name.lower()) for name in _NAME.findall(sentence)} - FUNCTION_WORDS


def find_quotations(sentence: str) -> set[str]:
    """Find the texts between quotation marks, in small letters."""
    return {quotation.strip().lower() for quotation in _QUOTATION.findall(sentence)}


def content_stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order."""
    return [stem(term) for term in split_words(spread(text)) if term not in FUNCTION_WORDS]


def stem_words(text: str) -> set[str]:
    """The words of a text without their endings."""
    return {stem(word) for word in split_words(text)}


def stem(word: str) -> str:
    """A word without its commonest English endings: gentler than Porter's, which would make one of `news` and `new`."""
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def spread(text: str) -> str:
    """`61km` as `61 km`, so that both are the same number."""
    return _GLUED_UNIT.sub(r"\1 ", text)


def normalise(text: str) -> str:
    """Small letters, plain quotation marks, single spaces."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").replace("“", '"').replace("”", '"')
    return " ".join(folded.lower().split())
