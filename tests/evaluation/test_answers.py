"""Answers from the question that is asked to the table and the page of verdicts."""

import json
from pathlib import Path

import pytest
from cli.conftest import Run
from evaluation.pages import quiet

from assistant.errors import InputError
from evals.answer_report import build_rows, write_answers
from evals.question_sets import QuestionKind, StaffQuestion, read_set
from evals.rubric import JudgedAnswer, ShownAnswer, Verdict, judge
from evals.trial import Program, ask_all

QUESTIONS = """
documents = "Write them yourself."

[[question]]
id = "brakes"
kind = "figure"
who = "a mechanic"
where = "#workshop"
question = "When are brake pads replaced?"
truth = "Every two thousand kilometres."
page = "brakes.md"
must = ['two thousand']

[[question]]
id = "moon"
kind = "unanswerable"
who = "a mechanic"
where = "#workshop"
audience = "public"
question = "Who was the first woman on the moon?"
truth = "Nowhere written."
answerable = false
"""


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Two questions about the three pages, one for each audience."""
    (tmp_path / "own.toml").write_text(QUESTIONS, encoding="utf-8")
    return tmp_path / "own.toml"


def test_answers_are_those_that_the_program_gives(run: Run, folder: Path, questions: Path) -> None:
    run("ingest", str(folder))
    asked = read_set(str(questions)).questions
    answers = ask_all(run, asked, quiet)
    verdicts = [judge(question, answers[question.question_id]).verdict for question in asked]
    assert verdicts == [Verdict.RIGHT, Verdict.RIGHTLY_REFUSED]


def test_a_question_that_got_no_answer_is_named(questions: Path) -> None:
    with pytest.raises(InputError, match="brakes got no answer"):
        ask_all(lambda *words: "", read_set(str(questions)).questions, quiet)


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"earshot ingest failed: .*gone"):
        Program(tmp_path).run("ingest", "gone")


def test_without_documents_it_says_how_to_get_them(run: Run, questions: Path) -> None:
    with pytest.raises(InputError) as caught:
        run("eval", "answers", "--set", str(questions))
    assert caught.value.hint == "Give --docs. Write them yourself."


def test_a_folder_that_is_not_there_is_named(run: Run, questions: Path) -> None:
    with pytest.raises(InputError, match="There is no folder gone"):
        run("eval", "answers", "--set", str(questions), "--docs", "gone")


def _judge(question_id: str, verdict: Verdict) -> JudgedAnswer:
    question = StaffQuestion(question_id, QuestionKind.WHO, "me", "here", "who <b>is</b> it", "Nobody.")
    return JudgedAnswer(question, ShownAnswer("Some <one>", True, "answer"), verdict, "because")


def test_the_table_has_each_half_all_and_each_kind() -> None:
    judged = [_judge(str(number), Verdict.RIGHT if number else Verdict.WRONG) for number in range(10)]
    rows = build_rows("own", judged)
    assert [row[0] for row in rows] == ["own dev", "own held", "own all", "  who"]
    assert rows[2][1:5] == (10, "9 (90%)", "0 (0%)", "1 (10%)")


def test_the_page_shows_the_worst_first_and_nothing_of_an_answer_as_markup(tmp_path: Path) -> None:
    judged = [_judge("good", Verdict.RIGHT), _judge("bad", Verdict.WRONG)]
    write_answers(tmp_path / "answers.html", judged)
    page = (tmp_path / "answers.html").read_text(encoding="utf-8")
    assert page.index("bad ·") < page.index("good ·")
    assert "Some &lt;one&gt;" in page
    assert "<b>is" not in page


def test_a_file_of_lines_has_every_answer_with_its_verdict(tmp_path: Path) -> None:
    write_answers(tmp_path / "new" / "answers.jsonl", [_judge("good", Verdict.RIGHT)])
    line = json.loads((tmp_path / "new" / "answers.jsonl").read_text(encoding="utf-8"))
    assert (line["id"], line["verdict"], line["answer"]) == ("good", "right", "Some <one>")
