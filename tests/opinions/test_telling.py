"""What customers say is counted by SQL, and shown in their own words."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.analyse.analysing import Analyser
from assistant.domain import Answer, Look, Mention, Support
from assistant.opinions.telling import Opinions
from assistant.sorting import sort_new_mentions
from assistant.store.database import Store
from assistant.store.mentions import MentionTables
from assistant.store.opinions import OpinionTables

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
    answer = opinions.answer(text, NOW)
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
    assert opinions.answer("How do customers pause their plan?", NOW) is None
