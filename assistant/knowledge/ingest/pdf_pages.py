"""PDFs: their text in reading order, with tables as tables; scanned pages are read where rapidocr is installed."""

from __future__ import annotations  # pypdfium2 and pdfplumber are imported only where a PDF is read

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.errors import EmptyDocumentError, SourceError
from assistant.knowledge.ingest.converted import Converted, count, list_unread, refuse_unreadable
from assistant.knowledge.ingest.grids import write_table
from assistant.knowledge.ingest.pdf_layout import PageLines, PdfLine, write_pages
from assistant.knowledge.ingest.pictures import MISSING, can_read_pictures, read_pixels
from assistant.knowledge.ingest.properties import read_properties

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

_MOST_PAGES, _MOST_TABLED, _MOST_SCANS, _MOST_LINES = 2_000, 200, 50, 3_000
_LEAST_STROKES, _MOST_STROKES = 4, 4_000
_SCAN_SCALE = 2.0  # of 72 dots an inch
_MODIFIED = re.compile(r"^D:(\d{4})(\d\d)(\d\d).*$")
_BOLD = 600
_HYPHEN = re.compile("[\x02\ufffe]")  # as pdfium marks the hyphen of a word that goes on in the next line


def read_pdf(content: bytes) -> Converted:
    """A PDF's Markdown and properties. Raises SourceError when it is encrypted or no PDF."""
    document = _open(content)
    marks = _read_marks(document)
    number = min(len(document), _MOST_PAGES)
    pages: list[PageLines] = []
    ruled: list[int] = []
    scans: list[int] = []
    for place in range(number):
        page = document[place]
        lines = _read_lines(page)
        pages.append(PageLines(lines, page.get_height()))
        if not lines and _count_objects(page, is_picture=True):
            scans.append(place)
        elif len(ruled) < _MOST_TABLED and _LEAST_STROKES <= _count_objects(page) <= _MOST_STROKES:
            ruled.append(place)
        page.close()
    for place, tables in _find_tables(content, ruled):
        pages[place] = _put_tables(pages[place], tables)
    read, unread = _read_scans(document, scans, pages)
    text = write_pages(pages)
    if not text.strip():
        raise EmptyDocumentError(_tell_empty(len(scans)))
    left = list_unread(count(unread, "scanned page"), count(len(document) - number, "page"))
    remarks = (f"has {count(read, 'page')} read from pictures: compare before you rely on it",) if read else ()
    return Converted(text, None, marks, left, remarks)


def _tell_empty(scans: int) -> str:
    if can_read_pictures():
        return "has no text in it, and none that can be read from its pictures"
    return f"has no text in it (a scan{'.' if scans else '?'} {MISSING})"


def _open(content: bytes) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError
    from pypdfium2.raw import FPDF_ERR_PASSWORD

    try:
        return PdfDocument(content)
    except PdfiumError as error:
        if getattr(error, "err_code", None) == FPDF_ERR_PASSWORD:
            raise SourceError("is encrypted: save a copy without a password") from error
        raise refuse_unreadable(".pdf") from error


def _read_marks(document: PdfDocument) -> dict[str, str]:
    found = document.get_metadata_dict()
    return read_properties(
        {
            "title": found.get("Title", ""),
            "creator": found.get("Author", ""),
            "modified": _MODIFIED.sub(r"\1-\2-\3", found.get("ModDate", "")),
            "description": found.get("Subject", ""),
        }
    )


def _read_lines(page: PdfPage) -> tuple[PdfLine, ...]:
    text_page = page.get_textpage()
    height = page.get_height()
    number = min(text_page.count_rects(), _MOST_LINES)
    lines = [_read_line(text_page, place, height) for place in range(number)]
    text_page.close()
    return tuple(line for line in lines if line.text.strip())


def _read_line(text_page: PdfTextPage, place: int, height: float) -> PdfLine:
    from pypdfium2.raw import FPDFText_GetFontWeight

    left, bottom, right, top = text_page.get_rect(place)
    text = text_page.get_text_bounded(left, bottom, right, top).replace("\r\n", " ").replace("\x00", "")
    index = text_page.get_index(min(left + 1, right), (top + bottom) / 2, 3, 3)
    size, is_bold = top - bottom, False
    if index is not None and index >= 0:
        _, low, _, high = text_page.get_charbox(index, loose=True)
        size, is_bold = high - low, FPDFText_GetFontWeight(text_page, index) >= _BOLD
    return PdfLine(_HYPHEN.sub("-", text).strip(), left, height - top, right, height - bottom, size, is_bold)


def _count_objects(page: PdfPage, is_picture: bool = False) -> int:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_PATH

    wanted = FPDF_PAGEOBJ_IMAGE if is_picture else FPDF_PAGEOBJ_PATH
    return sum(1 for _ in page.get_objects(filter=[wanted], max_depth=3))


def _find_tables(content: bytes, places: Sequence[int]) -> Iterator[tuple[int, list[Any]]]:
    """The tables of pages that have ruled lines."""
    if not places:
        return
    import pdfplumber

    with pdfplumber.open(io.BytesIO(content)) as document:
        for place in places:
            page = document.pages[place]
            yield place, [table for table in page.find_tables() if _is_table(table)]
            page.close()


def _is_table(table: Any) -> bool:
    rows = table.rows
    return len(rows) > 1 and max(len(row.cells) for row in rows) > 1


def _put_tables(page: PageLines, tables: Sequence[Any]) -> PageLines:
    """The page with each table in place of the lines in it."""
    lines = page.lines
    for table in tables:
        rows = _fill_merged(table.extract())
        left, top, right, bottom = table.bbox
        inside = [line for line in lines if top <= line.middle <= bottom and left - 2 <= line.left <= right + 2]
        filled = sum(bool(cell) for row in rows for cell in row)
        if not inside or filled * 2 < sum(map(len, rows)):
            continue
        made = PdfLine("", left, top, right, bottom, table=write_table(rows))
        lines = (*(line for line in lines if line not in inside), made)
    return PageLines(lines, page.height)


def _fill_merged(rows: Sequence[Sequence[str | None]]) -> list[list[str]]:
    """A cell without borders of its own is part of the one before it, or above it."""
    filled: list[list[str]] = []
    for row in rows:
        cells: list[str] = []
        for place, cell in enumerate(row):
            above = filled[-1][place] if filled and place < len(filled[-1]) else ""
            before = cells[-1] if cells else above
            cells.append(cell.strip() if cell is not None else before)
        filled.append(cells)
    return filled


def _read_scans(document: PdfDocument, scans: Sequence[int], pages: list[PageLines]) -> tuple[int, int]:
    """Read pages that are pictures, as many as there is time for; how many were read, and how many were not."""
    if not scans or not can_read_pictures():
        return 0, len(scans)
    chosen = scans[:_MOST_SCANS]
    for place in chosen:
        picture = document[place].render(scale=_SCAN_SCALE).to_pil().convert("RGB")
        texts = read_pixels(picture)
        lines = (PdfLine(text, 0, 12.0 * number, 400, 12.0 * number + 10) for number, text in enumerate(texts))
        pages[place] = PageLines(tuple(lines), 0.0)
    return len(chosen), len(scans) - len(chosen)
