"""Questions about what customers say: about what, with which sentiment, where and when.

How people ask what customers say. Every pattern describes a question from its first word on.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from assistant.domain import Question, Sentiment
from assistant.listening.insights.measures import CountKind, read_measure, read_nouns
from assistant.listening.insights.periods import AskedPeriod, find_period, find_unread_times
from assistant.listening.insights.phrasebook import TranslateQuestion
from assistant.text.tokens import find_terms

_START = (
    r"^\W*(?:(?:please|hi|hello|hey|so|and|also|ok|okay|thanks)\b\W*)*"
    r"(?:(?:can|could|would) you (?:please )?)?"
    r"(?:(?:tell|show|give) (?:me|us)(?: about)? |(?:i|we)(?:['’]d| would) (?:like|love) to know |do you know "
    r"|(?:i|we) (?:want|need) to know |i wonder |find out |summari[sz]e |know )?"
    r"(?:(?:about|regarding|for|on|in) (?P<before>[^,:?]{1,60})[,:] ?)?"
)
_PEOPLE = (
    r"(?:(?:the|our|most|many|some|other|these|all) )*"
    r"(?:people|customers?|users|clients|riders|folks|every(?:one|body)|any(?:one|body)|some(?:one|body)|fans|followers"
    r"|reviewers|public|internet)"
    r"(?P<where> (?:on|in|from) (?:[\w-]+ ){0,2}[\w-]+)??"
)
_BE = r"(?:do|does|did|are|is|were|was|have|has|['’]s|['’]re)"
_OFTEN = r"(?: (?:still|mostly|usually|generally|really|actually|currently|been|often|all|most|currently|being|not))*"
# These leave no doubt that posts are meant; with the weaker ones a question may also be for the documents.
_SURE = (
    r"say(?:s|ing)?|said|think(?:s|ing)?|thought|feel(?:s|ing)?|felt|complain(?:s|ed|ing)?"
    r"|(?:talk|tweet|chat|moan|rav|writ)(?:s|e|es|ed|ing)? about"
)
_WEAK = (
    r"(?:prais|lov|hat|lik|dislik|enjoy|criticis|criticiz)(?:e|es|ed|ing|s)?(?! (?:to|it when)\b)"
    r"|(?:mention|ask)(?:s|ed|ing)?(?! (?:for|to)\b)|posting about|post about"
)
_MOODS = r"(?:unhappy|angry|upset|annoyed|frustrated|disappointed|happy|satisfied)(?! to\b)"
_ABOUT = r"(?: (?:about|of|regarding|on|with|at))?"
_SURE_VOICES = r"(?P<sure>complaints?|feedback|mentions|tweets|posts)"
_VOICES = rf"(?:{_SURE_VOICES}|(?P<weak>reviews|opinions?|sentiment|reactions?|mood|buzz|praise|criticism))"
_WHOSE = (
    r"(?:(?:the|our|all|any|latest|recent|main|top|biggest|most|common|overall|general|current|customers?['’]?s?|user"
    r"|people['’]s|public|negative|positive|angry|unhappy|happy|new|online|social media|kind of|sort of) )"
)
_ON = r"(?: (?:about|on|of|to|regarding|towards?|from customers|(?:that )?(?:mention|name)|mentioning|naming)\b)"
_GOT = (
    r"(?: (?:did|do|have|has) (?:we|you) (?:get|got|had|have|hear|heard|receive|received|collect|collected)| are there)"
)
_SPOKEN = rf"{_PEOPLE}{_OFTEN} (?:(?P<sure>{_SURE})|(?P<weak>{_WEAK}|{_MOODS})){_ABOUT}\b"

_LED = r"(?:(?<=know )|(?<=wonder )|(?<=out )|(?<=me ))(?:if|whether)"

PATTERNS = tuple(
    re.compile(f"{_START}(?P<asked>{pattern})", re.IGNORECASE)
    for pattern in (
        rf"(?:what|which things|why)(?: (?:else|exactly))?(?: ?{_BE})?(?:n['’]t)? {_SPOKEN}",
        rf"how(?: {_BE})?(?:n['’]t)? {_PEOPLE}{_OFTEN} (?:(?P<sure>feel|feeling|felt|think|thinking)"
        rf"|(?P<weak>lik(?:e|es|ed|ing)(?! to\b)|react(?:ed|ing)?(?= to\b))){_ABOUT}\b",
        rf"(?:{_BE}|{_LED})(?:n['’]t)? {_SPOKEN}",
        rf"how many (?:of )?{_PEOPLE}(?: {_BE})?{_OFTEN} (?:(?P<sure>complain(?:ed|ing)?)"
        rf"|(?P<weak>{_WEAK}|{_MOODS})){_ABOUT}\b",
        rf"who(?: {_BE})?{_OFTEN} (?:(?P<sure>complain(?:s|ed|ing)?)|(?P<weak>unhappy|angry|upset))"
        r"(?: (?:about|with|at)\b|\W*$)",
        r"what(?:['’]s| is| was| has been| is being)(?: being)? (?P<weak>said|written|posted)"
        r"(?: about us\b| about (?=.*\b(?:online|social media|internet)\b)| (?=online\b|on social media\b))",
        rf"(?:what|how)(?:['’]s| is| are| was| were) {_WHOSE}+{_VOICES}(?:{_ON}|\W*$| (?=like\b|this\b|in\b))",
        rf"(?:what|how)(?:['’]s| is| are| was| were) {_VOICES}{_ON}",
        rf"(?:(?:show|list|find|give|summari[sz]e)(?: (?:me|us))?|any|(?:are|is) there|how (?:many|much)|what|which)"
        rf" {_WHOSE}*{_VOICES}(?:{_GOT}{_ON}?|{_ON}|\W*$)",
        rf"{_WHOSE}*{_VOICES}(?: (?:about|on|regarding|from customers)\b)",
        rf"{_WHOSE}+{_VOICES}(?: of\b|\W*$)",
    )
)
FOLLOW_UP = re.compile(
    r"^\W*(?:(?:and|but|also|so)\b\W*)?(?:what about|how about|about|on|in|from|for|regarding)\b|^\W*(?:and|but)\b",
    re.IGNORECASE,
)
ASKS_ANEW = re.compile(
    r"\b(?:how(?! about)|what(?! about)|when|where|who|why|which|is|are|do|does|did|can|could|should|may i|will|i|we"
    r"|my)\b",
    re.IGNORECASE,
)
OFFICE = re.compile(
    r"\b(?:my|managers?|employees?|colleagues?|interviews?|handbook|polic(?:y|ies)|contract|intranet|performance)\b",
    re.IGNORECASE,
)
NEGATIVE = re.compile(
    r"complain|moan|\bhat(?:e|ing)|dislik|criti|unhappy|angry|upset|annoy|frustrat|disappoint|negative", re.IGNORECASE
)
POSITIVE = re.compile(r"prais|\blov|\blik|enjoy|\brav|\bhappy|satisfied|positive", re.IGNORECASE)
ASKING = re.compile(r"\bask", re.IGNORECASE)
NOT = re.compile(r"\bnot\b|n['’]t\b", re.IGNORECASE)


_MOST_CHARACTERS, _MOST_TERMS, _MOST_TURNS = 2000, 8, 6
_MOST_FOLLOWING_WORDS = 6
_FILLERS = frozenset(
    "post tweet peopl custom user onlin social media like lot mani most exactli right now new latest recent"
    " current".split()
)
_UNITS = frozenset("hour day week month quarter year weekend am pm ago".split())
_WITHOUT = re.compile(
    r"\s(?:(?:but|and) not|not about|without|except(?: for)?|excluding|other than|apart from)\b(?: about\b)?",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b(?:than|as|compared (?:to|with)|since|from)\W*$", re.IGNORECASE)
_MARKS = ".,:;!?\"'()[]{}<>“”„‘…«»*_~`"
_LEFT_OVER = re.compile(r"(?<!\w)['’]s\b")  # of `last week's complaints`
_SIGNED = re.compile(r"^\w+[+#]+$")
_POSTS = r"(?:posts?|complaints?|tweets?|mentions?|reviews?|comments?|feedback|messages?)"
_LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "pl": "Polish",
    "nl": "Dutch",
    "ja": "Japanese",
    "tr": "Turkish",
    "ru": "Russian",
    "ar": "Arabic",
    "sv": "Swedish",
    "da": "Danish",
    "cs": "Czech",
    "uk": "Ukrainian",
    "zh": "Chinese",
    "ko": "Korean",
}
_OTHER_NAMES = {"twitter": "x"}
_SENTENCES = re.compile(r"(?<=[?!])\s+|(?<=\w\w\w\.)\s+")
_TWO_QUESTIONS = re.compile(
    r",? and (?=(?:also )?(?:how|what|when|where|who|why|can|may|could|should|is|are|do|does)\b)|; ", re.IGNORECASE
)


class OpinionKind(StrEnum):
    """The posts that are asked for."""

    ALL = ""
    NEGATIVE = Sentiment.NEGATIVE.value
    POSITIVE = Sentiment.POSITIVE.value
    NOT_NEGATIVE = "not negative"
    QUESTIONS = "questions"


@dataclass(frozen=True)
class OpinionQuestion:
    """A question about customers: `terms` are stems and the words they stand for; none means: about anything.

    A question that is not `is_certain` may also be for the documents. `unread` are words about a time that is not
    understood, `dropped` counts words beyond the most that are looked up, and `others` are questions asked with it.
    With `has_competitors` a competitor is named. `without` are stems that no post may have, `place` is where posts are
    from, `top` how many rows are wanted. A change `is_since` where the period is the one to compare with.
    """

    terms: dict[str, str]
    kind: OpinionKind
    period: AskedPeriod | None
    network: str = ""
    is_certain: bool = True
    unread: tuple[str, ...] = ()
    dropped: int = 0
    others: tuple[str, ...] = ()
    has_competitors: bool = False
    measure: CountKind = CountKind.COUNT
    top: int = 5
    without: dict[str, str] = field(default_factory=dict)
    place: str = ""
    is_since: bool = False
    language: str = ""


@dataclass(frozen=True)
class AskedBounds:
    """What a question says besides: when, on which network, where, in which language; `rest` is what is left of it."""

    period: AskedPeriod | None
    network: str
    place: str
    language: str
    rest: str

    @property
    def are_named(self) -> bool:
        """Return whether any is: then it is about posts, more likely than not."""
        return bool(self.period or self.network or self.language)


@dataclass(frozen=True)
class Reader:
    """Reads questions as they are meant at a time, in a time zone, where these networks are listened to, and posts are
    from these places."""

    now: datetime
    zone: ZoneInfo
    networks: Sequence[str] = ()
    places: Sequence[str] = ()
    translate: TranslateQuestion | None = None

    def read(self, question: Question) -> OpinionQuestion | None:
        """None for a question that is for the documents; a short one may go on with what was asked before it."""
        before: OpinionQuestion | None = None
        turns = [turn.text for turn in question.history if turn.role == "user"][-_MOST_TURNS:]
        for text in (*turns, question.text):
            asked = self._read_one(text) or self._read_foreign(text)
            if asked and before:  # one period for one conversation
                asked = replace(asked, period=asked.period or before.period)
            before = asked or (self._go_on(text, before) if before else None)
        return before

    def build(
        self,
        about: Sequence[str],
        not_about: Sequence[str],
        kind: OpinionKind,
        measure: CountKind,
        when: str,
        network: str,
        place: str,
        top: int,
    ) -> OpinionQuestion:
        """Put a question together that was read otherwise; it may be for the documents."""
        told = replace(self._read_circumstances(f"posts {when}"), network=network, place=place)
        asked = self._describe(" ".join(about), kind, told, False)
        without = {stem: word for stem, word in _read_terms(" ".join(not_about)) if stem not in asked.terms}
        unread = (when,) if when.strip() and not told.period else ()
        is_since = measure is CountKind.CHANGE and bool(_SINCE.search(told.rest))
        return replace(asked, without=without, unread=unread, measure=measure, top=top, is_since=is_since)

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

    def _read_foreign(self, text: str) -> OpinionQuestion | None:
        """What is asked in another language; it may be for the documents."""
        names = {**_OTHER_NAMES, **{name: name for name in self.networks}}
        places = {said: f"on {name}" for said, name in names.items() if name in self.networks}
        places |= {place: f"in {place}" for place in self.places}
        plain = self.translate(text, places) if self.translate else ""
        asked = self._read_sentence(plain) if plain else None
        return replace(asked, is_certain=False) if asked else None

    def _read_first_half(self, sentence: str) -> tuple[OpinionQuestion | None, tuple[str, ...]]:
        """Two questions that one `and` joins are two, where the first says what it is about."""
        half, *rest = _TWO_QUESTIONS.split(sentence, maxsplit=1)
        asked = self._read_sentence(half) if rest else None
        if asked and asked.terms:
            return asked, tuple(rest)
        return self._read_sentence(sentence), ()

    def _read_sentence(self, sentence: str) -> OpinionQuestion | None:
        told = self._read_circumstances(sentence)
        wanted = read_measure(told.rest, told.are_named)
        plain, is_clear = wanted.plain, True
        found = _match(plain)
        if not found and (plain := read_nouns(told.rest)):
            found, is_clear = _match(plain), False
        if not found:
            return None
        groups = found.groupdict()
        subject = " ".join([groups["before"] or "", groups.get("where") or "", plain[found.end() :]])
        is_certain = bool(groups.get("sure")) and not OFFICE.search(sentence) and is_clear
        asked = self._describe(subject, _find_kind(found["asked"]), told, is_certain)
        is_since = wanted.measure is CountKind.CHANGE and bool(_SINCE.search(told.rest))
        asked = replace(asked, measure=wanted.measure, top=wanted.top, is_since=is_since)
        return asked if is_certain or asked.terms or not OFFICE.search(sentence) else None

    def _go_on(self, text: str, before: OpinionQuestion) -> OpinionQuestion | None:
        """`And about the battery?`, `And last week?`: what is not said again stays as it was."""
        with_names = re.sub(r"\bthey\b", "customers", _flatten(text), flags=re.IGNORECASE)
        if asked := self._read_one(with_names):
            return asked
        told = self._read_circumstances(with_names)
        lead = FOLLOW_UP.match(_flatten(text))
        if not lead or ASKS_ANEW.search(with_names[lead.end() :]) or len(with_names.split()) > _MOST_FOLLOWING_WORDS:
            return None
        told = replace(
            told,
            period=told.period or before.period,
            network=told.network or before.network,
            place=told.place or before.place,
            language=told.language or before.language,
        )
        asked = self._describe(FOLLOW_UP.sub("", told.rest), before.kind, told, False)
        asked = replace(asked, measure=before.measure, top=before.top)
        return asked if asked.terms else replace(asked, terms=before.terms, is_certain=before.is_certain)

    def _read_circumstances(self, sentence: str) -> AskedBounds:
        """The time, the network and the place, and the sentence without them."""
        period, rest = find_period(sentence, self.now, self.zone)
        names = {**_OTHER_NAMES, **{name: name for name in self.networks}}
        network, rest = _take_out(rest, "on|in|from|at|via", names, self.networks)
        place, rest = _take_out(rest, "in|from|around|near", {place: place for place in self.places}, self.places)
        language, rest = _take_language(rest)
        rest = _LEFT_OVER.sub("", rest)
        return AskedBounds(period, network, place, language, _flatten(rest))

    def _describe(self, subject: str, kind: OpinionKind, told: AskedBounds, is_certain: bool) -> OpinionQuestion:
        subject, *excluded = _WITHOUT.split(subject, maxsplit=1)
        unread = tuple(find_unread_times(subject))
        for word in unread:
            subject = subject.replace(word, " ", 1)
        skipped = _FILLERS | _UNITS if unread else _FILLERS
        terms = {stem: word for stem, word in _read_terms(subject) if stem not in skipped}
        if unread:
            terms = {stem: word for stem, word in terms.items() if not word.isdecimal()}
        kept = dict(list(terms.items())[:_MOST_TERMS])
        without = {stem: word for stem, word in _read_terms(" ".join(excluded)) if stem not in skipped | kept.keys()}
        dropped = len(terms) - len(kept)
        asked = OpinionQuestion(kept, kind, told.period, told.network, is_certain, unread, dropped)
        without = dict(list(without.items())[:_MOST_TERMS])
        return replace(asked, without=without, place=told.place, language=told.language)


def _match(text: str) -> re.Match[str] | None:
    return next((found for pattern in PATTERNS if (found := pattern.match(text))), None)


def _take_out(text: str, before: str, names: Mapping[str, str], known: Sequence[str]) -> tuple[str, str]:
    """The first name that stands after one of these words, and the text without both."""
    for said, name in names.items():
        spelt = re.escape(said).replace("_", "[ _-]?")
        found = re.search(rf"\b(?:{before}) (?:the )?{spelt}\b(?!-)", text, re.IGNORECASE)
        if found and name in known:
            return name, _flatten(f"{text[: found.start()]} {text[found.end() :]}")
    return "", text


def _take_language(text: str) -> tuple[str, str]:
    """`in German`, `German posts`: its code, and the text without it."""
    for code, name in _LANGUAGES.items():
        found = re.search(rf"\b(?:written )?in {name}\b|\b{name}(?= {_POSTS}\b)", text, re.IGNORECASE)
        if found:
            return code, _flatten(f"{text[: found.start()]} {text[found.end() :]}")
    return "", text


def _read_terms(subject: str) -> list[tuple[str, str]]:
    """The terms of what is spoken of, each with its word as it was written: `e-bikes` is one, `C++` keeps its signs."""
    found = [(find_terms(piece), piece.strip(_MARKS).removesuffix("'s")) for piece in subject.split()]
    return [(word.lower() if _SIGNED.search(word) else " ".join(stems), word) for stems, word in found if stems]


def _split(text: str) -> list[str]:
    return [flat for sentence in _SENTENCES.split(text[:_MOST_CHARACTERS]) if (flat := _flatten(sentence))]


def _flatten(text: str) -> str:
    return re.sub(r" (?=[?!.,])", "", " ".join(text.replace("’", "'").split()))


def _find_kind(asked: str) -> OpinionKind:
    is_negated = bool(NOT.search(asked))
    if NEGATIVE.search(asked):
        return OpinionKind.NOT_NEGATIVE if is_negated else OpinionKind.NEGATIVE
    if POSITIVE.search(asked):
        return OpinionKind.NEGATIVE if is_negated else OpinionKind.POSITIVE
    return OpinionKind.QUESTIONS if ASKING.search(asked) else OpinionKind.ALL
