"""Reads Markdown as blocks, each with its place in the text: paragraphs, lists, steps, tables, code."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Without indented code, which in notes and in texts out of PDFs is prose, and without link definitions and HTML, which
# would be swallowed: where they stand they are paragraphs.
_MARKDOWN = MarkdownIt("commonmark").enable("table").disable(["code", "reference", "html_block"])
_MARKDOWN.core.ruler.enableOnly(["block"])
_SAME_LENGTH = str.maketrans("\r\x00", "  ")  # what the parser would change, so that places stay those of the text
_INSIDE = re.compile(r"(?:_open|_close)$")


class BlockKind(StrEnum):
    """The kind of a block, as its reader sees it."""

    PROSE = "prose"
    HEADING = "heading"
    LIST = "list"
    STEPS = "steps"
    TABLE = "table"
    CODE = "code"


@dataclass(frozen=True)
class BlockPart:
    """An item of a list or a row of a table; `cells` are a row's, `number` is a step's."""

    start: int
    end: int
    cells: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True)
class Block:
    """A stretch `text[start:end]`; `header` are the names of a table's columns."""

    kind: BlockKind
    start: int
    end: int
    parts: tuple[BlockPart, ...] = ()
    header: tuple[str, ...] = ()


def read_blocks(text: str) -> list[Block]:
    """The blocks of a text in order. A table's lines that are no rows are a paragraph."""
    lines = _Lines(text)
    tokens = _MARKDOWN.parse(text.translate(_SAME_LENGTH))
    return [block for run in _split_top(tokens) for block in _read_block(run, lines)]


class _Lines:
    """Where each line begins and ends."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(place + 1 for place, sign in enumerate(text) if sign == "\n"), len(text) + 1]

    def span(self, token: Token) -> tuple[int, int]:
        """The stretch of a token, without white space at its ends."""
        first, last = token.map or (0, 0)
        start, end = self._starts[first], min(self._starts[min(last, len(self._starts) - 1)], len(self._text))
        inside = self._text[start:end]
        return start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip())

    def has_pipe(self, token: Token) -> bool:
        """Whether a row of a table looks like one."""
        start, end = self.span(token)
        return "|" in self._text[start:end]


def _split_top(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    run: list[Token] = []
    for token in tokens:
        run.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield run
            run = []


def _read_block(run: list[Token], lines: _Lines) -> Iterator[Block]:
    kind = _INSIDE.sub("", run[0].type)
    if kind in ("bullet_list", "ordered_list"):
        yield _read_list(run, lines, BlockKind.STEPS if kind == "ordered_list" else BlockKind.LIST)
    elif kind == "table":
        yield from _read_table(run, lines)
    elif kind != "hr":
        named = {"fence": BlockKind.CODE, "heading": BlockKind.HEADING}
        yield Block(named.get(kind, BlockKind.PROSE), *lines.span(run[0]))


def _read_list(run: list[Token], lines: _Lines, kind: BlockKind) -> Block:
    items = [token for token in run if token.type == "list_item_open" and token.level == 1]
    numbers = _count_on([int(item.info) for item in items]) if kind is BlockKind.STEPS else [0] * len(items)
    parts = tuple(BlockPart(*lines.span(item), number=number) for item, number in zip(items, numbers, strict=True))
    return Block(kind, parts[0].start, parts[-1].end, parts)


def _count_on(numbers: list[int]) -> list[int]:
    """The numbers as they are read: `1. 1. 1.` counts on."""
    goes_up = all(before < after for before, after in pairwise(numbers))
    return numbers if goes_up else [numbers[0] + place for place in range(len(numbers))]


def _read_table(run: list[Token], lines: _Lines) -> Iterator[Block]:
    openings = [token for token in run if token.type == "tr_open"]
    cells = [_find_cells(run, token) for token in openings]
    found = list(zip(openings, cells, strict=True))
    while len(found) > 1 and not any(found[0][1]):  # as converters write a table that has no header row
        found = found[1:]
    rows = tuple(BlockPart(*lines.span(token), cells=row) for token, row in found[1:] if lines.has_pipe(token))
    start, end = lines.span(run[0])
    yield Block(BlockKind.TABLE, start, rows[-1].end if rows else end, rows, found[0][1])
    yield from (Block(BlockKind.PROSE, *lines.span(token)) for token, _ in found[1:] if not lines.has_pipe(token))


def _find_cells(run: list[Token], opening: Token) -> tuple[str, ...]:
    after = run[run.index(opening) + 1 :]
    end = next(place for place, token in enumerate(after) if token.type == "tr_close")
    return tuple(token.content for token in after[:end] if token.type == "inline")
