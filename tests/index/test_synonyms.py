"""People ask in words of their own; where no page has those, they are searched for in the words that pages use."""

from pathlib import Path

import pytest
from fakes_reply import Library

from assistant.domain import Audience
from assistant.errors import ConfigError
from assistant.knowledge.search.synonyms import Synonyms, read_synonyms

PROMPTS = Path(__file__).parents[2] / "prompts"
GROUPS = [
    ["taxi", "cab"],
    ["stolen", "theft", "nicked"],
    ["order", "purchase"],
    ["order", "sequence"],
    ["money back", "refund"],
]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path)
    library.add("Travel", "A taxi is paid after ten.\n\n## Rules\n\nKeep the taxi receipt.")
    library.add("Theft", "A stolen bike is a theft. Report a stolen bike.\n\n## Cover\n\nStolen bikes are covered.")
    library.add("Refunds", "We refund within a week.")
    library.add("Pay", "Salaries are secret taxis.", Audience.INTERNAL)
    return library


def rewrite(library: Library, text: str, audience: Audience = Audience.PUBLIC) -> tuple[str, ...]:
    return Synonyms(GROUPS, library.words).rewrite(text, audience)


@pytest.mark.parametrize(
    ("asked", "ways"),
    [
        ("can i take a cab?", ("can i take a taxi?",)),
        ("bike got nicked", ("bike got stolen", "bike got theft")),
        ("I want my MONEY BACK now", ("I want my refund now",)),
        ("can I take a taxi?", ()),  # the pages' own word
        ("what is the sequence of a purchase", ()),  # no page says “order”
        ("", ()),
    ],
)
def test_a_word_that_no_page_has_is_put_as_the_pages_say_it(
    library: Library, asked: str, ways: tuple[str, ...]
) -> None:
    assert rewrite(library, asked) == ways


def test_a_word_with_two_meanings_is_never_replaced(library: Library) -> None:
    library.add("Shop", "A purchase takes a day. The sequence is fixed.")
    assert rewrite(library, "where is my order") == ()


def test_one_and_many_of_a_thing_in_a_group_are_one_word(library: Library) -> None:
    groups = [["cab", "cabs", "taxi", "taxis"]]
    assert Synonyms(groups, library.words).rewrite("two cabs", Audience.PUBLIC) == ("two taxi",)


def test_words_of_pages_that_the_reader_may_not_see_are_not_put_in(library: Library) -> None:
    groups = [["salaries", "pay packets"]]
    assert Synonyms(groups, library.words).rewrite("our pay packets", Audience.PUBLIC) == ()
    assert Synonyms(groups, library.words).rewrite("our pay packets", Audience.INTERNAL) == ("our salaries",)


def test_a_company_adds_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "synonyms").mkdir()
    (tmp_path / "synonyms" / "en.yaml").write_text("- L2, city bike\n")
    assert ["L2", "city bike"] in read_synonyms([PROMPTS, tmp_path])


@pytest.mark.parametrize(
    ("text", "fault"),
    [("- taxi\n", "line 1"), ("- taxi, cab\n- [a, b]\n", "line 2"), ("taxi: cab\n", "list"), ("- 'a\n", "YAML")],
)
def test_a_file_that_is_no_list_of_groups_is_named_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "synonyms").mkdir()
    (tmp_path / "synonyms" / "en.yaml").write_text(text)
    with pytest.raises(ConfigError, match=fault):
        read_synonyms([tmp_path])


def test_every_shipped_group_has_two_words_or_more() -> None:
    assert len(read_synonyms([PROMPTS])) > 250
