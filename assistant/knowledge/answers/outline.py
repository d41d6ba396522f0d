"""A page in short: what each of its sections begins with, in the page's own words."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from assistant.domain import Chunk, SearchResult
from assistant.knowledge.answers.chat import Written, WrittenClaim
from assistant.knowledge.answers.headings import split_path
from assistant.knowledge.answers.passages import describes_page
from assistant.text.spans import Unit, split_units
from assistant.text.tokens import find_terms

_MOST_SECTIONS, _MOST_CHARACTERS, _MOST_OF_SECTION = 10, 1_200, 220
_SIGNS_BETWEEN = 1  # a space or the end of a line; between paragraphs there are two
_ASKED = re.compile(
    r"\s*(?:(?:please|hey|hi|ok)[\s,]+)*(?:(?:can|could|would) you\s+)?(?:please\s+)?"
    r"(?:(?:summari[sz]e|recap|outline|sum up)|(?:give|write|make|show) me (?:a|an|the) (?:short |brief |quick )?"
    r"(?:summary|overview|outline|gist|recap) of|(?:a |the )?(?:short |brief )?(?:summary|overview|gist) of"
    r"|tl;?dr(?: of)?:?)"
    r"\s+(?:for me\s+)?(?P<topic>\S.{2,200})",
    re.IGNORECASE | re.DOTALL,
)
_ADDED = re.compile(r"\s+(?:for me|please|in (?:short|brief|a few (?:words|sentences|lines)))\s*$", re.IGNORECASE)

ReadDocument = Callable[[Chunk], Sequence[Chunk]]
"""All chunks of the document that a chunk is of, in order."""


def find_topic(text: str) -> str:
    """Return what a message asks to sum up, as `the refund policy`; empty where it asks for something else."""
    found = _ASKED.match(text)
    topic = _ADDED.sub("", found["topic"].rstrip(" .?!")) if found else ""
    return topic if find_terms(topic) else ""


class Outline:
    """Writes what the sections of a page begin with; nothing is put into other words."""

    def __init__(self, read_document: ReadDocument) -> None:
        self._read_document = read_document

    def write(self, nearest: SearchResult) -> tuple[Written, list[SearchResult]]:
        """Return the page of a search result in short, and its sections as the results that the writing cites."""
        chunks = self._read_document(nearest.chunk)
        opened = [next(group) for _, group in groupby(chunks, key=lambda chunk: chunk.heading)]
        results = [SearchResult(chunk, nearest.score, nearest.likeness) for chunk in opened]
        claims: list[WrittenClaim] = []
        room = _MOST_CHARACTERS
        for claim in _write_sections(results):
            room -= len(claim.text)
            if room < 0 or len(claims) == _MOST_SECTIONS:
                break
            claims.append(claim)
        return Written(tuple(claims), "quoting", confidence=nearest.score), results


def _write_sections(results: Sequence[SearchResult]) -> Iterator[WrittenClaim]:
    for place, result in enumerate(results, start=1):
        chunk = result.chunk
        opening = _find_opening([unit for unit in split_units(chunk.text) if not describes_page(unit, chunk.title)])
        if opening:
            path = dict.fromkeys([chunk.title, *split_path("", chunk.heading, opening[0].heading)])
            quote = chunk.text[opening[0].start : opening[-1].end]
            text = ("\n" if opening[0].is_row else " ").join(unit.text for unit in opening)
            yield WrittenClaim(text, (place,), quote, heading=" › ".join(part for part in path if part))


def _find_opening(units: Sequence[Unit]) -> list[Unit]:
    """The first unit, and what follows it in the same paragraph or table, as far as there is room."""
    opening = list(units[:1])
    for unit in units[1:]:
        last = opening[-1]
        is_same = unit.is_row == last.is_row and "\n" not in last.text + unit.text and unit.heading == last.heading
        room = _MOST_OF_SECTION - sum(len(each.text) for each in opening)
        if not is_same or unit.start - last.end > _SIGNS_BETWEEN or len(unit.text) > room:
            break
        opening.append(unit)
    return opening
