"""Urgency of a post: rules that each give a reason, over the text and its other findings."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.domain import About, Finding, Intent, Mention, Sentiment, Urgency

VERSION = "urgency-2"
_MANY_FOLLOWERS = 5_000
_REPEATED = 3
_OFF = (Intent.SPAM, Intent.JOB)
_WEAK = 0.4


@dataclass(frozen=True)
class Signs:
    """Input of the rules. `posts` counts this author's posts of the last week, this one included."""

    mention: Mention
    sentiment: Sentiment
    intent: Finding
    influence: str
    posts: int

    @property
    def is_trouble(self) -> bool:
        """Return whether the author is unhappy, or about to leave."""
        wants = self.intent.label in (Intent.COMPLAINT, Intent.LEAVING) and self.intent.confidence >= _WEAK
        return wants or self.sentiment is Sentiment.NEGATIVE


_SAFETY = re.compile(
    r"""\b(?:injur\w+|hurt\s+(?:my|her|his|badly)|hospital\w*|ambulance|caught\s+fire|on\s+fire|smok(?:e|ing)\s+(?:from|coming)|burn(?:t|ed|ing|s)?\s+(?:my|her|his|down)
    |exploded?|explosion|electric\s+shock|electrocut\w+|gas\s+leak|carbon\s+monoxide|poison\w*|allerg\w+|unsafe|dangerous|brakes?\b.{0,40}(?:fail\w*|gone|not\s+work\w*|barely)
    |(?:could|almost|nearly)\s+(?:have\s+)?(?:killed|died|crashed)|accident|verletzt|unfall|brennt|gefährlich|bremse\w*.{0,30}(?:versagt|defekt|kaputt)|blessé\w*|en\s+feu|dangereux
    |accidente|herid\w+|peligros\w+|acidente|ferid\w+|perigos\w+|wypadek|niebezpieczn\w+|incidente|pericolos\w+|gevaarlijk)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_LEGAL = re.compile(
    r"""\b(?:lawyer\w*|attorney|solicitor|lawsuit|sue\s+(?:you|them)|suing|legal\s+action|small\s+claims|court\s+(?:case|order|date)|trading\s+standards|ombudsman|gdpr|data\s+protection
    |data\s+breach|discriminat\w+|fraud\w*|anwalt|anwältin|rechtsanwalt|klage\s+(?:ein|gegen)|verbraucherzentrale|dsgvo|avocat|tribunal|rgpd|abogad\w+
    |advogad\w+|prawnik\w*|pozew|rodo|avvocato|advocaat|rechtszaak)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Whoever tells the police of a thief goes to law against the thief, not against us.
_POLICE = re.compile(r"\b(?:police\s+report|plainte|denuncia\w*|queixa-crime|anzeige\s+erstatt\w+)\b", re.IGNORECASE)
_THEFT = re.compile(
    r"\b(?:theft|thie(?:f|ves)|stolen?|nicked|(?:both\s+)?locks?\s+cut|gestohlen|geklaut|diebstahl|vol[ée]{1,2}s?|vol|robo|robad[oa]"
    r"|roubad[oa]|roubo|furto|rubat[oa]|skradzion\w+|kradzież\w*|gestolen|diefstal)\b",
    re.IGNORECASE,
)
_OUTAGE = re.compile(
    r"""\b(?:outage|is\s+(?:it\s+)?down\b|(?:app|site|website|service|server)s?\s+(?:is|are|was|has\s+been)?\s*(?:completely\s+)?down|nothing\s+works|can(?:['’]?t|not)\s+(?:log\s?in|sign\s?in|unlock|open\s+(?:the|my|it))
    |won['’]?t\s+(?:unlock|open|load|start)|locked\s+out|anyone\s+else\s+(?:un|can['’]?t|locked|having)|störung|ausfall|nicht\s+entsperren|geht\s+nicht\s+auf|en\s+panne|panne\s+générale|en\s+rade
    |ne\s+(?:marche|déverrouille|fonctionne)\s+p(?:as|lus)|déverrouille\s+plus|caíd[ao]|no\s+funciona|fora\s+do\s+ar|não\s+funciona|padł\w*|nie\s+działa|non\s+funziona|plat\s+in|storing)\b""",
    re.IGNORECASE | re.VERBOSE,
)

_Rule = tuple[Urgency, Callable[[Signs], str]]


def find_urgency(signs: Signs) -> Finding:
    """The first rule that fits, `high` ones first; without any it is `normal`."""
    if signs.intent.label in _OFF and signs.intent.confidence >= _WEAK:
        return Finding(About.URGENCY, Urgency.NORMAL, signs.intent.confidence, VERSION)
    for urgency, explain in _RULES:
        if reason := explain(signs):
            return Finding(About.URGENCY, urgency, 1.0 if urgency is Urgency.HIGH else 0.7, VERSION, reason)
    return Finding(About.URGENCY, Urgency.NORMAL, 0.7, VERSION)


def tell_danger(text: str) -> str:
    """Return why somebody may be in danger; empty when nothing says so."""
    return _tell_word(_SAFETY, "Somebody may be in danger", text)


def tell_outage(text: str) -> str:
    """Return why something may be down; empty when nothing says so."""
    return _tell_word(_OUTAGE, "Something may be down", text)


def tell_law(text: str) -> str:
    """Return why a post may become a legal matter; empty when nothing says so."""
    what = "It may become a matter of law"
    return _tell_word(_LEGAL, what, text) or ("" if _THEFT.search(text) else _tell_word(_POLICE, what, text))


def _tell_word(pattern: re.Pattern[str], what: str, text: str) -> str:
    found = pattern.search(text)
    return f"{what}: it says “{' '.join(found.group().split())}”." if found else ""


def _tell_press(signs: Signs) -> str:
    is_press = signs.intent.label == Intent.PRESS and signs.intent.confidence >= _WEAK
    return "Somebody from the press asks." if is_press else ""


def _tell_outage(signs: Signs) -> str:
    return tell_outage(signs.mention.text) if signs.sentiment is not Sentiment.POSITIVE else ""


def _tell_followers(signs: Signs) -> str:
    followers = signs.mention.followers or 0
    is_heard = followers >= _MANY_FOLLOWERS or signs.influence == "high"
    return f"Many may see it: {followers:,} followers." if signs.is_trouble and is_heard and followers else ""


def _tell_repeated(signs: Signs) -> str:
    if signs.posts < _REPEATED or not signs.is_trouble:
        return ""
    return f"The author wrote {signs.posts} times within a week."


def _tell_leaving(signs: Signs) -> str:
    is_leaving = signs.intent.label == Intent.LEAVING and signs.intent.confidence >= _WEAK
    return "The author may be cancelling." if is_leaving else ""


_RULES: tuple[_Rule, ...] = (
    (Urgency.HIGH, lambda signs: tell_danger(signs.mention.text)),
    (Urgency.HIGH, lambda signs: tell_law(signs.mention.text)),
    (Urgency.HIGH, _tell_press),
    (Urgency.HIGH, _tell_followers),
    (Urgency.RAISED, _tell_outage),
    (Urgency.RAISED, _tell_repeated),
    (Urgency.RAISED, _tell_leaving),
)
