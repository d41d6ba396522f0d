"""Cutting documents: nothing is lost, nothing is changed, nothing is too long."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.knowledge.ingest.chunking import split_document
from assistant.text.tokens import strip_markup

_MOST_CHARACTERS = 500

words = st.text(st.characters(exclude_categories=["Cs", "Z", "Cc"], exclude_characters="#`~"), min_size=1, max_size=20)
paragraphs = st.lists(words, min_size=1, max_size=60).map(" ".join)
headings = st.tuples(st.integers(1, 6), words).map(lambda found: "#" * found[0] + " " + found[1])
markdown = st.lists(st.one_of(paragraphs, headings), max_size=8).map("\n\n".join)


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(text=markdown)
@example(text="a\u00a0b\n\n    indented\n\u200bhidden\x0c")
@example(text="x" * 2000)
def test_all_text_below_the_headings_survives_in_order(text: str) -> None:
    body = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    assert _squeeze("".join(piece for _, piece in split_document(text))) == _squeeze(body)


@given(text=st.one_of(markdown, st.text()))
def test_every_piece_stands_in_the_document_word_for_word(text: str) -> None:
    for _, piece in split_document(text):
        assert piece in text
        assert piece == piece.strip() != ""


@given(text=st.one_of(markdown, st.text(min_size=800, max_size=3000)))
def test_no_piece_is_longer_than_the_limit(text: str) -> None:
    assert all(len(strip_markup(piece)) <= 2 * _MOST_CHARACTERS for _, piece in split_document(text))


def test_each_piece_has_the_path_of_headings_above_it() -> None:
    text = "Before.\n# Plans\nAll plans.\n## **City** ##\nCity.\n### Price\n52.\n## Cargo\nCargo.\n# Help\nCall."
    assert split_document(text) == [
        ("", "Before."),
        ("Plans", "All plans."),
        ("Plans > City", "City."),
        ("Plans > City > Price", "52."),
        ("Plans > Cargo", "Cargo."),
        ("Help", "Call."),
    ]


def test_a_hash_inside_a_block_of_code_is_no_heading() -> None:
    text = "# Setup\n```sh\n# not a heading\nrun\n```\nDone.\n~~~\n# nor this\n```\n~~~\n# Next\nEnd."
    assert [heading for heading, _ in split_document(text)] == ["Setup", "Next"]


@pytest.mark.parametrize("text", ["", " \n\t\n", "# Only\n\n## Headings\n", "#\n##"])
def test_a_document_without_text_below_its_headings_has_no_pieces(text: str) -> None:
    assert split_document(text) == []


def test_a_long_heading_line_of_blanks_is_cut_in_no_time() -> None:
    assert split_document("# a" + " " * 50_000 + "b\ntext")[0][1] == "text"


def test_a_hashtag_is_text() -> None:
    assert split_document("#larkspur is ours") == [("", "#larkspur is ours")]
