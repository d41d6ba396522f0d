"""The command eval answers: questions as colleagues ask them, and a verdict on each answer."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.knowledge import build_progress
from assistant.cli.options import AsJson
from assistant.cli.output import note, print_json, print_table
from assistant.core.shipped import find_shipped
from assistant.errors import InputError
from evals.answer_report import COLUMNS, build_rows, count_verdicts, write_answers
from evals.question_sets import QuestionSet, Split, read_set
from evals.rubric import JudgedAnswer, judge
from evals.trial import Program, ask_all

_EXAMPLE = "example"


class Half(StrEnum):
    """The questions of a set that are asked."""

    DEV = "dev"
    HELD = "held"
    ALL = "all"


Name = Annotated[str, typer.Option("--set", help="A set by its name (docs/evaluation.md), or a TOML file.")]
Chosen = Annotated[Half, typer.Option("--split", help="dev to tune with, held to judge with.")]
Documents = Annotated[Path | None, typer.Option("--docs", help="The folder of documents; the example's is here.")]
HomeOption = Annotated[Path | None, typer.Option("--home", help="A home to keep; else one that is removed after.")]
Model = Annotated[str, typer.Option("--chat-model", help="provider:model, with URL and key from the environment.")]
Out = Annotated[Path | None, typer.Option("--out", help="A file for every answer and verdict: .jsonl or .html.")]


def answers(
    set_name: Name = _EXAMPLE,
    split: Chosen = Half.ALL,
    docs: Documents = None,
    home: HomeOption = None,
    chat_model: Model = "",
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Judge answers: right, partly, wrong, wrongly or rightly refused, by the rubric of docs/evaluation.md."""
    questions = read_set(set_name)
    documents = docs or find_documents(questions)
    with open_home(home) as folder:
        judged = _try(questions, split, documents, Program(folder, chat_model))
    if out:
        write_answers(out, judged)
        note(f"Every answer: {out}")
    if as_json:
        print_json({half: count_verdicts(found) for half in Split if (found := _choose(judged, half))})
    else:
        print_table(COLUMNS, build_rows(questions.name, judged))


def _try(questions: QuestionSet, split: Half, documents: Path, program: Program) -> list[JudgedAnswer]:
    asked = [each for each in questions.questions if split in (Half.ALL, each.split)]
    if not asked:
        raise InputError(f"{questions.name} has no questions in {split}.", "Ask with --split all.")
    if not documents.exists():
        raise InputError(f"There is no folder {documents}.", "Give --docs the folder of documents.")
    with build_progress() as bar:
        task = bar.add_task("Reading documents")
        program.run("ingest", str(documents.resolve()))
        found = ask_all(program.run, asked, lambda text: bar.update(task, description=text))
    return [judge(question, found[question.question_id]) for question in asked]


def _choose(judged: list[JudgedAnswer], half: Split) -> list[JudgedAnswer]:
    return [each for each in judged if each.question.split is half]


def find_documents(questions: QuestionSet) -> Path:
    """Return where a set's documents lie. Raises InputError for one whose documents are not here."""
    if questions.name == _EXAMPLE:
        return find_shipped("knowledge")
    raise InputError(f"The documents of {questions.name} are not kept here.", f"Give --docs. {questions.documents}")


@contextmanager
def open_home(home: Path | None) -> Iterator[Path]:
    """Yield a home that was named, or one that is removed after."""
    if home:
        home.mkdir(parents=True, exist_ok=True)
        yield home.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="earshot-eval-") as folder:
        yield Path(folder)
