"""Passages: the sections of pages that a search led to, and how well each answers the question."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.domain import Question, SearchResult
from assistant.knowledge.answers.coverage import WordCoverage
from assistant.knowledge.answers.headings import negates, split_path
from assistant.knowledge.answers.kinds import gives_contact, gives_kind, gives_period
from assistant.knowledge.answers.names import find_written_names
from assistant.knowledge.answers.sections import ReadSection, Section
from assistant.text.embedding import Embedder, to_common_scale
from assistant.text.sentences import split_sentences, to_plain
from assistant.text.spans import Unit, split_units
from assistant.text.tokens import find_terms, split_words

_MOST_RESULTS, _MOST_UNITS = 12, 160
_MOST_COVERED, _MOST_COVERING = 4, 6  # passages whose words are compared, and parts of each
# Learned by a listwise logistic model on two sets of questions, each tested on the other: docs/decisions.md.
_SCORE_WEIGHT, _CONTEXT_WEIGHT, _ALONE_WEIGHT, _AROUND_WEIGHT = 0.4, 0.75, 0.3, 0.55
_PART_CONTEXT_WEIGHT = 0.6
_KIND_WEIGHT, _CONTACT_WEIGHT, _NAME_WEIGHT = 0.1, 0.6, 0.2
_DATED_WEIGHT = 0.2
_AROUND = 3  # of its parts alone: one near sentence may be chance, three are not
_KEY_KIND_WEIGHT, _KEY_WORDS_WEIGHT, _KEY_NEAR, _MOST_KEYS = 0.3, 0.2, 0.08, 2
_DATED = re.compile(
    r"\b(?:archived?|legacy|old|former|outdated|changelog|change log|release notes|examples?|history)\b", re.IGNORECASE
)
_DESCRIBES_PAGE = re.compile(
    r"(?:owners?|(?:last )?(?:updated|reviewed)|(?:next )?review(?: by| due)?|authors?|version|status|audience|tags"
    r"|valid from)\s*:",
    re.IGNORECASE,
)
_LEAST_WORDS = 3

ChooseEmbedder = Callable[[Sequence[str]], Embedder]
"""The embedder for a question and a passage, by their languages."""


@dataclass(frozen=True)
class Part:
    """A unit of a passage: how near it is to the question below its headings, and alone, as cosines.

    `quote` is what of it stands in the chunk that was found; `goes_on` says that it is of the same paragraph as the
    part before it.
    """

    unit: Unit
    quote: str
    below_headings: float = 0.0
    alone: float = 0.0
    goes_on: bool = False

    @property
    def fit(self) -> float:
        """Return how well it fits among the parts of its passage."""
        return _PART_CONTEXT_WEIGHT * self.below_headings + self.alone


@dataclass(frozen=True)
class Passage:
    """A section of a page; `place` is the 1-based place of the search result that led to it.

    `lacks` is what its fit loses for what was asked and is not in it; `covers` what it gains for the words that are.
    """

    place: int
    result: SearchResult
    parts: tuple[Part, ...]
    lacks: float = 0.0
    covers: float = 0.0

    @property
    def path(self) -> list[str]:
        """Return the page's title and the headings above the section that say more."""
        chunk = self.result.chunk
        inner = [part for part in split_path("", chunk.heading, "") if part and not _says_no_more(part, chunk.title)]
        return list(dict.fromkeys([chunk.title, *inner]))

    @property
    def fit(self) -> float:
        """Return how well it answers: about 1 for what is not about it at all, above 1.5 for most good answers."""
        below = max(part.below_headings for part in self.parts)
        alone = sorted((part.alone for part in self.parts), reverse=True)[:_AROUND]
        near = _SCORE_WEIGHT * self.result.score + _CONTEXT_WEIGHT * below + _ALONE_WEIGHT * alone[0]
        near += _AROUND_WEIGHT * sum(alone) / len(alone)
        return near + self.covers - self.lacks - _DATED_WEIGHT * self.is_dated

    @property
    def best_text(self) -> str:
        """Return the headings and the parts that fit best."""
        parts = sorted(self.parts, key=lambda part: -part.fit)[:_MOST_COVERING]
        return "\n".join([*self.path, *(part.unit.text for part in parts)])

    @property
    def is_dated(self) -> bool:
        """Return whether its headings say that it is an example, or was true once."""
        return any(map(_DATED.search, self.path))

    @property
    def text(self) -> str:
        """Return the headings and all parts, a line each."""
        return "\n".join([*self.path, *(part.unit.text for part in self.parts)])


class PassageRating:
    """Reads the sections that a search led to, and rates each for a question."""

    def __init__(
        self, choose_embedder: ChooseEmbedder, read_section: ReadSection, coverage: WordCoverage | None = None
    ) -> None:
        self._choose_embedder = choose_embedder
        self._read_section = read_section
        self._coverage = coverage

    def rate(self, question: Question, results: Sequence[SearchResult]) -> list[Passage]:
        """Return the passages, the one that fits best first."""
        passages = list(self._cut(results[:_MOST_RESULTS]))
        pairs = [(passage.path, part.unit.text) for passage in passages for part in passage.parts]
        near = iter(self.measure(question, pairs))
        names = find_written_names(question.text, [passage.text for passage in passages])
        rated = [
            replace(
                passage,
                parts=tuple(
                    replace(part, below_headings=below, alone=alone)
                    for part, (below, alone) in zip(passage.parts, near, strict=False)
                ),
                lacks=_find_lack(question.text, names, passage.text),
            )
            for passage in passages
        ]
        rated.sort(key=lambda passage: -passage.fit)
        return self._cover(question, rated)

    def find_keys(self, question: Question, passage: Passage, parts: Sequence[Part]) -> tuple[str, ...]:
        """Return the lines or sentences of these parts that answer best, one or two of the same part."""
        part = max(parts, key=lambda part: part.fit + _add_for_words(question.text, part.unit.text))
        lines = split_lines(part.unit.text)
        near = self.measure(question, [(passage.path, line) for line in lines])
        fits = [
            Part(part.unit, "", *pair).fit + _add_for_words(question.text, line)
            for line, pair in zip(lines, near, strict=True)
        ]
        least = max(max(fits) - _KEY_NEAR, sorted(fits)[-_MOST_KEYS:][0])
        return tuple(line for line, fit in zip(lines, fits, strict=True) if fit >= least)

    def measure(self, question: Question, texts: Sequence[tuple[Sequence[str], str]]) -> list[tuple[float, float]]:
        """Return the likeness of each text to the question, below its headings and alone."""
        if not texts:
            return []
        embedder = self._choose_embedder([question.text, texts[0][1]])
        asked = _read_question(question)
        contexts = [f"{' > '.join(path)}\n{text}" for path, text in texts]
        vectors = embedder.embed([*asked, *contexts, *(text for _, text in texts)])
        likeness = to_common_scale(embedder, (vectors[len(asked) :] @ vectors[: len(asked)].T).max(axis=1))
        return list(zip(likeness[: len(texts)].tolist(), likeness[len(texts) :].tolist(), strict=True))

    def _cover(self, question: Question, passages: Sequence[Passage]) -> list[Passage]:
        """Look at the words of the best few; the others stay below them. What another embedder read stays as it is."""
        best = passages[:_MOST_COVERED]
        texts = [passage.best_text for passage in best]
        if (
            not best
            or not self._coverage
            or self._choose_embedder([question.text, texts[0]]) is not self._coverage.embedder
        ):
            return list(passages)
        covers = self._coverage.rate(question, texts)
        best = [replace(passage, covers=gained) for passage, gained in zip(best, covers, strict=True)]
        return [*sorted(best, key=lambda passage: -passage.fit), *passages[_MOST_COVERED:]]

    def _cut(self, results: Sequence[SearchResult]) -> Iterator[Passage]:
        seen: set[tuple[str, str, str]] = set()
        room = _MOST_UNITS
        for place, result in enumerate(results, start=1):
            chunk = result.chunk
            key = chunk.source, chunk.document_id, chunk.heading
            if key in seen:
                continue
            seen.add(key)
            section = self._read_section(chunk)
            units = split_units(section.text) or (_take_whole(section.text),)
            telling = [unit for unit in units if not describes_page(unit, chunk.title)]
            parts = _keep_near(list(_to_parts(telling, section)), section, room)
            room -= len(parts)
            if parts:
                yield Passage(place, result, tuple(parts))


def _find_lack(question: str, names: Sequence[str], text: str) -> float:
    """What a passage loses for not having the kind of thing that was asked for, or the names in the question."""
    words = set(split_words(text))
    unnamed = sum(name not in words for name in names) / max(1, len(names))
    lack = _KIND_WEIGHT * (not gives_kind(question, text)) + _NAME_WEIGHT * unnamed
    return lack + _CONTACT_WEIGHT * (not (gives_contact(question, text) and gives_period(question, text)))


def _add_for_words(question: str, text: str) -> float:
    """What a line is worth beside its meaning: for the kind of thing asked for, and for the words of the question."""
    asked = set(find_terms(question))
    shared = len(asked & set(find_terms(text))) / max(1, len(asked))
    return _KEY_KIND_WEIGHT * gives_kind(question, text) + _KEY_WORDS_WEIGHT * shared


def split_lines(text: str) -> list[str]:
    """The lines of a unit, and the sentences of each."""
    if text.startswith("```"):
        return [text]
    return [sentence for line in text.split("\n") for sentence in (split_sentences(line) or [line]) if sentence.strip()]


def _take_whole(text: str) -> Unit:
    """A text in a form that nobody foresaw, as it stands."""
    return Unit(text, "\n".join(map(to_plain, text.split("\n"))))


def _says_no_more(heading: str, title: str) -> bool:
    """Whether it is the title again, or most of it; `Please do not` has no words that count, and changes everything."""
    terms, titled = set(find_terms(heading)), set(find_terms(title))
    return not negates(heading) and terms <= titled and len(terms) * 2 > len(titled)


def describes_page(unit: Unit, title: str) -> bool:
    """Return whether it is about the page itself, as lines are that many pages begin with: its title, owner, date."""
    lines = [line.strip("•*- #") for line in unit.text.split("\n")]
    return all(line == title or _DESCRIBES_PAGE.match(line) for line in lines)


def _read_question(question: Question) -> list[str]:
    """The question and each of its sentences, or with what was asked before: `and for students?` says little alone."""
    earlier = [turn.text for turn in question.history if turn.role == "user" and turn.text.strip()][-1:]
    if earlier:
        return [" ".join([*earlier, way]) for way in (question.text, *question.ways)]
    sentences = [sentence for sentence in split_sentences(question.text) if len(sentence.split()) >= _LEAST_WORDS]
    return [question.text, *question.ways, *(sentences if len(sentences) > 1 else [])]


def _to_parts(units: Sequence[Unit], section: Section) -> Iterator[Part]:
    end = -1
    for unit in units:
        between = section.text[end : unit.start] if 0 <= end <= unit.start else "\n\n"
        is_prose = not unit.is_row and "\n" not in unit.text
        yield Part(unit, _find_quote(unit, section), goes_on=is_prose and not between.strip() and "\n\n" not in between)
        end = unit.end if is_prose else -1


def _find_quote(unit: Unit, section: Section) -> str:
    """The part of a unit that stands in the chunk that was found."""
    return section.text[max(unit.start, section.start) : min(unit.end, section.end)].strip()


def _keep_near(parts: Sequence[Part], section: Section, room: int) -> list[Part]:
    """As many as there is room for, from the middle of the chunk outwards."""
    if len(parts) <= room:
        return list(parts)
    middle = (section.start + section.end) // 2
    nearest = sorted(range(len(parts)), key=lambda place: abs(parts[place].unit.start - middle))[: max(room, 0)]
    return [parts[place] for place in sorted(nearest)]
