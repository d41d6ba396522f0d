"""The source of a sentence among all public pages: word for word, in other words, or by its facts.

A search finds the few passages that may carry it: a company's pages are never read through. What no part of them
carries has no source; the nearest part is named then, so that a person can compare.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain import Audience, Chunk, Citation, Question, SearchResult, Support
from assistant.knowledge.answers.grounding import Likeness, judge_support
from assistant.replies.guards.amounts import find_amounts, state_all
from assistant.replies.guards.dates import find_dates, states_date
from assistant.text.facts.agreement import has_same_negation, keeps_bounds
from assistant.text.facts.roles import swaps_roles
from assistant.text.facts.words import FUNCTION_WORDS, normalise, stem_words
from assistant.text.spans import Unit, split_units
from assistant.text.tokens import split_words

Search = Callable[[Question], Sequence[SearchResult]]
"""The chunks that may carry a text, best first."""
Measure = Callable[[str, Sequence[str]], Sequence[float]]
"""How near each of some texts is in meaning, as a cosine."""

_MOST_RESULTS, _MOST_UNITS = 5, 40
# Chosen on the tuning half of evals/edits and on replies of other companies: docs/decisions.md has the figures.
_SAME, _SAME_ABROAD = 0.5, 0.2
_MOST_NEAR = 8
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-ÞŁŚŻŹĆ][\w’'-]+")
_WORD = re.compile(r"[^\W\d_][\w’'-]+")
_CELL = re.compile(r"; (?=[^:;]{1,60}: )")
_NO = frozenset(
    "not no never none without cannot neither nor nothing nobody nicht kein keine keinen keinem keiner nie niemals ohne"
    " nichts pas aucun aucune jamais sans rien nunca sin ningún ninguna ninguno nada não sem nenhum nenhuma jamais nie"
    " bez żaden żadna żadnego nigdy brak non mai senza nessun nessuna nessuno niet geen nooit zonder"
    " нет не без ни".split()
)


@dataclass(frozen=True)
class Fact:
    """A part of a public page that can be quoted, where it stands, and how near a sentence is to it."""

    unit: Unit
    chunk: Chunk
    likeness: float = 1.0

    @property
    def text(self) -> str:
        """Return it as a person reads it."""
        return self.unit.text

    def cite(self, number: int) -> Citation:
        """Cite it."""
        chunk = self.chunk
        days = [day.isoformat() if day else None for day in (chunk.review_by, chunk.updated_on, chunk.last_read)]
        return Citation(number, chunk.document_id, chunk.title, chunk.heading, chunk.url, self.unit.quote, *days)


@dataclass(frozen=True)
class Sourced:
    """The evidence of a sentence: its `fact`, or only the nearest one where it is unsupported.

    It `agrees` with a fact where all its amounts and dates stand there, though it may say something else of them.
    `near` are the nearest facts.
    """

    support: Support
    fact: Fact | None = None
    agrees: bool = False
    near: tuple[Fact, ...] = ()


NO_SOURCE = Sourced(Support.UNSUPPORTED)
FindSource = Callable[[str], Sourced]
"""A sentence to what carries it."""


def find_nothing(_sentence: str) -> Sourced:
    """A FindSource for where there are no pages."""
    return NO_SOURCE


class SourceFinder:
    """Finds sources in the public half of the index."""

    def __init__(
        self, search: Search, measure: Measure, likeness: Likeness, find_language: Callable[[str], str]
    ) -> None:
        self._search = search
        self._measure = measure
        self._likeness = likeness
        self._find_language = find_language

    def find(self, sentence: str) -> Sourced:
        """Return what carries the sentence; see Sourced."""
        results = self._search(Question(sentence, Audience.PUBLIC))[:_MOST_RESULTS]
        facts = _split(results)
        if not facts:
            return NO_SOURCE
        if said := self._find_said(sentence, results, facts):
            return said
        return self._compare(sentence, self._rank(sentence, facts))

    def list_facts(self, text: str) -> list[Fact]:
        """Return the parts of public pages that are nearest to a text, nearest first."""
        return self._rank(text, _split(self._search(Question(text, Audience.PUBLIC))[:_MOST_RESULTS]))

    def _find_said(self, sentence: str, results: Sequence[SearchResult], facts: Sequence[Fact]) -> Sourced | None:
        """By its words; numbers are compared once more: `one` is none to that check, and columns are not told apart."""
        names = _find_names(sentence, facts)
        for result in results:
            support = judge_support(sentence, [result.chunk.text], self._likeness)
            own = [fact for fact in facts if fact.chunk.chunk_id == result.chunk.chunk_id]
            if support not in (Support.QUOTED, Support.SUPPORTED) or not own:
                continue
            words = stem_words(sentence)
            best = max(own, key=lambda fact: len(words & stem_words(fact.text)))
            said = _choose_cells(best, names) if best.unit.is_row else result.chunk.text
            if support is Support.QUOTED or state_all(find_amounts(sentence), find_amounts(said)):
                return Sourced(support, best)
        return None

    def _rank(self, text: str, facts: Sequence[Fact]) -> list[Fact]:
        if not facts:
            return []
        near = self._measure(text, [f"{fact.chunk.heading.split(' > ')[-1]}\n{fact.text}" for fact in facts])
        ranked = [Fact(fact.unit, fact.chunk, likeness) for fact, likeness in zip(facts, near, strict=True)]
        return sorted(ranked, key=lambda fact: -fact.likeness)

    def _compare(self, sentence: str, ranked: Sequence[Fact]) -> Sourced:
        is_foreign = self._find_language(sentence) != self._find_language(ranked[0].chunk.text)
        has_figures = bool(find_amounts(sentence) or find_dates(sentence))
        names = _find_names(sentence, ranked)
        near = tuple(ranked[:_MOST_NEAR])
        agreeing = [fact for fact in ranked if has_figures and _states_figures(fact, sentence, names)]
        for fact in agreeing:
            least = _SAME_ABROAD if is_foreign else _SAME
            is_near = fact.likeness >= least or (is_foreign and fact is near[0])
            if is_near and _says_so(sentence, fact, names, is_foreign):
                return Sourced(Support.SUPPORTED, fact)
        found = [fact for fact in agreeing if fact in near]
        return Sourced(Support.UNSUPPORTED, found[0] if found else near[0], bool(found), near)


def _split(results: Sequence[SearchResult]) -> list[Fact]:
    return [Fact(unit, one.chunk) for one in results for unit in split_units(one.chunk.text)][:_MOST_UNITS]


def _states_figures(fact: Fact, sentence: str, names: set[str]) -> bool:
    """Whether every amount and date of the sentence stands in the fact."""
    if not all(states_date(_whole(fact), date) for date in find_dates(sentence)):
        return False
    return state_all(find_amounts(sentence), find_amounts(_choose_cells(fact, names)))


def _choose_cells(fact: Fact, names: set[str]) -> str:
    """Of a row the cells below a name of the sentence: what it says of Bristol is not said of Berlin."""
    if not fact.unit.is_row:
        return _whole(fact)
    cells = _CELL.split(fact.text)
    below = [cell for cell in cells if names & _name_words(cell.partition(":")[0])]
    return "\n".join([fact.chunk.heading, cells[0], *below]) if below else _whole(fact)


def _says_so(sentence: str, fact: Fact, names: set[str], is_foreign: bool) -> bool:
    """Whether it names, denies, limits and orders as the fact does; of another language only the first two count."""
    if not names <= _words(_whole(fact)):
        return False
    if is_foreign:
        return _denies(sentence) == _denies(fact.text)
    words = stem_words(sentence)
    quotes = [max(fact.text.split("\n"), key=lambda line: len(words & stem_words(line)))]
    return has_same_negation(sentence, quotes) and keeps_bounds(sentence, quotes) and not swaps_roles(sentence, quotes)


def _denies(text: str) -> bool:
    return bool(_NO & set(split_words(normalise(text))))


def _find_names(sentence: str, facts: Sequence[Fact]) -> set[str]:
    """The names of the sentence that the pages know as names; German writes every noun like one."""
    known = set().union(*(_name_words(_whole(fact)) for fact in facts))
    return _name_words(sentence) & known


def _name_words(text: str) -> set[str]:
    return {name.lower() for name in _NAME.findall(text)} - FUNCTION_WORDS


def _words(text: str) -> set[str]:
    return {word.strip("’'-").lower() for word in _WORD.findall(text)}


def _whole(fact: Fact) -> str:
    return f"{fact.chunk.title}\n{fact.chunk.heading}\n{fact.text}"
