"""The lines of an answer: where a passage stands, what it says, and the marks of what that rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Citation, Sentence, Support


@dataclass(frozen=True)
class AnswerLine:
    """A block of an answer; `heading` is shown above it, `marks` after it; `language` as in Sentence."""

    heading: str
    text: str
    keys: tuple[str, ...]
    marks: tuple[int, ...]
    language: str


def read_lines(sentences: Sequence[Sentence], wording: Wording) -> Iterator[AnswerLine]:
    """Each sentence; those that follow each other in one passage are marked once, at its end."""
    is_inside = False
    for sentence, following in zip_longest(sentences, sentences[1:]):
        is_inside = is_inside or bool(sentence.heading)
        goes_on = is_inside and following and not following.heading and following.citations == sentence.citations
        marks = () if goes_on else sentence.citations
        is_doubtful = sentence.support is Support.DOUBTFUL
        text = wording.say(Say.DOUBT, text=sentence.text) if is_doubtful else sentence.text
        yield AnswerLine(sentence.heading, text, sentence.keys, marks, sentence.language)


def join_sentences(sentences: Sequence[Sentence], wording: Wording) -> str:
    """The answer as plain text."""
    return "\n".join(_show(line, wording) for line in read_lines(sentences, wording))


def name_place(line: AnswerLine, wording: Wording, heading: str) -> str:
    """Say in the reader's language which page a passage is from, and in which language it is, if in another one."""
    if line.language:
        return wording.say(Say.FROM_PAGE_IN, page=heading, language=wording.name_language(line.language))
    return wording.say(Say.FROM_PAGE, page=heading)


def _show(line: AnswerLine, wording: Wording) -> str:
    heading = f"{name_place(line, wording, line.heading)}:\n" if line.heading else ""
    return heading + line.text + "".join(f" [{number}]" for number in line.marks)


def count_days_unread(citation: Citation, today: date) -> int:
    """For how many days the source of a citation could not be read; 0 where it can."""
    return max((today - date.fromisoformat(citation.last_read)).days, 0) if citation.last_read else 0
