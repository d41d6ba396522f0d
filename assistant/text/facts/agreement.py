"""Agreement of texts: one states the numbers and names that a sentence states.

What turns a statement round or narrows it: `not`, `only`, `unless`, `before`, `all`.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from assistant.text.facts.numbers import RATES, TIMED, UNITS, Quantity, read_figures
from assistant.text.facts.words import content_stems, find_names, normalise, stem_words
from assistant.text.tokens import split_words

_I = re.IGNORECASE
_RATE = re.compile(rf"\b(?:per|each|every|a|an|/) ?({TIMED})\b", _I)
_SURE_RATE = re.compile(rf"\b(?:per|each|every) ({TIMED})\b|\d\S*(?: [^\s\d]+){{0,2}} an? ({TIMED})\b", _I)
_RATE_WORD = re.compile(rf"\b(?:{'|'.join(RATES)})\b", _I)


def find_figures(text: str) -> set[Quantity]:
    """Every figure that a sentence states."""
    plain, placed = read_figures(text)
    rates = {f"per {UNITS[(found[1] or found[2]).lower()]}" for found in _SURE_RATE.finditer(plain)}
    return {one.figure for one in placed} | {Quantity("", rate) for rate in rates | _rate_words(plain)}


def find_given_figures(text: str) -> set[Quantity]:
    """Every figure that a text gives away, also by the way: `a month` is one month too, and a date has a year."""
    plain, placed = read_figures(text)
    units = {UNITS[found[1].lower()] for found in _RATE.finditer(plain)}
    rates = {f"per {unit}" for unit in units} | _rate_words(plain)
    years = {one.figure.value.split("-")[0] for one in placed if one.figure.unit == "date"}
    found = {one.figure for one in placed} | {Quantity("", rate) for rate in rates} | {Quantity(year) for year in years}
    return found | {Quantity("1", unit) for unit in units}


def has_figure(wanted: Quantity, given: set[Quantity]) -> bool:
    """Return whether a text with these figures states this one; of a date it may state more."""
    if wanted.unit != "date":
        return wanted in given
    parts = wanted.value.split("-")
    dates = [one.value.split("-") for one in given if one.unit == "date" and one.bound == wanted.bound]
    return any(all(mine in ("", its) for mine, its in zip(parts, date, strict=True)) for date in dates)


def has_facts(text: str, sentence: str) -> bool:
    """Return whether every number and name of a sentence without addresses is in the text."""
    return has_figures(text, find_figures(sentence)) and has_names(text, sentence)


def has_figures(text: str, wanted: Iterable[Quantity]) -> bool:
    """Return whether the text states all of these figures."""
    given = find_given_figures(text)
    return all(has_figure(figure, given) for figure in wanted)


def has_names(text: str, sentence: str) -> bool:
    """Return whether every name of the sentence is in the text, in any form."""
    said = stem_words(text) | stem_words(normalise(text))
    return all(stem_words(name) <= said for name in find_names(sentence))


@lru_cache(maxsize=4096)
def spell_out(text: str) -> str:
    """The text with every number in one spelling, so that `March 3` and `2026-03-03` share their words."""
    plain, placed = read_figures(text)
    for one in sorted(placed, key=lambda one: -one.start):
        if one.figure.unit != "word":
            spelt = re.sub(r"(?<=\w)[-–:]", " ", one.figure.value).removesuffix(" 00")
            plain = f"{plain[: one.start]} {spelt.strip(' -')} {one.figure.unit} {plain[one.end :]}"
    return _RATE_WORD.sub(lambda found: RATES[found[0].lower()], plain)


def _rate_words(plain: str) -> set[str]:
    return {f"per {RATES[found[0].lower()]}" for found in _RATE_WORD.finditer(plain)}


_CLAUSE_END = re.compile(
    r"[.,;:!?()|](?=\s|$)|[—–]|\n\s*\n|\b(?:but|which|because|although|though|while|whereas|even if)\b", re.IGNORECASE
)
_NEGATIONS = frozenset(
    "not no never none without cannot neither nor nothing nobody nowhere non unable unpaid unavailable impossible"
    " ineligible invalid prohibited prohibit prohibits forbidden forbid forbids banned ban bans denied deny denies"
    " refuse refuses refused fail fails failed avoid avoids rarely seldom hardly scarcely barely myth untrue".split()
)
# These hold a negation and negate nothing.
_NEUTRAL = re.compile(
    r"\b(?:no|not) (?:more|less|fewer|later|earlier|longer|older) than\b|\b(?:not|non) (?:only|just|limited)\b"
    r"|\bwhether or not\b|\bno matter\b|^(?:no|yes),"
)
_KINDS = {
    "only": r"only|solely|exclusively|merely",
    "unless": r"unless|except|excepting|excluding|apart from|other than|exempt\w*|but",
    "if": r"if|when|whenever|once|provided|in case|as long as|depend\w*|after|within|until|where",
    "before": r"before|prior|until|ahead|by",
    "after": r"after|afterwards|following|once|since|when",
    "must": r"must|required?|requires|mandatory|obligatory|have to|has to|needs? to|obliged|compulsory|shall",
    "may": r"may|might|can|could|optional|optionally|allowed|permitted|possible|able",
    "always": r"always|whenever|anytime|any time|ever|constantly|guaranteed?|guarantees",
    "all": r"all|every|everyone|everybody|anyone|anybody|any|each|entire|whole|whatever|whichever|always",
    "often": r"often|usually|mostly|frequently|generally|normally|typically|regularly|commonly|most",
    "above": r"above|over|exceed\w*|more than|higher|at least|minimum",
    "below": r"below|under|less than|fewer than|lower|at most|maximum|up to",
    "least": r"at least|minimum|no less|not less|or more",
    "most": r"at most|maximum|up to|no more|not more|limit\w*|or less|capped|longest|largest|highest|latest",
}
_PATTERNS = {kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for kind, words in _KINDS.items()}
_STATED = {
    "unless": r"unless|except|excluding|apart from|other than",
    "before": r"before|prior to",
    "after": r"after",
    "above": r"above|exceed\w*",
    "below": r"below",
}
_NEEDED = {kind: re.compile(rf"\b(?:{_STATED.get(kind, _KINDS[kind])})\b", re.IGNORECASE) for kind in (
    "only", "unless", "before", "after", "always", "above", "below", "least", "most"
)}  # fmt: skip
_SEGMENT_END = re.compile(r"[,;:.()](?=\s|$)|[—–]")
_CONDITION = re.compile(r"\b(?:if|unless|except|excluding|provided|as long as|apart from|other than)\b", re.IGNORECASE)
_LEAST_KEPT, _LEAST_WORDS = 0.5, 2


def negates(text: str) -> bool:
    """Return whether it says `not`, in any of its forms."""
    plain = _NEUTRAL.sub(" ", normalise(text))
    return bool(_NEGATIONS & set(split_words(plain))) or "n't" in plain


def has_same_negation(sentence: str, texts: Sequence[str]) -> bool:
    """Return whether each clause says `not` if and only if the nearest clause of the texts does."""
    clauses = [(set(content_stems(clause)), negates(clause)) for text in texts for clause in _CLAUSE_END.split(text)]
    return all(_agrees(clause, clauses) for clause in _split_clauses(sentence))


def _split_clauses(sentence: str) -> list[str]:
    """Its clauses; the sentence as a whole where none has words enough to tell."""
    clauses = [clause for clause in _CLAUSE_END.split(sentence) if len(content_stems(clause)) >= _LEAST_WORDS]
    return clauses or [sentence]


def _agrees(clause: str, others: Sequence[tuple[set[str], bool]]) -> bool:
    said, is_negative = set(content_stems(clause)), negates(clause)
    return max((len(said & words), other == is_negative) for words, other in others)[1]


def keeps_bounds(sentence: str, nearest: Sequence[str]) -> bool:
    """Return whether it adds no `only` or `before` to its nearest sentences, and keeps the first one's conditions."""
    joined = " ".join(nearest)
    added = [kind for kind, pattern in _NEEDED.items() if pattern.search(sentence) and not _has(kind, joined)]
    return not added and not _turns_duty(sentence, joined) and _keeps_conditions(sentence, nearest[0])


def _has(kind: str, text: str) -> bool:
    return bool(_PATTERNS[kind].search(text))


def _turns_duty(sentence: str, text: str) -> bool:
    """`may` for `must` or the other way round."""
    for said, meant in (("must", "may"), ("may", "must")):
        if _has(said, sentence) and not _has(said, text) and _has(meant, text) and not _has(meant, sentence):
            return True
    return False


def _keeps_conditions(sentence: str, nearest: str) -> bool:
    said = set(content_stems(sentence))
    is_limited = _has("only", sentence) or _has("if", sentence) or negates(sentence)
    for segment in _SEGMENT_END.split(nearest):
        if _has("only", segment) and _is_kept(segment, said) and not is_limited:
            return False
        found = _CONDITION.search(segment)
        if found and not _keeps_condition(sentence, said, segment[: found.start()], segment[found.start() :]):
            return False
    return True


def _keeps_condition(sentence: str, said: set[str], main: str, condition: str) -> bool:
    if _has("unless", condition):
        speaks_of_it = _is_kept(main, said) or _is_kept(condition, said)
        return not speaks_of_it or _has("unless", sentence) or negates(sentence)
    return not _is_kept(main, said) or _is_kept(condition, said)


def _is_kept(part: str, said: set[str]) -> bool:
    words = set(content_stems(part))
    return len(words & said) >= _LEAST_KEPT * len(words)
