"""Turns of phrase that mean the opposite of their words: “can't complain”, “thanks for nothing”, praise of a mishap.

The heads weigh words; these few sayings and signs are settled after them. Where a post may be ironic, nobody is sure.
"""

import re
from collections.abc import Sequence

_CONTENT = re.compile(
    r"""(?<!\w)(?:(?:can(?:['’]?t|not|\snot)|could(?:n['’]?t|\snot))\s+(?:really\s+)?complain\b
    |no(?:thing)?\s+(?:complaints|to\s+complain\s+about)|no\s+drama\b|not\s+(?:too\s+|half\s+)?bad\b
    |(?:never\s+been|could(?:n['’]?t|\s+not)\s+be)\s+(?:any\s+)?happier|was(?:n['’]?t|\s+not)\s+disappointed
    |no\s+problems?\s+(?:so\s+far|at\s+all|whatsoever)|kann\s+mich\s+nicht\s+(?:beschweren|beklagen)
    |nichts\s+zu\s+(?:meckern|beanstanden)|(?:pas|rien)\s+à\s+(?:me\s+plaindre|redire)
    |no\s+(?:me\s+puedo\s+quejar|puedo\s+quejarme)|não\s+(?:me\s+)?posso\s+(?:me\s+)?queixar|nie\s+mogę\s+narzekać)""",
    re.IGNORECASE | re.VERBOSE,
)
_BITTER = re.compile(
    r"""(?<!\w)(?:thanks?(?:\s+(?:you|a\s+lot|so\s+much))?\s+for\s+(?:nothing|losing|ruining|wasting|ignoring|breaking)
    |danke\s+für\s+(?:nichts|gar\s+nichts)|merci\s+pour\s+rien|gracias\s+por\s+nada|obrigad[oa]\s+por\s+nada
    |grazie\s+(?:di|per)\s+(?:niente|nulla)|dzięki\s+za\s+nic|bedankt\s+voor\s+niets)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PRAISE = re.compile(
    r"""(?<!\w)(?:great|amazing|wonderful|fantastic|awesome|brilliant|excellent|perfect|lovely|love|congrat\w*|bravo|wow
    |well\s+done|nice\s+(?:job|work|one)|good\s+(?:job|work)|thanks|thank\s+you|super|toll|klasse|prima|génial|brawo
    |genial|maravillos\w+|maravilhos\w+|ottimo|complimenti|geweldig)\b|👏|🎉""",
    re.IGNORECASE | re.VERBOSE,
)
_MISHAP = re.compile(
    r"""(?<!\w)(?:los(?:t|ing|es)|late|delay(?:ed|s)?|cancel\w*|break(?:s|ing)?|broken?|crash\w*|stuck|missing
    |wait(?:ed|ing)|on\s+hold|ignored?|hung\s+up|no\s+(?:reply|answer|refund|luggage|bag)|never\s+(?:came|arrived|showed)
    |is\s+down|not\s+work\w*|(?:another|third|fourth|fifth|more)\s+(?:\w+\s+)?(?:days?|weeks?|hours?|months?|times?)
    |without\s+(?:my|a|any)|once\s+again|zu\s+spät|verspät\w+|schon\s+wieder|kaputt|en\s+retard|en\s+panne|encore\s+une
    |otra\s+vez|avería|atrasad\w+|znowu|bez\s+paczki|in\s+ritardo|weer\s+te\s+laat)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SOLVED = re.compile(
    r"\b(?:fix(?:ed|ing)|found|solv\w+|sort(?:ed|ing)|resolv\w+|refunded|replaced|help\w*|quick\w*|fast|despite|although"
    r"|saved|recover\w+|rebook\w*|no longer|not? (?:delay|wait)\w*|on time)\b",
    re.IGNORECASE,
)
_MOCKING = re.compile("[👏🙄🙃🤡😒🤦]")
_ANGRY = re.compile("[🤬😡😠👎🖕💩]")
_LOVING = re.compile("[❤💚💙💛🧡💜😍🥰😘👍🎉🤩]")
_LETTER = re.compile(r"[^\W_]")
_HANDLE = re.compile(r"@\w+|https?://\S+")

_HAPPY_ODDS, _UNHAPPY_ODDS = (0.1, 0.25, 0.65), (0.8, 0.15, 0.05)
_MOCKED_ODDS, _OPEN_ODDS = (0.6, 0.25, 0.15), (0.35, 0.33, 0.32)


def settle_turns(text: str, odds: Sequence[float]) -> tuple[float, float, float]:
    """The odds of negative, neutral and positive, as a reader of the whole saying has them."""
    found = (float(odds[0]), float(odds[1]), float(odds[2]))
    if not _LETTER.search(_HANDLE.sub(" ", text)):
        return _read_signs(text) or found
    if _BITTER.search(text):
        return _UNHAPPY_ODDS
    content = _CONTENT.search(text)
    if content:
        return _OPEN_ODDS if _turns(text[content.end() :]) else _HAPPY_ODDS
    if found[2] < max(found):
        return found
    if _PRAISE.search(text) and _MISHAP.search(text) and not _SOLVED.search(text):
        return _MOCKED_ODDS if _MOCKING.search(text) else _OPEN_ODDS
    return _OPEN_ODDS if _ANGRY.search(text) else found


def _turns(rest: str) -> bool:
    return bool(re.search(r"\b(?:but|except|until|however|aber|mais|pero|mas|ale|ma)\b", rest, re.IGNORECASE))


def _read_signs(text: str) -> tuple[float, float, float] | None:
    """Posts of signs alone; of both kinds nobody can tell."""
    is_angry, is_loving = bool(_ANGRY.search(text)), bool(_LOVING.search(text))
    if is_angry == is_loving:
        return None
    return _UNHAPPY_ODDS if is_angry else _HAPPY_ODDS
