"""Whether a question asks what customers say, and if so, about what, with which feeling, where and when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from assistant.domain import Question, Sentiment
from assistant.listening.insights.patterns import (
    ASKING,
    ASKS_ANEW,
    FOLLOW_UP,
    NEGATIVE,
    NOT,
    OFFICE,
    PATTERNS,
    POSITIVE,
)
from assistant.listening.insights.periods import Period, find_period, find_unread_times
from assistant.text.tokens import find_terms

_MOST_CHARACTERS, _MOST_TERMS, _MOST_TURNS = 2000, 8, 6
_MOST_FOLLOWING_WORDS = 6
_FILLERS = frozenset(
    "post tweet peopl custom user onlin social media like lot mani most exactli right now new latest recent"
    " current".split()
)
_UNITS = frozenset("hour day week month quarter year weekend am pm ago".split())
_MARKS = ".,:;!?\"'()[]{}<>“”„‘…«»*_~`"
_OTHER_NAMES = {"twitter": "x"}
_SENTENCES = re.compile(r"(?<=[?!])\s+|(?<=\w\w\w\.)\s+")
_TWO_QUESTIONS = re.compile(
    r",? and (?=(?:also )?(?:how|what|when|where|who|why|can|may|could|should|is|are|do|does)\b)|; ", re.IGNORECASE
)


class Kind(StrEnum):
    """Which posts are asked for."""

    ALL = ""
    NEGATIVE = Sentiment.NEGATIVE.value
    POSITIVE = Sentiment.POSITIVE.value
    QUESTIONS = "questions"


@dataclass(frozen=True)
class OpinionQuestion:
    """What is asked about customers: `terms` are stems and the words they stand for; none means: about anything.

    A question that is not `is_certain` may also be for the documents. `unread` are words about a time that is not
    understood, `dropped` counts words beyond the most that are looked up, and `others` are questions asked with it.
    With `has_competitors` a competitor is named.
    """

    terms: dict[str, str]
    kind: Kind
    period: Period | None
    network: str = ""
    is_certain: bool = True
    unread: tuple[str, ...] = ()
    dropped: int = 0
    others: tuple[str, ...] = ()
    has_competitors: bool = False


@dataclass(frozen=True)
class Reader:
    """Reads questions as they are meant at a time, in a time zone, where these networks are listened to."""

    now: datetime
    zone: ZoneInfo
    networks: Sequence[str] = ()

    def read(self, question: Question) -> OpinionQuestion | None:
        """None for a question that is for the documents; a short one may go on with what was asked before it."""
        before: OpinionQuestion | None = None
        turns = [turn.text for turn in question.history if turn.role == "user"][-_MOST_TURNS:]
        for text in (*turns, question.text):
            before = self._read_one(text) or (self._go_on(text, before) if before else None)
        return before

    def _read_one(self, text: str) -> OpinionQuestion | None:
        """The first sentence that asks what customers say; other questions beside it are kept in `others`."""
        sentences = _split(text)
        for place, sentence in enumerate(sentences):
            asked, rest = self._read_first_half(sentence)
            if asked:
                beside = [*sentences[:place], *sentences[place + 1 :]]
                others = (*rest, *(other for other in beside if other.endswith("?")))
                return replace(asked, others=others) if asked.is_certain or not others else None
        return None

    def _read_first_half(self, sentence: str) -> tuple[OpinionQuestion | None, tuple[str, ...]]:
        """Two questions that one `and` joins are two, where the first says what it is about."""
        half, *rest = _TWO_QUESTIONS.split(sentence, maxsplit=1)
        asked = self._read_sentence(half) if rest else None
        if asked and asked.terms:
            return asked, tuple(rest)
        return self._read_sentence(sentence), ()

    def _read_sentence(self, sentence: str) -> OpinionQuestion | None:
        period, network, rest = self._read_circumstances(sentence)
        found = next((found for pattern in PATTERNS if (found := pattern.match(rest))), None)
        if not found:
            return None
        groups = found.groupdict()
        subject = " ".join([groups["before"] or "", groups.get("where") or "", rest[found.end() :]])
        is_certain = bool(groups.get("sure")) and not OFFICE.search(sentence)
        asked = self._describe(subject, _find_kind(found["asked"]), period, network, is_certain)
        return asked if is_certain or asked.terms or not OFFICE.search(sentence) else None

    def _go_on(self, text: str, before: OpinionQuestion) -> OpinionQuestion | None:
        """`And about the battery?`, `And last week?`: what is not said again stays as it was."""
        with_names = re.sub(r"\bthey\b", "customers", _flatten(text), flags=re.IGNORECASE)
        if asked := self._read_one(with_names):
            return asked
        period, network, rest = self._read_circumstances(with_names)
        lead = FOLLOW_UP.match(_flatten(text))
        if not lead or ASKS_ANEW.search(with_names[lead.end() :]) or len(with_names.split()) > _MOST_FOLLOWING_WORDS:
            return None
        subject = FOLLOW_UP.sub("", rest)
        asked = self._describe(subject, before.kind, period or before.period, network or before.network, False)
        return asked if asked.terms else replace(asked, terms=before.terms, is_certain=before.is_certain)

    def _read_circumstances(self, sentence: str) -> tuple[Period | None, str, str]:
        """The time, the network, and the sentence without them."""
        period, rest = find_period(sentence, self.now, self.zone)
        names = {**_OTHER_NAMES, **{name: name for name in self.networks}}
        for said, network in names.items():
            name = re.escape(said).replace("_", "[ _-]?")
            found = re.search(rf"\b(?:on|in|from|at|via) (?:the )?{name}\b(?!-)", rest, re.IGNORECASE)
            if found and network in self.networks:
                return period, network, _flatten(f"{rest[: found.start()]} {rest[found.end() :]}")
        return period, "", _flatten(rest)

    def _describe(
        self, subject: str, kind: Kind, period: Period | None, network: str, is_certain: bool
    ) -> OpinionQuestion:
        unread = tuple(find_unread_times(subject))
        for word in unread:
            subject = subject.replace(word, " ", 1)
        skipped = _FILLERS | _UNITS if unread else _FILLERS
        terms = {stem: word for stem, word in _read_terms(subject) if stem not in skipped}
        if unread:
            terms = {stem: word for stem, word in terms.items() if not word.isdecimal()}
        kept = dict(list(terms.items())[:_MOST_TERMS])
        return OpinionQuestion(kept, kind, period, network, is_certain, unread, len(terms) - len(kept))


def _read_terms(subject: str) -> list[tuple[str, str]]:
    """The stems of what is spoken of, each with its word as it was written."""
    found = [(find_terms(piece), piece.strip(_MARKS).removesuffix("'s")) for piece in subject.split()]
    return [(stem, piece if len(stems) == 1 else stem) for stems, piece in found for stem in stems]


def _split(text: str) -> list[str]:
    return [flat for sentence in _SENTENCES.split(text[:_MOST_CHARACTERS]) if (flat := _flatten(sentence))]


def _flatten(text: str) -> str:
    return re.sub(r" (?=[?!.,])", "", " ".join(text.replace("’", "'").split()))


def _find_kind(asked: str) -> Kind:
    is_negated = bool(NOT.search(asked))
    if NEGATIVE.search(asked):
        return Kind.ALL if is_negated else Kind.NEGATIVE
    if POSITIVE.search(asked):
        return Kind.NEGATIVE if is_negated else Kind.POSITIVE
    return Kind.QUESTIONS if ASKING.search(asked) else Kind.ALL
