"""Figures and the posts behind one as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

from assistant.domain import Figure, Mention
from assistant.reports.digest.names import hide_handles

_FIGURE = ("period", "name", "value", "unit", "before", "change", "low", "high", "note", "coverage", "query")
_POST = ("mention_id", "network", "author", "created_at", "followers", "engagement", "url", "text")
# What a spreadsheet would run as a formula when it opens the file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def figures_to_csv(figures: Iterable[Figure]) -> str:
    """A row a figure."""
    return _write(_FIGURE, ([getattr(figure, name) for name in _FIGURE] for figure in figures))


def posts_to_csv(posts: Iterable[Mention], is_hiding_authors: bool, known_names: Sequence[str]) -> str:
    """A row a post; where authors stay unnamed, neither the handle nor what leads to it, as an id may."""
    rows = []
    for post in posts:
        row = {name: getattr(post, name) for name in _POST} | {"created_at": post.created_at.isoformat()}
        if is_hiding_authors:
            row |= {"mention_id": "", "author": "", "url": "", "text": hide_handles(post.text, known_names)}
        rows.append(list(row.values()))
    return _write(_POST, rows)


def _write(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_disarm(cell) for cell in row] for row in rows)
    return out.getvalue()


def _disarm(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
