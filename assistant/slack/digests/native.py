"""Slack's own charts and sortable tables for a digest; a workspace that lacks them answers invalid_blocks."""

import math
from collections.abc import Sequence
from itertools import accumulate

from assistant.domain import Figure
from assistant.reports.charts import Chart
from assistant.reports.digest import Digest, DigestSection, Line, shorten
from assistant.reports.figures import find
from assistant.slack.client.blocks import Block, cut

CHART, TABLE = "data_visualization", "data_table"
NATIVE = (CHART, TABLE)
MOST_CHARTS = 2  # in a message
MOST_CELL_CHARACTERS = 8_000  # of a message's 10,000
_MOST_TITLE, _MOST_LABEL, _MOST_CATEGORIES, _MOST_SERIES = 50, 20, 20, 6
_MOST_ROWS, _PAGE_ROWS, _MOST_CELL = 50, 10, 120
_LEAST_FOR_LINES = 3
_NONE = "–"
_FIRST_HEADER, _HEADERS = "What", ("Number", "Change", "Note")  # the title stands above the table already


def build_charts(charts: Sequence[Chart]) -> list[Block] | None:
    """Build Slack's charts; None where one of them doesn't fit, such as the days of a month."""
    built = [_build_chart(chart) for chart in charts]
    return [chart for chart in built if chart] if all(built) else None


def build_table(digest: Digest, section: DigestSection) -> Block:
    """The rows of a section as a table that sorts by any of its columns."""
    lines = section.lines[:_MOST_ROWS]
    columns = [[_tell_number(line) for line in lines]]
    columns.append([_tell_change(line, find(digest.figures, line.figure)) for line in lines])
    columns.append([_text(line.note) for line in lines])
    kept = [place for place, cells in enumerate(columns) if not place or any(cell["text"] != _NONE for cell in cells)]
    title = _text(section.title)
    header = [_text(_FIRST_HEADER), *(_text(_HEADERS[place]) for place in kept)]
    rows = [[_text(line.label), *(columns[place][row] for place in kept)] for row, line in enumerate(lines)]
    return {"type": TABLE, "caption": title["text"], "page_size": _PAGE_ROWS, "rows": _keep_short([header, *rows])}


def count_cells(blocks: Sequence[Block]) -> int:
    """The characters in all cells of tables, of which Slack takes so many in a message."""
    tables = (block for block in blocks if block["type"] == TABLE)
    return sum(len(cell["text"]) for table in tables for row in table["rows"] for cell in row)


def count_charts(blocks: Sequence[Block]) -> int:
    """The charts among the blocks."""
    return sum(block["type"] == CHART for block in blocks)


def _keep_short(rows: list[list[Block]]) -> list[list[Block]]:
    """As many rows as have room; the first ones count most."""
    lengths = accumulate(sum(len(cell["text"]) for cell in row) for row in rows)
    return [row for row, length in zip(rows, lengths, strict=True) if length <= MOST_CELL_CHARACTERS]


def _build_chart(chart: Chart) -> Block | None:
    labels = [shorten(label, _MOST_LABEL) for label in chart.labels]
    series = [(name, values) for name, values in chart.series if any(values)]
    marks = tuple(mark for mark in chart.marks if mark is not None)
    if marks and len(marks) == len(labels):  # Slack wants a value for each: where one is unknown, 0 would be wrong
        series.append((chart.marks_name, marks))
    if not all(math.isfinite(value) for _, values in series for value in values):
        return None
    if not series or len(series) > _MOST_SERIES or len(labels) > _MOST_CATEGORIES or len({*labels}) < len(labels):
        return None
    # Slack sets bars side by side, and stacks none: over days, lines show more.
    kind = "line" if chart.kind == "stacked" and len(labels) >= _LEAST_FOR_LINES else "bar"
    data = [
        {
            "name": cut(name, _MOST_LABEL),
            "data": [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)],
        }
        for name, values in series
    ]
    drawn = {"type": kind, "series": data, "axis_config": {"categories": labels}}
    return {"type": CHART, "title": cut(chart.title, _MOST_TITLE), "chart": drawn}


def _tell_number(line: Line) -> Block:
    if any(sign.isdigit() for sign in line.text) and math.isfinite(line.value):
        return _number(line.value, line.text)
    return _text(line.text)


def _tell_change(line: Line, figure: Figure | None) -> Block:
    if figure is None or figure.change is None or not line.change:
        return _text(line.change)
    return _number(figure.change, line.change)


def _number(value: float, text: str) -> Block:
    """A cell that sorts by its value."""
    return {"type": "raw_number", "value": value, "text": shorten(text, _MOST_CELL)}


def _text(text: str) -> Block:
    """A cell of plain text, in which Slack reads no marks."""
    return {"type": "raw_text", "text": shorten(text, _MOST_CELL) or _NONE}
