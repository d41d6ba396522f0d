"""Grounding, checked by code: a sentence's facts must be in the chunks it cites, and most of its words too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.domain import Citation, SearchResult, Sentence, Support
from assistant.knowledge.answers.chat import Written, WrittenClaim
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


def weigh(writing: Written, results: Sequence[SearchResult], measure_likeness: Likeness) -> Weighed:
    """Check every claim against the search results it names, whichever writer made it.

    A sentence that is not quoted must also mean what its nearest quote means: its words could all stand in the chunk,
    and yet say something else. Of the results that it names it keeps those that carry it.
    """
    numbers: dict[tuple[int, str], int] = {}
    sentences = [_weigh_claim(claim, results, numbers, measure_likeness) for claim in writing.claims]
    citations = [_cite(number, results[place - 1], quote) for (place, quote), number in numbers.items()]
    return Weighed(tuple(sentences), tuple(citations))


def _weigh_claim(
    claim: WrittenClaim,
    results: Sequence[SearchResult],
    numbers: dict[tuple[int, str], int],
    measure_likeness: Likeness,
) -> Sentence:
    texts = {place: results[place - 1].chunk.text for place in claim.places}
    support, places = _find_carriers(claim.quote or claim.text, texts, measure_likeness)
    found = [(place, claim.quote or _nearest_quote(claim.text, texts[place])) for place in places]
    return Sentence(claim.text, support, tuple(numbers.setdefault(key, len(numbers) + 1) for key in found))


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
    review_by = chunk.review_by.isoformat() if chunk.review_by else None
    updated_on = chunk.updated_on.isoformat() if chunk.updated_on else None
    return Citation(number, chunk.document_id, chunk.title, chunk.heading, chunk.url, quote, review_by, updated_on)


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
    if _is_cut_off(sentence) or coverage < _LEAST_COVERAGE or not _states_the_same(sentence, nearest):
        return False
    # All the words could stand there and say something else. To measure meaning is slow, so it comes last.
    others = [_nearest_quote(sentence, text) for text in evidence]
    likeness = measure_likeness(sentence, [*others, *nearest, " ".join(nearest)])
    return likeness >= _LEAST_LIKENESS and coverage + likeness >= _LEAST_SUM


def _states_the_same(sentence: str, nearest: Sequence[str]) -> bool:
    joined = "\n".join(nearest)
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
