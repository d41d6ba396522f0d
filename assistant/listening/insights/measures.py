"""What is asked of customers' posts: how many, what share, the top complaints, who, where, on which network, more or
fewer than before.

A question of one of these kinds is read as the plain one that it asks it of: `who complains most about the app` is
`complaints about the app`, and who wrote them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_THINGS = r"(?:complaints?|posts?|mentions?|tweets?|comments?|feedback|reviews?|messages?)"
_PEOPLE = r"(?:(?:the|our|most|many) )*(?:people|customers?|users|clients|riders|folks|they)"
_SITES = r"(?:networks?|platforms?|channels?|sites?)"
_PLACES = r"(?:countr(?:y|ies)|places?|regions?|city|cities|towns?)"
_SHARES = r"(?:share|percentage|proportion|part|fraction|percent|per cent)"
_CAME = (
    r"(?:(?: (?:were|was|are|is|have|has)(?: there| been)*(?: (?:posted|written|made|sent|collected|received))?"
    r"| (?:did|do|have) (?:we|you|people|customers) (?:get|got|have|had|receive|received|see|seen|collect|collected"
    r"|post|posted|write|written)| (?:came|come)(?: in)?)?)"
)
_UNHAPPY = r"(?:unhappy|angry|upset|annoyed|frustrated|disappointed|dissatisfied)"
_HAPPY = r"(?:happy|satisfied|pleased)"
_CLOSES = r"(?: (?:since|compared|than|from|as)\b.*)?\W*"
_ABOUT = r"(?P<about>(?: (?:about|on|of|with|regarding|naming|mentioning)\b.*)?)"
_ABOUT_FEWER = r"(?P<about>(?: (?:about|on|with|regarding)\b.*?)?)"
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
    MOOD = "mood by network"
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
        CountKind.SHARE,
        rf"(?:what|which|how many)(?: (?:is|was))? (?:the |a )?{_SHARES}(?: of)? {_PEOPLE}(?: (?:is|are|was|were))?"
        rf" (?:{_UNHAPPY}|complain(?:s|ed|ing)?){_ABOUT}\W*",
        "negative posts{about}",
    ),
    (
        CountKind.SHARE,
        rf"(?:what|which|how many)(?: (?:is|was))? (?:the |a )?{_SHARES}(?: of)? {_PEOPLE}(?: (?:is|are|was|were))?"
        rf" {_HAPPY}{_ABOUT}\W*",
        "positive posts{about}",
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
        CountKind.WHO,
        rf"who (?:is|are|was|were) (?:the |our )*(?:loudest|biggest|most active|top) (?:critics?|complainers?){_ABOUT}"
        r"\W*",
        "all complaints{about}",
    ),
    (
        CountKind.WHO,
        rf"who (?:is|are|was|were) (?:the |our )*(?:most active|loudest|top) (?:posters?|voices?){_ABOUT}\W*",
        "all posts{about}",
    ),
    (
        CountKind.WHERE,
        rf"(?:in )?(?:which|what) {_PLACES} (?:complain(?:s|ed)?(?: the)?(?: most)?"
        rf"|(?:has|have|had|gets?|got) (?:the )?(?:most|more) complaints){_ABOUT}\W*",
        "all complaints{about}",
    ),
    (
        CountKind.WHERE,
        rf"where (?:are|were|do|did) (?:the |our |most )*(?:of )?(?:the |our )?(?P<thing>{_THINGS}){_ABOUT}"
        r" (?:come )?from\W*",
        "all {thing}{about}",
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
        CountKind.NETWORK,
        rf"(?:break down |split(?: up)? |how many |number of )?(?:the |our |all )*(?P<thing>{_THINGS})(?P<about>.*?)"
        rf" (?:per|by|for each|on each) {_SITES}\W*",
        "all {thing}{about}",
    ),
    (
        CountKind.MOOD,
        rf"(?:on |from )?(?:which|what) {_SITES} (?:is|are|was|were|has|have) (?:the )?(?:most |more )?"
        rf"(?:negative|worst|angriest|unhappiest|{_UNHAPPY})(?: (?:posts|mood|sentiment|people|customers))?{_ABOUT}\W*",
        "negative posts{about}",
    ),
    (
        CountKind.MOOD,
        rf"(?:on |from )?(?:which|what) {_SITES} (?:is|are|was|were|has|have) (?:the )?(?:most |more )?"
        rf"(?:positive|best|happiest|{_HAPPY})(?: (?:posts|mood|sentiment|people|customers))?{_ABOUT}\W*",
        "positive posts{about}",
    ),
    (
        CountKind.CHANGE,
        rf"(?:do|did|have|has) {_PEOPLE} (?:like|love|enjoy|praise)(?P<about> .*?) (?:more|less|better){_CLOSES}",
        "positive posts about{about}",
    ),
    (
        CountKind.CHANGE,
        rf"(?:do|did|have|has|are|were) {_PEOPLE} (?:hate|dislike|complain(?:ed|ing)? about)(?P<about> .*?)"
        rf" (?:more|less)(?: often)?{_CLOSES}",
        "negative posts about{about}",
    ),
    (
        CountKind.CHANGE,
        rf"(?:do|did|have|has|are|were) {_PEOPLE} complain(?:ed|ing)? (?:more|less)(?: often)?{_ABOUT_FEWER}{_CLOSES}",
        "negative posts{about}",
    ),
    (
        CountKind.CHANGE,
        rf"(?:is|are|was|were|did|do|has|have) (?:{_PEOPLE}|(?:the |our )?(?:mood|sentiment|tone))(?P<of>"
        rf"(?: (?:about|on|of|towards?|with)\b.*?)?) (?:been )?(?:get(?:ting)? |got |becom(?:e|ing) |turn(?:ing)? )?"
        rf"(?:happier|better|more positive|improv(?:e|ed|ing)){_ABOUT_FEWER}{_CLOSES}",
        "positive posts{of}{about}",
    ),
    (
        CountKind.CHANGE,
        rf"(?:is|are|was|were|did|do|has|have) (?:{_PEOPLE}|(?:the |our )?(?:mood|sentiment|tone))(?P<of>"
        rf"(?: (?:about|on|of|towards?|with)\b.*?)?) (?:been )?(?:get(?:ting)? |got |becom(?:e|ing) |turn(?:ing)? )?"
        rf"(?:angrier|unhappier|worse|more negative|declin(?:e|ed|ing)){_ABOUT_FEWER}{_CLOSES}",
        "negative posts{of}{about}",
    ),
    (
        CountKind.COUNT,
        rf"(?:how many|what number of|(?:what(?:['’]s| is| was) )?the number of|number of|count(?: of)?)"
        rf" (?:new |the |our |of |all )*(?P<thing>{_THINGS}){_CAME}{_ABOUT}\W*",
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
_MAIN = (
    r"(?:what(?:['’]s| is| are| were)? )?(?:the |our )*"
    rf"(?:top|biggest|main|worst|hot(?:test)?|most (?:common|discussed))(?: {_COUNT})?"
)
# Where a time or a network says that posts are meant.
_PLACED_RULES: tuple[tuple[CountKind, str, str], ...] = (
    (CountKind.COUNT, rf"(?:all |the |any |our )*(?P<thing>{_THINGS})\W*", "all {thing}"),
    (
        CountKind.COUNT,
        r"what (?:was|were|is|has been|have been) (?:being )?(?:said|written|posted)(?P<about>(?: about\b.*)?)\W*",
        "the buzz{about}",
    ),
    (
        CountKind.COUNT,
        r"(?:is there )?any(?:thing|one|body)?(?: new)?(?: said)?(?P<about> about\b.*)",
        "posts{about}",
    ),
    (
        CountKind.COUNT,
        r"how (?:are we (?:doing|perceived|seen)|is it going|do we look|are things)(?P<about>)\W*",
        "what do people say",
    ),
    (CountKind.TOP, rf"{_MAIN} (?:themes?|topics?|subjects?|trends?){_ABOUT}\W*", "all posts{about}"),
    (CountKind.TOP, r"what(?:['’]s| is) (?:trending|hot|popular)(?P<about>)\W*", "all posts"),
    (
        CountKind.TOP,
        rf"{_MAIN} (?:problems?|issues?|gripes?|worries|concerns|pain points)(?: (?:that )?{_PEOPLE}"
        rf" (?:have|had|report(?:ed)?|complain(?:ed)? about))?{_ABOUT}\W*",
        "all complaints{about}",
    ),
)
_PLACED = tuple((measure, re.compile(_START + rule, re.IGNORECASE), plain) for measure, rule, plain in _PLACED_RULES)
_NOUNS = re.compile(
    rf"{_START}(?:(?:the|our|all|any) )*(?!{_NO_NOUN})(?P<subject>[\w'-]+(?: [\w'-]+)?)"
    r" (?P<thing>complaints|feedback)\W*",
    re.IGNORECASE,
)
_WITH = re.compile(r"^ (?:with|at|towards?)\b")
_MOST_CHARACTERS = 300


def read_measure(sentence: str, is_placed: bool) -> AskedCount:
    """Read a sentence without its time and network; one that names neither has to say that it is about posts."""
    text = sentence[:_MOST_CHARACTERS]
    for measure, pattern, plain in (*_PATTERNS, *(_PLACED if is_placed else ())):
        if found := pattern.fullmatch(text):
            groups = {name: value or "" for name, value in found.groupdict().items()}
            groups |= {name: _WITH.sub(" about", value) for name, value in groups.items() if name in ("about", "of")}
            return AskedCount(measure, plain.format(**groups), _read_count(groups.get("count", "")))
    return AskedCount(CountKind.COUNT, sentence)


def read_nouns(sentence: str) -> str:
    """`brake complaints` as `complaints about brake`: it may also be the name of a page."""
    found = _NOUNS.fullmatch(sentence[:_MOST_CHARACTERS])
    return f"{found['thing']} about {found['subject']}" if found else ""


def _read_count(said: str) -> int:
    if not said:
        return _USUAL_TOP
    number = int(said) if said.isdecimal() else _NUMBERS.index(said.lower()) + 1
    return min(max(number, 1), _MOST_TOP)
