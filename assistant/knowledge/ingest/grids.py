"""Rows of cells as Markdown's tables."""

from collections.abc import Iterator, Sequence

_MOST_CHARACTERS = 450  # a chunk has 500: each piece of a long table keeps its header row


def write_table(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row is its header; a long one in pieces, each below the header. Empty columns are left out.

    One without rows below its header is lines.
    """
    kept = _drop_empty_columns(rows)
    if len(kept) < 2 or len(kept[0]) < 2:
        return "\n\n".join(" ".join(cell for cell in row if cell) for row in kept if any(row))
    header = _write_row(kept[0])
    rule = _write_row(["---"] * len(kept[0]))
    return "\n\n".join(
        "\n".join([header, rule, *piece]) for piece in _cut([_write_row(row) for row in kept[1:]], header)
    )


def _drop_empty_columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    full = [[*row, *[""] * (width - len(row))] for row in rows]
    columns = [place for place in range(width) if any(row[place].strip() for row in full)]
    return [[row[place] for place in columns] for row in full]


def _cut(rows: Sequence[str], header: str) -> Iterator[list[str]]:
    piece: list[str] = []
    room = _MOST_CHARACTERS - len(header)
    for row in rows:
        if piece and sum(map(len, piece)) + len(row) > room:
            yield piece
            piece = []
        piece.append(row)
    yield piece


def _write_row(cells: Sequence[str]) -> str:
    shown = [" ".join(cell.split()).replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(shown)} |"
