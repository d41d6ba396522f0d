"""The section that a chunk was cut from: a lead-in, a header or a footnote may stand in other chunks."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.domain import Chunk
from assistant.knowledge.tables.documents import DocumentTables

_DISTANCE = 40  # a chunk is about 500 characters: the tables and procedures that people read are shorter
_NOTE = "[^"
_IS_NOTE = re.compile(r"^\[\^[^\]\s]{1,40}\]:", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """`text[start:end]` is the chunk's own text."""

    text: str
    start: int
    end: int


ReadSection = Callable[[Chunk], Section]


def read_alone(chunk: Chunk) -> Section:
    """The chunk itself, for where nothing else is known of its document."""
    return Section(chunk.text, 0, len(chunk.text))


class Sections:
    """Reads sections from the documents' tables."""

    def __init__(self, documents: DocumentTables) -> None:
        self._documents = documents

    def read(self, chunk: Chunk) -> Section:
        """The chunk with what stands before and after it under the same headings, and the notes that it cites."""
        near = self._documents.chunks_around(chunk, _DISTANCE)
        before = _run([one for one in reversed(near) if one.position < chunk.position], chunk)[::-1]
        after = _run([one for one in near if one.position > chunk.position], chunk)
        opening = _join([*(one.text for one in before), ""], chunk.text) if before else ""
        whole = _join([opening + chunk.text, *(one.text for one in after)])
        if _NOTE in whole:
            whole = "\n\n".join([whole, *self._find_notes(chunk)])
        return Section(whole, len(opening), len(opening) + len(chunk.text))

    def _find_notes(self, chunk: Chunk) -> list[str]:
        texts = self._documents.texts_of(chunk, _NOTE)
        return [text[found.start() :] for text in texts if (found := _IS_NOTE.search(text))]


def _run(chunks: Iterable[Chunk], wanted: Chunk) -> list[Chunk]:
    run: list[Chunk] = []
    for chunk in chunks:
        if chunk.heading != wanted.heading:
            break
        run.append(chunk)
    return run


def _join(texts: Sequence[str], following: str = "") -> str:
    """Rows of a table and lines of code stay together, what was cut within a row or sentence is one again, and all
    else is apart as paragraphs are."""
    joined = texts[0]
    for text in texts[1:]:
        last, first = joined.rsplit("\n", 1)[-1], (text or following).split("\n", 1)[0]
        if not _is_open(joined) and (_is_torn(last) or first[:1].islower()):
            joined += f" {text}"
        else:
            is_together = _is_open(joined) or (_is_row(last) and _is_row(first))
            joined += ("\n" if is_together else "\n\n") + text
    return joined


def _is_torn(line: str) -> bool:
    """Whether a row of a table is not at its end."""
    return line.lstrip().startswith("|") and not line.rstrip().endswith("|")


def _is_row(line: str) -> bool:
    return "|" in line


def _is_open(text: str) -> bool:
    """Whether a block of code is not closed yet."""
    return sum(line.lstrip().startswith(("```", "~~~")) for line in text.split("\n")) % 2 == 1
