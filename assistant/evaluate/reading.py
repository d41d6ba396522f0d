"""Reads what is measured with: questions with their right documents, and pages, from JSONL that may be gzipped."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.domain import Question, Turn
from assistant.errors import InputError

_QUESTION_HINT = 'A line looks like {"id": "1", "question": "…", "doc_ids": ["folder/page.md"]}.'
_PAGE_HINT = 'A line looks like {"doc_id": "folder/page.md", "text": "…"}.'


@dataclass(frozen=True)
class Asked:
    """A question and what is known of it: `doc_ids` answer it, as the file names them; `answers` are written ones."""

    question_id: str
    question: Question
    doc_ids: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    is_unanswerable: bool = False

    @property
    def is_answerable(self) -> bool:
        """Some document answers it, so that a refusal would be wrong."""
        return bool(self.doc_ids) and not self.is_unanswerable


@dataclass(frozen=True)
class Page:
    """A text and the name its file gives it; `place` says where it stood, for messages."""

    doc_id: str
    text: str
    place: str


def read_questions(path: Path, limit: int | None = None) -> list[Asked]:
    """The first `limit` questions of a file, or all. Raises InputError that names the line which is none."""
    found: list[Asked] = []
    for place, line in read_lines(path, _QUESTION_HINT):
        if limit is not None and len(found) == limit:
            break
        found.append(_to_asked(place, line, len(found) + 1))
    if not found:
        raise InputError(f"{path} has no questions.", _QUESTION_HINT)
    return found


def read_pages(path: Path) -> Iterator[Page]:
    """The pages of a file. Raises InputError that names the line which is none."""
    for place, line in read_lines(path, _PAGE_HINT):
        doc_id, text = line.get("doc_id"), line.get("text")
        if not isinstance(doc_id, str) or not doc_id.strip():
            raise InputError(f"{place} has no doc_id.", _PAGE_HINT)
        if not isinstance(text, str):
            raise InputError(f"{place} has no text.", _PAGE_HINT)
        yield Page(doc_id.strip(), text, place)


def is_pages_file(path: Path) -> bool:
    """Whether a name is one of a JSONL file, gzipped or not."""
    return path.name.endswith((".jsonl", ".jsonl.gz"))


def _to_asked(place: str, line: dict[str, Any], number: int) -> Asked:
    text = line.get("question")
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{place} has no question.", _QUESTION_HINT)
    return Asked(
        question_id=str(line.get("id") or number),
        question=Question(text.strip(), history=_to_history(place, line.get("history"))),
        doc_ids=_to_texts(place, "doc_ids", line.get("doc_ids")),
        answers=_to_texts(place, "answers", line.get("answers")),
        is_unanswerable=line.get("unanswerable") is True,
    )


def _to_texts(place: str, name: str, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(f"{place}: {name} is no list of texts.", _QUESTION_HINT)
    return tuple(value)


def _to_history(place: str, value: object) -> tuple[Turn, ...]:
    turns = [] if value is None else value
    if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
        raise InputError(f"{place}: history is no list of turns.", 'A turn looks like {"role": "user", "text": "…"}.')
    return tuple(Turn(str(turn.get("role", "user")), str(turn.get("text", ""))) for turn in turns)


def read_lines(path: Path, hint: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, object) of each line that is not blank: a measure over some of the lines would be of something else."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    place = f"{path}, line {number}"
                    yield place, _to_object(place, line, hint)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"The file {path} cannot be read: {reason}.", "Give a JSONL file.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not valid UTF-8.", "Save it as UTF-8.") from error


def _to_object(place: str, line: str, hint: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError(f"{place} is no JSON object.", hint)
    return found
