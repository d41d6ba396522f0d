"""How far a passage speaks of each thing that a question names, in the same words or in words of like meaning.

A passage may be near a question as a whole and lack the one word that matters: the helmets of `do we rent out helmets`
are in the rules for riding, and nothing there is rented.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from assistant.domain import Audience, Question
from assistant.text.embedding import Embedder, RememberedVectors, Vectors
from assistant.text.tokens import find_terms, split_words

_MOST_WORDS = 400  # of a passage, those that stand first
_MOST_KEPT = 4_000
_COVERED_WEIGHT, _WORST_WEIGHT = 0.5, 1.0
_CHATTER = frozenset(  # what people type around a question, and no document has
    "pls plz please thx thanks thank cheers hey hi hello ok okay btw asap lol im ive id u ur whats hows wheres whos"
    " dont doesnt cant isnt wont gonna wanna gotta guys mate someone somebody something anyone anything thing stuff"
    " really actually maybe meant supposed"
    " difference differences differ between happens happen happened mean means work works way ways kind kinds sort many"
    " much often long soon order count amount explain show give find ask asks asking say says said use using".split()
)
_SIGNS = {"£": " pounds ", "€": " euros ", "$": " dollars ", "%": " percent "}
_YEAR = re.compile(r"(?:19|20)\d\d")
_USUAL = 0.35  # taken off again, and more: passages that answer get .25 in the median, see docs/decisions.md

WeighWords = Callable[[Sequence[str], Audience], Mapping[str, float]]
"""What each term of a question weighs: the rarer in the documents of an audience, the more."""


class WordCoverage:
    """Compares the words of a question with those of a passage, by their stems and by what an embedder knows of each.

    The vectors of words that were compared before are kept, a few thousand of them.
    """

    def __init__(self, embedder: Embedder, weigh_words: WeighWords) -> None:
        self.embedder = embedder
        self._weigh_words = weigh_words
        self._vectors = RememberedVectors(embedder, _MOST_KEPT)

    def rate(self, question: Question, texts: Sequence[str]) -> list[float]:
        """Return what each text's fit gains or loses: 0.15 where it has all the words, -0.1 for most that answer, below
        -0.3 where it lacks one that matters."""
        words = [find_words(text) for text in texts]
        ways = [asked for way in (question.text, *question.ways) if (asked := find_asked(way))]
        if not ways:
            return [0.0] * len(texts)
        vectors = self._vectors.find([word for group in (*ways, *words) for word in group])
        weights = [self._weigh(asked, question.audience) for asked in ways]
        return [max(_rate(*way, each, vectors) for way in zip(ways, weights, strict=True)) for each in words]

    def _weigh(self, asked: Mapping[str, str], audience: Audience) -> Vectors:
        found = self._weigh_words(list(asked.values()), audience)
        weights = np.asarray([found[term] for term in asked.values()], dtype=np.float32)
        return weights / max(float(weights.sum()), 1e-9)


def _rate(
    asked: Mapping[str, str], weights: Vectors, words: Mapping[str, str], vectors: Mapping[str, Vectors]
) -> float:
    terms = set(words.values())
    met = np.asarray([1.0 if term in terms else 0.0 for term in asked.values()])
    if words:
        near = np.stack([vectors[word] for word in asked]) @ np.stack([vectors[word] for word in words]).T
        met = np.maximum(met, near.max(axis=1))
    return float(_COVERED_WEIGHT * (weights @ met) - _WORST_WEIGHT * (weights * (1 - met)).max() - _USUAL)


def find_asked(text: str) -> dict[str, str]:
    """Return the words that name what is asked: a year, but no other number, as `above 400` is in `up to 600`."""
    found = find_words(text)
    return {
        word: term
        for word, term in found.items()
        if word not in _CHATTER and (not word.isdecimal() or _YEAR.fullmatch(word))
    }


def find_words(text: str) -> dict[str, str]:
    """Return the content words of a text, each once, with their stems."""
    found: dict[str, str] = {}
    for sign, named in _SIGNS.items():
        text = text.replace(sign, named)
    for word in split_words(text):
        if len(found) < _MOST_WORDS and word not in found and (terms := find_terms(word)):
            found[word] = terms[0]
    return found
