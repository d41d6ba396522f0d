"""What a sentence rests on, checked by code: its facts must stand in the chunks it cites, and its words mostly too."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain import Citation, SearchResult, Sentence, Support
from assistant.index.sentences import split_sentences
from assistant.index.terms import split_words
from assistant.writers.writing import Claim, Writing

Likeness = Callable[[str, Sequence[str]], float]
"""How near a sentence's meaning is to the nearest of some quotes, as a cosine."""

_LEAST_COVERAGE = 0.6
_LEAST_LIKENESS = 0.6
_URL = re.compile(r"(?:https?://|www\.)[^\s<>|)\]]+|[\w.+-]+@[\w-]+\.[\w.]+")
_NUMBER = re.compile(r"(?:(?<!\w)[-−](?=\d))?[^\W_]*\d[^\W_]*(?:[.,:/]\d+)*")
_GLUED_UNIT = re.compile(r"(?<!\w)(\d+(?:[.,:/]\d+)*)(?=[^\W\d_])")
_CLAUSE_END = re.compile(r"[.,;:!?()|](?=\s|$)|[—–]|\n\s*\n")
# A number as a whole: `5` must not be found in `15`, `-5`, `2.5` or `8:5`, nor `1.5` in `1.50`.
_BEFORE, _AFTER = r"(?<![\w.,])(?<!\d[:/])(?<!(?<!\w)[-−])", r"(?!\w)(?![.,:/]\d)"
_BEFORE_QUOTE = r"(?<!\w)(?<!\d[.,:/])(?<!(?<!\w)[-−])"
_QUOTATION = re.compile(r"[\"“”„«»]([^\"“”„«»]{2,})[\"“”„«»]")
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-ZÀ-ÖØ-Þ][\w&'’-]+")
# fmt: off
_NUMBER_WORDS = frozenset([
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty",
    "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million", "billion", "dozen", "half",
    "third", "quarter", "double", "triple", "twice", "hourly", "daily", "weekly", "monthly", "quarterly",
    "yearly", "annually",
])
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
    support = judge_support(claim.quote or claim.text, list(texts.values()))
    if support not in (Support.QUOTED, Support.SUPPORTED):
        return Sentence(claim.text, support)
    found = [(place, claim.quote or _nearest_quote(claim.text, text)) for place, text in texts.items()]
    if support is Support.SUPPORTED and measure_likeness(claim.text, [quote for _, quote in found]) < _LEAST_LIKENESS:
        return Sentence(claim.text, Support.UNSUPPORTED)
    return Sentence(claim.text, support, tuple(numbers.setdefault(key, len(numbers) + 1) for key in found))


def _cite(number: int, result: SearchResult, quote: str) -> Citation:
    chunk = result.chunk
    review_by = chunk.review_by.isoformat() if chunk.review_by else None
    return Citation(number, chunk.document_id, chunk.title, chunk.heading, chunk.url, quote, review_by)


def _nearest_quote(sentence: str, text: str) -> str:
    """The sentence of a chunk that shares most words with what cites it."""
    said = {_stem(term) for term in split_words(sentence)}
    quotes = split_sentences(text) or [text]
    return max(quotes, key=lambda quote: len(said & {_stem(term) for term in split_words(quote)}))


def judge_support(sentence: str, evidence: Sequence[str]) -> Support:
    """How well `evidence`, the texts of the cited chunks, carries `sentence`.

    Quoted: it stands in one of them word for word. Supported: every number, name, address and quotation of it stands
    in them, negation included, and at least 60 % of its content words do. Courtesy: it claims nothing.
    """
    if any(_is_within(sentence, text) for text in evidence):
        return Support.QUOTED
    if evidence and any(_carries(text, sentence) for text in [*evidence, " ".join(evidence)]):
        return Support.SUPPORTED
    return Support.COURTESY if is_courtesy(sentence) else Support.UNSUPPORTED


def is_courtesy(sentence: str) -> bool:
    """A greeting, thanks, an apology or a farewell that states no fact."""
    has_facts = bool(find_facts(sentence) or _URL.search(sentence))
    return not has_facts and len(sentence.split()) <= _COURTESY_WORDS and bool(_COURTESY.match(sentence.strip()))


def find_facts(sentence: str) -> set[str]:
    """What must not be invented: numbers in digits or words, addresses, quotations, and names (folded to small)."""
    sentence = unicodedata.normalize("NFKC", sentence)  # else `5½` would pass for `5`
    addresses = set(_URL.findall(sentence))
    rest = _spread(_URL.sub(" ", sentence))
    facts = {address.rstrip(".,;:!?").lower() for address in addresses}
    facts |= set(_NUMBER.findall(rest))
    facts |= {quotation.strip().lower() for quotation in _QUOTATION.findall(rest)}
    facts |= {name.lower().removesuffix("'s").removesuffix("’s") for name in _NAME.findall(rest)}
    return facts | (_NUMBER_WORDS & set(split_words(rest)))


def _is_within(sentence: str, text: str) -> bool:
    wanted, lowered = _normalise(sentence), _normalise(text)
    if len(wanted) < 2 or wanted not in lowered:
        return False
    if wanted in map(_normalise, split_sentences(text)):
        return True
    # `we refund everything` stands in `It is not true that we refund everything`.
    is_apart = re.search(_BEFORE_QUOTE + re.escape(wanted) + _AFTER, lowered) is not None
    return is_apart and not _drops_negation(sentence, text)


def _carries(text: str, sentence: str) -> bool:
    lowered = _normalise(_spread(text))
    for fact in find_facts(sentence):
        if not re.search(_BEFORE + re.escape(_normalise(fact)) + _AFTER, lowered):
            return False
    return _has_same_negation(sentence, text) and _coverage(sentence, text) >= _LEAST_COVERAGE


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
    return bool(_NEGATIONS & set(split_words(text))) or "n't" in _normalise(text)


def _coverage(sentence: str, text: str) -> float:
    content = [term for term in split_words(sentence) if term not in _FUNCTION_WORDS]
    if not content:
        return 0.0
    stems = {_stem(term) for term in split_words(text)}
    return sum(_stem(term) in stems for term in content) / len(content)


def _content_stems(text: str) -> set[str]:
    return {_stem(term) for term in split_words(text) if term not in _FUNCTION_WORDS}


def _stem(term: str) -> str:
    for ending in ("ing", "ed", "es", "s", "ly"):
        if term.endswith(ending) and len(term) - len(ending) >= 3:
            return term[: -len(ending)]
    return term


def _spread(text: str) -> str:
    """`61km` as `61 km`, so that both are the same number."""
    return _GLUED_UNIT.sub(r"\1 ", text)


def _normalise(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").replace("“", '"').replace("”", '"')
    return " ".join(folded.lower().split())
