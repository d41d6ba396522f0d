"""Sets of questions: those that come with Earshot are whole, and a faulty one is named."""

from pathlib import Path

import pytest

from assistant.domain import Audience
from assistant.errors import InputError
from evals.question_sets import QuestionKind, QuestionSet, Split, find_set_names, read_set
from evals.rubric import simplify

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
LINE = """
[[question]]
id = "1"
kind = "follow_up"
who = "an agent"
where = "#support"
audience = "public"
history = ["how do I pause", "In the app."]
question = "and for how long"
truth = "Three months."
page = "pause.md"
must = ['3\\s?months']
"""


def read(folder: Path, text: str) -> QuestionSet:
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return read_set(str(folder / "own.toml"))


@pytest.mark.parametrize("name", find_set_names())
def test_every_set_is_read_and_says_where_its_documents_are(name: str) -> None:
    assert read_set(name).documents
    counts = [sum(each.split is split for each in read_set(name).questions) for split in Split]
    assert min(counts) > 0.4 * sum(counts)


def test_the_documents_of_the_example_are_those_that_its_questions_name() -> None:
    pages = {page for each in read_set("example").questions for page in each.pages}
    assert [page for page in pages if not (KNOWLEDGE / page).exists()] == []


def test_the_pages_of_the_example_hold_what_their_answers_must_and_nothing_that_they_must_not() -> None:
    for each in read_set("example").questions:
        paths = [KNOWLEDGE / page for page in each.pages]
        if paths and all(path.suffix == ".md" for path in paths):
            texts = [simplify(path.read_text(encoding="utf-8")) for path in paths]
            assert all(any(pattern.search(text) for text in texts) for pattern in each.must), each.question_id
            assert not any(pattern.search(text) for pattern in each.must_not for text in texts), each.question_id


def test_a_question_of_ones_own_is_read_with_what_was_said_before(tmp_path: Path) -> None:
    (question,) = read(tmp_path, LINE).questions
    assert (question.kind, question.audience, question.pages) == (
        QuestionKind.FOLLOW_UP,
        Audience.PUBLIC,
        ("pause.md",),
    )
    assert [turn.role for turn in question.history] == ["user", "assistant"]
    assert question.must[0].search("For 3 MONTHS")


def test_the_half_depends_on_nothing_but_the_id(tmp_path: Path) -> None:
    more = LINE + LINE.replace('"1"', '"2"')
    assert read(tmp_path, LINE).questions[0].split is read(tmp_path, more).questions[0].split


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('truth = "Three months."\n', "", "own.toml, 1 has no truth"),
        ('"follow_up"', '"riddle"', "own.toml, 1: 'riddle' is not a valid QuestionKind"),
        ("must =", "may =", "own.toml, 1: there is no may"),
        ("['3\\s?months']", "['(']", "own.toml, 1: missing"),
        ("['3\\s?months']", "3", "3 is no list of texts"),
        ('page = "pause.md"\n', "", "own.toml, 1 is answerable, but has no page"),
        ("must =", "answerable = false\nmust =", "own.toml, 1 has a page, although none answers it"),
        ('id = "1"', "id = 1 1", "is no TOML"),
    ],
)
def test_a_faulty_question_is_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in LINE
    with pytest.raises(InputError) as caught:
        read(tmp_path, LINE.replace(before, after))
    assert said in caught.value.message


@pytest.mark.parametrize(("text", "said"), [("", "no questions"), (LINE + LINE, "has 1 twice")])
def test_an_empty_set_and_an_id_that_is_there_twice_are_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(tmp_path, text)


def test_a_set_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(InputError, match="There are no questions nowhere") as caught:
        read_set("nowhere")
    assert "example" in caught.value.hint
