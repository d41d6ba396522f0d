"""What a sentence rests on, checked by code: its facts must stand in the chunks it cites, and its words mostly too."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain import Citation, SearchResult, Sentence, Support
from assistant.facts import find_facts, has_address, has_all_facts, normalise, stem, stem_words
from assistant.index.sentences import split_sentences, to_plain
from assistant.index.terms import split_words
from assistant.writers.writing import Claim, Writing

Likeness = Callable[[str, Sequence[str]], float]
"""How near a sentence's meaning is to the nearest of some quotes, as a cosine."""

# Chosen on answers of three systems whose faithfulness people had judged: docs/decisions.md.
_COVERAGE_WEIGHT, _LEAST_FIT = 2.0, 1.8
_LEAST_COVERAGE, _LEAST_LIKENESS = 0.3, 0.5
_CLAUSE_END = re.compile(r"[.,;:!?()|](?=\s|$)|[—–]|\n\s*\n")
_AFTER_QUOTE = r"(?!\w)(?![.,:/]\d)"
_BEFORE_QUOTE = r"(?<!\w)(?<!\d[.,:/])(?<!(?<!\w)[-−])"
# fmt: off
_FUNCTION_WORDS = frozenset([
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "for",
    "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "is", "it", "its", "may", "might",
    "must", "my", "of", "on", "or", "our", "she", "should", "so", "than", "that", "the", "their", "them",
    "then", "there", "these", "they", "this", "those", "to", "up", "us", "was", "we", "were", "what", "when",
    "where", "which", "who", "will", "with", "would", "you", "your", "also", "about", "into", "any", "all",
    "each",
])
# fmt: on
_NEGATIONS = frozenset(["not", "no", "never", "none", "without", "cannot", "neither", "nor", "nothing"])
_COURTESY = re.compile(
    r"^(?:hi|hello|hey|dear|thank|thanks|sorry|we(?:'|’)re sorry|we are sorry|apolog"
    r"|please (?:let us|reach|get in touch)|glad|happy to help|best regards|kind regards|best wishes|cheers"
    r"|take care|have a)",
    re.IGNORECASE,
)
_COURTESY_WORDS = 16


@dataclass(frozen=True)
class Weighed:
    """A writing after the check: sentences with their support, and the citations that their numbers mean."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]

    @property
    def is_grounded(self) -> bool:
        """Whether any sentence says something the documents say."""
        return any(sentence.support in (Support.QUOTED, Support.SUPPORTED) for sentence in self.sentences)


def weigh(writing: Writing, results: Sequence[SearchResult], measure_likeness: Likeness) -> Weighed:
    """Check every claim against the search results it names, whichever writer made it.

    A sentence that is not quoted must also mean what its nearest quote means: its words could all stand in the chunk,
    and yet say something else.
    """
    numbers: dict[tuple[int, str], int] = {}
    sentences = [_weigh_claim(claim, results, numbers, measure_likeness) for claim in writing.claims]
    citations = [_cite(number, results[place - 1], quote) for (place, quote), number in numbers.items()]
    return Weighed(tuple(sentences), tuple(citations))


def _weigh_claim(
    claim: Claim,
    results: Sequence[SearchResult],
    numbers: dict[tuple[int, str], int],
    measure_likeness: Likeness,
) -> Sentence:
    texts = {place: results[place - 1].chunk.text for place in claim.places}
    support = judge_support(claim.quote or claim.text, list(texts.values()), measure_likeness)
    if support not in (Support.QUOTED, Support.SUPPORTED):
        return Sentence(claim.text, support)
    found = [(place, claim.quote or _nearest_quote(claim.text, text)) for place, text in texts.items()]
    return Sentence(claim.text, support, tuple(numbers.setdefault(key, len(numbers) + 1) for key in found))


def _cite(number: int, result: SearchResult, quote: str) -> Citation:
    chunk = result.chunk
    review_by = chunk.review_by.isoformat() if chunk.review_by else None
    return Citation(number, chunk.document_id, chunk.title, chunk.heading, chunk.url, quote, review_by)


def _nearest_quote(sentence: str, text: str) -> str:
    """The sentence of a chunk that shares most words with what cites it."""
    said = stem_words(sentence)
    return max(_split(text), key=lambda quote: len(said & stem_words(quote)))


def _split(text: str) -> list[str]:
    return split_sentences(text) or [text]


def ignore_meaning(_sentence: str, _quotes: Sequence[str]) -> float:
    """A Likeness for where meaning cannot be measured: words have to do, and two thirds of them must be there."""
    return _LEAST_LIKENESS


def judge_support(sentence: str, evidence: Sequence[str], measure_likeness: Likeness = ignore_meaning) -> Support:
    """How well `evidence`, the texts of the cited chunks, carries `sentence`.

    Quoted: it stands in one of them word for word. Supported: every number, name, address and quotation of it stands
    in them, negation included, and two of their sentences hold enough of its words and mean nearly the same. Courtesy:
    it claims nothing.
    """
    if any(_is_within(sentence, text) for text in evidence):
        return Support.QUOTED
    if evidence and _carries(evidence, to_plain(sentence), measure_likeness):
        return Support.SUPPORTED
    return Support.COURTESY if is_courtesy(sentence) else Support.UNSUPPORTED


def _carries(evidence: Sequence[str], sentence: str, measure_likeness: Likeness) -> bool:
    joined = " ".join(evidence)
    if _is_cut_off(sentence) or not has_all_facts(joined, sentence):
        return False
    if not any(_has_same_negation(sentence, text) for text in [*evidence, joined]):
        return False
    coverage = _coverage(sentence, [quote for text in evidence for quote in _split(text)])
    # The words alone could all stand there and say something else; to measure meaning is slow, so it comes last.
    if coverage < _LEAST_COVERAGE or _COVERAGE_WEIGHT * coverage + 1 < _LEAST_FIT:
        return False
    likeness = measure_likeness(sentence, [_nearest_quote(sentence, text) for text in evidence])
    return likeness >= _LEAST_LIKENESS and _COVERAGE_WEIGHT * coverage + likeness >= _LEAST_FIT


def _is_cut_off(sentence: str) -> bool:
    """Whether it ends in the middle, as a model's does that ran out of room: `You get it by clicking the`."""
    words = split_words(sentence)
    return bool(words) and sentence.rstrip()[-1:].isalnum() and words[-1] in _FUNCTION_WORDS


def is_courtesy(sentence: str) -> bool:
    """A greeting, thanks, an apology or a farewell that states no fact."""
    has_facts = bool(find_facts(sentence)) or has_address(sentence)
    return not has_facts and len(sentence.split()) <= _COURTESY_WORDS and bool(_COURTESY.match(sentence.strip()))


def _is_within(sentence: str, text: str) -> bool:
    wanted, lowered = normalise(sentence), normalise(text)
    if len(wanted) < 2 or wanted not in lowered:
        return False
    if wanted in map(normalise, split_sentences(text)):
        return True
    # `we refund everything` stands in `It is not true that we refund everything`.
    is_apart = re.search(_BEFORE_QUOTE + re.escape(wanted) + _AFTER_QUOTE, lowered) is not None
    return is_apart and not _drops_negation(sentence, text)


def _has_same_negation(sentence: str, text: str) -> bool:
    return _negates(text) if _negates(sentence) else not _drops_negation(sentence, text)


def _drops_negation(sentence: str, text: str) -> bool:
    """Whether the part of the text that is nearest to the sentence says `not` and the sentence does not."""
    if _negates(sentence):
        return False
    said = _content_stems(sentence)
    clauses = [(len(said & _content_stems(clause)), not _negates(clause)) for clause in _CLAUSE_END.split(text)]
    return not max(clauses)[1]


def _negates(text: str) -> bool:
    return bool(_NEGATIONS & set(split_words(text))) or "n't" in normalise(text)


def _coverage(sentence: str, quotes: Sequence[str]) -> float:
    """The share of its content words that stand in the two quotes which hold most of them."""
    content = [stem(term) for term in split_words(sentence) if term not in _FUNCTION_WORDS]
    if not content:
        return 0.0
    stems = [stem_words(quote) for quote in quotes]
    best = max(stems, key=lambda words: sum(term in words for term in content))
    return max(sum(term in best or term in words for term in content) for words in stems) / len(content)


def _content_stems(text: str) -> set[str]:
    return {stem(term) for term in split_words(text) if term not in _FUNCTION_WORDS}
