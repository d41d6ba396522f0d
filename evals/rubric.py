"""The rubric by which an answer is judged, in code; docs/evaluation.md has it in words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.domain import Look
from evals.question_sets import QuestionKind, StaffQuestion

LONGEST_TALK = 300
_LINK = re.compile(r"!?\[([^\]]*)\]\((?:[^()\s]|\([^()]*\))*\)")
_MARK = re.compile(r"\s*\[\d+\]")
_LEAD = re.compile(r"^\s*(?:#+|>)\s", re.MULTILINE)
_PLAIN = str.maketrans(dict(zip("‘’“”‐‑–—−|*`", (*"''\"\"-----", " ", "", ""), strict=True)))


class Verdict(StrEnum):
    """The five things that may be said of an answer."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    WRONGLY_REFUSED = "wrongly_refused"
    RIGHTLY_REFUSED = "rightly_refused"


@dataclass(frozen=True)
class ShownAnswer:
    """An answer as `earshot ask --batch` prints it; `pages` are cited, `nearest` only named as close."""

    text: str
    is_grounded: bool
    look: str
    pages: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class JudgedAnswer:
    """A question, its answer and the verdict, with the reason for it."""

    question: StaffQuestion
    answer: ShownAnswer
    verdict: Verdict
    reason: str


def read_answer(line: Mapping[str, Any]) -> ShownAnswer:
    """Read one line that `earshot ask --batch` printed."""
    return ShownAnswer(
        text=line["answer"],
        is_grounded=line["is_grounded"],
        look=line["look"],
        pages=tuple(dict.fromkeys(each["document_id"] for each in line["citations"])),
        nearest=tuple(each["document_id"] for each in line.get("nearest", ())),
    )


def judge(question: StaffQuestion, answer: ShownAnswer) -> JudgedAnswer:
    """Judge an answer by what is known to be right."""
    said = simplify(answer.text)
    broken = [pattern.pattern for pattern in question.must_not if pattern.search(said)]
    if broken:
        return JudgedAnswer(question, answer, Verdict.WRONG, f"says {broken[0]}")
    if question.kind is QuestionKind.SMALL_TALK:
        return JudgedAnswer(question, answer, *_judge_talk(question, answer, said))
    if not answer.is_grounded:
        verdict = Verdict.WRONGLY_REFUSED if question.is_answerable else Verdict.RIGHTLY_REFUSED
        return JudgedAnswer(question, answer, verdict, "refused")
    if not question.is_answerable:
        return JudgedAnswer(question, answer, Verdict.WRONG, "answered what the documents do not answer")
    return JudgedAnswer(question, answer, *_judge_facts(question, answer, said))


def _judge_talk(question: StaffQuestion, answer: ShownAnswer, said: str) -> tuple[Verdict, str]:
    if answer.pages or answer.nearest or answer.look == Look.FINDINGS:
        return Verdict.WRONG, "searched the documents"
    if len(answer.text) > LONGEST_TALK:
        return Verdict.WRONG, f"longer than {LONGEST_TALK} characters"
    missing = _find_missing(question.must, said)
    return (Verdict.WRONG, f"lacks {missing[0]}") if missing else (Verdict.RIGHT, "a short reply")


def _judge_facts(question: StaffQuestion, answer: ShownAnswer, said: str) -> tuple[Verdict, str]:
    if not any(_is_page(cited, page) for cited in answer.pages for page in question.pages):
        return Verdict.WRONG, "cites none of the right pages"
    missing = _find_missing(question.must, said)
    if not missing:
        return Verdict.RIGHT, "holds all that it must"
    verdict = Verdict.PARTLY if len(missing) < len(question.must) else Verdict.WRONG
    return verdict, f"lacks {', '.join(missing)}"


def _find_missing(must: Iterable[re.Pattern[str]], said: str) -> list[str]:
    return [pattern.pattern for pattern in must if not pattern.search(said)]


def _is_page(cited: str, page: str) -> bool:
    return cited == page or cited.endswith(f"/{page}")


def simplify(text: str) -> str:
    """Return a text as one line without what only decorates it: marks of citations, Markdown, kinds of dash and space.

    Cells of a table become words in a row, so that a pattern may ask for a row's name and its value.
    """
    text = _MARK.sub("", _LINK.sub(r"\1", unicodedata.normalize("NFKC", text)))
    return " ".join(_LEAD.sub("", text).translate(_PLAIN).split())
