"""Whether a question asks what customers say, and if so, about what, with which feeling, and when."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from assistant.domain import Sentiment
from assistant.index.terms import find_terms, split_words
from assistant.opinions.period import Period, find_period

_PEOPLE = (
    r"(?:(?:the|our|most|many|some|other|these) )*"
    r"(?:people|customers?|users|clients|folks|every(?:one|body)|any(?:one|body)|they|fans|followers|public|internet)"
    r"(?: (?:on|in) (?:social media|\w+))?"
)
_OFTEN = r"(?:(?:still|mostly|usually|generally|really|actually|currently|been|often|all|most) )*"
_SAY = (
    r"(?:say|think|feel|talk|complain|post|tweet|chat|mention|praise|love|hate|like|dislike|enjoy|criticis|criticiz"
    r"|ask|moan|rav|report)(?:s|ing|ed|e)?|said|thought|felt|unhappy|happy|angry|upset"
)
_ABOUT = r"(?: (?:about|of|regarding|on|with))?"
_BE = r"(?:do|does|did|are|is|were|was|have|has|['’]s|['’]re)"
_VOICES = (
    r"(?:complaints?|feedback|mentions|tweets|posts|reviews|opinions?|sentiment|reactions?|mood|buzz|praise|criticism)"
)
_WHOSE = (
    r"(?:(?:the|our|all|any|latest|recent|main|top|biggest|most|common|overall|general|current|customers?['’]?|user"
    r"|public|negative|positive|online|social media)[ ]+)*"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:what|which|why|how)(?: (?:else|exactly))? ?{_BE} {_PEOPLE} {_OFTEN}(?P<say>{_SAY}){_ABOUT}\b",
        rf"^\W*(?:do|does|did|are|is|were|have) {_PEOPLE} {_OFTEN}(?P<say>{_SAY}){_ABOUT}\b",
        rf"\bhow many {_PEOPLE} {_OFTEN}(?:{_BE} )?(?P<say>{_SAY}){_ABOUT}\b",
        rf"^\W*who {_OFTEN}(?:{_BE} )?(?P<say>complain(?:s|ed|ing)?|unhappy|happy|angry|upset){_ABOUT}\b",
        r"\bwhat(?:['’]s| is| was| has been| is being) (?:being )?(?P<say>said|written|posted) (?:about|on)\b",
        rf"\bhow {_BE} {_PEOPLE} (?:react|respond)(?:ing|ed)?(?: to)?\b",
        rf"\b(?:what|how)(?:['’]s| is| are| was| were) {_WHOSE}(?P<say>{_VOICES})"
        r"(?: (?:about|on|of|to|for|regarding|towards?|from customers)\b|\W*$| (?=like\b|this\b|last\b|in\b))",
        rf"^\W*(?:show|list|find|give|summari[sz]e|any|how many) (?:me )?{_WHOSE}(?P<say>{_VOICES})"
        r"(?: (?:about|on|of|to|for|regarding|from customers)\b|\W*$)",
    )
)
_NEGATIVE = re.compile(r"complain|moan|\bhat(?:e|ing)|dislike|criti|unhappy|angry|upset|negative", re.IGNORECASE)
_POSITIVE = re.compile(r"prais|\blov|\blik|enjoy|\brav|\bhappy|positive", re.IGNORECASE)
_ASKING = re.compile(r"\bask", re.IGNORECASE)
_FILLERS = frozenset(
    "post tweet peopl custom user onlin social media like lot mani exactli right now new latest recent current".split()
)


class Kind(StrEnum):
    """Which posts are asked for."""

    ALL = ""
    NEGATIVE = Sentiment.NEGATIVE.value
    POSITIVE = Sentiment.POSITIVE.value
    QUESTIONS = "questions"


@dataclass(frozen=True)
class OpinionQuestion:
    """What is asked about customers: `terms` are stems and the words they stand for; none means: about anything."""

    terms: dict[str, str]
    kind: Kind
    period: Period | None


def read_question(text: str, now: datetime, zone: ZoneInfo) -> OpinionQuestion | None:
    """None for a question that is not about what customers say: it is for the documents."""
    period, rest = find_period(text, now, zone)
    found = next((found for pattern in _PATTERNS if (found := pattern.search(rest))), None)
    if not found:
        return None
    subject = f"{rest[: found.start()]} {rest[found.end() :]}"
    terms = {stem: word for word in split_words(subject) for stem in find_terms(word) if stem not in _FILLERS}
    return OpinionQuestion(terms, _find_kind(found[0]), period)


def _find_kind(asked: str) -> Kind:
    if _NEGATIVE.search(asked):
        return Kind.NEGATIVE
    if _POSITIVE.search(asked):
        return Kind.POSITIVE
    return Kind.QUESTIONS if _ASKING.search(asked) else Kind.ALL
