"""What the guards look at: the exact text, the post it answers, and what it rests on."""

from dataclasses import dataclass
from typing import Protocol

from assistant.domain import Citation, Mention, Sentence, ThreadPost
from assistant.domain.replies import Objection
from assistant.replies.style_guides import Guide


@dataclass(frozen=True)
class Candidate:
    """A text that somebody wants to send; `thread` is what was said before, oldest first."""

    text: str
    mention: Mention
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    guide: Guide
    thread: tuple[ThreadPost, ...] = ()


class Guard(Protocol):
    """One way of looking at a text."""

    def check(self, candidate: Candidate) -> list[Objection]:
        """What must be known before it leaves."""
