"""What is asked of customers' posts: how many, what share, the top complaints, who, where, on which network, more or
fewer than before.

A question of one of these kinds is read as the plain one that it asks it of: `who complains most about the app` is
`complaints about the app`, and who wrote them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_THINGS = r"(?:complaints?|posts?|mentions?|tweets?|feedback|reviews?|messages?)"
_PEOPLE = r"(?:(?:the|our|most|many) )*(?:people|customers?|users|clients|riders|they)"
_ABOUT = r"(?P<about>(?: (?:about|on|of|with|regarding|naming|mentioning)\b.*)?)"
_NUMBERS = "one two three four five six seven eight nine ten".split()
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_USUAL_TOP, _MOST_TOP = 5, 10


class CountKind(StrEnum):
    """What is told of the posts."""

    COUNT = "count"
    SHARE = "share"
    TOP = "top"
    WHO = "who"
    WHERE = "where"
    NETWORK = "network"
    CHANGE = "change"


@dataclass(frozen=True)
class AskedCount:
    """A measure, the plain question that it is asked of, and how many rows are wanted."""

    measure: CountKind
    plain: str
    top: int = _USUAL_TOP


_RULES: tuple[tuple[CountKind, str, str], ...] = (
    (
        CountKind.SHARE,
        rf"(?:what|how (?:big|large|high)|which)(?: (?:is|was|are|were))? (?:the |a )?"
        rf"(?:share|percentage|proportion|part|fraction|percent)(?: of)? (?:the |our |all )*{_THINGS}"
        rf"(?P<about>.*?) (?:is|are|was|were|has been|have been) (?P<kind>negative|positive)\W*",
        "{kind} posts{about}",
    ),
    (
        CountKind.SHARE,
        rf"(?:what|which)(?: (?:is|was))? (?:the |a )?(?:share|percentage|proportion|part|fraction|percent)(?: of)?"
        rf" (?:the |our |all )*{_THINGS}(?P<about>.*?) (?:is|are|was|were|ha(?:s|ve) been) (?P<thing>complaints?)\W*",
        "all {thing}{about}",
    ),
    (
        CountKind.SHARE,
        rf"how much of (?:the |our |all )*{_THINGS}(?P<about>.*?) (?:is|are|was|were) (?P<kind>negative|positive)\W*",
        "{kind} posts{about}",
    ),
    (
        CountKind.TOP,
        rf"(?:what (?:are|were) )?(?:the |our )*(?:top|biggest|main|worst|most (?:common|frequent))(?: {_COUNT})?"
        rf" complaints?{_ABOUT}\W*",
        "all complaints{about}",
    ),
    (
        CountKind.TOP,
        rf"what (?:do|did|are|were) {_PEOPLE} (?:complain|complaining)(?: about)?(?: the)? (?:most|mainly)(?: often)?"
        rf"(?P<about>)\W*",
        "all complaints",
    ),
    (
        CountKind.WHO,
        rf"who (?:has |have |is |are )?(?:complain(?:s|ed|ing)?)(?: (?:the )?most(?: often)?)?{_ABOUT}\W*",
        "all complaints{about}",
    ),
    (
        CountKind.WHO,
        rf"who (?:posts?|posted|writes?|wrote|tweets?|tweeted|talks?|talked)(?: the)? most(?: often)?{_ABOUT}\W*",
        "all posts{about}",
    ),
    (
        CountKind.WHERE,
        rf"(?:where|in (?:which|what) (?:countr(?:y|ies)|places?|regions?|city|cities)) (?:do|did|are|were|have)"
        rf" {_PEOPLE}(?: most)? complain(?:ed|ing)?(?: the most| most)?{_ABOUT}\W*",
        "all complaints{about}",
    ),
    (
        CountKind.WHERE,
        rf"(?:where|which (?:countr(?:y|ies)|place|region)s?) (?:do|did) (?:the |our |most )*(?P<thing>{_THINGS})"
        rf"{_ABOUT} come from\W*",
        "all {thing}{about}",
    ),
    (
        CountKind.NETWORK,
        rf"(?:on |from )?(?:which|what) (?:networks?|platforms?|sites?)(?: (?:has|have|had|gets?|got|brings?|do|did|are"
        rf"|were))?(?: {_PEOPLE})? (?:complain(?:s|ed|ing)?)(?: the most| most)?{_ABOUT}\W*",
        "all complaints{about}",
    ),
    (
        CountKind.NETWORK,
        rf"(?:on |from )?(?:which|what) (?:networks?|platforms?|sites?) (?:has|have|had|gets?|got|brings?|brought)"
        rf" (?:the )?(?:most|more) (?P<thing>{_THINGS}){_ABOUT}\W*",
        "all {thing}{about}",
    ),
    (
        CountKind.CHANGE,
        rf"(?:(?:are|were) there |(?:do|did|have|has) we (?:get|got|have|had|receive|received) )?"
        rf"(?:more|fewer|less)(?: or (?:more|fewer|less))? (?P<thing>{_THINGS})(?P<about>.*?)(?: (?:than|as)\b.*)?\W*",
        "all {thing}{about}",
    ),
    (
        CountKind.CHANGE,
        rf"(?:are|is|were|did|do|have|has) (?:the |our )*(?P<thing>{_THINGS})(?P<about>.*?) (?:go(?:ing)? (?:up|down)"
        rf"|gone (?:up|down)|ris(?:e|en|ing)|risen|fall(?:en|ing)?|increas(?:e|ed|ing)|decreas(?:e|ed|ing)"
        rf"|grow(?:n|ing)?|drop(?:ped|ping)?)(?: (?:since|compared|than|from)\b.*)?\W*",
        "all {thing}{about}",
    ),
    (
        CountKind.CHANGE,
        rf"compare (?:the |our )*(?P<thing>{_THINGS})(?P<about>.*?)(?: (?:with|to|and|against|vs\.?|versus)\b.*)?\W*",
        "all {thing}{about}",
    ),
)
_START = (
    r"^"
    r"\W*(?:(?:please|hi|hello|hey|so|and|also|ok|okay)\b\W*)*(?:(?:can|could) you )?"
    r"(?:(?:tell|show|give|list)(?: (?:me|us))? )?"
)
_PATTERNS = tuple((measure, re.compile(_START + rule, re.IGNORECASE), plain) for measure, rule, plain in _RULES)
_NO_NOUN = (
    r"(?:who|what|how|which|where|when|why|is|are|do|does|did|can|could|should|may|must|will|my|a|an|no|about|of|for|to"
    r"|file|make|answer|handle|handling|give|giving|send|get|formal|internal|employee|staff|performance)\b"
)
_BARE = re.compile(rf"{_START}(?:all |the |any |our )*(?P<thing>{_THINGS})\W*", re.IGNORECASE)
_SAID = re.compile(r"\W*what (?:was|were|is|has been|have been) (?:being )?(?:said|written|posted)\W*", re.IGNORECASE)
_ANYTHING = re.compile(
    r"\W*(?:is there )?any(?:thing|one|body)?(?: new)?(?: said)?(?P<about> about\b.*)", re.IGNORECASE
)
_NOUNS = re.compile(
    rf"{_START}(?:(?:the|our|all|any) )*(?!{_NO_NOUN})(?P<subject>[\w'-]+(?: [\w'-]+)?)"
    r" (?P<thing>complaints|feedback)\W*",
    re.IGNORECASE,
)
_MOST_CHARACTERS = 300


def read_measure(sentence: str, is_placed: bool) -> AskedCount:
    """Read a sentence without its time and network; one that names neither has to say that it is about posts."""
    text = sentence[:_MOST_CHARACTERS]
    for measure, pattern, plain in _PATTERNS:
        if found := pattern.fullmatch(text):
            groups = {name: value or "" for name, value in found.groupdict().items()}
            return AskedCount(measure, plain.format(**groups), _read_count(groups.get("count", "")))
    return AskedCount(CountKind.COUNT, _say_plainly(text, is_placed) or sentence)


def _say_plainly(text: str, is_placed: bool) -> str:
    """`complaints`, `what was said`, `anything about brakes`, where a time or a network says that posts are meant."""
    if is_placed and (found := _BARE.fullmatch(text)):
        return f"all {found['thing']}"
    if is_placed and _SAID.fullmatch(text):
        return "what do people say"
    if is_placed and (found := _ANYTHING.fullmatch(text)):
        return f"posts{found['about']}"
    return ""


def read_nouns(sentence: str) -> str:
    """`brake complaints` as `complaints about brake`: it may also be the name of a page."""
    found = _NOUNS.fullmatch(sentence[:_MOST_CHARACTERS])
    return f"{found['thing']} about {found['subject']}" if found else ""


def _read_count(said: str) -> int:
    if not said:
        return _USUAL_TOP
    number = int(said) if said.isdecimal() else _NUMBERS.index(said.lower()) + 1
    return min(max(number, 1), _MOST_TOP)
