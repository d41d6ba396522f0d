"""What nobody could answer, or not well, is put together, so that one document can close many questions."""

from datetime import datetime, timedelta
from pathlib import Path

from fakes_reply import NOW, BagOfWordsEmbedder

from assistant.core.database import Store
from assistant.domain import Answer, Nearest, Question
from assistant.knowledge.gaps import Gap, find_gaps
from assistant.knowledge.tables.questions import AskedIn, QuestionTables


def keep(tables: QuestionTables, text: str, day: int, is_grounded: bool = False, channel: str = "C1") -> None:
    near = (Nearest("help/plans.md", "Plans", None, None),)
    answer = Answer("I do not know.", is_grounded, "", nearest=near)
    tables.add(Question(text), answer, NOW + timedelta(days=day), AskedIn(channel=channel))


def test_questions_that_ask_the_same_are_one_gap_and_the_most_asked_comes_first(tmp_path: Path) -> None:
    tables = QuestionTables(Store(tmp_path / "earshot.db"))
    keep(tables, "parking fine who pays", 1)
    keep(tables, "dental plan insurance cover", 2)
    keep(tables, "who pays parking fine", 3, channel="C2")
    keep(tables, "answered question", 4, is_grounded=True)
    first, second = find_gaps(tables, BagOfWordsEmbedder())
    assert (first.count, first.channels, first.nearest) == (2, ("C1", "C2"), ("help/plans.md",))
    assert first.last_asked_at == NOW + timedelta(days=3)
    assert second.questions == ("dental plan insurance cover",)


def test_without_unanswered_questions_there_are_no_gaps(tmp_path: Path) -> None:
    tables = QuestionTables(Store(tmp_path / "earshot.db"))
    keep(tables, "answered question", 1, is_grounded=True)
    assert find_gaps(tables, BagOfWordsEmbedder()) == []


def test_a_single_unanswered_question_is_a_gap(tmp_path: Path) -> None:
    tables = QuestionTables(Store(tmp_path / "earshot.db"))
    keep(tables, "dental plan", 1)
    assert [gap.count for gap in find_gaps(tables, BagOfWordsEmbedder())] == [1]


def ask(tables: QuestionTables, key: str, text: str, user: str | None, is_grounded: bool, minute: int = 0) -> None:
    near = (Nearest("help/plans.md", "Plans", None, None),)
    asked = AskedIn(channel="C1", user=user, question_key=key)
    tables.add(Question(text), Answer("", is_grounded, "", nearest=near), at(minute), asked)


def at(minute: int) -> datetime:
    return NOW + timedelta(minutes=minute)


def find(tables: QuestionTables) -> list[Gap]:
    return find_gaps(tables, BagOfWordsEmbedder())


def test_an_answer_that_is_voted_down_is_a_gap_with_what_it_was_answered_from(tmp_path: Path) -> None:
    tables = QuestionTables(Store(tmp_path / "earshot.db"))
    ask(tables, "1", "who pays a parking fine", "ann", is_grounded=False)
    ask(tables, "2", "who pays the parking fine", "ben", is_grounded=True)
    ask(tables, "3", "something else entirely", "ben", is_grounded=True)
    assert [gap.voted_down for gap in find(tables)] == [0]
    for user in ("ann", "ben"):
        assert tables.vote("2", user, False, at(1))
    assert tables.vote("3", "ben", True, at(1))
    (gap,) = find(tables)
    assert (gap.count, gap.refused, gap.voted_down) == (2, 1, 2)
    assert (gap.channels, gap.nearest, gap.last_asked_at) == (("C1",), ("help/plans.md",), at(0))


def test_whoever_votes_again_changes_the_vote_and_the_later_click_counts(tmp_path: Path) -> None:
    tables = QuestionTables(Store(tmp_path / "earshot.db"))
    ask(tables, "1", "who pays a fine", "ann", is_grounded=True)
    tables.vote("1", "ann", False, at(1))
    assert len(find(tables)) == 1
    tables.vote("1", "ann", True, at(3))
    assert find(tables) == []
    tables.vote("1", "ann", False, at(2))
    assert find(tables) == [], "worked off late, clicked early"


def test_a_question_leaves_the_gaps_when_the_same_person_is_helped_later(tmp_path: Path) -> None:
    tables = QuestionTables(Store(tmp_path / "earshot.db"))
    ask(tables, "1", "Who pays a fine? ", "ann", is_grounded=False)
    ask(tables, "2", "who pays a fine?", "ann", is_grounded=True, minute=1)
    ask(tables, "3", "who pays a fine?", "ben", is_grounded=True, minute=1)
    tables.vote("3", "ben", True, at(2))
    assert [gap.refused for gap in find(tables)] == [1], "another person's thumb says nothing of hers"
    tables.vote("2", "ann", True, at(2))
    assert find(tables) == []
    ask(tables, "4", "who pays a fine?", "ann", is_grounded=False, minute=3)
    assert [gap.refused for gap in find(tables)] == [1], "not helped this time"


def test_questions_from_the_command_line_are_nobodys_and_stay(tmp_path: Path) -> None:
    tables = QuestionTables(Store(tmp_path / "earshot.db"))
    tables.add(Question("who pays"), Answer("", False, ""), at(0))
    ask(tables, "1", "who pays", "ann", is_grounded=True)
    tables.vote("1", "ann", True, at(1))
    assert [gap.refused for gap in find(tables)] == [1]


def test_a_vote_on_a_question_that_is_not_kept_is_refused(tmp_path: Path) -> None:
    assert not QuestionTables(Store(tmp_path / "earshot.db")).vote("gone", "ann", True, NOW)


def test_the_gap_that_most_people_met_comes_first(tmp_path: Path) -> None:
    tables = QuestionTables(Store(tmp_path / "earshot.db"))
    ask(tables, "1", "dental plan", "ann", is_grounded=False)
    ask(tables, "2", "parking fine", "ann", is_grounded=True)
    for user in ("ann", "ben"):
        tables.vote("2", user, False, at(1))
    assert [gap.question for gap in find(tables)] == ["parking fine", "dental plan"]


def test_that_customers_say_nothing_is_no_gap(tmp_path: Path) -> None:
    tables = QuestionTables(Store(tmp_path / "earshot.db"))
    tables.add(Question("What do people say about hats?"), Answer("I do not know.", False, "", writer="counts"), NOW)
    assert find_gaps(tables, BagOfWordsEmbedder()) == []
