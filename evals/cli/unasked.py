"""The command eval unasked: how a help channel would be served."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.knowledge import build_progress
from assistant.cli.options import AsJson
from assistant.cli.output import print_json, print_table
from assistant.knowledge.answers.unasked import MARGIN
from evals.cli.answers import Documents, HomeOption, Name, find_documents, open_home
from evals.question_sets import Split, read_set
from evals.unasked import UnaskedReport, measure_unasked

Margin = Annotated[float, typer.Option(help="How much surer than for who asks an answer must be.")]


def unasked(
    set_name: Name = "example",
    split: Annotated[Split, typer.Option(help="dev to tune with, held to judge with.")] = Split.HELD,
    docs: Documents = None,
    home: HomeOption = None,
    margin: Margin = MARGIN,
    as_json: AsJson = False,
) -> None:
    """Measure a help channel: how much of what is said there unasked is right, and whether small talk is left alone."""
    questions = read_set(set_name)
    documents: Path = docs or find_documents(questions)
    with open_home(home) as folder, build_progress() as bar:
        task = bar.add_task("Reading documents")
        report = measure_unasked(
            folder, documents, questions, split, lambda text: bar.update(task, description=text), margin
        )
    if as_json:
        print_json(report)
        return
    print_table(("half", "questions", "said", "right", "small talk", "spoke"), [_to_row(report)])


def _to_row(report: UnaskedReport) -> tuple[object, ...]:
    right = f"{report.right} ({report.right / report.said:.0%})" if report.said else "-"
    return (report.split, report.questions, report.said, right, report.chatter, len(report.stirred))
