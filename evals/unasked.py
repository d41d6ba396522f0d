"""How Earshot behaves in a help channel: what it says unasked, how much of it is right, and what stirs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Answer, Audience, Question
from assistant.knowledge.answers.unasked import MARGIN, is_sure, may_be_for_documents
from assistant.knowledge.sources.ingest import Progress
from evals.question_sets import QuestionSet, Split
from evals.rubric import ShownAnswer, Verdict, judge

CHATTER = Path(__file__).parent / "questions" / "chatter.txt"


@dataclass(frozen=True)
class UnaskedReport:
    """One half: of `questions` without a history, how many it `said` something to and how much of that was `right`.

    `wrong` are the ids of what was not; `chatter` is small talk between people, `stirred` where it spoke.
    """

    split: Split
    margin: float
    questions: int
    said: int
    right: int
    wrong: tuple[str, ...]
    chatter: int
    stirred: tuple[str, ...]


def read_chatter(split: Split) -> list[str]:
    """Small talk, a message a line: every other line is in each half."""
    lines = [line for line in CHATTER.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return lines[0::2] if split is Split.DEV else lines[1::2]


def measure_unasked(
    home: Path, documents: Path, questions: QuestionSet, split: Split, progress: Progress, margin: float = MARGIN
) -> UnaskedReport:
    """Ask everything of one half as if it stood in a help channel."""
    settings = Settings.model_validate({"earshot_home": home, "knowledge_dir": documents, "chat_model": ""})
    assistant = Assistant(settings)
    progress("Reading documents")
    assistant.knowledge.ingest.run([str(documents)], None, assistant.clock())
    asked = [one for one in questions.questions if one.split is split and not one.history]
    said, wrong = 0, list[str]()
    for number, one in enumerate(asked, start=1):
        progress(f"Question {number} of {len(asked)}")
        answer = _overhear(assistant, one.question, one.audience, assistant.clock(), margin)
        if answer:
            said += 1
            wrong += [one.question_id] if judge(one, _show(answer)).verdict is not Verdict.RIGHT else []
    chatter = read_chatter(split)
    progress("Small talk")
    stirred = _list_stirred(assistant, chatter, margin)
    return UnaskedReport(split, margin, len(asked), said, said - len(wrong), tuple(wrong), len(chatter), stirred)


def _list_stirred(assistant: Assistant, chatter: Sequence[str], margin: float) -> tuple[str, ...]:
    now = assistant.clock()
    return tuple(line for line in chatter if _overhear(assistant, line, Audience.INTERNAL, now, margin))


def _overhear(assistant: Assistant, text: str, audience: Audience, now: datetime, margin: float) -> Answer | None:
    """What would be said in the channel."""
    if not may_be_for_documents(text):
        return None
    answer = assistant.knowledge.reply(Question(text, audience), now)
    return answer if is_sure(text, answer, margin) else None


def _show(answer: Answer) -> ShownAnswer:
    pages = tuple(dict.fromkeys(citation.document_id for citation in answer.citations))
    return ShownAnswer(answer.answer, answer.is_grounded, answer.look, pages)
