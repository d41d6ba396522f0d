"""The questions that answers are judged on, as colleagues ask them, with the truth beside: evals/questions/*.toml.

A set is questions over one collection of documents; the documents are not kept here, the set says where they are.
"""

import hashlib
import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.domain import Audience, Turn
from assistant.errors import InputError

FOLDER = Path(__file__).parent / "questions"
_HINT = "docs/evaluation.md says what a question looks like."
_KNOWN = frozenset("id kind who where audience question history truth page must must_not answerable".split())


class QuestionKind(StrEnum):
    """The one thing that makes a question hard."""

    SYNONYM = "synonym"
    TYPO = "typo"
    DOUBLE = "double"
    YES_NO = "yes_no"
    COMPARE = "compare"
    WHO = "who"
    FIGURE = "figure"
    STEPS = "steps"
    FOLLOW_UP = "follow_up"
    SMALL_TALK = "small_talk"
    AUDIENCE = "audience"
    SUPERSEDED = "superseded"
    UNANSWERABLE = "unanswerable"


class Split(StrEnum):
    """The half of a set: `dev` is for tuning, `held` for judging what was tuned."""

    DEV = "dev"
    HELD = "held"


@dataclass(frozen=True)
class StaffQuestion:
    """A question, who asks it where, and what is right: `truth` for people, the rest for the rubric.

    `history` is what was said before, by the colleague and by Earshot in turn. Any of `pages` answers it, named by its
    path or the end of it. All of `must` and none of `must_not` are found in a right answer. A question that the
    documents do not answer for this audience is not `is_answerable`.
    """

    question_id: str
    kind: QuestionKind
    who: str
    where: str
    question: str
    truth: str
    audience: Audience = Audience.INTERNAL
    history: tuple[Turn, ...] = ()
    pages: tuple[str, ...] = ()
    must: tuple[re.Pattern[str], ...] = ()
    must_not: tuple[re.Pattern[str], ...] = ()
    is_answerable: bool = True

    @property
    def split(self) -> Split:
        """The half it belongs to, by its id alone: a question that is added moves no other."""
        return Split.HELD if hashlib.sha256(self.question_id.encode()).digest()[-1] % 2 else Split.DEV


@dataclass(frozen=True)
class QuestionSet:
    """The questions over one collection of documents; `documents` says in a sentence how to get those."""

    name: str
    documents: str
    questions: tuple[StaffQuestion, ...]


def find_set_names() -> tuple[str, ...]:
    """Return the names of the sets that come with Earshot."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def read_set(name: str) -> QuestionSet:
    """Read a set by its name, or by the path of a file of your own. Raises InputError that names the wrong question."""
    path = FOLDER / f"{name}.toml" if name in find_set_names() else Path(name)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"There are no questions {name}.", f"Give one of {', '.join(find_set_names())}, or a TOML file."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is no TOML: {error}.", _HINT) from error
    questions = tuple(_to_question(path, line) for line in found.get("question", []))
    twice = [key for key, count in Counter(each.question_id for each in questions).items() if count > 1]
    if twice or not questions:
        raise InputError(f"{path} has {f'{twice[0]} twice' if twice else 'no questions'}.", _HINT)
    return QuestionSet(path.stem, str(found.get("documents", "")), questions)


def _to_question(path: Path, line: Mapping[str, Any]) -> StaffQuestion:
    place = f"{path.name}, {line.get('id', 'a question without id')}"
    if strange := set(line) - _KNOWN:
        raise InputError(f"{place}: there is no {min(strange)}.", _HINT)
    try:
        question = StaffQuestion(
            question_id=line["id"],
            kind=QuestionKind(line["kind"]),
            who=line["who"],
            where=line["where"],
            question=line["question"],
            truth=line["truth"],
            audience=Audience(line.get("audience", Audience.INTERNAL)),
            history=_to_history(line.get("history", ())),
            pages=_to_pages(line.get("page", ())),
            must=_to_patterns(line.get("must", ())),
            must_not=_to_patterns(line.get("must_not", ())),
            is_answerable=line.get("answerable", True),
        )
    except KeyError as error:
        raise InputError(f"{place} has no {error.args[0]}.", _HINT) from error
    except (ValueError, TypeError, re.error) as error:
        raise InputError(f"{place}: {error}.", _HINT) from error
    _check(place, question)
    return question


def _check(place: str, question: StaffQuestion) -> None:
    is_talk = question.kind is QuestionKind.SMALL_TALK
    if question.is_answerable and not is_talk and not (question.pages and question.must):
        raise InputError(f"{place} is answerable, but has no page or nothing that the answer must hold.", _HINT)
    if (not question.is_answerable or is_talk) and question.pages:
        raise InputError(f"{place} has a page, although none answers it.", _HINT)


def _to_history(value: object) -> tuple[Turn, ...]:
    roles = itertools.cycle(("user", "assistant"))
    return tuple(Turn(role, text) for role, text in zip(roles, _to_texts(value), strict=False))


def _to_pages(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else _to_texts(value)


def _to_patterns(value: object) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text, re.IGNORECASE) for text in _to_texts(value))


def _to_texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise TypeError(f"{value!r} is no list of texts")
    return tuple(value)
