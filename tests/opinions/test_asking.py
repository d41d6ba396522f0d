"""Questions about customers are told from questions for the documents."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.opinions.asking import Kind, OpinionQuestion, read_question

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def read(text: str) -> OpinionQuestion | None:
    return read_question(text, NOW, BERLIN)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("What do people say about the new app?", Kind.ALL, ["app"]),
        ("How do customers feel about the pricing change?", Kind.ALL, ["pricing", "change"]),
        ("Are customers complaining about the docks?", Kind.NEGATIVE, ["docks"]),
        ("Who complained about late delivery?", Kind.NEGATIVE, ["late", "delivery"]),
        ("What are the top complaints?", Kind.NEGATIVE, []),
        ("What's the sentiment about the helmet?", Kind.ALL, ["helmet"]),
        ("Do people like the bikes?", Kind.POSITIVE, ["bikes"]),
        ("What did customers ask about?", Kind.QUESTIONS, []),
        ("Summarize feedback on the app", Kind.ALL, ["app"]),
        ("how many people complained about refunds?", Kind.NEGATIVE, ["refunds"]),
        ("What is being said about us online?", Kind.ALL, []),
    ],
)
def test_a_question_about_what_customers_say_is_known_by_its_words(text: str, kind: Kind, words: list[str]) -> None:
    asked = read(text)
    assert asked
    assert (asked.kind, list(asked.terms.values())) == (kind, words)


@pytest.mark.parametrize(
    "text",
    [
        "How do customers pause their plan?",
        "What should I say to customers about the recall?",
        "What do customers need to open an account?",
        "How do users request a refund?",
        "What is our policy on complaints?",
        "How do I give feedback on my manager?",
        "Who answers complaints?",
        "",
    ],
)
def test_a_question_about_rules_goes_to_the_documents(text: str) -> None:
    assert read(text) is None


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("today", "2026-11-17T23:00", "2026-11-18T23:00"),
        ("yesterday", "2026-11-16T23:00", "2026-11-17T23:00"),
        ("this week", "2026-11-15T23:00", "2026-11-22T23:00"),
        ("last week", "2026-11-08T23:00", "2026-11-15T23:00"),
        ("last month", "2026-09-30T22:00", "2026-10-31T23:00"),
        ("in the last 3 days", "2026-11-15T23:00", "2026-11-18T23:00"),
        ("over the past two weeks", "2026-11-04T23:00", "2026-11-18T23:00"),
        ("in October", "2026-09-30T22:00", "2026-10-31T23:00"),
        ("in December", "2025-11-30T23:00", "2025-12-31T23:00"),
        ("in March 2025", "2025-02-28T23:00", "2025-03-31T22:00"),
        ("in 2026-W46", "2026-11-08T23:00", "2026-11-15T23:00"),
        ("since 2026-11-02", "2026-11-01T23:00", "2026-11-18T23:00"),
    ],
)
def test_a_period_is_meant_in_the_companys_time_zone_and_is_no_subject(text: str, start: str, end: str) -> None:
    asked = read(f"What do people say about the app {text}?")
    assert asked
    assert asked.period
    assert (f"{asked.period.start_at:%FT%R}", f"{asked.period.end_at:%FT%R}") == (start, end)
    assert list(asked.terms.values()) == ["app"]


@pytest.mark.parametrize("text", ["in 2026-W60", "since 2026-02-30", "in the last 9999 years", "in March 0000"])
def test_a_period_that_is_none_does_not_count(text: str) -> None:
    asked = read(f"What do people say about the app {text}?")
    assert asked
    assert asked.period is None
