"""A trial of Earshot as a user has it: questions are asked by its own command, in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import assistant
from assistant.core.shipped import find_shipped
from assistant.domain import Audience
from assistant.errors import InputError
from assistant.knowledge.sources.ingest import Progress
from evals.question_sets import StaffQuestion
from evals.rubric import ShownAnswer, read_answer

_ROOT = Path(assistant.__file__).parent.parent
_START = "from assistant.cli.main import main; main()"

Run = Callable[..., str]
"""Runs a command of Earshot, given as the words that a person types, and returns what it prints."""


@dataclass(frozen=True)
class Program:
    """Earshot over a home, given by its whole path, with a chat model; quoting where that is empty."""

    home: Path
    chat_model: str = ""

    def run(self, *words: str) -> str:
        """Run a command in a process of its own; settings of the environment apply, a `.env` does not."""
        settings = {
            "EARSHOT_HOME": str(self.home),
            "EARSHOT_CHROMA_URL": "",  # its collections hold the company's own documents
            "KNOWLEDGE_DIR": str(self.home),
            "PROMPTS_DIR": str(find_shipped("prompts")),
            "CHAT_MODEL": self.chat_model,
            "PYTHONPATH": str(_ROOT),
        }
        done = subprocess.run(  # noqa: S603  # our own command
            [sys.executable, "-c", _START, *words],
            cwd=self.home,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise InputError(f"earshot {words[0]} failed: {done.stderr.strip()[-500:]}", "Run it by hand to see why.")
        return done.stdout


def ask_all(run: Run, questions: Sequence[StaffQuestion], progress: Progress) -> dict[str, ShownAnswer]:
    """Return the answer to each question by its id, as `earshot ask --batch` gives it to the question's audience."""
    answers: dict[str, ShownAnswer] = {}
    for audience in Audience:
        if asked := [question for question in questions if question.audience is audience]:
            progress(f"Asking {len(asked)} questions, readers: {audience}")
            answers |= _ask(run, asked, audience)
    if left_out := [each.question_id for each in questions if each.question_id not in answers]:
        raise InputError(f"{left_out[0]} got no answer.", "Ask it with earshot ask to see why.")
    return answers


def _ask(run: Run, questions: Sequence[StaffQuestion], audience: Audience) -> dict[str, ShownAnswer]:
    with tempfile.TemporaryDirectory(prefix="earshot-eval-") as folder:
        batch = Path(folder) / "questions.jsonl"
        batch.write_text("".join(f"{json.dumps(_to_line(each))}\n" for each in questions), encoding="utf-8")
        printed = run("ask", "--batch", str(batch), "--audience", audience)
    return {line["id"]: read_answer(line) for line in map(json.loads, filter(None, printed.split("\n")))}


def _to_line(question: StaffQuestion) -> dict[str, Any]:
    turns = [{"role": turn.role, "text": turn.text} for turn in question.history]
    return {"id": question.question_id, "question": question.question, "history": turns}
