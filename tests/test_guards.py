"""The last look at a text before it leaves: runs of internal words are found, public ones pass."""

from pathlib import Path

import pytest
from fakes_reply import Library

from assistant.domain import Audience
from assistant.guards import AudienceGuard

SECRET = "Agents may refund up to two hundred euros without asking a lead."
PUBLIC = "You can pause your plan for up to three months."


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> AudienceGuard:
    library = Library(tmp_path_factory.mktemp("home"))
    library.add("Refund authority", f"{SECRET}\n\n{PUBLIC}", Audience.INTERNAL)
    library.add("Pausing", PUBLIC)
    return AudienceGuard(library.words)


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        SECRET.upper(),
        "Hello! agents may refund, up to two: hundred euros",
        "**Agents** may _refund_ up to two hundred",
        "Agents may refund\n\nup to two hundred euros",
    ],
)
def test_internal_words_are_found_in_any_case_and_punctuation(guard: AudienceGuard, text: str) -> None:
    [finding] = guard.check(text)
    assert finding.reason == "stands in an internal document"
    assert "up to two hundred" in finding.words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks for asking.",
        PUBLIC,
        PUBLIC.lower().replace(" ", "\n"),
        "Agents may refund some money.",
        "What agents may do is refund up to a sum.",
        'AND OR NOT NEAR( "quotes" * - (x) ' * 3,
        "🚲 " * 50,
    ],
)
def test_public_and_own_words_pass(guard: AudienceGuard, text: str) -> None:
    assert guard.check(text) == []


def test_overlapping_runs_are_one_finding_and_separate_ones_are_two(guard: AudienceGuard) -> None:
    assert [finding.words for finding in guard.check(SECRET)] == [
        "agents may refund up to two hundred euros without asking a lead"
    ]
    twice = "Agents may refund up to two. By the way: hundred euros without asking a lead"
    assert [finding.words for finding in guard.check(twice)] == [
        "agents may refund up to two",
        "hundred euros without asking a lead",
    ]


def test_what_was_public_is_found_once_its_public_document_is_gone(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.add("Pausing", PUBLIC)
    library.add("Playbook", PUBLIC, Audience.INTERNAL)
    guard = AudienceGuard(library.words)
    assert guard.check(PUBLIC) == []

    library.remove("Pausing")

    assert len(guard.check(PUBLIC)) == 1
