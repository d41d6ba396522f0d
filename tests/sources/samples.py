"""Small files of every kind, made by the libraries that make them everywhere."""

import io
import zipfile

from fpdf import FPDF
from pptx import Presentation
from pypdf import PdfReader, PdfWriter

_DOCUMENT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{paragraphs}</w:body>
</w:document>"""
_CORE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>Leave &amp; care</dc:title>
<dc:creator>ann@x.example</dc:creator><dc:description>Review by 2027-03-02</dc:description>
<dcterms:modified xsi:type="dcterms:W3CDTF">2026-03-02T10:00:00Z</dcterms:modified></cp:coreProperties>"""
_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="word/document.xml"/></Relationships>"""


_NOTES = """<?xml version="1.0" encoding="UTF-8"?>
<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:footnote w:id="2"><w:p><w:r><w:t>{note}</w:t></w:r></w:p></w:footnote></w:footnotes>"""
_NOTE_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/>
</Relationships>"""


def build_docx(*paragraphs: str, with_properties: bool = True, note: str = "") -> bytes:
    """A Word file with these paragraphs; a footnote belongs to the last one."""
    cited = '<w:r><w:footnoteReference w:id="2"/></w:r>' if note else ""
    runs = [f"<w:r><w:t>{paragraph}</w:t></w:r>" for paragraph in paragraphs]
    body = "".join(f"<w:p>{run}</w:p>" for run in [*runs[:-1], runs[-1] + cited])
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": _DOCUMENT.format(paragraphs=body),
    }
    if with_properties:
        parts["docProps/core.xml"] = _CORE
    if note:
        parts |= {"word/footnotes.xml": _NOTES.format(note=note), "word/_rels/document.xml.rels": _NOTE_RELATIONS}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return file.getvalue()


def build_pptx(title: str, text: str, core_title: str | None = None) -> bytes:
    """A deck of one slide; without `core_title` its properties say `PowerPoint Presentation`, as most decks do."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = title
    slide.placeholders[1].text = text
    if core_title:
        deck.core_properties.title = core_title
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def build_pdf(text: str = "", title: str = "", subject: str = "") -> bytes:
    """A PDF of one page."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    if text:
        pdf.multi_cell(0, 8, text)
    if title:
        pdf.set_title(title)
        pdf.set_author("ann@x.example")
    if subject:
        pdf.set_subject(subject)
    return bytes(pdf.output())


def encrypt_pdf(content: bytes, password: str) -> bytes:
    """The same PDF behind a password; an empty one lets everybody read and nobody change it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
