"""Grounding, checked by code: a sentence's facts must be in the chunks it cites, and most of its words too.

A sentence that names the words it rests on may say them in other words: it is doubtful then, until a second reading
finds that they say so.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.domain import Citation, SearchResult, Sentence, Support
from assistant.knowledge.answers.chat import Written, WrittenClaim
from assistant.knowledge.answers.evidence import SpanEvidence, find_evidence
from assistant.knowledge.answers.judge import Judge, SentencePair, Verdict
from assistant.text.facts.agreement import has_facts, has_same_negation, keeps_bounds, spell_out
from assistant.text.facts.courtesy import is_courtesy
from assistant.text.facts.links import find_addresses, without_addresses
from assistant.text.facts.roles import swaps_roles
from assistant.text.facts.words import FUNCTION_WORDS, content_stems, find_quotations, normalise, stem_words
from assistant.text.sentences import split_sentences, to_plain
from assistant.text.spans import split_units
from assistant.text.tokens import split_words

Likeness = Callable[[str, Sequence[str]], float]
"""How near a sentence's meaning is to the nearest of some quotes, as a cosine."""

# Chosen so that hardly anything made up passes: docs/decisions.md has what it costs.
_LEAST_COVERAGE, _LEAST_LIKENESS, _LEAST_SUM = 0.7, 0.7, 1.55
_LEAST_DOUBTFUL_SUM = 0.9
_LABEL = re.compile(r"^[^\n:.]{1,60}:(?=\s)")
# Words that join sentences and say nothing of their own.
_LINKING = frozenset(
    "however therefore additional also per overall example general typical important note include includ follow such"
    " well make sure need want use us provide provid help like please keep mind remember first second next final"
    " then yes no".split()
)
_PASSED = (Support.QUOTED, Support.SUPPORTED)


@dataclass(frozen=True)
class Weighed:
    """A writing after the check: sentences with their support, and the citations that their numbers mean."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]

    @property
    def is_grounded(self) -> bool:
        """Return whether any sentence says something the documents say."""
        return any(sentence.support in _PASSED for sentence in self.sentences)


@dataclass(frozen=True)
class _Judged:
    """A claim, its support, the places that carry it, and the words it rests on where it names them.

    One that `is_exact` has the negations and conditions of those words, and none of its facts is from elsewhere.
    """

    claim: WrittenClaim
    support: Support
    places: tuple[int, ...]
    evidence: tuple[SpanEvidence, ...] = ()
    is_exact: bool = True

    def after(self, verdict: Verdict) -> Support:
        """Return its support after a second reading, which believes no more than the code allows."""
        if verdict is Verdict.YES:
            return Support.SUPPORTED if self.is_exact else Support.DOUBTFUL
        if verdict is Verdict.NO and self.support is Support.DOUBTFUL:
            return Support.UNSUPPORTED
        return self.support if verdict is Verdict.UNKNOWN else Support.DOUBTFUL


def weigh(
    writing: Written, results: Sequence[SearchResult], measure_likeness: Likeness, judge: Judge | None = None
) -> Weighed:
    """Check every claim against the search results it names, whichever writer made it.

    A sentence that is not quoted must also mean what its nearest quote means: its words could all stand in the chunk,
    and yet say something else. Of the results that it names it keeps those that carry it. `judge` reads again what
    names its words: it alone makes a doubtful sentence a supported one, and only where the facts are the same.
    """
    numbers: dict[tuple[int, str], int] = {}
    judged = [_judge_claim(claim, results, measure_likeness) for claim in writing.claims]
    judged = _read_again(judged, judge) if judge else judged
    sentences = [_number(one, results, numbers) for one in judged]
    citations = [_cite(number, results[place - 1], quote) for (place, quote), number in numbers.items()]
    return Weighed(tuple(sentences), tuple(citations))


def _judge_claim(claim: WrittenClaim, results: Sequence[SearchResult], measure_likeness: Likeness) -> _Judged:
    evidence = tuple(find_evidence(claim.spans, claim.places, results))
    places = tuple(dict.fromkeys(one.place for one in evidence)) or claim.places
    texts = {place: results[place - 1].chunk.text for place in places}
    support, carriers = _find_carriers(claim.quote or claim.text, texts, measure_likeness)
    if not evidence or support in (Support.QUOTED, Support.COURTESY):
        return _Judged(claim, support, carriers)
    match = _compare(claim.text, evidence, measure_likeness)
    if not match.may_say:  # the passage may say it in other words than those
        is_elsewhere = support is Support.SUPPORTED and not match.is_opposite
        return _Judged(claim, Support.DOUBTFUL if is_elsewhere else Support.UNSUPPORTED, carriers)
    support = Support.SUPPORTED if match.is_exact and match.adds_nothing else Support.DOUBTFUL
    return _Judged(claim, support, places, evidence, match.is_exact)


@dataclass(frozen=True)
class _Match:
    """How a sentence compares with the words it rests on: it `may_say` what they say, `is_exact`, `adds_nothing`; or
    it `is_opposite`."""

    may_say: bool
    is_exact: bool = False
    adds_nothing: bool = False
    is_opposite: bool = False


def _compare(raw: str, evidence: Sequence[SpanEvidence], measure_likeness: Likeness) -> _Match:
    whole = [text for one in evidence for text in (*one.said, *one.around)]
    # A label before a colon is often written Like This, and names nobody.
    sentence = _LABEL.sub(lambda found: found[0].lower(), to_plain(without_addresses(raw)))
    said = stem_words(sentence)
    quotes = sorted(
        (to_plain(without_addresses(quote)) for one in evidence for quote in one.said),
        key=lambda quote: -len(said & stem_words(quote)),
    )
    around = [to_plain(text) for one in evidence for text in one.around]
    joined = "\n".join([*quotes, *around])
    if _is_cut_off(sentence) or not find_addresses(raw) <= find_addresses("\n".join(whole)):
        return _Match(False)
    if not has_facts(joined, sentence) or not has_same_negation(sentence, quotes):
        return _Match(False, is_opposite=not has_same_negation(sentence, quotes))
    coverage = _find_nearest(sentence, [joined])[1]
    likeness = measure_likeness(sentence, [*quotes, " ".join(quotes)])
    words = set(content_stems(spell_out(sentence))) - _LINKING
    return _Match(
        coverage + likeness >= _LEAST_DOUBTFUL_SUM,
        _states_the_same(sentence, quotes, around),
        likeness >= _LEAST_LIKENESS and words <= stem_words(spell_out("\n".join([quotes[0], *around]))),
    )


def _read_again(judged: Sequence[_Judged], judge: Judge) -> list[_Judged]:
    """The claims after a second reading of all that are not quoted word for word."""
    asked = [place for place, one in enumerate(judged) if one.evidence]
    if not asked:
        return list(judged)
    verdicts = dict(zip(asked, judge([_pair(judged[place]) for place in asked]), strict=True))
    return [
        replace(one, support=one.after(verdicts[place])) if place in verdicts else one
        for place, one in enumerate(judged)
    ]


def _pair(one: _Judged) -> SentencePair:
    around = dict.fromkeys(text for evidence in one.evidence for text in evidence.around)
    return SentencePair(
        one.claim.text, tuple(quote for evidence in one.evidence for quote in evidence.quotes), " > ".join(around)
    )


def _number(one: _Judged, results: Sequence[SearchResult], numbers: dict[tuple[int, str], int]) -> Sentence:
    claim, places = one.claim, () if one.support is Support.UNSUPPORTED else one.places
    found = [(place, claim.quote or _quote_for(one, results[place - 1], place)) for place in places]
    cited = tuple(numbers.setdefault(key, len(numbers) + 1) for key in found)
    return Sentence(claim.text, one.support, cited, claim.heading, claim.keys)


def _quote_for(one: _Judged, result: SearchResult, place: int) -> str:
    own = [quote for evidence in one.evidence if evidence.place == place for quote in evidence.quotes]
    said = stem_words(one.claim.text)
    if own and one.support is Support.DOUBTFUL:
        return max(own, key=lambda quote: len(said & stem_words(quote)))
    return _nearest_quote(one.claim.text, result.chunk.text)


def _find_carriers(sentence: str, texts: dict[int, str], measure_likeness: Likeness) -> tuple[Support, tuple[int, ...]]:
    """The support of a sentence, and the places that carry it: each alone, or as few as do it together."""
    alone = {place: judge_support(sentence, [text], measure_likeness) for place, text in texts.items()}
    for support in _PASSED:
        if places := tuple(place for place in texts if alone[place] is support):
            return support, places
    support = judge_support(sentence, list(texts.values()), measure_likeness)
    if support not in _PASSED:
        return support, ()
    places = tuple(texts)
    for place in texts:
        fewer = tuple(other for other in places if other != place)
        if judge_support(sentence, [texts[other] for other in fewer], measure_likeness) in _PASSED:
            places = fewer
    return support, places


def _cite(number: int, result: SearchResult, quote: str) -> Citation:
    chunk = result.chunk
    days = (day.isoformat() if day else None for day in (chunk.review_by, chunk.updated_on, chunk.last_read))
    return Citation(number, chunk.document_id, chunk.title, chunk.heading, chunk.url, quote, *days)


def _nearest_quote(sentence: str, text: str) -> str:
    """The sentence of a chunk that shares most words with what cites it."""
    said = stem_words(sentence)
    return max(_split(text), key=lambda quote: len(said & stem_words(quote)))


@lru_cache(maxsize=256)
def _split(text: str) -> tuple[str, ...]:
    return tuple(split_sentences(text)) or (text,)


def ignore_meaning(_sentence: str, _quotes: Sequence[str]) -> float:
    """A Likeness for where meaning cannot be measured: there the words have to do."""
    return 1.0


def judge_support(sentence: str, evidence: Sequence[str], measure_likeness: Likeness = ignore_meaning) -> Support:
    """Judge how well `evidence`, the texts of the cited chunks, supports `sentence`.

    Quoted: it is a whole sentence, list or row of one of them, word for word. Supported: every address of it stands in
    them; two of their sentences hold most of its words, and every number, name and quotation, with the same
    negation, bounds and roles; and one means nearly the same. Courtesy: it claims nothing.
    """
    if any(_is_whole(sentence, text) for text in evidence):
        return Support.QUOTED
    if evidence and _carries(evidence, sentence, measure_likeness):
        return Support.SUPPORTED
    return Support.COURTESY if is_courtesy(sentence) else Support.UNSUPPORTED


def _is_whole(sentence: str, text: str) -> bool:
    """A part of a sentence is no quotation: `Bikes are free` stands in `It is a myth that bikes are free`.

    Several sentences, items or rows are one where they follow each other in the text.
    """
    wanted = normalise(sentence)
    if len(wanted) < 2:
        return False
    parts = (*_split(text), *(unit.quote for unit in split_units(text)))
    # A list item may hold several sentences.
    whole = {normalise(one) for part in parts for one in (part, *split_sentences(to_plain(part)))}
    if wanted in whole:
        return True
    pieces = _split(sentence)
    return len(pieces) > 1 and sentence in text and all(normalise(piece) in whole for piece in pieces)


def _carries(evidence: Sequence[str], raw: str, measure_likeness: Likeness) -> bool:
    if not find_addresses(raw) <= find_addresses("\n".join(evidence)):
        return False
    sentence = to_plain(without_addresses(raw))
    quotes = [to_plain(without_addresses(quote)) for text in evidence for quote in _split(text)]
    nearest, coverage = _find_nearest(sentence, quotes)
    if _is_cut_off(sentence) or coverage < _LEAST_COVERAGE or not _states_the_same(sentence, nearest, ()):
        return False
    # All the words could stand there and say something else. To measure meaning is slow, so it comes last.
    others = [_nearest_quote(sentence, text) for text in evidence]
    likeness = measure_likeness(sentence, [*others, *nearest, " ".join(nearest)])
    return likeness >= _LEAST_LIKENESS and coverage + likeness >= _LEAST_SUM


def _states_the_same(sentence: str, nearest: Sequence[str], around: Sequence[str]) -> bool:
    """Whether its numbers, names, negations and conditions are those of its nearest quotes; what stands `around` them
    may name and number what they are about."""
    joined = "\n".join([*nearest, *around])
    return (
        has_facts(joined, sentence)
        and all(quotation in normalise(joined) for quotation in find_quotations(normalise(sentence)))
        and has_same_negation(sentence, nearest)
        and keeps_bounds(sentence, nearest)
        and not swaps_roles(sentence, nearest)
    )


def _find_nearest(sentence: str, quotes: Sequence[str]) -> tuple[list[str], float]:
    """The two quotes that hold most of a sentence's content words, the better one first, and the share they hold."""
    content = content_stems(spell_out(sentence))
    if not content:
        return [quotes[0]], 0.0
    stems = [stem_words(spell_out(quote)) for quote in quotes]
    best = max(range(len(quotes)), key=lambda place: sum(term in stems[place] for term in content))
    shares = [sum(term in stems[best] or term in words for term in content) / len(content) for words in stems]
    other = max(range(len(quotes)), key=lambda place: shares[place])
    adds = shares[other] > shares[best]
    return [quotes[best], *([quotes[other]] if adds else [])], shares[other]


def _is_cut_off(sentence: str) -> bool:
    """Whether it ends in the middle, as a model's does that ran out of room: `You get it by clicking the`."""
    words = split_words(sentence)
    return bool(words) and sentence.rstrip()[-1:].isalnum() and words[-1] in FUNCTION_WORDS
