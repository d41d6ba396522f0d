"""What a page says of itself: front matter as people write it, owners in its first lines, and dates that are clear."""

from datetime import date

import pytest

from assistant.knowledge.ingest.conversion import convert
from assistant.knowledge.ingest.front_matter import find_owner, is_nobody, to_date


def test_a_colon_in_a_title_is_part_of_it() -> None:
    found = convert(b"---\ntitle: Plans: what's new\naudience: public\nupdated: 2026-03-02\n---\nText.", ".md")
    assert found.marks["title"] == "Plans: what's new"
    assert (found.marks["audience"], found.marks["updated"], found.text) == ("public", date(2026, 3, 2), "Text.")


def test_front_matter_may_be_toml() -> None:
    found = convert(b'+++\ntitle = "Plans"\naudience = "internal"\ndraft = true\n+++\nText.', ".md")
    assert found.marks == {"title": "Plans", "audience": "internal", "draft": True, "status": "draft"}
    assert convert(b"+++\ntitle = \n+++\nText.", ".md").marks == {"audience": "internal"}


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2 March 2026", date(2026, 3, 2)),
        ("Mar 2nd, 2026", date(2026, 3, 2)),
        ("2. März 2026", date(2026, 3, 2)),
        ("2 mars 2026", date(2026, 3, 2)),
        ("02.03.2026", date(2026, 3, 2)),
        ("2026/3/2", date(2026, 3, 2)),
        ("23/02/2026", date(2026, 2, 23)),
        ("02/23/2026", date(2026, 2, 23)),
        ("02/02/2026", date(2026, 2, 2)),
        ("02/03/2026", None),
        ("March 2026", None),
        ("yesterday", None),
        ("31.02.2026", None),
    ],
)
def test_a_date_counts_where_it_is_clear(written: str, wanted: date | None) -> None:
    assert to_date(written) == wanted


@pytest.mark.parametrize(
    "line",
    ["Owner: Ann Ash", "**Owner:** Ann Ash", "> Page owner: [Ann Ash](mailto:ann@x.example)", "- Owner: Ann Ash."],
)
def test_an_owner_in_the_first_lines_counts(line: str) -> None:
    assert find_owner(f"# Fees\n\n{line}\n\nText.") == "Ann Ash"
    assert convert(f"# Fees\n\n{line}\n\nText.".encode(), ".md").marks["owner"] == "Ann Ash"


@pytest.mark.parametrize("line", ["The owner: ask Ann.", "\n" * 20 + "Owner: Ann Ash", "Owners of bikes: call us."])
def test_other_sentences_name_no_owner(line: str) -> None:
    assert find_owner(f"# Fees\n\n{line}") == ""


@pytest.mark.parametrize(
    "owner", ["noreply@x.example", "dependabot[bot]", "docs-bot@x.example", "nobody", "TBD", "root@host"]
)
def test_a_machine_or_nobody_is_no_owner(owner: str) -> None:
    assert is_nobody(owner)


@pytest.mark.parametrize("owner", ["Ann Ash", "ann@x.example", "@acme/docs", "Abbott", "botany@x.example"])
def test_a_person_or_team_is_an_owner(owner: str) -> None:
    assert not is_nobody(owner)


def test_a_comment_in_code_is_no_title() -> None:
    assert convert(b"Updates come at night.\n\n```\n# stop it first\nstop\n```\n", ".md").title is None
