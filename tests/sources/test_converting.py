"""Every kind of document becomes Markdown with its marks, or says in plain words why it does not."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from sources.samples import build_docx, build_pdf, build_pptx, encrypt_pdf

from assistant.errors import EmptyDocumentError, SourceError
from assistant.knowledge.ingest.conversion import SUFFIXES, convert
from assistant.knowledge.ingest.front_matter import to_date

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def test_markdown_keeps_its_text_and_gives_title_and_marks() -> None:
    found = convert(
        b"---\ntitle: Prices\nOwner: ann@x.example\nupdated: 2026-02-01\n---\n\n# Old\n\nIt costs 5.", ".md"
    )
    assert found.text == "# Old\n\nIt costs 5."
    assert found.title == "Old"
    assert found.marks == {"title": "Prices", "owner": "ann@x.example", "updated": date(2026, 2, 1)}


def test_markdown_without_front_matter_has_no_marks() -> None:
    found = convert("# **Café** #\n\nOpen.".encode(), ".markdown")
    assert (found.title, found.marks) == ("Café", {})


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: [unclosed\naudience: internal\n---\n",
        "---\naudience:internal\n---\n",
        "---\nupdated: 2026-13-45\naudience: internal\n---\n",
        "---\naudience: internal\n\n",
        "---\n- audience: internal\n---\n",
        '---\ntitle: "a" b\n---\n',
        "---\na: " + "[" * 3000 + "\n---\n",
    ],
)
def test_a_page_with_broken_front_matter_counts_as_internal_and_keeps_its_text(front: str) -> None:
    found = convert(f"{front}# Refunds\n\nUp to forty.".encode(), ".md")
    assert "Up to forty." in found.text
    assert found.marks.get("audience") == "internal"


def test_a_rule_at_the_top_of_a_page_is_no_front_matter() -> None:
    found = convert(b"---\n\nSome text.\n\n---\n\nMore.", ".md")
    assert found.marks == {}
    assert "Some text." in found.text


def test_empty_front_matter_says_nothing() -> None:
    assert convert(b"---\n---\nText.", ".md") == convert(b"Text.", ".md")


def test_line_ends_byte_order_mark_and_nulls_are_cleaned() -> None:
    found = convert(b"\xef\xbb\xbf---\r\naudience: internal\r\n---\r\nOne\r\nTwo\rThree\x00", ".md")
    assert found.text == "One\nTwo\nThree"
    assert found.marks == {"audience": "internal"}


def test_comments_that_no_reader_sees_are_left_out() -> None:
    assert "secret" not in convert(b"Public.\n<!-- secret\nnote -->\nMore.", ".md").text


def test_plain_text_is_taken_as_it_is() -> None:
    assert convert(b"Swap: change of a battery.", ".txt").text == "Swap: change of a battery."


def test_html_gives_its_text_title_and_the_marks_of_its_head() -> None:
    page = b"""<html><head><title>About
        us</title><META NAME="Author" CONTENT="ann@x.example"><meta name="updated" content="2026-09-21">
        <meta name="review_by" content="2027-03-21"><meta name=audience content=internal>
        <link rel="canonical" href="https://x.example/about"></head>
        <body><h1>Who we are</h1><p>We rent <b>bikes</b>.</p><script>alert(1)</script></body></html>"""
    found = convert(page, ".html")
    assert found.title == "About us"
    assert found.text == "# Who we are\n\nWe rent **bikes**."
    assert found.marks["owner"] == "ann@x.example"
    assert found.marks["url"] == "https://x.example/about"
    assert (found.marks["updated"], found.marks["audience"]) == ("2026-09-21", "internal")


def test_html_without_a_title_takes_its_first_heading() -> None:
    assert convert(b"<h1>Who we are</h1><p>We rent bikes.</p>", ".htm").title == "Who we are"


def test_a_word_file_gives_its_text_and_properties() -> None:
    found = convert(build_docx("Twenty weeks.", "At full pay."), ".docx")
    assert found.text.split("\n\n") == ["Twenty weeks.", "At full pay."]
    assert found.marks == {
        "title": "Leave & care",
        "owner": "ann@x.example",
        "updated": "2026-03-02T10:00:00Z",
        "review_by": "2027-03-02",
    }


def test_a_word_file_without_properties_has_no_marks() -> None:
    assert convert(build_docx("Text.", with_properties=False), ".docx").marks == {}


def test_a_deck_gives_the_text_of_its_slides() -> None:
    found = convert(build_pptx("Roadmap", "A folding bike", "Roadmap 2027"), ".pptx")
    assert "# Roadmap" in found.text
    assert "A folding bike" in found.text
    assert "<!--" not in found.text
    assert found.marks["title"] == "Roadmap 2027"


def test_a_title_that_every_deck_has_is_not_taken() -> None:
    found = convert(build_pptx("Roadmap", "A folding bike"), ".pptx")
    assert "title" not in found.marks
    assert found.title == "Roadmap"


def test_a_pdf_gives_its_text_and_properties() -> None:
    content = build_pdf("Bikes for your staff.", "Company fleets", "Updated 2026-08-24. See https://x.example/b.")
    found = convert(content, ".pdf")
    assert found.text.strip() == "Bikes for your staff."
    assert found.marks == {
        "title": "Company fleets",
        "owner": "ann@x.example",
        "updated": "2026-08-24",
        "url": "https://x.example/b",
    }


def test_a_pdf_with_a_password_is_named_encrypted() -> None:
    with pytest.raises(SourceError, match="is encrypted"):
        convert(encrypt_pdf(build_pdf("Secret."), "pass"), ".pdf")


def test_a_pdf_that_everybody_may_read_is_read() -> None:
    assert "Open." in convert(encrypt_pdf(build_pdf("Open."), ""), ".pdf").text


def test_a_footnote_of_a_word_file_is_a_footnote() -> None:
    text = convert(build_docx("Twenty weeks.", "At full pay.", note="After six months."), ".docx").text
    assert text.endswith("At full pay.[^1]\n\n[^1]: After six months.")


@pytest.mark.parametrize("suffix", [".docx", ".pptx"])
def test_an_office_file_with_a_password_is_named_encrypted(suffix: str) -> None:
    with pytest.raises(SourceError, match="is encrypted"):
        convert(_OLE, suffix)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("content", [b"", b" \n\t "])
def test_an_empty_file_says_so(content: bytes, suffix: str) -> None:
    with pytest.raises(EmptyDocumentError, match="is empty"):
        convert(content, suffix)


def test_front_matter_alone_is_no_document() -> None:
    with pytest.raises(EmptyDocumentError, match="no text below"):
        convert(b"---\ntitle: A\n---\n", ".md")


def test_a_pdf_of_pictures_says_that_it_has_no_text() -> None:
    with pytest.raises(EmptyDocumentError, match="has no text in it"):
        convert(build_pdf(), ".pdf")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("suffix", [".md", ".txt", ".html"])
def test_text_is_read_in_the_encoding_it_was_saved_in(suffix: str, encoding: str) -> None:
    text = "Das Frühstück im Café kostet 4 € für Fahrer."
    assert convert(text.encode(encoding), suffix).text == text


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".pptx"])
@pytest.mark.parametrize(
    "content",
    [b"Just text.", b"PK\x03\x04 broken", b"%PDF-1.7 broken", build_docx("Word")[:300], build_pdf("PDF")[:400]],
)
def test_a_broken_file_or_one_with_a_wrong_suffix_is_named_unreadable(content: bytes, suffix: str) -> None:
    with pytest.raises(SourceError, match=f"is not a readable {suffix[1:].upper()} file|has no text"):
        convert(content, suffix)


def _is_read(content: bytes, suffix: str) -> bool:
    try:
        return "Some text." in convert(content, suffix).text
    except SourceError:
        return False


@given(content=st.binary(max_size=300), suffix=st.sampled_from(sorted(SUFFIXES)), prefix=st.sampled_from([b"", b"PK"]))
@settings(max_examples=60, deadline=None)
def test_whatever_the_bytes_only_a_source_error_is_raised(content: bytes, suffix: str, prefix: bytes) -> None:
    assert not _is_read(prefix + content, suffix)


@given(place=st.integers(0, 10_000), byte=st.integers(0, 255), kind=st.sampled_from([".pdf", ".docx"]))
@settings(max_examples=40, deadline=None)
def test_a_file_with_one_wrong_byte_is_read_or_named_unreadable(place: int, byte: int, kind: str) -> None:
    content = build_pdf("Some text.") if kind == ".pdf" else build_docx("Some text.")
    assert _is_read(content, kind)
    place %= len(content)
    _is_read(content[:place] + bytes([byte]) + content[place + 1 :], kind)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (date(2026, 2, 1), date(2026, 2, 1)),
        (datetime(2026, 2, 1, 8), date(2026, 2, 1)),  # noqa: DTZ001
        ("2026-02-01", date(2026, 2, 1)),
        ("2026-02-01T08:00:00Z", date(2026, 2, 1)),
        ("soon", None),
        ("2026-02-31", None),
        (None, None),
        (20260201, date(2026, 2, 1)),
    ],
)
def test_dates_are_read_however_they_are_written(value: object, wanted: date | None) -> None:
    assert to_date(value) == wanted


def test_html_is_read_in_the_encoding_it_names() -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>Café Kraków</p></body></html>'
    assert convert(page.encode("latin-1"), ".html").text == "Café Kraków"
    assert convert(page.encode("utf-8").replace(b"iso-8859-1", b"utf-8"), ".html").text == "Café Kraków"


def test_html_that_names_latin_1_is_read_as_browsers_read_it() -> None:
    page = '<meta charset="iso-8859-1"><p>Das Frühstück kostet 4 €.</p>'
    assert convert(page.encode("cp1252"), ".html").text == "Das Frühstück kostet 4 €."


@pytest.mark.parametrize("hidden", ['style="color: red; display : none"', "hidden"])
def test_what_a_browser_hides_is_not_read(hidden: str) -> None:
    assert convert(f"<p>Open.</p><div {hidden}><p>Secret.</p></div><p>Daily.</p>".encode(), ".html").text == (
        "Open.\n\nDaily."
    )


def test_navigation_around_a_page_is_not_read() -> None:
    page = b"<nav>Home Prices</nav><div role=navigation>Docs</div><main><p>Open.</p></main><footer>Imprint</footer>"
    assert convert(page, ".html").text == "Open."


def test_a_merged_cell_stands_in_each_row_and_column_that_it_covers() -> None:
    page = (
        b"<table><tr><th>Region</th><th>Size</th><th>Fee</th></tr><tr><td rowspan=2>Isles</td><td>S</td><td>6</td></tr>"
        b"<tr><td>L</td><td>11</td></tr><tr><td>Coast</td><td colspan=2>free</td></tr></table>"
    )
    rows = convert(page, ".html").text.split("\n")[2:]
    assert rows == ["| Isles | S | 6 |", "| Isles | L | 11 |", "| Coast | free | free |"]


def test_speaker_notes_and_hidden_slides_are_left_out_and_named() -> None:
    deck = Presentation(io.BytesIO(build_pptx("Roadmap", "A folding bike")))
    deck.slides[0].notes_slide.notes_text_frame.text = "Do not tell customers."
    secret = deck.slides.add_slide(deck.slide_layouts[1])
    secret.shapes.title.text = "We close in October."
    secret._element.set("show", "0")
    file = io.BytesIO()
    deck.save(file)
    found = convert(file.getvalue(), ".pptx")
    assert "A folding bike" in found.text
    assert "customers" not in found.text
    assert "October" not in found.text
    assert found.unread == ("1 hidden slide", "1 speaker note")


def test_a_package_that_unpacks_to_far_too_much_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package, package.open("word/document.xml", "w") as part:
        for _ in range(401):
            part.write(bytes(1_000_000))
    with pytest.raises(SourceError, match="unpacks to 401 MB"):
        convert(file.getvalue(), ".docx")


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("It is &pound;25&nbsp;a key &mdash; paid back.", "It is £25 a key — paid back."),
        ("Ask the <b>lead</b> &amp; the planner.", "Ask the lead & the planner."),
        ("| Early | 06:00<br>Sundays 07:00 |", "| Early | 06:00, Sundays 07:00 |"),
        ("Its file is key\\_map\\_v2.", "Its file is key_map_v2."),
        ("Write `&amp;` and `a\\_b` and `<br>`.", "Write `&amp;` and `a\\_b` and `<br>`."),
        (
            "```html\n<b>&pound;</b>\n[a]: https://x.example\n```",
            "```html\n<b>&pound;</b>\n[a]: https://x.example\n```",
        ),
        ("See <https://x.example/a?b=1&lang=en> daily.", "See https://x.example/a?b=1&lang=en daily."),
        ("See [the map](https://x.example/a_(b)) first.", "See [the map](https://x.example/a_%28b%29) first."),
        ('The [card][rc] and [RC].\n\n[rc]: https://x.example/c "C"', "The [card](https://x.example/c) and [RC]("),
        ("Use a &lt;tag&gt; and a&#124;b.", "Use a &lt;tag> and a&#124;b."),
        ("Open.<span style='display:none'>Secret.</span>", "Open."),
        ("Open.\n\n<div hidden>\n<div>One.</div>\n\nTwo.\n</div>\n\nMore.", "Open.\n\n\n\nMore."),
        ('<div class="overflow-hidden">Shown.</div>', "Shown."),
        ("Use `<div hidden>` there.", "Use `<div hidden>` there."),
        ("A stray ` here.\n\n&pound;5 and `code`.", "A stray ` here.\n\n£5 and `code`."),
        ("A footnote[^1] and [ ] a box.", "A footnote[^1] and [ ] a box."),
    ],
)
def test_markup_in_markdown_is_read_as_its_reader_sees_it(written: str, wanted: str) -> None:
    assert convert(written.encode(), ".md").text.startswith(wanted)
