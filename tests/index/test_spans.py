"""What can be quoted: each piece comes with the words that give it its meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.spans import split_units

markdown_lines = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            ["- item", "  - nested", "3. step", "a | b", "--- | ---", "| c | d |", "> said", "```", "", "Never:"]
        ),
        st.sampled_from(["It is so. However, not on Sundays.", "[^1]: Only here.", "Free.[^1]", "**Hours**", "No!"]),
    ),
    max_size=12,
).map("\n".join)


def read(text: str) -> list[str]:
    return [unit.text for unit in split_units(text)]


@given(text=st.one_of(st.text(), markdown_lines))
def test_every_quote_stands_in_the_text_where_it_says(text: str) -> None:
    for unit in split_units(text):
        assert text[unit.start : unit.end] == unit.quote != ""


def test_a_list_comes_with_its_lead_in() -> None:
    assert read("We like parcels. Please never:\n\n- tape the code\n- send fish") == [
        "We like parcels.",
        "Please never:\n• tape the code\n• send fish",
    ]


def test_each_item_of_a_list_that_is_too_long_comes_with_the_lead_in() -> None:
    items = [f"a thing with number {n} that is large" for n in range(40)]
    shown = read("Do not:\n" + "\n".join(f"- {item}" for item in items))
    assert shown == [f"Do not:\n• {item}" for item in items]


def test_items_below_an_item_stay_below_it() -> None:
    assert read("Send:\n- by post\n  - letters\n- by bike") == ["Send:\n• by post\n  • letters\n• by bike"]


def test_steps_are_one_piece_and_say_which_of_how_many_they_are_where_they_are_too_many() -> None:
    steps = [f"{n}. Press the button with the number {n} and wait until the lamp is green." for n in range(1, 25)]
    assert read("\n".join(steps[:3])) == ["\n".join(steps[:3])]

    first, *more = read("To open:\n\n" + "\n".join(steps))
    assert first.startswith("To open:\nSteps 1–12 of 24:\n1. Press")
    assert more[0].startswith("To open:\nSteps 13–24 of 24:\n13. Press")


def test_steps_that_are_all_numbered_one_count_on() -> None:
    assert read("1. Open\n1. Shut") == ["1. Open\n2. Shut"]


@pytest.mark.parametrize(
    "table",
    [
        "| Room | Price |\n|---|---|\n| Large | 70 |",
        "Room | Price\n--- | ---\nLarge | 70",
        "| Room | Price | \n|---|---|\n| Large | 70 | ",
    ],
)
def test_a_row_comes_under_its_header_however_the_table_is_written(table: str) -> None:
    assert read(table) == ["Room: Large; Price: 70"]


def test_a_pipe_within_a_cell_is_not_the_end_of_it() -> None:
    assert read("| Key | Use |\n|---|---|\n| F1 \\| F2 | Stop |") == ["Key: F1 | F2; Use: Stop"]


def test_a_row_without_any_header_is_not_quoted() -> None:
    assert read("| Large | 70 |\n| Small | 40 |") == []


@pytest.mark.parametrize(
    "limit", ["However, not on Sundays.", "But ask first.", "Unless it rains.", "Except on Sundays."]
)
@pytest.mark.parametrize("gap", [" ", "\n\n"])
def test_a_sentence_comes_with_what_limits_it(limit: str, gap: str) -> None:
    assert read(f"You may park here.{gap}{limit} Trees are green.") == [
        f"You may park here. {limit}",
        "Trees are green.",
    ]


def test_a_list_and_a_table_come_with_the_paragraph_that_limits_them() -> None:
    assert read("Free:\n- tea\n\nExcept on Sundays.") == ["Free:\n• tea\nExcept on Sundays."]
    assert read("|A|\n|-|\n|tea|\n\nExcept on Sundays.") == ["A: tea\nExcept on Sundays."]


@pytest.mark.parametrize(
    ("mark", "note"), [("[^a]", "[^a]: Not for guests."), ("†", "† Not for guests."), ("\\*", "\\* Not for guests.")]
)
def test_a_sentence_comes_with_its_footnote(mark: str, note: str) -> None:
    [unit] = split_units(f"Tea is free{mark}.\n\n{note}")
    assert unit.text == "Tea is free.\nNot for guests."
    assert not unit.stands_alone


def test_a_sentence_that_points_back_comes_with_the_one_before() -> None:
    assert read("Guests get a key. They return it at noon. Doors are red.") == [
        "Guests get a key. They return it at noon.",
        "Doors are red.",
    ]


def test_a_page_of_one_very_long_line_is_cut_in_no_time() -> None:
    assert split_units("a *b* | " * 30_000)
