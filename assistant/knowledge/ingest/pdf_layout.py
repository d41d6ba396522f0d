"""The lines of a PDF's page in the order in which they are read, joined into paragraphs, rows and headings."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from assistant.knowledge.ingest.grids import write_table
from assistant.text.sentences import ends_sentence

_LEAST_LINES, _LEAST_GUTTER, _MOST_CROSSING = 4, 6.0, 0.34
_LEAST_WORDS, _LEAST_ROWS = 3, 3
_HEADING_SIZE, _MOST_HEADING = 1.15, 120
_PARAGRAPH_PITCH, _SHORT_LINE = 1.25, 0.85
_EDGE = 0.09  # of a page's height, where headers and footers stand
_BULLET = re.compile(r"[•●▪◦‣■\uf0b7\uf0a7*–-]\s+(?=\S)")
_NUMBERED = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_NUMBERS = re.compile(r"\d{1,9}")
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.|página|pagina|strona)?[\s–-]{0,5}#(?:\s*(?:/|of|von|de|di|van|z)\s*#)?[\s–-]{0,5}",
    re.IGNORECASE,
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


@dataclass(frozen=True)
class PdfLine:
    """A run of text on a page; heights count from the top. `table` is one in Markdown in its place."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float = 0.0
    is_bold: bool = False
    table: str = ""

    @property
    def middle(self) -> float:
        """Return its height on the page."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class PageLines:
    """The lines of a page and how high it is; 0 where nobody knows."""

    lines: tuple[PdfLine, ...]
    height: float


def write_pages(pages: Sequence[PageLines]) -> str:
    """The Markdown of all pages: without headers and footers, a paragraph that goes on over a page in one piece."""
    bodies = [page.lines for page in _drop_edges(pages)]
    sizes = [line.size for lines in bodies for line in lines if line.size and len(line.text) > 20]
    body_size = median(sizes) if sizes else 0.0
    blocks: list[str] = []
    for lines in bodies:
        for column in order_lines(lines):
            written = list(_write_column(column, body_size))
            if blocks and written and _goes_on(blocks[-1], written[0]):
                blocks[-1] = _join(blocks[-1], written.pop(0))
            blocks += written
    return "\n\n".join(blocks)


def _drop_edges(pages: Sequence[PageLines]) -> Iterator[PageLines]:
    """Without what is repeated at the top and bottom of pages but for its numbers."""
    seen = Counter(said for page in pages for said in {_shape(line) for line in page.lines if _is_at_edge(line, page)})
    least = 3 if len(pages) > 2 else 2
    for page in pages:
        kept = (
            line for line in page.lines if not (_is_at_edge(line, page) and _is_repeated(_shape(line), seen, least))
        )
        yield replace(page, lines=tuple(kept))


def _is_at_edge(line: PdfLine, page: PageLines) -> bool:
    return (
        page.height > 0
        and not line.table
        and (line.bottom < page.height * _EDGE or line.top > page.height * (1 - _EDGE))
    )


def _shape(line: PdfLine) -> str:
    return _NUMBERS.sub("#", line.text.strip())


def _is_repeated(shape: str, seen: Counter[str], least: int) -> bool:
    return seen[shape] >= least or bool(_PAGE_NUMBER.fullmatch(shape))


def order_lines(lines: Sequence[PdfLine]) -> list[list[PdfLine]]:
    """The columns of a page in reading order; a line over several columns ends those above it."""
    gutter = _find_gutter(lines)
    if gutter is None:
        return [sorted(lines, key=lambda line: (round(line.middle / 3), line.left))] if lines else []
    crossing = sorted((line for line in lines if line.left < gutter < line.right), key=lambda line: line.top)
    columns: list[list[PdfLine]] = []
    above = float("-inf")
    for below in [*crossing, None]:
        end = below.middle if below else float("inf")
        band = [line for line in lines if above < line.middle < end and line not in crossing]
        sides = [[line for line in band if line.right <= gutter], [line for line in band if line.left >= gutter]]
        for side in reversed(sides) if _reads_from_right(band) else sides:
            columns += order_lines(side)
        if below:
            columns.append([below])
            above = below.middle
    return _join_single(columns)


def _join_single(columns: Sequence[list[PdfLine]]) -> list[list[PdfLine]]:
    """Lines over all columns that follow each other are a column of their own."""
    joined: list[list[PdfLine]] = []
    for column in columns:
        if joined and len(column) == 1 and len(joined[-1]) == 1:
            joined[-1] = [*joined[-1], *column]
        else:
            joined.append(column)
    return joined


def _reads_from_right(lines: Sequence[PdfLine]) -> bool:
    return sum(bool(_RIGHT_TO_LEFT.search(line.text)) for line in lines) * 2 > len(lines) > 0


def _find_gutter(lines: Sequence[PdfLine]) -> float | None:
    """Where a page is cut into columns of prose; cells of tables are no columns."""
    starts = Counter(round(line.left) for line in lines)
    first = min(starts, default=0)
    for start in sorted(place for place, number in starts.items() if number >= _LEAST_LINES and place > first + 30):
        gutter = start - _LEAST_GUTTER / 2
        left = [line for line in lines if line.right <= gutter]
        right = [line for line in lines if line.left >= gutter]
        number_crossing = len(lines) - len(left) - len(right)
        if min(len(left), len(right)) < _LEAST_LINES or number_crossing > _MOST_CROSSING * (len(left) + len(right)):
            continue
        if gutter - max(line.right for line in left) >= _LEAST_GUTTER / 2 and all(map(_is_prose, (left, right))):
            return gutter
    return None


def _is_prose(lines: Sequence[PdfLine]) -> bool:
    return median(len(line.text.split()) for line in lines) >= _LEAST_WORDS


def _write_column(lines: Sequence[PdfLine], body_size: float) -> Iterator[str]:
    rows = _join_rows(lines)
    flat = [row[0] for row in rows if len(row) == 1]
    pitch = _find_pitch(flat)
    right = max((line.right for line in lines), default=0.0)
    paragraph: list[PdfLine] = []
    for run in _split_tables(rows):
        if len(run) >= _LEAST_ROWS:
            yield from _write_paragraph(paragraph, body_size)
            paragraph = []
            yield write_table([[cell.text for cell in row] for row in run])
            continue
        for row in run:
            line = row[0] if len(row) == 1 else _join_cells(row)
            if paragraph and not _continues(paragraph, line, pitch, right):
                yield from _write_paragraph(paragraph, body_size)
                paragraph = []
            paragraph.append(line)
    yield from _write_paragraph(paragraph, body_size)


def _join_rows(lines: Sequence[PdfLine]) -> list[list[PdfLine]]:
    """Runs at the same height are one row, from left to right."""
    rows: list[list[PdfLine]] = []
    for line in lines:
        if rows and not line.table and not rows[-1][0].table and _is_level(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_join_near(sorted(row, key=lambda line: line.left)) for row in rows]


def _is_level(one: PdfLine, other: PdfLine) -> bool:
    return abs(one.middle - other.middle) < 0.5 * max(one.bottom - one.top, other.bottom - other.top, 1.0)


def _join_near(row: Sequence[PdfLine]) -> list[PdfLine]:
    joined = [row[0]]
    for line in row[1:]:
        gap = line.left - joined[-1].right
        if gap < max(8.0, 0.9 * (line.size or line.bottom - line.top)):
            joined[-1] = _join_cells([joined[-1], line])
        else:
            joined.append(line)
    return joined


def _join_cells(row: Sequence[PdfLine]) -> PdfLine:
    cells = sorted(row, key=lambda line: -line.left) if _reads_from_right(row) else row
    text = " ".join(cell.text.strip() for cell in cells)
    return replace(
        row[0],
        text=text,
        left=min(cell.left for cell in row),
        right=max(cell.right for cell in row),
        top=min(cell.top for cell in row),
        bottom=max(cell.bottom for cell in row),
    )


def _split_tables(rows: Sequence[list[PdfLine]]) -> Iterator[list[list[PdfLine]]]:
    """Runs of rows with as many cells; rows of one cell are no table."""
    run: list[list[PdfLine]] = []
    for row in rows:
        if run and (len(row) < 2 or len(row) != len(run[-1]) or not _is_aligned(run[-1], row)):
            yield run
            run = []
        run.append(row)
        if len(row) < 2:
            yield run
            run = []
    if run:
        yield run


def _is_aligned(above: Sequence[PdfLine], row: Sequence[PdfLine]) -> bool:
    return all(min(abs(a.left - b.left), abs(a.right - b.right)) < 12 for a, b in zip(above, row, strict=True))


def _find_pitch(lines: Sequence[PdfLine]) -> float:
    """The usual distance between lines."""
    steps = [round(2 * (below.middle - above.middle)) / 2 for above, below in pairwise(lines)]
    usual = Counter(step for step in steps if 4 < step < 60)
    return max(usual, key=lambda step: (usual[step], -step), default=0.0)


def _continues(paragraph: Sequence[PdfLine], line: PdfLine, pitch: float, right: float) -> bool:
    last = paragraph[-1]
    if line.table or last.table or _BULLET.match(line.text) or _NUMBERED.match(line.text):
        return False
    if abs(line.size - last.size) > 1 or line.is_bold != last.is_bold:
        return False
    if line.middle - last.middle > pitch * _PARAGRAPH_PITCH:
        return False
    is_short = last.right < _SHORT_LINE * right
    return not (is_short and ends_sentence(last.text))


def _write_paragraph(lines: Sequence[PdfLine], body_size: float) -> Iterator[str]:
    if not lines:
        return
    if lines[0].table:
        yield lines[0].table
        return
    text = lines[0].text.strip()
    for line in lines[1:]:
        text = _join(text, line.text.strip())
    if text:
        yield _mark(text, lines, body_size)


def _mark(text: str, lines: Sequence[PdfLine], body_size: float) -> str:
    if found := _BULLET.match(text):
        return f"- {text[found.end() :]}"
    is_large = body_size > 0 and min(line.size for line in lines) > body_size * _HEADING_SIZE
    is_short = len(text) <= _MOST_HEADING and not text.endswith((".", ",", ";", ":"))
    is_bold = all(line.is_bold for line in lines) and len(lines) == 1
    if is_short and any(map(str.isalpha, text)) and (is_large or is_bold) and not _NUMBERED.fullmatch(text):
        return f"## {text}"
    return f"\\{text}" if text.startswith("#") else text


def _join(text: str, following: str) -> str:
    """A word that was cut at the end of a line is one word again."""
    is_cut = text.endswith(("-", "\u00ad")) and len(text) > 1 and text[-2].isalpha() and following[:1].islower()
    return text[:-1] + following if is_cut else f"{text} {following}"


def _goes_on(text: str, following: str) -> bool:
    is_prose = not text.startswith(("#", "|", "- ")) and not following.startswith(("#", "|", "- "))
    return is_prose and not ends_sentence(text) and following[:1].islower()
