"""A greeting, thanks, an apology, an offer to write again: what a reply may say without evidence.

What a model says beside its answer: a question back, or what it could not answer.
"""

import re
from collections.abc import Iterable

from assistant.text.facts.agreement import find_figures, has_figures, has_names
from assistant.text.facts.links import find_addresses, without_addresses
from assistant.text.facts.words import find_names, find_quotations
from assistant.text.sentences import split_sentences
from assistant.text.tokens import split_words

_MOST_WORDS = 20
_MARKS = frozenset(
    "helps annoying apologies apologise apologize ask best care cheers dear glad good great happy hello help hey hi"
    " hope kind message please regards sorry tell thank thanks welcome wishes write".split()
)
_VOCABULARY = _MARKS | frozenset(
    "a about again all along always and any anything appreciate are asking at away back be being better between"
    " can case clear could day days details different do does drop enjoy ever everyone everything feedback few"
    " find fit for forward from get getting going happened have having hear hearing helps how i if in"
    " inconvenience into is it just kindly know leaves let letting like line little look looking lot love m"
    " makes making me mentioning more morning much need never not note of on open or other our out patience"
    " plain point pointing private putting question questions re reach reaches read reading really ride riding s"
    " safe see send sharing should so some somebody something sounds still support take taking team telling that the"
    " there this time to together touch trouble truly unclear us very want we weekend well went what when which"
    " will with words works would write writing wrong you your yours".split()
)
_NAMING = frozenset(["thank", "thanks", "sorry", "glad", "apologies", "apologise", "apologize", "appreciate"])
_BEFORE_OTHER = frozenset(["your", "about", "the", "this"])
_STATING = frozenset("is are be being will can not never always do does have all".split())
_WARY = frozenset("that number numbers phone mail email address account card password birth".split())
# `Could you describe the issue?` asks the customer for what only they know.
_ASKING = re.compile(
    r"(?:please|(?:can|could|would|will) you(?: please| kindly)?)"
    r" (?:(?:tell|send|give|show|message|dm) us|share|provide|describe|explain)\b[^,;:–—]*",
    re.IGNORECASE,
)


def is_courtesy(sentence: str) -> bool:
    """Return whether it is courtesy and states nothing; it may name what went wrong: `Sorry about your battery.`"""
    words = split_words(sentence)
    if not words or len(words) > _MOST_WORDS or _states_a_fact(sentence):
        return False
    if _ASKING.fullmatch(sentence.strip()) and not (_STATING | _WARY) & set(words[2:]):
        return True
    others = [place for place, word in enumerate(words) if word not in _VOCABULARY]
    if not others:
        return bool(_MARKS & set(words)) or sentence.rstrip().endswith("?")
    is_named = others[0] > 0 and words[others[0] - 1] in _BEFORE_OTHER
    return (
        len(others) == 1
        and is_named
        and bool(_NAMING & set(words))
        and not _STATING & set(words)
        and not re.search(r"[,;:–—]", sentence)
    )


def _states_a_fact(sentence: str) -> bool:
    return any(find(sentence) for find in (find_figures, find_names, find_quotations, find_addresses))


_MOST_CHARACTERS = 200
_MARKUP = frozenset("<>[]*`|")


def keep_remark(text: str, given: Iterable[str], is_question: bool = False) -> str:
    """The remark on one line; nothing when it is long, more than a sentence, or states a fact that was not given."""
    flat = " ".join(text.split())
    if len(flat) > _MOST_CHARACTERS or len(split_sentences(flat)) != 1 or _MARKUP & set(flat):
        return ""
    if is_question and not (flat.endswith("?") and flat.count("?") == 1):
        return ""
    known = "\n".join(given)
    rest = without_addresses(flat)
    # `A monthly or a yearly plan?` may be asked: only what has digits is invented.
    figures = {figure for figure in find_figures(rest) if figure.value.strip("-") and figure.unit != "word"}
    is_given = find_addresses(flat) <= find_addresses(known) and has_figures(known, figures) and has_names(known, rest)
    return flat if is_given else ""
