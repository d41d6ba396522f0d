"""The kinds of document that people have, each read as its reader sees it; what is not read of them is named."""

import io
import json
import subprocess
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage

import msgforge
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from pptx import Presentation
from pptx.util import Inches
from sources.samples import build_docx

from assistant.core.apart import run_apart
from assistant.errors import EmptyDocumentError, SourceError
from assistant.knowledge.ingest import pandoc
from assistant.knowledge.ingest.conversion import convert

_RST = """
Parking
=======

:audience: internal

.. toctree::

   other

.. note:: Bring your badge.

Ask in :doc:`the office </office>` [#]_ or call :func:`desk.call`.

.. list-table::
   :header-rows: 1

   * - Kind
     - Price
   * - Day
     - 5 EUR

.. [#] Weekdays only.
.. a comment that nobody sees
"""
_ADOC = """= Parking
:audience: internal

Permits.footnote:[Weekdays only.]

NOTE: Bring your badge.

|===
|Kind |Price

|Day
|5 EUR
|===

// a comment that nobody sees
"""
_ORG = """#+TITLE: Parking
#+AUDIENCE: internal
* Permits
| Kind | Price |
|------+-------|
| Day  | 5 EUR |
Bring your badge. [fn:1]
# a comment that nobody sees
[fn:1] Weekdays only.
"""
_WIKI = """= Parking =
Bring your '''badge'''.<ref>Weekdays only.</ref> <!-- a comment that nobody sees -->
{| class="wikitable"
! Kind !! Price
|-
| Day || 5 EUR
|}
"""


@pytest.mark.parametrize(("suffix", "text"), [(".rst", _RST), (".adoc", _ADOC), (".org", _ORG), (".wiki", _WIKI)])
def test_other_markups_keep_their_tables_notes_and_titles(suffix: str, text: str) -> None:
    found = convert(text.encode(), suffix)
    assert found.title == "Parking"
    assert "| Kind | Price |\n| --- | --- |\n| Day | 5 EUR |" in found.text
    assert "badge" in found.text
    assert "]: Weekdays only." in found.text
    assert "nobody sees" not in found.text
    assert suffix == ".wiki" or found.marks["audience"] == "internal"


def test_roles_and_contents_of_sphinx_leave_no_trace() -> None:
    text = convert(_RST.encode(), ".rst").text
    assert "Ask in the office[^1] or call `desk.call`." in text
    assert "other" not in text


def test_a_notebook_gives_its_text_and_code() -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Fleet report\n", "\n", "We have 40 bikes."]},
        {"cell_type": "code", "metadata": {}, "source": ["bikes = 40"], "outputs": [], "execution_count": 1},
    ]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    found = convert(json.dumps(book).encode(), ".ipynb")
    assert found.title == "Fleet report"
    assert "We have 40 bikes." in found.text
    assert "```\nbikes = 40" in found.text.replace("```python", "```")


def test_an_open_document_and_rich_text_are_read() -> None:
    assert convert(rb"{\rtf1\ansi Bring your \b badge\b0 .\par}", ".rtf").text == "Bring your **badge**."
    written = subprocess.run(
        [str(pandoc.find_pandoc()), "--from=html", "--to=odt", "--output=-"],
        input=b"<p>Bring your badge.</p>",
        capture_output=True,
        check=True,
    ).stdout
    hidden = (
        b"<text:tracked-changes><text:changed-region><text:deletion><text:p>Old price.</text:p></text:deletion>"
        b"</text:changed-region></text:tracked-changes>"
        b"<text:p>And keys.<office:annotation><text:p>Is that so?</text:p></office:annotation></text:p></office:text>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as package, zipfile.ZipFile(file, "w") as kept:
        for name in package.namelist():
            kept.writestr(name, package.read(name).replace(b"</office:text>", hidden))
    text = convert(file.getvalue(), ".odt").text
    assert "Bring your badge." in text
    assert "Old price" not in text
    assert "Is that so" not in text


def test_without_pandoc_its_kinds_say_what_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "find_pandoc", lambda: None)
    with pytest.raises(SourceError, match=r"pip install 'earshot\[documents\]'"):
        convert(b"Parking\n=======\n", ".rst")


def _build_workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Prices"
    for row in (["Prices of 2026"], ["Kind", "Price", "Cost", "Share"], ["Day", 5, 1, 0.155], ["Year", 90.5, 2, 1]):
        sheet.append(row)
    sheet["A3"].comment = Comment("Too cheap?", "Ann")
    sheet.append(["Secret", 1, 1, 1])
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["D3"].number_format = "0.0%"
    sheet["D4"].number_format = "0%"
    sheet["B4"].number_format = '#,##0.00 "€"'
    plans = book.create_sheet("Plans")
    plans.sheet_state = "hidden"
    plans["A1"] = "We close in October."
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_is_read_as_it_is_shown() -> None:
    found = convert(_build_workbook(), ".xlsx")
    assert found.text.split("\n") == [
        "Prices of 2026",
        "",
        "| Kind | Price | Share |",
        "| --- | --- | --- |",
        "| Day | 5 | 15.5% |",
        "| Year | 90.50 € | 100% |",
    ]
    assert found.unread == ("1 hidden sheet", "1 sheet's comments")


def test_merged_cells_of_a_workbook_stand_in_each_of_their_places() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Region", "Size", "Fee"], ["Isles", "S", 6], [None, "L", 11]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    file = io.BytesIO()
    book.save(file)
    assert convert(file.getvalue(), ".xlsx").text.endswith("| Isles | S | 6 |\n| Isles | L | 11 |")


@pytest.mark.parametrize(
    "written",
    ["Kind;Price\nDay;5 EUR\n", "Kind,Price\nDay,5 EUR\n", "sep=;\nKind;Price\nDay;5 EUR\n", 'Kind,Price\n"Day",5 EUR'],
)
def test_separated_values_are_a_table_whatever_separates_them(written: str) -> None:
    assert convert(written.encode(), ".csv").text == "| Kind | Price |\n| --- | --- |\n| Day | 5 EUR |"


def test_each_piece_of_a_long_table_stands_below_its_header() -> None:
    rows = "\n".join(f"Street {number},{number} EUR" for number in range(200))
    text = convert(f"Street,Price\n{rows}\n".encode(), ".csv").text
    pieces = text.split("\n\n")
    assert len(pieces) > 5
    assert all(piece.startswith("| Street | Price |\n| --- | --- |\n") for piece in pieces)
    assert "| Street 199 | 199 EUR |" in pieces[-1]


def test_an_email_says_who_wrote_what_and_names_what_is_attached() -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "New prices", "Ann Ash <ann@x.example>", "all@x.example"
    mail["Date"] = "Mon, 02 Mar 2026 10:00:00 +0000"
    mail.set_content("A day costs 5 EUR.\n\n-- \nAnn, 0555 1234\n")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="prices.pdf")
    found = convert(mail.as_bytes(), ".eml")
    assert found.title == "New prices"
    assert found.text.startswith(
        "From: Ann Ash <ann@x.example>\nTo: all@x.example\nDate: 2026-03-02 10:00\n\nA day costs"
    )
    assert "0555" not in found.text
    assert found.unread == ("attachment (prices.pdf)",)
    assert found.marks == {"owner": "Ann Ash <ann@x.example>", "updated": "2026-03-02"}


def test_an_email_that_is_html_alone_is_read_as_it_is_shown() -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Prices", "ann@x.example"
    mail.set_content("<p>A day costs <b>5&nbsp;EUR</b>.</p><p style='display:none'>Secret</p>", subtype="html")
    text = convert(mail.as_bytes(), ".eml").text
    assert text.endswith("A day costs **5 EUR**.")


def test_a_deck_keeps_its_tables_and_groups_and_names_its_pictures() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Prices"
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for place, text in enumerate(["Kind", "Price", "Day", "5 | 6 EUR"]):
        table.cell(place // 2, place % 2).text = text
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(5), Inches(2), Inches(1)).text_frame.text = "Ask the front desk."
    file = io.BytesIO()
    deck.save(file)
    text = convert(file.getvalue(), ".pptx").text
    assert text == "# Prices\n\n| Kind | Price |\n| --- | --- |\n| Day | 5 \\| 6 EUR |\n\nAsk the front desk."


def test_hidden_text_and_deletions_of_a_word_file_are_not_read_and_are_named() -> None:
    whole = build_docx("Open daily.", "Cafe")
    hidden = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Secret.</w:t></w:r><w:del w:id='1' w:author='a'><w:r>"
        "<w:delText>Old.</w:delText></w:r></w:del><w:moveFrom w:id='2' w:author='a'><w:r><w:t>Moved.</w:t></w:r>"
        "</w:moveFrom><w:r><w:t>Shown.</w:t></w:r></w:p></w:body>"
    )
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as package, zipfile.ZipFile(changed, "w") as kept:
        for name in package.namelist():
            body = package.read(name).replace(b"</w:body>", hidden.encode())
            kept.writestr(name, body if name == "word/document.xml" else package.read(name))
    found = convert(changed.getvalue(), ".docx")
    assert found.text.endswith("Shown.")
    assert not {"Secret.", "Old.", "Moved."} & set(found.text.split())
    assert found.unread == ("1 piece of hidden text", "2 tracked deletions")


def test_an_encoding_that_had_to_be_guessed_is_named() -> None:
    found = convert("Das Frühstück kostet 4 €.".encode("cp1252"), ".txt")
    assert found.remarks == ("does not say its encoding: it was read as windows-1252",)
    assert convert("Das Frühstück".encode("utf-16"), ".txt").remarks == ()


def test_a_picture_says_what_reading_it_needs_or_is_read() -> None:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(file, "PNG")
    with pytest.raises((SourceError, EmptyDocumentError), match=r"earshot\[ocr\]|without text that can be read"):
        convert(file.getvalue(), ".png")


def test_a_scan_is_read_where_rapidocr_is_installed() -> None:
    pytest.importorskip("rapidocr")
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("RGB", (1000, 300), "white")
    ImageDraw.Draw(page).text((40, 40), "The deposit is 25 pounds.", fill="black", font=ImageFont.load_default(36))
    file = io.BytesIO()
    page.save(file, "PDF", save_all=True, append_images=[page])
    found = run_apart(120, convert, file.getvalue(), ".pdf")
    assert found.text.count("The deposit is 25 pounds.") == 2
    assert found.remarks == ("has 2 pages read from pictures: compare before you rely on it",)


def test_an_outlook_message_is_read() -> None:
    sent = datetime(2026, 3, 2, 10, tzinfo=UTC)
    mail = msgforge.Message(
        subject="New prices", text_body="A day costs 5 EUR.", sender=("Ann", "ann@x.example"), sent=sent
    )
    mail.attach_bytes("prices.pdf", b"%PDF")
    found = convert(mail.as_bytes(), ".msg")
    assert found.title == "New prices"
    assert found.text.endswith("A day costs 5 EUR.")
    assert "ann@x.example" in str(found.marks["owner"])
    assert found.unread == ("attachment (prices.pdf)",)


def test_of_a_table_that_is_data_only_the_first_rows_are_read_and_that_is_named() -> None:
    rows = "\n".join(f"Street {number},{number}" for number in range(30_000))
    found = convert(f"Street,Number\n{rows}\n".encode(), ".csv")
    assert found.unread == ("rows after the first 20,000",)
    assert "Street 19998 " in found.text
    assert "Street 20001 " not in found.text
