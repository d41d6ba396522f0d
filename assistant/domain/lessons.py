"""Lessons from people's edits and refusals: small typed rules for drafts, where each applies, and how it was tried."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class LessonKind(StrEnum):
    """Subjects of an edit."""

    FACT = "fact"
    TONE = "tone"
    LENGTH = "length"
    FORMAT = "format"
    NO_REPLY = "do not reply"


class AdviceRule(StrEnum):
    """Rules that a draft can follow; see Advice for what each one needs."""

    MOST_CHARACTERS = "most characters"
    NO_OPENING = "no opening"
    NO_CLOSING = "no closing"
    GREETING = "greeting"
    NO_EMOJI = "no emoji"
    NO_EXCLAMATION = "no exclamation marks"
    REPLACE = "replace"
    SIGN_OFF = "sign-off"
    NO_HASHTAGS = "no hashtags"
    OWN_LINES = "own lines"
    NO_REPLY = "no reply"
    REPLY_ANYWAY = "reply anyway"


@dataclass(frozen=True)
class Advice:
    """One rule for drafts: never about facts or links, and its words are data.

    `words` are the greeting or sign-off (empty: none; `{name}` and `{handle}` stand for the author's), the phrase that
    `instead` takes the place of (empty: it is left out), or the reason not to reply. `number` counts characters.
    """

    rule: AdviceRule
    words: str = ""
    instead: str = ""
    number: int = 0


@dataclass(frozen=True)
class LessonScope:
    """The scope of a lesson; an empty part means everywhere."""

    network: str = ""
    lang: str = ""
    intent: str = ""

    def __str__(self) -> str:
        parts = (self.network, self.lang, self.intent)
        return ", ".join(part for part in parts if part) or "everywhere"


class LessonStatus(StrEnum):
    """`noted`: nothing in it can be applied; `waiting`: too few edits or cases to try it; else what came of it."""

    NOTED = "noted"
    WAITING = "waiting"
    KEPT = "kept"
    DROPPED = "dropped"
    UNDONE = "undone"


@dataclass(frozen=True)
class Trial:
    """The result of replaying past cases: how many the advice changes, and their mean edit distance (0 to 1) without it
    and with it. `reason` is a sentence."""

    cases: int = 0
    before: float = 0.0
    after: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class Lesson:
    """`drafts` counts those that taught the same. Without `advice` it says only that, and how, people edited."""

    lesson_id: int
    kind: LessonKind
    scope: LessonScope
    advice: Advice | None
    status: LessonStatus
    drafts: int
    learned_at: datetime
    trial: Trial = field(default_factory=Trial)
    decided_at: datetime | None = None
    decided_by: str = ""
