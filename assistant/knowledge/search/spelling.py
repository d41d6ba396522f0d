"""Typing errors in questions, put right by the words that the documents use."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from assistant.domain import Audience
from assistant.knowledge.search.words import WordIndex
from assistant.text.tokens import find_terms, split_words

_LEAST_LETTERS, _LONG, _TRIED = 4, 7, 5
_LEAST_WORDS = 4  # of fewer, with a typing error among them, the language is a guess
_MOST_UNKNOWN = 0.5  # of its words: a question with more is in another language, unless each is near to one of ours


@dataclass(frozen=True)
class Spelled:
    """A text with its typing errors put right; `changes` are pairs of what was typed and what was read."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()


class Spelling:
    """Reads a word that neither the documents nor a dictionary have as the nearest one that the documents have."""

    def __init__(self, words: WordIndex, is_english: Callable[[str], bool] = lambda text: True) -> None:
        self._words = words
        self._is_english = is_english

    def correct(self, text: str, audience: Audience) -> Spelled:
        """Put right what is surely a typing error; a word's first letter is nearly always right."""
        if len(text.split()) >= _LEAST_WORDS and not self._is_english(text):
            return Spelled(text)  # the dictionary is English: `lange` would be read as `lane`
        asked = list(dict.fromkeys(word for word in split_words(text) if find_terms(word)))
        typed = self._find_unknown(text, asked, audience.readable)
        changes = [(word, meant) for word in typed if (meant := self._find_meant(word, audience.readable))]
        if len(typed) > _MOST_UNKNOWN * len(asked) and len(changes) < len(typed):
            return Spelled(text)
        for word, meant in changes:
            if found := _find_word(text, word):
                text = text[: found.start()] + meant + text[found.end() :]
        return Spelled(text, tuple(changes))

    @cached_property
    def _dictionary(self) -> SpellChecker:
        return SpellChecker(language="en")

    def _find_unknown(self, text: str, asked: Iterable[str], audiences: Iterable[Audience]) -> list[str]:
        long = [word for word in asked if word.isalpha() and len(word) >= _LEAST_LETTERS and _find_word(text, word)]
        terms = {word: find_terms(word)[0] for word in long}
        counted = {term for each in audiences for term in self._words.count_chunks_with(each, list(terms.values()))}
        unknown = [word for word in long if terms[word] not in counted]
        return [word for word in unknown if not self._dictionary.known([word])] if unknown else []

    def _find_meant(self, word: str, audiences: Sequence[Audience]) -> str:
        """The nearest word: at most one sign differs, or two of a long one. Stems differ by more than words may."""
        near: dict[str, int] = {}
        for audience in audiences:
            near.update(self._words.terms_with_first(audience, word[0]))
        stem = find_terms(word)[0]
        scored = [
            (min(OSA.distance(word, term), OSA.distance(stem, term)), -count, term) for term, count in near.items()
        ]
        most = 2 if len(word) >= _LONG else 1
        forms = [self._words.find_form(audiences, term) for how_far, _, term in sorted(scored)[:_TRIED] if how_far <= 2]
        close = [(OSA.distance(word, form), form) for form in forms]
        how_far, form = min(close, key=lambda one: one[0], default=(most + 1, ""))
        return form if how_far <= most else ""


def _find_word(text: str, word: str) -> re.Match[str] | None:
    """Where a word stands in a text; nowhere if it is written with accents there, which a typing error seldom has."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
