"""Culture guides that a marketer edits: read whole or refused with file, line and mend; their limits hold for texts."""

from dataclasses import fields as fields_of
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.prompts import Prompts
from assistant.errors import PromptError
from assistant.replies.style_guides import Guide, find_breaches, lint_guides, read_guide, split_rule

_OURS = Path(__file__).parent.parent / "prompts"


def write(folder: Path, text: str, name: str = "default") -> Prompts:
    (folder / "networks").mkdir(exist_ok=True)
    (folder / "networks" / f"{name}.md").write_text(text, encoding="utf-8")
    return Prompts(folder)


def lint(folder: Path, lines: str) -> list[str]:
    return lint_guides(write(folder, f"---\nmost_characters: 100\n{lines}\n---\nPlain."))


def test_the_guides_that_ship_are_right_and_each_says_everything() -> None:
    prompts = Prompts(_OURS)
    assert lint_guides(prompts) == []
    for name in prompts.names("networks"):
        guide = read_guide(prompts, name)
        assert "Tone:" in guide.text, name
        assert len(guide.examples) == 3, name
        assert guide.forbidden, name
        assert {"spam", "bait", "fan chat", "solved", "not ours", "already answered"} <= set(guide.no_reply), name


def test_every_field_of_a_guide_is_documented() -> None:
    told = (_OURS.parent / "docs" / "guides.md").read_text("utf-8")
    fields = {field.name for field in fields_of(Guide)} - {"network", "text"}
    assert [name for name in sorted(fields) if f"`{name}`" not in told] == []


def test_a_guide_is_found_by_network_and_another_network_gets_the_default() -> None:
    prompts = Prompts(_OURS)
    assert read_guide(prompts, "twitter").network == "x"
    assert read_guide(prompts, "app-store:gb").network == "app_store"
    assert read_guide(prompts, "../../knowledge/x").network == "default"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("colour: red", "line 3: colour is no field of a guide. Fields are: most_characters"),
        ("max_characters: 3", "line 3: max_characters is no field"),
        ("emoji: many", "line 3: emoji is one of none, few, free, not 'many'"),
        ("most_links: -1", "line 3: most_links is no number from 0 on: -1"),
        ("most_links: yes", "line 3: most_links is no number from 0 on: True"),
        ("greeting: 3", "line 3: greeting is no text: 3. Put it between quotation marks"),
        ("forbidden: calm down", "line 3: forbidden is no list of texts"),
        ("forbidden:\n  - note: this", "line 3: forbidden is no list of texts"),
        ("no_reply:\n  - rude", "or a rule of your own as `name: phrase, phrase`, not 'rude'"),
        ("examples:\n  - 'Thanks.'", "line 3: examples holds 1. Give 3 good replies"),
        ("emoji: none\nexamples: ['Hi 😀', 'a', 'b']", "line 4: example 1 breaks emoji: no emoji are allowed"),
        ("examples: ['" + "x" * 101 + "', 'a', 'b']", "example 1 breaks most_characters: 101 characters"),
        ("forbidden: [calm down]\nexamples: ['Calm down!', 'a', 'b']", "line 4: example 1 breaks forbidden"),
        ("greeting: 'Hi", "line 4: cannot be read: "),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_mend(tmp_path: Path, lines: str, told: str) -> None:
    [problem] = lint(tmp_path, lines)
    assert problem.startswith("prompts/networks/default.md, line ")
    assert told in problem
    with pytest.raises(PromptError, match=r"default\.md, line"):
        read_guide(Prompts(tmp_path), "x")


def test_a_guide_without_front_matter_or_length_and_a_missing_default_are_told(tmp_path: Path) -> None:
    assert lint_guides(write(tmp_path, "Be kind.", "x")) == [
        "prompts/networks/default.md is missing: write the guide for all others.",
        "prompts/networks/x.md, line 1: has no front matter. It begins with --- and a line most_characters: 500.",
    ]
    assert lint_guides(write(tmp_path, "---\nemoji: none\n---\n", "x"))[1:] == [
        "prompts/networks/x.md, line 1: most_characters is missing. Write a line like most_characters: 500.",
    ]


def test_a_rule_of_ones_own_may_be_written_with_or_without_quotation_marks(tmp_path: Path) -> None:
    lines = "no_reply:\n  - politics: election, vote for\n  - 'war: troops'\n  - spam"
    prompts = write(tmp_path, f"---\nmost_characters: 9\n{lines}\n---\n")
    rules = read_guide(prompts, "x").no_reply
    assert [split_rule(rule) for rule in rules] == [
        ("politics", ("election", "vote for")),
        ("war", ("troops",)),
        ("spam", ()),
    ]


@pytest.mark.parametrize(
    ("text", "limit", "words"),
    [
        ("two https://a.example/x, and b.example/y.", "most_links", ["b.example/y"]),
        ("mail to a@b.example or see www.c.example", "most_links", []),
        ("what works.The rest is 3.com", "most_links", []),
        ("#Thanks for call #2", "most_hashtags", ["#Thanks"]),
        ("❤️👍🏽👩‍👩‍👧🇩🇪", "emoji", ["👩‍👩‍👧", "🇩🇪"]),
        ("Calm  down, CALM DOWN, calm downer", "forbidden", ["Calm  down", "CALM DOWN"]),
    ],
)
def test_limits_are_counted_as_people_see_them(text: str, limit: str, words: list[str]) -> None:
    guide = Guide("x", 100, emoji="few", forbidden=("calm down",))
    breaches = find_breaches(guide, text)
    assert [breach.words for breach in breaches] == words
    assert {breach.limit for breach in breaches} <= {limit}
    assert all(text[b.start :].startswith(b.words) for b in breaches)


@given(st.text(max_size=60))
def test_any_text_in_a_guide_is_read_or_refused_with_its_line(text: str) -> None:
    class Given(Prompts):
        def read(self, name: str) -> str:
            return f"---\nmost_characters: 9\n{text}\n---\n"

        def names(self, folder: str) -> list[str]:
            return ["default"]

    prompts = Given(Path())
    problems = lint_guides(prompts)
    assert all("prompts/networks/default.md, line " in problem for problem in problems)
    if not problems:
        assert read_guide(prompts, "x").most_characters > 0
