"""Whether a post asks something."""

import re

_VERB = r"(?:can|could|do|does|did|is|are|am|was|were|will|would|should|shall|must|may|might|has|have)(?:n['’]?t)?"
_SOMEBODY = (
    r"(?:i|you|u|ya|we|they|he|she|it|there|this|that|these|those|the|a|an|my|your|our|his|her|their"
    r"|any|anyone|anybody|someone|somebody|everyone|people)"
)
_ORDER = r"(?:do|have)\s+(?:an?|the|this|that|it|my|your)\b|(?:is|was|were|has)\s+an?\b"  # `Do your job`, `Was a treat`
# `What a bike!` and `When I ride it` begin like questions; what follows the first word tells them apart.
_ASKS = re.compile(
    rf"""[?？؟]
    |(?:^|(?<=[.!…\n])\s)[\s¿]*(?:[@#]\w+[\s,:]+)*(?:(?:hi|hello|hey|and|but|ok|okay|quick\ question)[\s,:!.-]+)*(?:
        (?:how|what|when|where|why|who|which|whose)(?:['’]?s\b|['’]re\b|\s+{_VERB}\b|\s+to\b)
        |(?:how|what|which|whose)\s+(?!an?\b)\w+(?:\s+\w+)?\s+{_VERB}\b(?!\s+not\b)
        |how\s+(?:about|come)\b
        |(?!{_ORDER}){_VERB}\s+{_SOMEBODY}\b
        |(?:are|does)\s+(?!not\b)[@\#]?\w+
        |any(?:one|body)\b(?!\s+who\b))
    |\b(?:does\ any(?:one|body)|any(?:one|body)\ (?:know|else|here|tried)|how\ (?:do|can)\ i|is\ there\ an?y?
        |wondering\ (?:if|whether|how|when|what)|can\ (?:some|any)(?:one|body)|i\ wonder\ (?:if|whether))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+")


def is_question(text: str) -> bool:
    """By its question mark or a sentence's first words; a question mark inside a link does not count."""
    return bool(_ASKS.search(_LINK.sub(" ", text)))
