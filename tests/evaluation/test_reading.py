"""Files of questions: what is wrong in one is told with its line."""

from pathlib import Path

import pytest
from evaluation.pages import Write

from assistant.errors import InputError
from evals.corpus import read_questions


def test_a_limit_takes_the_first_questions(write: Write) -> None:
    path = write("q.jsonl", *({"id": number, "question": "Why?"} for number in range(1, 5)))
    assert [asked.question_id for asked in read_questions(path, 2)] == ["1", "2"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"id": "1", "doc_ids": []}, r"q\.jsonl, line 2 has no question"),
        ({"question": " "}, r"q\.jsonl, line 2 has no question"),
        ([1], r"q\.jsonl, line 2 is no JSON object"),
        ({"question": "Why?", "doc_ids": "x.md"}, "line 2: doc_ids is no list of texts"),
        ({"question": "Why?", "answers": [1]}, "line 2: answers is no list of texts"),
        ({"question": "Why?", "history": ["hello"]}, "line 2: history is no list of turns"),
    ],
)
def test_a_line_that_is_no_question_is_named(write: Write, line: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_questions(write("q.jsonl", {"question": "Why?"}, line))


def test_files_that_cannot_be_read_are_named(tmp_path: Path, write: Write) -> None:
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_text("no gzip")
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes('{"question": "Café?"}'.encode("latin-1"))
    for path, said in (
        (tmp_path / "gone.jsonl", r"gone\.jsonl cannot be read: No such file"),
        (broken, r"broken\.jsonl\.gz cannot be read"),
        (latin, r"latin\.jsonl is not valid UTF-8"),
        (write("empty.jsonl"), r"empty\.jsonl has no questions"),
    ):
        with pytest.raises(InputError, match=said):
            read_questions(path)
