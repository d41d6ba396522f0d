"""Word files and decks as a reader sees them: no comments, deletions, hidden text, speaker notes or hidden slides."""

from __future__ import annotations  # pptx and lxml are imported only where a file of theirs is read

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.errors import SourceError
from assistant.knowledge.ingest.converted import Converted, count, list_unread
from assistant.knowledge.ingest.grids import write_table
from assistant.knowledge.ingest.html_pages import read_html
from assistant.knowledge.ingest.properties import read_office_marks

if TYPE_CHECKING:
    from lxml.etree import _Element
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_BODY = "word/document.xml"
_MOST_XML = 60_000_000  # as trees, texts take fifty times their size
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_ASIDE = frozenset({"DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"})


def read_docx(content: bytes) -> Converted:
    """A Word file's text with its lists, tables, footnotes and text boxes."""
    import mammoth

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = _parse(package, _BODY)
        comments = _count_parts(package, "word/comments.xml", f"{_WORD}comment")
        marks = read_office_marks(package)
        unread = list_unread(
            count(_drop_hidden_runs(body), "piece of hidden text", "pieces of hidden text"),
            count(_drop(body, f"{_WORD}del") + _drop(body, f"{_WORD}moveFrom"), "tracked deletion"),
            count(comments, "comment"),
            count(_count_pictures(body), "picture"),
        )
        changed = _replace_part(package, _BODY, body)
    html = mammoth.convert_to_html(changed, convert_image=mammoth.images.img_element(lambda image: {"src": ""})).value
    found = read_html(html)
    return Converted(found.text, None, marks, unread)


def _parse(package: zipfile.ZipFile, name: str) -> _Element:
    from lxml import etree

    if package.getinfo(name).file_size > _MOST_XML:
        raise SourceError(f"has {package.getinfo(name).file_size / 1e6:.0f} MB of text, more than a document needs")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(package.read(name), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error


def _count_parts(package: zipfile.ZipFile, name: str, tag: str) -> int:
    return sum(1 for _ in _parse(package, name).iter(tag)) if name in package.namelist() else 0


def _drop_hidden_runs(body: _Element) -> int:
    runs = [run for run in body.iter(f"{_WORD}r") if _is_hidden(run)]
    for run in runs:
        _remove(run)
    return len(runs)


def _is_hidden(run: _Element) -> bool:
    mark = run.find(f"{_WORD}rPr/{_WORD}vanish")
    return mark is not None and mark.get(f"{_WORD}val") not in ("0", "false")


def _drop(body: _Element, tag: str) -> int:
    found = [element for element in body.iter(tag) if len(element)]
    for element in found:
        _remove(element)
    return len(found)


def _remove(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _count_pictures(body: _Element) -> int:
    return sum(1 for _ in body.iter(f"{_DRAWN}blip"))


def _replace_part(package: zipfile.ZipFile, name: str, body: _Element) -> io.BytesIO:
    from lxml import etree

    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as kept:
        for member in package.infolist():
            if member.filename != name and not member.filename.startswith("word/media/"):
                kept.writestr(member, package.read(member))
        kept.writestr(name, etree.tostring(body, xml_declaration=True, encoding="UTF-8", standalone=True))
    changed.seek(0)
    return changed


def read_pptx(content: bytes) -> Converted:
    """A deck's slides, each below its title, with tables and what charts are drawn from."""
    from pptx import Presentation

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        marks = read_office_marks(package)
    deck = Presentation(io.BytesIO(content))
    shown = [slide for slide in deck.slides if slide._element.get("show") not in ("0", "false")]
    shapes = [shape for slide in shown for shape in _spread(slide.shapes)]
    unread = list_unread(
        count(len(deck.slides) - len(shown), "hidden slide"),
        count(sum(map(_has_notes, shown)), "speaker note"),
        count(sum(_is_picture(shape) for shape in shapes), "picture"),
        count(sum(_is_diagram(shape) for shape in shapes), "diagram"),
    )
    text = "\n\n".join(_read_slide(slide) for slide in shown)
    return Converted(text.strip(), None, marks, unread)


def _has_notes(slide: Slide) -> bool:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return frame is not None and bool(frame.text.strip())


def _spread(shapes: Any) -> Iterator[BaseShape]:
    """The shapes from top to bottom, those of groups among them."""
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if hasattr(shape, "shapes"):
            yield from _spread(shape.shapes)
        else:
            yield shape


def _is_picture(shape: BaseShape) -> bool:
    return shape._element.tag.endswith("}pic") and not _is_aside(shape)


def _is_diagram(shape: BaseShape) -> bool:
    return any(str(one.get("uri")) == _DIAGRAM for one in shape._element.iter(f"{_DRAWN}graphicData"))


def _is_aside(shape: BaseShape) -> bool:
    return bool(shape.is_placeholder) and shape.placeholder_format.type.name in _ASIDE


def _read_slide(slide: Slide) -> str:
    title = slide.shapes.title
    blocks = [f"# {' '.join(title.text_frame.text.split())}"] if title is not None and title.has_text_frame else []
    for shape in _spread(slide.shapes):
        is_title = title is not None and shape.shape_id == title.shape_id
        if not is_title and not _is_aside(shape):
            blocks.append(_read_shape(shape))
    return "\n\n".join(block for block in blocks if block.strip(" #"))


def _read_shape(shape: Any) -> str:
    if getattr(shape, "has_table", False):
        return write_table(
            [
                [_read_cell(shape.table, row, column) for column in range(len(shape.table.columns))]
                for row in range(len(shape.table.rows))
            ]
        )
    if getattr(shape, "has_chart", False):
        return _read_chart(shape.chart)
    return _read_paragraphs(shape.text_frame) if shape.has_text_frame else ""


def _read_cell(table: Any, row: int, column: int) -> str:
    cell = table.cell(row, column)
    if cell.is_spanned:  # what is merged stands in each of its places
        for above in range(row + 1):
            for before in range(column + 1):
                origin = table.cell(above, before)
                if origin.is_merge_origin and above + origin.span_height > row and before + origin.span_width > column:
                    return str(origin.text_frame.text)
    return str(cell.text_frame.text)


def _read_paragraphs(frame: Any) -> str:
    written = [(paragraph.level, " ".join(paragraph.text.split())) for paragraph in frame.paragraphs]
    lines = [(level, text) for level, text in written if text]
    if len(lines) < 2:
        return "".join(text for _, text in lines)
    return "\n".join(f"{'  ' * level}- {text}" for level, text in lines)


def _read_chart(chart: Any) -> str:
    plot = next(iter(chart.plots), None)
    if plot is None or not list(plot.series):
        return ""
    series = list(plot.series)
    title = chart.chart_title.text_frame.text if chart.has_title and chart.chart_title.has_text_frame else ""
    header = ["", *(str(one.name) for one in series)]
    rows = [[str(name), *(_show(one.values, place) for one in series)] for place, name in enumerate(plot.categories)]
    return "\n\n".join(part for part in (title, write_table([header, *rows])) if part)


def _show(values: Any, place: int) -> str:
    value = values[place] if place < len(values) else None
    return "" if value is None else f"{value:g}"
