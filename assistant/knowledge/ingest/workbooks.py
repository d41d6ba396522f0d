"""Workbooks and files of separated values as tables: what is visible, as it is shown."""

from __future__ import annotations  # openpyxl is imported only where a workbook is read

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any

from assistant.knowledge.ingest.converted import Converted, count, list_unread
from assistant.knowledge.ingest.grids import write_table
from assistant.knowledge.ingest.properties import read_office_marks

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_MOST_CELLS = 100_000  # more are data, not a document: embedding a million takes hours
_MOST_ROWS = 20_000
_WHOLE_BYTES = 8_000_000  # a sheet with more is read as a stream, which knows no merged cells and no hidden rows
_SIGNS = "€$£¥"
_DELIMITERS = ",;\t|"
_SAMPLE = 20_000
_NAMED = re.compile(r"sep=(.)\n", re.IGNORECASE)  # as Excel wants it

Grid = list[list[str]]


def read_separated(text: str, suffix: str) -> Converted:
    """A CSV or TSV file, whichever sign separates its values."""
    named = _NAMED.match(text)
    text = text[named.end() :] if named else text
    delimiter = named[1] if named else "\t" if suffix == ".tsv" else _find_delimiter(text)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter, strict=False)
    grid, is_cut = _take([cell.strip() for cell in row] for row in rows)
    return Converted(_write_grid(grid), unread=list_unread(_tell_cut(grid) if is_cut else ""))


def _find_delimiter(text: str) -> str:
    first = text[:_SAMPLE]
    lines = first.splitlines()[:20]
    return max(_DELIMITERS, key=lambda sign: _rate(lines, sign))


def _rate(lines: Sequence[str], sign: str) -> tuple[int, int]:
    """How many lines have as many of a sign as the first one, which is the header."""
    counts = [line.count(sign) for line in lines if line.strip()]
    first = counts[0] if counts else 0
    return (sum(number == first for number in counts) if first else 0, first)


def _take(rows: Iterable[list[str]]) -> tuple[Grid, bool]:
    """As many rows as a document may have, and whether there are more."""
    grid: Grid = []
    cells = 0
    for row in rows:
        cells += sum(map(bool, row))
        if cells > _MOST_CELLS or len(grid) >= _MOST_ROWS:
            return grid, True
        grid.append(row)
    return grid, False


def _tell_cut(grid: Grid) -> str:
    return f"rows after the first {len(grid):,}"


def read_workbook(content: bytes) -> Converted:
    """An Excel file: each visible sheet below its name, without hidden rows and columns."""
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        marks = read_office_marks(package)
        size = sum(member.file_size for member in package.infolist() if member.filename.startswith("xl/worksheets/"))
        comments = sum(name.startswith(("xl/comments", "xl/threadedComments/")) for name in package.namelist())
        pictures = sum(name.startswith("xl/media/") for name in package.namelist())
    book = load_workbook(io.BytesIO(content), read_only=size > _WHOLE_BYTES, data_only=True, keep_links=False)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    parts: list[str] = []
    cut: list[str] = []
    for sheet in shown:
        grid, is_cut = _take(_read_stream(sheet) if size > _WHOLE_BYTES else _read_sheet(sheet))
        cut += [f"{_tell_cut(grid)} of the sheet {sheet.title}"] if is_cut else []
        if any(map(any, grid)):
            parts.append(f"## {sheet.title}\n\n{_write_grid(grid)}" if len(shown) > 1 else _write_grid(grid))
    unread_parts = list_unread(
        count(len(book.sheetnames) - len(shown), "hidden sheet"),
        count(comments, "sheet's comments", "sheets' comments"),
        count(pictures, "picture"),
        *cut,
    )
    return Converted("\n\n".join(parts), None, marks, unread_parts)


def _read_stream(sheet: Worksheet) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        yield [show_value(cell.value, cell.number_format or "") for cell in row]


def _read_sheet(sheet: Worksheet) -> Iterator[list[str]]:
    hidden = _find_hidden_columns(sheet)
    merged = _fill_merged(sheet)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if sheet.row_dimensions[number].hidden:
            continue
        yield [
            merged.get((cell.row, cell.column)) or show_value(cell.value, cell.number_format or "")
            for cell in row
            if cell.column not in hidden
        ]


def _find_hidden_columns(sheet: Worksheet) -> set[int]:
    kept = (one for one in sheet.column_dimensions.values() if one.hidden)
    return {column for one in kept for column in range(one.min or 0, (one.max or 0) + 1)}


def _fill_merged(sheet: Worksheet) -> dict[tuple[int, int], str]:
    """What is merged stands in each of its places."""
    filled: dict[tuple[int, int], str] = {}
    for area in sheet.merged_cells.ranges:
        origin = sheet.cell(area.min_row, area.min_col)
        shown = show_value(origin.value, origin.number_format or "")
        places = ((row, column) for row, column in islice(_places(area), _MOST_CELLS))
        filled.update(dict.fromkeys(places, shown))
    return filled


def _places(area: Any) -> Iterator[tuple[int, int]]:
    return (
        (row, column)
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    )


def show_value(value: object, written: str) -> str:
    """A cell's value as its format shows it: percents, currencies, decimals, days."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return _show_number(value, written) if isinstance(value, int | float) else str(value).strip()


def _show_number(value: float, written: str) -> str:
    shown = written.split(";")[0]
    decimals = len(shown.partition(".")[2]) - len(shown.partition(".")[2].lstrip("0#"))
    if "%" in shown:
        return f"{value * 100:.{decimals}f}%"
    sign = next((sign for sign in _SIGNS if sign in shown), "")
    number = f"{value:.{decimals}f}" if decimals else f"{value:.12g}"
    if sign and shown.strip('_-[] "').startswith(sign):
        return f"{sign}{number}"
    return f"{number} {sign}" if sign else number


def _write_grid(grid: Grid) -> str:
    """Blank rows part tables; a row with one cell above a table is a line of text."""
    blocks: list[str] = []
    for block in _split_blocks(grid):
        while block and sum(map(bool, block[0])) == 1 and len(block) > 1 and sum(map(bool, block[1])) != 1:
            blocks.append(next(cell for cell in block[0] if cell))
            block = block[1:]
        blocks.append(write_table(block))
    return "\n\n".join(block for block in blocks if block)


def _split_blocks(grid: Grid) -> Iterator[Grid]:
    block: Grid = []
    for row in [*grid, []]:
        if any(row):
            block.append(row)
        elif block:
            yield block
            block = []
