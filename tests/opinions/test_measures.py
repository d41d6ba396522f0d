"""Who asks how many, what share, the top, who, where, on which network or more than before gets that first."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.core.database import Store
from assistant.domain import Answer, Mention, Question, Turn
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.insights.answers import Opinions
from assistant.listening.insights.measures import CountKind
from assistant.listening.insights.questions import OpinionKind, OpinionQuestion, Reader
from assistant.listening.pipeline import sort_new_mentions
from assistant.listening.tables.insights import OpinionTables
from assistant.listening.tables.posts import MentionTables

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)  # a Wednesday
POSTS = (
    ("x", "ada", "I hate the app, it is terrible", 1),
    ("x", "ada", "The app crashed again, awful, and the battery is dead", 8),
    ("mastodon", "bo", "The app is wonderful, I love it", 1),
    ("mastodon", "cy", "Apps exist", 4),
    ("x", "di", "The brakes are terrible, I hate them", 9),
    ("pasted", "", "I hate the app", 1),
)


def read(text: str, *before: str) -> OpinionQuestion | None:
    history = tuple(Turn("user", turn) for turn in before)
    return Reader(NOW, ZoneInfo("UTC"), ("mastodon", "x"), ("Berlin",)).read(Question(text, history=history))


@pytest.mark.parametrize(
    ("text", "measure", "words"),
    [
        ("What share of posts is negative?", CountKind.SHARE, []),
        ("what percentage of the posts about the app are complaints", CountKind.SHARE, ["app"]),
        ("top 3 complaints about the app", CountKind.TOP, ["app"]),
        ("What do people complain about most?", CountKind.TOP, []),
        ("who complains most about brakes", CountKind.WHO, ["brakes"]),
        ("Where do people complain about the app?", CountKind.WHERE, ["app"]),
        ("where do complaints come from", CountKind.WHERE, []),
        ("Which network has the most complaints?", CountKind.NETWORK, []),
        ("on which network do people complain about the app", CountKind.NETWORK, ["app"]),
        ("Are there more complaints than last week?", CountKind.CHANGE, []),
        ("did complaints about the brakes go up?", CountKind.CHANGE, ["brakes"]),
        ("compare complaints this week with last week", CountKind.CHANGE, []),
        ("brake complaints", CountKind.COUNT, ["brake"]),
        ("show me complaints about brakes", CountKind.COUNT, ["brakes"]),
        ("anything about the app on mastodon?", CountKind.COUNT, ["app"]),
        ("complaints on Sunday", CountKind.COUNT, []),
        ("posts on x", CountKind.COUNT, []),
        ("Do people like the app more than last month?", CountKind.CHANGE, ["app"]),
        ("are people getting angrier about the app?", CountKind.CHANGE, ["app"]),
        ("is sentiment worse than last week?", CountKind.CHANGE, []),
        ("Which network is the most negative?", CountKind.MOOD, []),
        ("which platform has the happiest customers?", CountKind.MOOD, []),
        ("posts per network last week", CountKind.NETWORK, []),
        ("How many posts were there on Sunday 15 November?", CountKind.COUNT, []),
        ("how many tweets yesterday?", CountKind.COUNT, []),
        ("number of complaints about late delivery in October", CountKind.COUNT, ["late", "delivery"]),
        ("which city complains the most?", CountKind.WHERE, []),
        ("where are most complaints from?", CountKind.WHERE, []),
        ("who is our loudest critic?", CountKind.WHO, []),
        ("what percentage of customers are unhappy with delivery?", CountKind.SHARE, ["delivery"]),
        ("what are the main themes this week?", CountKind.TOP, []),
        ("biggest problems customers had this week", CountKind.TOP, []),
        ("how are we doing on x this week?", CountKind.COUNT, []),
        ("last week's complaints about brakes", CountKind.COUNT, ["brakes"]),
    ],
)
def test_what_is_asked_of_the_posts_is_read(text: str, measure: CountKind, words: list[str]) -> None:
    asked = read(text)
    assert asked
    assert (asked.measure, list(asked.terms.values())) == (measure, words)


@pytest.mark.parametrize(
    "text",
    [
        *("Who handles complaints?", "complaint handling process", "how do I file a complaint", "complaint form"),
        *("show me the refund policy", "top 5 benefits", "which network drive do I use", "where do complaints go"),
        *(
            "What are the main themes of the handbook?",
            "biggest problems in onboarding",
            "which platforms do we support",
        ),
        *("how many reviews do I need for a merge?", "where are complaints filed?", "how are we doing?"),
        *("how many posts may I publish a week", "what was said about pay", "my complaints", "brake pads"),
    ],
)
def test_what_is_asked_of_the_documents_is_left_to_them(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("complaints in week 46", "2026-11-09", "2026-11-16"),
        ("complaints in week 50", "2025-12-08", "2025-12-15"),
        ("complaints in week 46 of 2025", "2025-11-10", "2025-11-17"),
        ("complaints two weeks ago", "2026-11-02", "2026-11-09"),
        ("complaints a month ago", "2026-10-01", "2026-11-01"),
        ("complaints on Sunday", "2026-11-15", "2026-11-16"),
        ("complaints from yesterday", "2026-11-17", "2026-11-18"),
        ("complaints from Monday on", "2026-11-16", "2026-11-19"),
        ("complaints on Sunday 15 November", "2026-11-15", "2026-11-16"),
        ("complaints in the last fortnight", "2026-11-05", "2026-11-19"),
        ("complaints a fortnight ago", "2026-11-02", "2026-11-09"),
        ("complaints last weekend", "2026-11-14", "2026-11-16"),
        ("complaints the day before yesterday", "2026-11-16", "2026-11-17"),
        ("complaints this morning", "2026-11-18", "2026-11-19"),
        ("complaints so far this month", "2026-11-01", "2026-12-01"),
        ("complaints on 15.11.2026", "2026-11-15", "2026-11-16"),
        ("complaints on 11/15/2026", "2026-11-15", "2026-11-16"),
    ],
)
def test_weeks_and_days_are_read_as_people_name_them(text: str, start: str, end: str) -> None:
    asked = read(text)
    assert asked
    assert asked.period
    assert (f"{asked.period.start_at:%F}", f"{asked.period.end_at:%F}", asked.unread) == (start, end, ())


def test_a_date_that_is_two_days_in_one_is_left_out_and_said_to_be() -> None:
    asked = read("complaints on 10/11/2026")
    assert asked
    assert (asked.period, asked.unread) == (None, ("10/11/2026",))


@pytest.mark.parametrize(
    ("text", "terms"),
    [("What do people say about C++?", ["c++"]), ("posts about C#", ["c#"]), ("posts about e-bikes", ["e bike"])],
)
def test_a_word_with_signs_in_it_is_one(text: str, terms: list[str]) -> None:
    asked = read(text)
    assert asked
    assert list(asked.terms) == terms


def test_a_language_is_no_word_of_the_posts() -> None:
    for text in ("how many posts in German last week", "German posts about the app", "complaints written in German"):
        asked = read(text)
        assert asked
        assert (asked.language, "german" in asked.terms) == ("de", False)


def test_what_may_not_be_named_is_no_subject() -> None:
    asked = read("what do people say about the app but not about the battery")
    assert asked
    assert (list(asked.terms.values()), list(asked.without.values())) == (["app"], ["battery"])


def test_a_place_that_posts_are_from_is_no_word_of_theirs() -> None:
    asked = read("What do people complain about in Berlin this week?")
    assert asked
    assert (asked.place, asked.terms) == ("Berlin", {})


def test_a_conversation_keeps_its_period_until_another_is_named() -> None:
    first = "What do people say about the app last week?"
    kept, changed = read("How many complaints about brakes?", first), read("How many complaints yesterday?", first)
    assert kept
    assert changed
    assert (kept.period and kept.period.label, changed.period and changed.period.label) == ("last week", "yesterday")


@pytest.fixture
def opinions(tmp_path: Path) -> Opinions:
    mentions = MentionTables(Store(tmp_path / "earshot.db"))
    posts = [
        Mention(f"{network}:{i}", network, str(i), author, text, NOW - timedelta(days=days), "en")
        for i, (network, author, text, days) in enumerate(POSTS)
    ]
    mentions.add(posts, NOW)
    sort_new_mentions(mentions, Analyser(), NOW)
    places = [("x:0", "city", "Berlin"), ("x:0", "country", "DE"), ("x:1", "country", "DE"), ("x:4", "country", "none")]
    for mention_id, about, label in places:
        mentions._store.change(
            "insert or replace into findings values (?, ?, ?, 1, 'test', '')", mention_id, about, label
        )
    return Opinions(OpinionTables(mentions._store), ZoneInfo("UTC"))


def ask(opinions: Opinions, text: str) -> Answer:
    answer = opinions.answer(Question(text), NOW)
    assert answer
    return answer


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("What share of posts about the app is negative?", "50% of the posts in the last 30 days: 2 of 4 are unhappy."),
        ("Who complains most?", "Who wrote most complaints in the last 30 days: ada on x (2), di on x (1)."),
        ("Where do complaints come from?", "Where most complaints come from in the last 30 days: Berlin (1), DE (1)."),
        ("Which network has most posts?", "Posts by network in the last 30 days: x (3), mastodon (2)."),
        (
            "Are there more complaints than last week?",
            "1 fewer: 1 complaint from 2026-11-16 on, 2 last week, over the same length of time."
            " That is 50% of all posts, after 100%.",
        ),
        (
            "Did complaints about the brakes go up?",
            "1 more: 1 complaint in the last 30 days, 0 in the same length of time before."
            " That is 100% of all posts, after 0%.",
        ),
        (
            "Which network is the most negative?",
            "Share of posts that are unhappy, by network, in the last 30 days: x 100% (3 of 3), mastodon 0% (0 of 2).",
        ),
        ("posts about the app but not the battery", "3 posts naming “app” but not “battery” in the last 30 days"),
        ("brake complaints", "1 post naming “brake” in the last 30 days"),
        ("how many posts on x", "3 posts on x in the last 30 days"),
    ],
)
def test_the_first_sentence_answers(opinions: Opinions, text: str, first: str) -> None:
    assert ask(opinions, text).answer.startswith(first)


@pytest.mark.parametrize("measure", CountKind)
def test_whatever_is_measured_is_told_of_posts_of_a_place_on_a_network_without_some_words(
    opinions: Opinions, measure: CountKind
) -> None:
    asked = OpinionQuestion(
        {"app": "app"}, OpinionKind.NEGATIVE, None, "x", measure=measure, without={"brake": "brakes"}, place="berlin"
    )
    opinions.catch_up()
    found = opinions._find(asked, NOW)
    assert found
    assert (
        "1 post on x from berlin naming “app” but not “brakes” in the last 30 days" in opinions._tell(found, NOW).answer
    )


def test_what_colleagues_pasted_is_no_post(opinions: Opinions) -> None:
    assert "4 posts naming “app”" in ask(opinions, "What do people say about the app?").answer


def test_who_did_not_complain_is_counted_as_well(opinions: Opinions) -> None:
    assert "2 of them are not unhappy" in ask(opinions, "How many people did not complain about the app?").answer


def test_signs_of_a_word_have_to_stand_in_a_post(opinions: Opinions) -> None:
    assert ask(opinions, "What do people say about C++?").answer.startswith("No post naming “C++”")
    assert "No post names “App#”" in ask(opinions, "What do people say about App# and the brakes?").answer


def test_a_word_with_a_hyphen_is_found_whole(tmp_path: Path) -> None:
    mentions = MentionTables(Store(tmp_path / "earshot.db"))
    texts = ("My e-bike is great", "Is an E-Bike worth it?", "e.g. my bike", "The bike")
    posts = [Mention(f"x:{n}", "x", str(n), "ada", text, NOW - timedelta(days=1), "en") for n, text in enumerate(texts)]
    mentions.add(posts, NOW)
    found = Opinions(OpinionTables(mentions._store), ZoneInfo("UTC"))
    assert ask(found, "What do people say about e-bikes?").answer.startswith("2 posts naming “e-bikes”")
    assert ask(found, "What do people say about the bike but not e-bikes?").answer.startswith("2 posts naming “bike”")


def test_people_are_not_named_where_the_company_does_not_want_it(tmp_path: Path) -> None:
    mentions = MentionTables(Store(tmp_path / "earshot.db"))
    mentions.add([Mention("x:1", "x", "1", "ada", "I hate the app", NOW - timedelta(days=1), "en")], NOW)
    sort_new_mentions(mentions, Analyser(), NOW)
    answer = Opinions(OpinionTables(mentions._store), ZoneInfo("UTC"), is_hiding_authors=True)
    told = answer.answer(Question("Who complains most?"), NOW)
    assert told
    assert told.answer.startswith("I don't name authors: your admins chose to hide them.")
