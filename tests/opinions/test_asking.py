"""Questions about customers are told from questions for the documents."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Question, Turn
from assistant.listening.insights.questions import OpinionKind, OpinionQuestion, Reader

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


NETWORKS = ("app_store", "forum", "mastodon", "x")


def read(text: str, *before: str) -> OpinionQuestion | None:
    history = tuple(Turn("user", turn) for turn in before)
    return Reader(NOW, BERLIN, NETWORKS).read(Question(text, history=history))


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("What do people say about the new app?", OpinionKind.ALL, ["app"]),
        ("How do customers feel about the pricing change?", OpinionKind.ALL, ["pricing", "change"]),
        ("Are customers complaining about the docks?", OpinionKind.NEGATIVE, ["docks"]),
        ("Who complained about late delivery?", OpinionKind.NEGATIVE, ["late", "delivery"]),
        ("What are the top complaints?", OpinionKind.NEGATIVE, []),
        ("What's the sentiment about the helmet?", OpinionKind.ALL, ["helmet"]),
        ("Do people like the bikes?", OpinionKind.POSITIVE, ["bikes"]),
        ("What did customers ask about?", OpinionKind.QUESTIONS, []),
        ("Summarize feedback on the app", OpinionKind.ALL, ["app"]),
        ("how many people complained about refunds?", OpinionKind.NEGATIVE, ["refunds"]),
        ("What is being said about us online?", OpinionKind.ALL, []),
        ("Tell me what customers say about the app", OpinionKind.ALL, ["app"]),
        ("Can you tell me what people think of the Lane plan?", OpinionKind.ALL, ["Lane", "plan"]),
        ("I'd like to know how users feel about the brakes", OpinionKind.ALL, ["brakes"]),
        ("Do you know whether customers like the L2?", OpinionKind.POSITIVE, ["L2"]),
        ("Has anyone complained about theft?", OpinionKind.NEGATIVE, ["theft"]),
        ("what complaints did we get last week about the battery", OpinionKind.NEGATIVE, ["battery"]),
        ("What feedback did we get?", OpinionKind.ALL, []),
        ("complaints about brakes", OpinionKind.NEGATIVE, ["brakes"]),
        ("How many complaints did we get?", OpinionKind.NEGATIVE, []),
        ("What do people not like about the app?", OpinionKind.NEGATIVE, ["app"]),
        ("What don't people like about the app?", OpinionKind.NEGATIVE, ["app"]),
        ("How do people like the app?", OpinionKind.POSITIVE, ["app"]),
        ("What do people in Berlin say about the app?", OpinionKind.ALL, ["Berlin", "app"]),
        ("In Berlin, what do people say about the app?", OpinionKind.ALL, ["Berlin", "app"]),
        ("What do people say about the vélo’s price?", OpinionKind.ALL, ["vélo", "price"]),
        ("How many posts mention the app?", OpinionKind.ALL, ["app"]),
    ],
)
def test_a_question_about_what_customers_say_is_known_by_its_words(
    text: str, kind: OpinionKind, words: list[str]
) -> None:
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
        "How do customers report a stolen bike?",
        "How do customers complain?",
        "How do customers complain about a bike?",
        "How do customers like to pay?",
        "How do users report a bug?",
        "How do people report harassment?",
        "How do people respond to a fire alarm?",
        "How do employees feel about the office move?",
        "How is feedback given in performance reviews?",
        "What is written on the frame?",
        "What's written about parental leave?",
        "What is said about holidays in the handbook?",
        "What was said about pay in the last all-hands?",
        "What do people need to say about data protection in training?",
        "What should I tell customers who complain about delivery?",
        "If customers complain about delivery, what should I do?",
        "What is feedback?",
        "What is praise?",
        "What are posts?",
        "What are the reviews for performance?",
        "How many reviews do I need for a merge?",
        "List all posts for the marketing team",
        "Do they mention the price in the contract?",
        "Do customers like to get a receipt?",
        "Who is happy to help?",
        "Who complains to the regulator?",
        "",
    ],
)
def test_a_question_about_rules_goes_to_the_documents(text: str) -> None:
    assert read(text) is None


@given(
    st.sampled_from(["", "What do people say about ", "How many complained about "]),
    st.text(),
    st.sampled_from(" \n\t"),
)
def test_any_text_can_be_read_and_white_space_around_it_says_nothing(begin: str, text: str, space: str) -> None:
    assert read(f"{space}{begin}{text}{space}") == read(f"{begin}{text}")


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
        ("in the last 24 hours", "2026-11-17T09:00", "2026-11-18T09:00"),
        ("in the last 1 days", "2026-11-17T23:00", "2026-11-18T23:00"),
        ("in the last 6 months", "2026-05-18T22:00", "2026-11-18T23:00"),
        ("this quarter", "2026-09-30T22:00", "2026-12-31T23:00"),
        ("last quarter", "2026-06-30T22:00", "2026-09-30T22:00"),
        ("in Q3", "2026-06-30T22:00", "2026-09-30T22:00"),
        ("in 2025", "2024-12-31T23:00", "2025-12-31T23:00"),
        ("on Monday", "2026-11-15T23:00", "2026-11-16T23:00"),
        ("last Wednesday", "2026-11-10T23:00", "2026-11-11T23:00"),
        ("3 days ago", "2026-11-14T23:00", "2026-11-15T23:00"),
        ("on 2026-10-24", "2026-10-23T22:00", "2026-10-24T22:00"),
        ("on 3 November", "2026-11-02T23:00", "2026-11-03T23:00"),
        ("on December 3rd", "2025-12-02T23:00", "2025-12-03T23:00"),
        ("on Nov 3, 2025", "2025-11-02T23:00", "2025-11-03T23:00"),
        ("since October", "2026-09-30T22:00", "2026-11-18T23:00"),
        ("since last week", "2026-11-08T23:00", "2026-11-18T23:00"),
        ("after Monday", "2026-11-16T23:00", "2026-11-18T23:00"),
        ("until yesterday", "1970-01-01T00:00", "2026-11-17T23:00"),
        ("before October", "1970-01-01T00:00", "2026-09-30T22:00"),
        ("between 10 and 11 November", "2026-11-09T23:00", "2026-11-11T23:00"),
        ("between November 3 and 20", "2026-11-02T23:00", "2026-11-20T23:00"),
        ("from 28 December to 5 January", "2025-12-27T23:00", "2026-01-05T23:00"),
        ("between 2026-10-01 and 2026-10-05", "2026-09-30T22:00", "2026-10-05T22:00"),
    ],
)
def test_a_period_is_meant_in_the_companys_time_zone_and_is_no_subject(text: str, start: str, end: str) -> None:
    asked = read(f"What do people say about the app {text}?")
    assert asked
    assert asked.period
    assert (f"{asked.period.start_at:%FT%R}", f"{asked.period.end_at:%FT%R}") == (start, end)
    assert list(asked.terms.values()) == ["app"]


@pytest.mark.parametrize(
    "text",
    [
        *("in 2026-W60", "since 2026-02-30", "in the last 9999 years", "since 0001-01-01", "in week 0001-W01"),
        *("on 10/11/2026", "since 2 weeks"),
    ],
)
def test_a_time_that_is_not_understood_is_no_subject_either(text: str) -> None:
    asked = read(f"What do people say about the app {text}?")
    assert asked
    assert (asked.period, list(asked.terms.values())) == (None, ["app"])
    assert asked.unread


def test_a_month_of_no_year_that_is_one_does_not_count() -> None:
    asked = read("What do people say about the app in March 0000?")
    assert asked
    assert asked.period is None


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("What do people on mastodon say about the app?", "mastodon"),
        ("What do people say about the app on the App Store?", "app_store"),
        ("What do people say about the app on the app_store?", "app_store"),
        ("What do people say about the app on Twitter?", "x"),
        ("What do people say about the app?", ""),
    ],
)
def test_a_network_is_no_subject(text: str, network: str) -> None:
    asked = read(text)
    assert asked
    assert (asked.network, list(asked.terms.values())) == (network, ["app"])


@pytest.mark.parametrize(
    ("text", "is_certain"),
    [
        ("What do people say about the app?", True),
        ("What complaints did we get about the app?", True),
        ("Do people like the app?", False),
        ("What is the reaction to the price?", False),
        ("What's the feedback on my manager?", False),
    ],
)
def test_only_some_words_leave_no_doubt_that_posts_are_meant(text: str, is_certain: bool) -> None:
    asked = read(text)
    assert asked
    assert asked.is_certain is is_certain


@pytest.mark.parametrize(
    "text",
    [
        "What do people say about the app? How do I pause my plan?",
        "How do I pause my plan? What do people say about the app?",
        "What do people say about the app and how do I pause my plan?",
    ],
)
def test_a_question_beside_it_is_kept(text: str) -> None:
    asked = read(text)
    assert asked
    assert list(asked.terms.values()) == ["app"]
    assert [other.lower() for other in asked.others] == ["how do i pause my plan?"]


def test_many_words_are_read_fast_and_the_first_are_taken() -> None:
    asked = read("What do people say about " + " ".join(f"word{number}" for number in range(20_000)))
    assert asked
    assert len(asked.terms) == 8
    assert asked.dropped > 0


@pytest.mark.parametrize(
    ("before", "text", "words", "period"),
    [
        (["What do people say about the app?"], "And about the battery?", ["battery"], None),
        (["What do people say about the app?"], "And last week?", ["app"], "last week"),
        (["What do people say about the app?"], "What do they think of the price?", ["price"], None),
        (["What do people say about the app last week?", "And the price?"], "and yesterday?", ["price"], "yesterday"),
    ],
)
def test_a_short_question_goes_on_with_the_one_before(
    before: list[str], text: str, words: list[str], period: str | None
) -> None:
    asked = read(text, *before)
    assert asked
    assert (list(asked.terms.values()), asked.period and asked.period.label) == (words, period)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("How do I pause my plan?", "And about the battery?"),
        ("What do people say about the app?", "And how do I pause it?"),
        ("What do people say about the app?", "The battery?"),
        ("What do people say about the app?", "And about parental leave for everybody who works in the office?"),
    ],
)
def test_what_does_not_go_on_is_left_to_the_documents(before: str, text: str) -> None:
    assert read(text, before) is None


_WORDS = st.sampled_from(
    "what do people say about in on since last between and 10 11 november week 2026-10-24 ?".split()
)


@given(st.lists(_WORDS, max_size=20))
def test_any_question_about_times_can_be_read(words: list[str]) -> None:
    asked = read("What do people say " + " ".join(words))
    assert asked is None or asked.period is None or asked.period.start_at <= asked.period.end_at
