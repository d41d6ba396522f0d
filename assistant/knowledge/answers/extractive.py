"""Answers without a model: what of the best chunks is nearest to the question, word for word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.domain import Question, SearchResult
from assistant.knowledge.answers.chat import Written, WrittenClaim
from assistant.knowledge.answers.headings import asks, find_lead, is_bound, put_before, split_path
from assistant.knowledge.answers.names import find_names, holds
from assistant.knowledge.answers.sections import ReadSection, read_alone
from assistant.text.embedding import Embedder
from assistant.text.sentences import split_sentences
from assistant.text.spans import Unit, split_units
from assistant.text.tokens import find_terms

_MOST_CHUNKS = 6
_MOST_UNITS = 4
_MOST_CHARACTERS = 1500
_LEAST_WORDS = 3
_COVERAGE_WEIGHT, _CHUNK_WEIGHT = 0.5, 0.3
# What is quoted besides the best: nearly as near, and nearer still where it stands in another document.
_NEAR, _NEAR_ELSEWHERE = 0.8, 0.92


@dataclass(frozen=True)
class _Candidate:
    rank: int
    unit: Unit
    claim: WrittenClaim
    document: tuple[str, str]
    position: int
    fit: float = 0.0

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in its document."""
        return self.position, self.unit.start


class QuotingWriter:
    """Quotes. Never puts a word of its own into an answer."""

    def __init__(self, embedder: Embedder, read_section: ReadSection = read_alone) -> None:
        self._embedder = embedder
        self._read_section = read_section

    def write_answer(self, question: Question, results: Sequence[SearchResult]) -> Written:
        """Quote what fits best; nothing when no chunk holds anything that can be quoted."""
        names = find_names(question.text)
        unmet = tuple(name for name in names if not any(holds(_read(result), name) for result in results))
        if names and len(unmet) == len(names):
            return Written((), "quoting", unmet=unmet)
        candidates = sorted(self._rate(question.text, results[:_MOST_CHUNKS]), key=lambda c: -c.fit)
        met = [name for name in names if name not in unmet]
        chosen = _choose(_keep_named(candidates, met, results))
        return Written(tuple(c.claim for c in _put_in_order(chosen)), "quoting", unmet=unmet)

    def _rate(self, question: str, results: Sequence[SearchResult]) -> list[_Candidate]:
        wanted = set(find_terms(question))
        found = [one for rank, result in enumerate(results) for one in self._cut(rank, result, wanted)]
        found = _keep_best_rows(found, wanted)
        if not any(one.rank == 0 for one in found):  # another page answers another question
            return []
        contexts = [f"{_context(results[one.rank])}\n{one.unit.text}" for one in found]
        asked = _split_question(question)
        vectors = self._embedder.embed([*asked, *contexts])
        likeness = (vectors[len(asked) :] @ vectors[: len(asked)].T).max(axis=1).tolist()
        return [
            replace(
                one,
                fit=like
                + _COVERAGE_WEIGHT * _cover(wanted, context)
                + _CHUNK_WEIGHT * (results[one.rank].score - results[0].score),
            )
            for one, context, like in zip(found, contexts, likeness, strict=True)
        ]

    def _cut(self, rank: int, result: SearchResult, wanted: set[str]) -> Iterator[_Candidate]:
        """What of a chunk can be quoted, with what it needs of its section."""
        chunk, section = result.chunk, self._read_section(result.chunk)
        for unit in split_units(section.text):
            quote = section.text[max(unit.start, section.start) : min(unit.end, section.end)].strip()
            path = split_path(chunk.title, chunk.heading, unit.heading)
            if quote and _says_enough(unit, path):
                lead = find_lead(path, unit, wanted if chunk.heading else set())
                bare = "" if is_bound(path, unit) or not unit.stands_alone else unit.text
                claim = WrittenClaim(put_before(lead, unit.text), (rank + 1,), quote, bare)
                yield _Candidate(rank, unit, claim, (chunk.source, chunk.document_id), chunk.position)


def _keep_named(
    candidates: Sequence[_Candidate], names: Sequence[str], results: Sequence[SearchResult]
) -> Sequence[_Candidate]:
    """What is about one of the names: by its own words and headings, else by its passage."""
    if not names:
        return candidates
    own = [c for c in candidates if any(holds(f"{_context(results[c.rank])}\n{c.claim.text}", n) for n in names)]
    return own or [c for c in candidates if any(holds(_read(results[c.rank]), name) for name in names)]


def _keep_best_rows(found: Sequence[_Candidate], wanted: set[str]) -> list[_Candidate]:
    """Of a page's rows not those of which others have every word of the question that they have, and more."""
    hits = {place: wanted & set(find_terms(one.unit.text)) for place, one in enumerate(found) if one.unit.is_row}
    beaten = {
        place
        for place, mine in hits.items()
        if any(mine < others and found[place].document == found[other].document for other, others in hits.items())
    }
    return [one for place, one in enumerate(found) if place not in beaten]


def _read(result: SearchResult) -> str:
    return f"{_context(result)}\n{result.chunk.text}"


def _says_enough(unit: Unit, path: Sequence[str]) -> bool:
    """Two words tell nothing but below a question, or in a script that puts no spaces between words."""
    return len(unit.text.split()) >= _LEAST_WORDS or asks(path[-1]) or not unit.text.isascii()


def _split_question(question: str) -> list[str]:
    """The question, and each of its sentences: a customer tells a story before asking, and may ask twice."""
    sentences = [sentence for sentence in split_sentences(question) if len(sentence.split()) >= _LEAST_WORDS]
    return [question, *sentences] if len(sentences) > 1 else [question]


def _choose(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    chosen: list[_Candidate] = []
    seen: set[str] = set()
    room = _MOST_CHARACTERS
    for candidate in candidates:
        is_home = candidate.document == candidates[0].document
        least = candidates[0].fit * (_NEAR if is_home else _NEAR_ELSEWHERE)
        text = candidate.claim.text.lower()
        is_new = not any(candidate.unit.text.lower() in said for said in seen)
        if len(chosen) < _MOST_UNITS and candidate.fit >= least and is_new and len(text) <= room:
            chosen.append(candidate)
            seen.add(text)
            room -= len(text)
    return chosen


def _put_in_order(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """The documents as they were ranked; within one of them as it reads: its fourth step stays after its third."""
    ranks: dict[tuple[str, str], int] = {}
    for candidate in chosen:
        ranks[candidate.document] = min(candidate.rank, ranks.get(candidate.document, candidate.rank))
    return sorted(chosen, key=lambda c: (ranks[c.document], c.place))


def _context(result: SearchResult) -> str:
    """Title and headings: they name what a sentence below them leaves unsaid."""
    chunk = result.chunk
    return f"{chunk.title} > {chunk.heading}" if chunk.heading else chunk.title


def _cover(wanted: set[str], text: str) -> float:
    return len(wanted & set(find_terms(text))) / len(wanted) if wanted else 0.0
