"""Pairs of statements in two documents that say the same thing with other figures.

The rules are strict, since every pair costs two people a look: what two statements have in common outweighs what one of
them says alone, neither document says it otherwise as well, and nothing tells that each is about a thing of its own.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.knowledge.flaws.statements import Figures, PageStatement
from assistant.text.facts.agreement import has_figure
from assistant.text.facts.numbers import RATES, Quantity
from assistant.text.tokens import find_terms

_LEAST_COMMON = 0.45  # of the weight of all words of both
_MOST_SWAPPED = 0.9  # of the weight of the common ones: `sick leave` for `annual leave`
_LEAST_WORDS = 3
_MOST_WITH_WORD = 400  # statements: one more finds nobody by it
_MOST_VALUES = 3  # of one statement: where each page has its own, none is wrong
_SPANS = frozenset(find_terms(" ".join(RATES.values())))


@dataclass(frozen=True)
class Match:
    """Two statements about the same thing, as far as their words tell: `likeness` goes up to 1."""

    one: PageStatement
    other: PageStatement
    likeness: float


@dataclass(frozen=True)
class Contradiction:
    """Two statements of which only one can be true, and what their different figures measure."""

    one: PageStatement
    other: PageStatement
    measure: str
    likeness: float


def find_contradictions(statements: Sequence[PageStatement]) -> list[Contradiction]:
    """The surest first; the same thing said in the same two documents again is left out."""
    found = [
        Contradiction(match.one, match.other, measure, match.likeness)
        for match in _keep_best(_find_matches(statements))
        if (measure := find_difference(match.one.figures, match.other.figures)) and not _is_about_another(match)
    ]
    values: dict[frozenset[str], set[tuple[Quantity, ...]]] = defaultdict(set)
    for pair in found:
        values[_common(pair)].update(said.figures[pair.measure] for said in (pair.one, pair.other))
    kept: dict[object, Contradiction] = {}
    for pair in sorted(found, key=lambda pair: -pair.likeness):
        if len(values[_common(pair)]) <= _MOST_VALUES:
            kept.setdefault((_common(pair), frozenset((pair.one.document, pair.other.document))), pair)
    return list(kept.values())


def _common(pair: Contradiction | Match) -> frozenset[str]:
    return pair.one.words & pair.other.words


def _find_matches(statements: Sequence[PageStatement]) -> Iterator[Match]:
    counts = Counter(word for statement in statements for word in statement.words)
    weights = {word: math.log(1 + len(statements) / count) for word, count in counts.items()}
    by_word: dict[str, list[PageStatement]] = defaultdict(list)
    for statement in statements:
        near = {id(other): other for word in _find_keys(statement, weights) for other in by_word[word]}
        for other in near.values():
            if match := _match(other, statement, weights):
                yield match
        for word in statement.words:
            if len(by_word[word]) < _MOST_WITH_WORD:
                by_word[word].append(statement)


def _find_keys(statement: PageStatement, weights: Mapping[str, float]) -> list[str]:
    """Its rarest words, so many that what has none of them has too little in common with it."""
    keys: list[str] = []
    rest = sum(weights[word] for word in statement.words)
    least = rest * _LEAST_COMMON
    for word in sorted(statement.words, key=lambda word: (-weights[word], word)):
        if rest < least:
            break
        keys.append(word)
        rest -= weights[word]
    return keys


def _match(one: PageStatement, other: PageStatement, weights: Mapping[str, float]) -> Match | None:
    words = one.words & other.words
    if one.document == other.document or one.is_negative != other.is_negative or len(words) < 2:
        return None
    common = _weigh(words, weights)
    alone = [_weigh(left, weights) for left in (one.words - other.words, other.words - one.words)]
    likeness = common / (common + sum(alone))
    is_same = likeness >= _LEAST_COMMON and min(alone) <= _MOST_SWAPPED * common
    return Match(one, other, likeness) if is_same else None


def _weigh(words: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights[word] for word in words)


def _keep_best(matches: Iterable[Match]) -> Iterator[Match]:
    """Those in which each statement is what the other document says that is nearest, and in which it agrees nowhere."""
    best: dict[tuple[int, tuple[str, str]], list[Match]] = {}
    for match in matches:
        for said, other in ((match.one, match.other), (match.other, match.one)):
            kept = best.get((id(said), other.document), [])
            if not kept or match.likeness > kept[0].likeness:
                best[id(said), other.document] = [match]
            elif match.likeness == kept[0].likeness:
                kept.append(match)
    for (number, _), kept in best.items():
        first = kept[0]
        theirs = best[id(first.other), first.one.document]
        if number == id(first.one) and first in theirs and all(map(_differs, (*kept, *theirs))):
            yield first


def _differs(match: Match) -> bool:
    return bool(find_difference(match.one.figures, match.other.figures))


def _is_about_another(match: Match) -> bool:
    """Whether words, names, titles or headings tell that each speaks of a thing of its own."""
    one, other = match.one, match.other
    if one.names - other.words and other.names - one.words and one.names != other.names:
        return True
    left, right = one.words - other.words, other.words - one.words
    if (left | right) & _SPANS:
        return True
    if (left & one.topic) - other.topic and (right & other.topic) - one.topic:
        return True
    has_own_title = bool(one.title - other.title - other.words and other.title - one.title - one.words)
    is_short, is_like = len(_common(match)) < _LEAST_WORDS, bool(one.heading) and one.heading == other.heading
    return (has_own_title and (is_short or is_like)) or _are_siblings(one.heading, other.heading)


def _are_siblings(one: str, other: str) -> bool:
    """`Quality > Beta` and `Quality > Official`."""
    (above, _, last), (others, _, other_last) = (place.casefold().rpartition(" > ") for place in (one, other))
    return bool(above) and above == others and last != other_last


def find_difference(one: Figures, other: Figures) -> str:
    """The one measure in which both cannot be true; empty where there is none, or where they differ in more."""
    different = [measure for measure in one.keys() & other.keys() if not _agree(one[measure], other[measure])]
    if len(different) != 1:
        return ""
    left, right = one[different[0]], other[different[0]]
    is_one = len(left) == len(right) and sum(not _fit(a, b) for a, b in zip(left, right, strict=True)) == 1
    return different[0] if is_one else ""


def _agree(one: Sequence[Quantity], other: Sequence[Quantity]) -> bool:
    return all(any(_fit(a, b) for b in other) for a in one) or all(any(_fit(a, b) for a in one) for b in other)


def _fit(one: Quantity, other: Quantity) -> bool:
    """Whether both can be true: `120 days` and `up to 120 days` can, a date and its month, `at least 2` and 5."""
    if one.unit == "date":
        day, another = Quantity(one.value, "date"), Quantity(other.value, "date")
        return has_figure(day, {another}) or has_figure(another, {day})
    if one.value == other.value:
        return {one.bound, other.bound} != {"most", "least"}
    return bool(one.bound) != bool(other.bound) and (one.bound or other.bound) in ("least", "above", "after")
