"""What customers say is counted by SQL, and shown in their own words."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.core.database import Store
from assistant.domain import Answer, Look, Mention, Question, Support, Turn
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.insights.answers import Opinions
from assistant.listening.pipeline import sort_new_mentions
from assistant.listening.tables.insights import OpinionTables
from assistant.listening.tables.posts import MentionTables

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
POSTS = (
    ("x", "ada", "I hate the app, it is terrible", 1),
    ("x", "ada", "The app crashed again, awful", 2),
    ("mastodon", "bo", "The app is wonderful, I love it", 3),
    ("mastodon", "cy", "Apps exist", 4),
    ("x", "di", "Is there a battery for the bike?", 5),
    ("x", "ed", "RT @ada The app crashed again, awful", 6),
)


@pytest.fixture
def mentions(tmp_path: Path) -> MentionTables:
    return MentionTables(Store(tmp_path / "earshot.db"))


@pytest.fixture
def opinions(mentions: MentionTables) -> Opinions:
    keep(mentions, NOW)
    return Opinions(OpinionTables(mentions._store), ZoneInfo("UTC"))


def keep(mentions: MentionTables, now: datetime) -> None:
    mentions.add(
        [
            Mention(f"{network}:{i}", network, str(i), author, text, now - timedelta(days=days), "en")
            for i, (network, author, text, days) in enumerate(POSTS)
        ],
        now,
    )
    sort_new_mentions(mentions, Analyser(), now)


def ask(opinions: Opinions, text: str) -> Answer:
    answer = opinions.answer(Question(text), NOW)
    assert answer
    return answer


def told(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences if sentence.support is Support.COUNTED]


def test_posts_and_people_and_feelings_are_counted(opinions: Opinions) -> None:
    answer = ask(opinions, "What do people say about the new app?")
    assert answer.is_grounded
    assert told(answer)[:2] == [
        "5 posts naming “app” in the last 30 days, by 4 people: 3 negative, 1 neutral, 1 positive.",
        "By network: x (3), mastodon (2).",
    ]


def test_each_sample_is_a_post_word_for_word_with_its_author_and_place(opinions: Opinions) -> None:
    answer = ask(opinions, "What do people say about the app?")
    texts = {text for _, _, text, _ in POSTS}
    samples = [sentence for sentence in answer.sentences if sentence.support is Support.QUOTED]
    assert {s.text.strip("“”") for s in samples} < texts
    assert {citation.quote for citation in answer.citations} < texts
    assert "bo on mastodon, 2026-11-15" in {citation.title for citation in answer.citations}
    assert not any("RT @" in s.text for s in samples)


def test_who_asks_for_complaints_gets_complaints(opinions: Opinions) -> None:
    answer = ask(opinions, "What are people complaining about?")
    assert "3 of them are unhappy." in told(answer)
    assert {citation.quote for citation in answer.citations} == {POSTS[0][2], POSTS[1][2]}


def test_where_nobody_complains_it_says_so_and_shows_what_there_is(opinions: Opinions) -> None:
    answer = ask(opinions, "Are people complaining about the battery?")
    assert "0 of them are unhappy." in told(answer)
    assert [citation.quote for citation in answer.citations] == [POSTS[4][2]]


def test_where_no_post_names_all_words_each_is_counted_by_itself(opinions: Opinions) -> None:
    answer = ask(opinions, "What do people say about the app and the battery?")
    assert told(answer)[0].startswith("6 posts naming “app” or “battery”")
    assert "None names all of that; app (5), battery (1)." in told(answer)


def test_a_network_that_is_named_is_the_only_one_counted(opinions: Opinions) -> None:
    assert told(ask(opinions, "What do people say about the app on Mastodon?"))[0].startswith(
        "2 posts on mastodon naming “app”"
    )


def test_a_period_that_is_named_is_the_only_one_counted(opinions: Opinions) -> None:
    assert told(ask(opinions, "What did people say about the app yesterday?"))[0].startswith(
        "1 post naming “app” yesterday, by 1 person"
    )


def test_without_recent_posts_the_old_ones_are_told_and_said_to_be(tmp_path: Path) -> None:
    mentions = MentionTables(Store(tmp_path / "old.db"))
    keep(mentions, NOW - timedelta(days=400))
    opinions = Opinions(OpinionTables(mentions._store), ZoneInfo("UTC"))
    assert told(ask(opinions, "What do people say about the app?"))[0].startswith("5 posts naming “app” at any time")


def test_what_no_post_names_is_not_answered_from_anything_else(opinions: Opinions) -> None:
    answer = ask(opinions, "What do people say about unicorns?")
    assert (answer.is_grounded, answer.look) == (False, Look.FINDINGS)
    assert answer.reason == "No post naming “unicorns” at any time was collected."


def test_a_question_for_the_documents_is_left_to_them(opinions: Opinions) -> None:
    assert opinions.answer(Question("How do customers pause their plan?"), NOW) is None


@pytest.mark.parametrize("text", ["Do people like unicorns?", "Do people like the app for unicorns?"])
def test_a_question_that_may_be_for_the_documents_is_left_to_them_where_no_post_names_all(
    opinions: Opinions, text: str
) -> None:
    assert opinions.answer(Question(text), NOW) is None


def test_a_word_that_no_post_names_is_told(opinions: Opinions) -> None:
    answer = ask(opinions, "What do people say about the app for unicorns?")
    assert answer.look is Look.PARTIAL
    assert told(answer)[0].startswith("5 posts naming “app” in the last 30 days")
    assert told(answer)[1] == "No post names “unicorns” in the last 30 days."


def test_what_is_not_answered_is_told(opinions: Opinions) -> None:
    answer = ask(opinions, "What do people say about the app since 0001-01-01? And how do I pause my plan?")
    assert answer.look is Look.PARTIAL
    assert "Not understood as a time, and left out: “since”, “0001-01-01”." in answer.reason
    assert "Not answered here, please ask by itself: “And how do I pause my plan?”." in answer.reason


def test_a_long_question_is_not_printed_back(opinions: Opinions) -> None:
    answer = ask(opinions, "What do people say about " + " ".join(f"{'w' * 90}{n}" for n in range(5000)))
    assert not answer.is_grounded
    assert len(answer.answer) < 600


def test_a_question_goes_on_with_the_conversation(opinions: Opinions) -> None:
    turns = (Turn("user", "What do people say about the app?"), Turn("assistant", "5 posts …"))
    answer = opinions.answer(Question("And about the battery?", history=turns), NOW)
    assert answer
    assert told(answer)[0].startswith("1 post naming “battery”")


def test_posts_that_nobody_analysed_yet_and_authors_of_blanks_are_told_apart(mentions: MentionTables) -> None:
    texts = ("saddle one", "saddle two [1]")
    mentions.add([Mention(f"x:{text}", "x", text, " \t", text, NOW - timedelta(1)) for text in texts], NOW)
    answer = ask(Opinions(OpinionTables(mentions._store), ZoneInfo("UTC")), "What do people say about the saddle?")
    assert told(answer) == ["2 posts naming “saddle” in the last 30 days: 2 not analysed yet."]
    assert {citation.title for citation in answer.citations} == {"somebody on x, 2026-11-17"}
    assert "“saddle two ［1］”" in {sentence.text for sentence in answer.sentences}
