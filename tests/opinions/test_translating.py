"""A chat model may put a question about customers into the grammar; code counts, and what it finds is what is said."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes_reply import PROMPTS, ScriptedModel

from assistant.core.database import Store
from assistant.core.prompts import Prompts
from assistant.domain import Answer, Mention, Question
from assistant.errors import ModelError
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.insights.answers import Opinions
from assistant.listening.insights.chat_questions import ChatFigures, Translator
from assistant.listening.insights.measures import CountKind
from assistant.listening.pipeline import sort_new_mentions
from assistant.listening.tables.insights import OpinionTables
from assistant.listening.tables.posts import MentionTables

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
ASKED = "Gibt es diese Woche Beschwerden über die Bremsen?"


@pytest.fixture
def tables(tmp_path: Path) -> OpinionTables:
    mentions = MentionTables(Store(tmp_path / "earshot.db"))
    texts = ("The brakes are terrible, I hate them", "I love the brakes", "I hate the brakes and the price")
    posts = [Mention(f"x:{i}", "x", str(i), "ada", text, NOW - timedelta(days=1), "en") for i, text in enumerate(texts)]
    mentions.add(posts, NOW)
    sort_new_mentions(mentions, Analyser(), NOW)
    return OpinionTables(mentions._store)


def ask(tables: OpinionTables, text: str, *script: ChatFigures | ModelError) -> Answer | None:
    translator = Translator(ScriptedModel(*script), Prompts(PROMPTS))
    return Opinions(tables, ZoneInfo("UTC"), translator=translator).answer(Question(text), NOW)


def test_a_question_in_another_language_is_counted_like_the_same_one_in_english(tables: OpinionTables) -> None:
    said = ChatFigures(is_about_posts=True, about=["brakes"], kind="negative", period="this week")
    told = ask(tables, ASKED, said)
    plain = Opinions(tables, ZoneInfo("UTC")).answer(Question("complaints about brakes this week"), NOW)
    assert told
    assert plain
    assert told.answer == plain.answer


def test_what_is_measured_and_left_out_is_taken_over(tables: OpinionTables) -> None:
    said = ChatFigures(
        is_about_posts=True,
        about=["brakes"],
        not_about=["price"],
        kind="negative",
        measure=CountKind.SHARE,
        network="X",
    )
    told = ask(tables, "Wie viele Kunden sind unzufrieden?", said)
    assert told
    assert told.answer.startswith("50% of the posts in the last 30 days: 1 of 2 are unhappy.")
    assert "2 posts on x naming “brakes” but not “price”" in told.answer


@pytest.mark.parametrize(
    "said",
    [
        ChatFigures(is_about_posts=False, about=["brakes"]),
        ChatFigures(is_about_posts=True, about=["unicorns"]),
        ModelError("It is down."),
    ],
)
def test_what_is_for_the_documents_is_left_to_them(tables: OpinionTables, said: ChatFigures | ModelError) -> None:
    assert ask(tables, ASKED, said) is None


@pytest.mark.parametrize(
    "text", ["How long is parental leave?", "How do customers pause their plan?", "Can riders take a bike on ferries?"]
)
def test_a_question_about_something_else_costs_no_call(tables: OpinionTables, text: str) -> None:
    assert ask(tables, text) is None


def test_what_the_grammar_knows_costs_no_call(tables: OpinionTables) -> None:
    assert ask(tables, "complaints about brakes")


def test_a_time_that_is_not_understood_is_said_to_be(tables: OpinionTables) -> None:
    said = ChatFigures(is_about_posts=True, about=["brakes"], period="around the equinox")
    told = ask(tables, ASKED, said)
    assert told
    assert "Not understood as a time, and left out: “around the equinox”." in told.reason
