"""How people ask what customers say. Every pattern describes a question from its first word on."""

import re

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
    r"|people['’]s|public|negative|positive|online|social media|kind of|sort of) )"
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
