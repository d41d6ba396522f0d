"""What nobody could answer is put together, so that one document can close many questions."""

from datetime import timedelta
from pathlib import Path

from fakes_reply import NOW, BagOfWordsEmbedder

from assistant.domain import Answer, Nearest, Question
from assistant.gaps import find_gaps
from assistant.store.database import Store
from assistant.store.questions import AskedIn, QuestionTables


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
