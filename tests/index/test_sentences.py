"""Cutting sentences: each can be quoted word for word."""

import re

import pytest
import sentencex
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.text.sentences import split_sentences, to_plain

markdown_lines = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(["- item one", "1. step", "| a | b |", "|---|---|", "> quoted", "", "It costs £5.99. No fee!"]),
    ),
    max_size=8,
).map("\n".join)
texts = st.one_of(st.text(), markdown_lines)


@given(text=texts)
@example(text="A\u00a0b. c\u2028D.\x1cE. F\x85g")
@example(text="Dr. Who? Yes!  No…\r\nNext.")
def test_every_sentence_stands_in_the_text_word_for_word_and_in_order(text: str) -> None:
    place = 0
    for sentence in split_sentences(text):
        assert sentence == sentence.strip() != ""
        place = text.index(sentence, place) + len(sentence)


@given(text=texts)
@example(text="A\u00a0b. c\u2028D.\x1cE. F\x85g")
def test_nothing_but_white_space_and_the_rules_of_tables_is_lost(text: str) -> None:
    kept = re.sub(r"[\s|:-]+", "", "".join(split_sentences(text)))
    assert kept == re.sub(r"[\s|:-]+", "", text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It costs £5.99 a month. There is no fee.", ["It costs £5.99 a month.", "There is no fee."]),
        ("- one thing. And more\n- two", ["- one thing. And more", "- two"]),
        ("- a long\n  item\n- two", ["- a long\n  item", "- two"]),
        ("1. First.\n2) Second.", ["1. First.", "2) Second."]),
        ("| City | Price |\n|---|---:|\n| Lyon | 57 |", ["| City | Price |", "| Lyon | 57 |"]),
        ("Wrapped\nline. Next.", ["Wrapped\nline.", "Next."]),
        ("One\n\nTwo", ["One", "Two"]),
        ("", []),
    ],
)
def test_items_rows_and_steps_stay_whole(text: str, wanted: list[str]) -> None:
    assert split_sentences(text) == wanted


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ('- See [our page](https://x.example "Title")', "See our page"),
        ("**Goodwill** is _extra_, `code` too", "Goodwill is extra, code too"),
        ("2. Call us", "Call us"),
        ("| Lyon | 57 | |", "Lyon · 57"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("![map](map.png) here", "map here"),
    ],
)
def test_a_sentence_is_shown_without_its_markdown(markdown: str, plain: str) -> None:
    assert to_plain(markdown) == plain


@given(text=st.text())
def test_showing_a_sentence_never_fails(text: str) -> None:
    assert to_plain(text) == " ".join(to_plain(text).split())


def test_marks_that_close_a_sentence_stay_with_it() -> None:
    assert split_sentences("**Do not ride.** Choose the form.") == ["**Do not ride.**", "Choose the form."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Aktion läuft vom 5. Mai bis zum 30. Juni.",
        "Der Preis gilt bzw. galt inkl. MwSt. in der 3. Etage.",
        "Bitte melden Sie sich ggf. bei Hr. Weber.",
        "Usługa kosztuje np. 20 zł za godz. jazdy.",
        "Zadzwoń do mgr Kowalskiej, tj. do biura przy ul. Prostej.",
        "Consulte la pág. 4 del contrato de la Sra. Ruiz.",
        "Il sig. Conti aspetta all'art. 7 del regolamento.",
        "O Sr. Alves lê a pág. 9 do manual.",
        "Mevr. Bakker belt bijv. op maandag.",
        "Le forfait coûte env. 20 euros par mois.",
    ],
)
def test_an_abbreviation_or_an_ordinal_of_any_language_ends_no_sentence(sentence: str) -> None:
    assert split_sentences(f"{sentence} {sentence}") == [sentence, sentence]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("We counted 31.", "Then we stopped."),
        ("Wir haben zehn.", "Danach war Schluss."),
        ("it was late.", "nobody came."),
        ("Es waren 20.", "Das ist viel."),
        ("I like art.", "It hangs at home."),
    ],
)
def test_a_sentence_that_ends_like_one_does_end(first: str, second: str) -> None:
    assert split_sentences(f"{first} {second}") == [first, second]


def test_a_paragraph_of_many_pages_is_cut_into_the_sentences_it_has() -> None:
    told = [
        f"Customer {number} may pause the plan for {number % 3 + 1} months, e.g. in winter." for number in range(300)
    ]
    assert split_sentences(" ".join(told)) == told


@pytest.mark.parametrize("unit", ["````q4 ", "a", "a ", ". ", "(“"])
def test_however_long_a_text_is_the_library_gets_little_at_a_time(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # It takes the square of a length, and nobody else runs meanwhile: a post of such signs held all up for seconds.
    lengths: list[int] = []

    def segment(language: str, text: str) -> list[str]:
        lengths.append(len(text))
        return list(sentencex.segment(language, text))

    monkeypatch.setattr("assistant.text.sentences.segment", segment)
    text = unit * (20_000 // len(unit))
    assert re.sub(r"\s", "", "".join(split_sentences(text))) == re.sub(r"\s", "", text)
    assert max(lengths) <= 4_000


def test_a_sign_that_was_escaped_is_read_as_itself() -> None:
    assert to_plain(r"A key opens 3\*4 doors \[not 5\].") == "A key opens 3*4 doors [not 5]."
