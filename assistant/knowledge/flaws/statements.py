"""Statements with figures out of passages, each with what it is about: what two documents can contradict each other in.

Only figures that measure something count: with a unit, a currency, a date, a time, or a noun that is counted. Numbers
of sections and versions, code and addresses say nothing that another page could say otherwise.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assistant.domain import Chunk
from assistant.text.facts.agreement import negates
from assistant.text.facts.numbers import Placed, Quantity, read_figures
from assistant.text.facts.words import find_names
from assistant.text.sentences import split_sentences, to_plain
from assistant.text.tokens import find_terms

_MOST_CHARACTERS = 400
_FENCE = re.compile(r"```.*?(?:```|$)", re.DOTALL)
_LINK_TARGET = re.compile(r"\]\([^)]*\)")
_MACHINE_TALK = re.compile(r"[<>{}=\\]|://|\w/\w+/|\w\(\)|^\s*\d+[.)]\s*$")
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:–\d+(?:\.\d+)?)?")
_COUNTED = re.compile(r"\s([^\W\d_]{3,})")
_BOUNDS = frozenset(find_terms("least most minimum maximum"))
_NAMED = re.compile(r"(?:[#§.\d$(-]|[A-Z][\w-]*)$")  # `Section 3 covers`, `FY21 plans`


Figures = Mapping[str, tuple[Quantity, ...]]
"""Figures in their order, by what they measure."""


@dataclass(frozen=True, eq=False)
class PageStatement:
    """A sentence with figures. `text` stands in its passage; `topic` are the words of its page's title and heading."""

    document: tuple[str, str]
    heading: str
    text: str
    words: frozenset[str]
    topic: frozenset[str]
    title: frozenset[str]
    names: frozenset[str]
    figures: Figures
    is_negative: bool


def read_statements(chunks: Iterable[Chunk]) -> Iterator[PageStatement]:
    """Every statement in these chunks."""
    for chunk in chunks:
        title = frozenset(find_terms(chunk.title))
        topic = title | frozenset(find_terms(chunk.heading))
        for sentence in split_sentences(_FENCE.sub(" ", chunk.text)):
            is_prose = len(sentence) <= _MOST_CHARACTERS and not _MACHINE_TALK.search(_LINK_TARGET.sub("]", sentence))
            if is_prose and (statement := _read(chunk, sentence, topic, title)):
                yield statement


def _read(chunk: Chunk, sentence: str, topic: frozenset[str], title: frozenset[str]) -> PageStatement | None:
    text = to_plain(sentence)
    plain, placed = read_figures(text)
    figures: dict[str, tuple[Quantity, ...]] = {}
    for one in placed:
        if measure := _find_measure(plain, one):
            figures[measure] = (*figures.get(measure, ()), one.figure)
    if not figures:
        return None
    words = frozenset(word for word in find_terms(_without(plain, placed)) if len(word) > 1 and word not in _BOUNDS)
    document, names = (chunk.source, chunk.document_id), frozenset(find_names(text))
    return PageStatement(document, chunk.heading, sentence, words, topic, title, names, figures, negates(text))


def _find_measure(plain: str, one: Placed) -> str:
    """The unit of a figure, or what it counts; empty for a number that measures nothing."""
    figure = one.figure
    if figure.unit:
        return "" if figure.unit == "word" else figure.unit
    counted = _COUNTED.match(plain[one.end :])
    if not counted or not _PLAIN_NUMBER.fullmatch(figure.value) or _NAMED.search(plain[: one.start].rstrip()):
        return ""
    return next(iter(find_terms(counted[1])), "")


def _without(plain: str, placed: Iterable[Placed]) -> str:
    for one in sorted(placed, key=lambda one: -one.start):
        plain = f"{plain[: one.start]} {plain[one.end :]}"
    return plain
