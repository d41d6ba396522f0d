"""The rubric of docs/evaluation.md: each verdict for the answer that deserves it."""

import re
from dataclasses import replace

import pytest

from assistant.domain import Look
from evals.question_sets import QuestionKind, StaffQuestion
from evals.rubric import ShownAnswer, Verdict, judge, read_answer, simplify

PAUSE = StaffQuestion(
    "1",
    QuestionKind.DOUBLE,
    "an agent",
    "#support",
    "how long can they pause and what is it",
    "Three months, £9 a month.",
    pages=("help/pause.md",),
    must=(re.compile("3 months"), re.compile("£9")),
    must_not=(re.compile("2 weeks"),),
)
UNKNOWN = replace(PAUSE, pages=(), must=(), is_answerable=False)
HELLO = replace(UNKNOWN, kind=QuestionKind.SMALL_TALK, is_answerable=True)


def answer(text: str, *pages: str, is_grounded: bool = True, look: str = Look.ANSWER) -> ShownAnswer:
    return ShownAnswer(text, is_grounded, look, pages)


REFUSED = answer("I couldn't find this in our documents.", is_grounded=False, look=Look.FINDINGS)


@pytest.mark.parametrize(
    ("question", "given", "verdict"),
    [
        (PAUSE, answer("Up to **3 months** [1]\n£9 each [2]", "public/help/pause.md"), Verdict.RIGHT),
        (PAUSE, answer("It costs £9.", "public/help/pause.md"), Verdict.PARTLY),
        (PAUSE, answer("In the app.", "public/help/pause.md"), Verdict.WRONG),
        (PAUSE, answer("Up to 3 months, £9.", "help/holidays.md"), Verdict.WRONG),
        (PAUSE, answer("Up to 3 months, £9.", "help/unpause.md/not/pause.md"), Verdict.WRONG),
        (PAUSE, answer("Up to 3 months, £9, or 2 weeks.", "help/pause.md"), Verdict.WRONG),
        (PAUSE, REFUSED, Verdict.WRONGLY_REFUSED),
        (UNKNOWN, REFUSED, Verdict.RIGHTLY_REFUSED),
        (UNKNOWN, answer("It costs £9.", "help/pause.md"), Verdict.WRONG),
        (UNKNOWN, replace(REFUSED, text="Not found. Closest page: 2 weeks of Thistle"), Verdict.WRONG),
        (HELLO, answer("Hi! What can I look up?", is_grounded=False), Verdict.RIGHT),
        (HELLO, answer("I'm Leonor.", "support/onboarding.md"), Verdict.WRONG),
        (HELLO, replace(REFUSED, nearest=("help/pause.md",)), Verdict.WRONG),
        (HELLO, answer("Hi! " * 100), Verdict.WRONG),
        (replace(HELLO, must=(re.compile("bot"),)), answer("Hi!"), Verdict.WRONG),
    ],
)
def test_each_answer_gets_the_verdict_of_the_rubric(
    question: StaffQuestion, given: ShownAnswer, verdict: Verdict
) -> None:
    assert judge(question, given).verdict is verdict


def test_the_reason_names_what_the_answer_lacks() -> None:
    assert judge(PAUSE, answer("It costs £9.", "help/pause.md")).reason == "lacks 3 months"


def test_markup_and_typography_do_not_hide_a_fact() -> None:
    table = "## Prices\n\n| Plan | Bristol |\n|---|---|\n| **Lane** | £59 |"
    assert simplify(table).endswith("Lane £59")
    assert simplify("See [the *plans*](../plans.md) – it’s `free` [2].") == "See the plans - it's free."
    assert simplify("> Quoted\n08:00–10:00") == "Quoted 08:00-10:00"


def test_an_answer_is_read_from_a_line_of_ask_batch() -> None:
    line = {
        "id": "1",
        "answer": "Yes.",
        "is_grounded": True,
        "look": "answer",
        "citations": [{"document_id": "a.md"}, {"document_id": "a.md"}],
        "nearest": [{"document_id": "b.md"}],
    }
    assert read_answer(line) == ShownAnswer("Yes.", True, "answer", ("a.md",), ("b.md",))
