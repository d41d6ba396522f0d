"""Names that are ours alone: what guards.yaml lists, who owns documents, channels, and names of internal documents."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from assistant.domain import Audience
from assistant.domain.replies import Effect, Objection
from assistant.knowledge.search.words import WordIndex
from assistant.knowledge.tables.documents import DocumentTables
from assistant.replies.guards.dates import find_dates
from assistant.replies.guards.guards import Candidate
from assistant.replies.guards.lookalikes import find_phrase, fold, spell_both_ways
from assistant.replies.guards.private_words import PrivateWords
from assistant.text.facts.agreement import has_figure
from assistant.text.facts.numbers import Quantity
from assistant.text.tokens import split_words

_KINDS = {
    "code_names": "is a code name that only staff know: use the public name, or leave it out",
    "staff": "is a colleague's name: leave it out, or say “our team”",
    "channels": "is the name of an internal channel: leave it out",
    "phrases": "is an internal phrase: put it another way",
    "canaries": "is a planted mark of an internal document, so some of that document is in this text: rewrite it",
    "unreleased": "is a date that hasn't been announced: leave it out",
}
_SLACK_ID = re.compile(r"(?<![\w/])[CGDUWTB](?=[A-Z]*\d)[A-Z0-9]{8,11}(?!\w)")
_CHANNEL = re.compile(r"(?<![\w&/#])#[\w-]*\w")
_CODE = re.compile(r"(?<![\w@#/.-])(?=[A-Z\d-]*\d)[A-Z]{1,5}-?\d[\w-]*(?!\w)")
_CAPITAL = re.compile(r"(?<![\w@#/.&'’-])[A-Z][\w-]+(?!['’][a-rt-z])")
_POSSESSIVE = re.compile(r"['’]s?$")


class NameFinder:
    """Looks for names; `words` come from guards.yaml."""

    def __init__(self, private: PrivateWords, documents: DocumentTables, words: WordIndex) -> None:
        self._private = private
        self._documents = documents
        self._words = words
        self._dates = {date for text in private.unreleased for date in find_dates(text)}
        self._is_name = lru_cache(10_000)(self._look_up)

    def check(self, candidate: Candidate) -> list[Objection]:
        """Listed names first; what only internal documents name is less sure, so it is held."""
        listed = [*self._find_listed(candidate.text), *self._find_owners(candidate.text)]
        slack = [*_find_slack_ids(candidate.text), *self._find_channels(candidate.text)]
        return [*listed, *slack, *self._find_internal_names(candidate)]

    def _find_listed(self, text: str) -> Iterator[Objection]:
        for kind, why in _KINDS.items():
            for phrase in getattr(self._private, kind):
                if kind != "unreleased" or not find_dates(phrase):
                    yield from _find(text, phrase, why)
        if any(has_figure(date, self._dates) for date in find_dates(text) if not _is_month_alone(date)):
            yield Objection("audience", "", f"A date in this text {_KINDS['unreleased']}.", Effect.BLOCK)

    def _find_owners(self, text: str) -> Iterator[Objection]:
        """`ada.byron@…` owns a document, so Ada Byron is a colleague; one in a public document may be named."""
        for owner in self._documents.owners():
            name = split_words(owner.partition("@")[0])
            if len(name) > 1 and not self._words.has_run(Audience.PUBLIC, name):
                yield from _find(text, " ".join(name), _KINDS["staff"])

    def _find_channels(self, text: str) -> Iterator[Objection]:
        for found in _CHANNEL.finditer(text):
            held = (self._holds(audience, found[0]) for audience in (Audience.INTERNAL, Audience.PUBLIC))
            if next(held) and not next(held):
                yield Objection("audience", found[0], _tell(found[0], _KINDS["channels"]), Effect.BLOCK, found.start())

    def _holds(self, audience: Audience, name: str) -> bool:
        whole = re.compile(rf"(?<!\w){re.escape(name)}(?![\w-])", re.IGNORECASE)
        return any(whole.search(text) for text in self._documents.texts_with(audience, name))

    def _find_internal_names(self, candidate: Candidate) -> Iterator[Objection]:
        known = _words_of([candidate.mention.text, candidate.mention.author, *(p.text for p in candidate.thread)])
        seen: set[str] = set()
        for found in sorted([*_CODE.finditer(candidate.text), *_CAPITAL.finditer(candidate.text)], key=_start):
            name = _POSSESSIVE.sub("", found[0])
            if name not in seen and not _words_of([name]) <= known and self._is_name(name):
                seen.add(name)
                why = "is in internal documents only and looks like a name: leave it out, unless it is public"
                yield Objection("audience", name, _tell(name, why), Effect.HOLD, found.start())

    def _look_up(self, name: str) -> bool:
        """Whether internal documents write this word with its capital, always, and no public one has it."""
        run = split_words(name)
        if len(name) < 3 or not run or self._words.has_run(Audience.PUBLIC, run):
            return False
        texts = self._documents.texts_with(Audience.INTERNAL, name)
        spellings = [found for text in texts for found in re.findall(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", text)]
        # A table's cell and a sentence begin with capitals, whatever the word.
        inside = [f for text in texts for f in re.findall(rf"(?<=[a-z,;(] ){re.escape(name)}(?!\w)", _plain(text))]
        return bool(inside) and all(spelt == name for spelt in spellings)


def _find_slack_ids(text: str) -> Iterator[Objection]:
    for found in _SLACK_ID.finditer(text):
        why = "looks like an id of a Slack channel or user: leave it out"
        yield Objection("audience", found[0], _tell(found[0], why), Effect.BLOCK, found.start())


def _find(text: str, phrase: str, why: str) -> Iterator[Objection]:
    for folded in spell_both_ways(text):
        if span := find_phrase(folded, phrase):
            start, end = span
            yield Objection("audience", text[start:end], _tell(text[start:end], why), Effect.BLOCK, start)
            return


def _is_month_alone(date: Quantity) -> bool:
    return date.unit == "date" and date.value.startswith("-") and date.value.endswith("-")


def _plain(text: str) -> str:
    return text.replace("**", "")


def _tell(words: str, why: str) -> str:
    return f"“{words}” {why}."


def _words_of(texts: Sequence[str]) -> set[str]:
    return {word for text in texts for word in split_words(fold(text).text)}


_start: Callable[[re.Match[str]], int] = re.Match.start
