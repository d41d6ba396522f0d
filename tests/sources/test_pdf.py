"""PDFs as people read them: columns one after the other, lines as paragraphs, tables as tables."""

from collections.abc import Callable

import pytest
from fpdf import FPDF

from assistant.knowledge.ingest.conversion import convert

_SENTENCES = (
    "The depot at Northgate opens at seven in the morning and closes in the evening on every working day of the week.",
    "Parcels heavier than thirty kilograms need two people and a lifting belt, which hangs at the door of hall two.",
    "Whoever loses a badge calls the night desk at once; a new one costs twelve euros and takes a day.",
)


class _Handbook(FPDF):
    def header(self) -> None:
        self.set_font("helvetica", size=9)
        self.cell(0, 8, "Tarn handbook 2026", align="C")
        self.ln(12)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("helvetica", size=9)
        self.cell(0, 8, f"Page {self.page_no()} of many", align="C")


def _read(write: Callable[[FPDF], None], pages: int = 1) -> list[str]:
    document = _Handbook() if pages > 1 else FPDF()
    for _ in range(pages):
        document.add_page()
        document.set_font("helvetica", size=11)
        write(document)
    return convert(bytes(document.output()), ".pdf").text.split("\n\n")


def test_columns_are_read_one_after_the_other() -> None:
    def write(document: FPDF) -> None:
        document.set_font("helvetica", "B", size=16)
        document.cell(0, 10, "Rules")
        document.ln(12)
        document.set_font("helvetica", size=11)
        top = document.get_y()
        for side, start in ((0, 10), (1, 110)):  # as programs write that go line by line over the page
            for number, line in enumerate(_break(" ".join(_SENTENCES), 45)):
                document.text(start, top + 6 * number, f"{line}" if side else line)

    blocks = _read(write)
    assert blocks == ["## Rules", " ".join(_SENTENCES), " ".join(_SENTENCES)]


def _break(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


@pytest.mark.parametrize("spacing", [5, 8, 12])
def test_lines_are_joined_into_paragraphs_at_any_spacing(spacing: int) -> None:
    def write(document: FPDF) -> None:
        for _ in range(2):
            document.multi_cell(0, spacing, " ".join(_SENTENCES), align="L")
            document.ln(spacing)

    assert _read(write) == [" ".join(_SENTENCES)] * 2


def _write_sentence(document: FPDF) -> None:
    document.multi_cell(0, 6, _SENTENCES[0])


def test_headers_and_footers_are_dropped() -> None:
    text = "\n".join(_read(_write_sentence, pages=3))
    assert "handbook" not in text
    assert "of many" not in text


@pytest.mark.parametrize("borders", ["ALL", "NONE"])
def test_a_table_is_a_table_with_or_without_ruled_lines(borders: str) -> None:
    rows = [("Kind", "Price", "Term"), ("Day pass", "5 EUR", "one day"), ("Year pass", "90 EUR", "one year")]

    def write(document: FPDF) -> None:
        document.multi_cell(0, 6, _SENTENCES[0])
        document.ln(8)
        with document.table(borders_layout=borders) as table:
            for cells in rows:
                row = table.row()
                for cell in cells:
                    row.cell(cell)

    assert _read(write)[-1].split("\n") == [
        "| Kind | Price | Term |",
        "| --- | --- | --- |",
        "| Day pass | 5 EUR | one day |",
        "| Year pass | 90 EUR | one year |",
    ]


def test_a_word_that_was_cut_at_the_end_of_a_line_is_one_word() -> None:
    def write(document: FPDF) -> None:
        document.text(10, 40, "Every customer gets a com-")
        document.text(10, 46, "plete refund of the deposit.")

    assert _read(write) == ["Every customer gets a complete refund of the deposit."]


def test_items_of_a_list_are_a_list() -> None:
    def write(document: FPDF) -> None:
        for number, line in enumerate(["- Bring a badge.", "- Park on level two.", "1. Ring the bell."]):
            document.text(10, 40 + 6 * number, line)

    assert _read(write) == ["- Bring a badge.", "- Park on level two.", "1. Ring the bell."]
