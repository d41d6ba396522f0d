"""The kind of thing that a question asks for, and whether a text holds one: a time, a price, a number, a person."""

import re
from dataclasses import dataclass

_NUMBER = r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|once|twice|half|none|no limit|unlimited)\b"
_TIME = (
    r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,2}\s*[ap]\.?m\b|\b(?:19|20)\d\d\b"
    r"|\b(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|sixty|ninety)[\s-]+"
    r"(?:working |business |calendar )?(?:second|minute|hour|day|night|week|month|quarter|year)s?\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(?:today|tomorrow|daily|weekly|monthly|yearly|annual\w*|immediately|at once|right away|any ?time|always|never"
    r"|quarterly|midnight|noon|every|same day)\b"
)
_PRICE = (
    r"[€$£¥]\s?\d|\d\s?(?:[€$£%]|EUR|USD|GBP|PLN|CHF|zł|euros?|dollars?|pounds?|cents?)"
    r"|\b(?:free|no (?:charge|cost|fee)s?)\b"
)
_PERSON = (
    r"@\w|(?-i:\b[A-Z][\w'’-]+ [A-Z][\w'’-]+\b)"
    r"|\b(?:teams?|managers?|leads?|heads?|directors?|officers?|owners?|chief|departments?|desk|support|staff|employees?"
    r"|members?|people|everyone|anyone|nobody|adults?|supervisors?|HR|IT|finance|office)\b"
)
_CONTACT = re.compile(
    r"@\w|https?://|\+?\d[\d\s()-]{6,}|(?<!\w)#[a-z][\w-]+|\b(?:[Ee]xtension \d|[A-Z][\w'’-]+ [A-Z][\w'’-]+\b)"
)


@dataclass(frozen=True)
class _Kind:
    asked: re.Pattern[str]
    given: re.Pattern[str]


def _compile(asked: str, given: str) -> _Kind:
    return _Kind(re.compile(rf"\b(?:{asked})\b", re.IGNORECASE), re.compile(given, re.IGNORECASE))


_TIME_ASKED = (
    r"what time|when (?:do|does|is|are|did|will|can|must)|how (?:long|soon|late|early|often|quick\w*)"
    r"|which days?|what days?|until when|by when|since when"
    r"|how many (?:\w{1,15} )?(?:minutes|hours|days|weeks|months|years)"
)
_PRICE_ASKED = (
    r"how much (?:is|are|do|does|will|would|to|for)|prices?|what\W{0,2}s? (?:do|does|is|the)? ?.{0,40} costs?|fees?"
)
_KINDS = (
    _compile(_TIME_ASKED, _TIME),
    _compile(_PRICE_ASKED, _PRICE),
    _compile(r"how (?:many|far|big|large|tall|high|heavy|wide)|max(?:imum)?|min(?:imum)?|percent(?:age)?", _NUMBER),
    _compile(r"who|whom|whose|which team|what team", _PERSON),
)
_CONTACT_ASKED = re.compile(
    r"\b(?:who (?:do|can|should|must|to|would) (?:i |we |you )?(?:need to |have to )?"
    r"(?:ask|contact|talk|speak|call|write|turn|report|message|mail|ring|phone|ping|reach|inform|notify|tell|see|go to)"
    r"|who(?:'s| is) the (?:contact|person)|e-?mail address|contact (?:details|address))\b",
    re.IGNORECASE,
)
_PHONE_ASKED = re.compile(
    r"\b(?:(?:phone|telephone|mobile|cell|fax) numbers?|hotline|(?:'s|s'|of|for) (?:mobile|cell|phone|extension)\W*$)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\+?\d[\d\s()/.-]{5,}\d|\b[Ee]xtension \d")
# Pages say what holds; what came to pass last month is in other places.
_LATELY = re.compile(
    r"\bhow (?:many|much)\b.*\b((?:last|this|past) (?:week|month|quarter|year|season)|yesterday|today|so far)\b",
    re.IGNORECASE,
)


def gives_contact(question: str, text: str) -> bool:
    """Return whether a text says who to turn to, by name or address, or by number; true where that was not asked."""
    if _PHONE_ASKED.search(question):
        return _PHONE.search(text) is not None
    return not _CONTACT_ASKED.search(question) or _CONTACT.search(text) is not None


def gives_period(question: str, text: str) -> bool:
    """Return whether a text speaks of the days that a count was asked of, such as `last month`; true of others."""
    asked = _LATELY.search(question)
    return not asked or asked[1].casefold() in text.casefold()


def gives_kind(question: str, text: str) -> bool:
    """Return whether a text holds every kind of thing that was asked for; true where none is known."""
    return all(kind.given.search(text) for kind in _KINDS if kind.asked.search(question))
