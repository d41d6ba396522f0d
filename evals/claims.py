"""Measures the guard on claims: what people write into drafts, and whole replies that people of other companies sent.

Each sentence of evals/edits/*.jsonl says what it is: `public`, a fact that a public page carries; `unsourced`, a claim
that none does; `courtesy`, which claims nothing.
"""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from assistant.domain import Draft, Mention
from assistant.domain.replies import Effect, Objection
from assistant.errors import InputError
from assistant.replies.review.edited_text import EditedText
from assistant.text.sentences import split_sentences
from evals.corpus import read_lines
from evals.measures import Latency, Stopwatch, share

_HINT = 'A line looks like {"customer": "…", "reply": "…"}.'
_HANDLES = re.compile(r"(?:@\w+\s+)+")


class Truth(StrEnum):
    """What a sentence is."""

    PUBLIC = "public"
    UNSOURCED = "unsourced"
    COURTESY = "courtesy"


@dataclass(frozen=True)
class EditCase:
    """A text that a person writes into a draft, in sentences with what each is."""

    case_id: str
    lang: str
    is_held_out: bool
    sentences: tuple[tuple[str, Truth], ...]

    @property
    def text(self) -> str:
        """Return the whole text."""
        return " ".join(text for text, _ in self.sentences)


@dataclass(frozen=True)
class EditsReport:
    """Shares of sentences: claims found, courtesies and human sentences flagged, true facts blocked, and sourced.

    `missed`, `blocked_facts` and `flagged` name the sentences.
    """

    claims: int
    claims_found: float | None
    facts: int
    facts_sourced: float | None
    facts_blocked: float | None
    courtesies: int
    courtesies_flagged: float | None
    human: int
    human_flagged: float | None
    latency: Latency | None
    missed: tuple[str, ...] = ()
    unsourced_facts: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checking:
    """The review of one text as a person's edit: its sentences judged, then the guards' objections to it."""

    judge: Callable[[str, Draft], EditedText]
    check: Callable[[Draft, Mention], Iterable[Objection]]
    draft: Callable[[str, EditedText], tuple[Draft, Mention]]
    empty: Draft

    def find(self, text: str) -> tuple[EditedText, list[Objection]]:
        """Judge and check a text."""
        judged = self.judge(text, self.empty)
        draft, mention = self.draft(text, judged)
        return judged, [finding for finding in self.check(draft, mention) if finding.guard == "claims"]


def read_edits() -> list[EditCase]:
    """Read every edit that is measured with."""
    lines = [
        json.loads(line)
        for path in sorted(Path(str(files("evals") / "edits")).glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [
        EditCase(
            line["id"],
            line["lang"],
            line["held_out"],
            tuple((one["text"], Truth(one["is"])) for one in line["sentences"]),
        )
        for line in lines
    ]


def read_replies(path: Path) -> Iterator[str]:
    """Read the replies of a JSONL file, each without the handles that it begins with."""
    for place, line in read_lines(path, _HINT):
        if not isinstance(line.get("reply"), str):
            raise InputError(f"{place} has no reply.", _HINT)
        yield _HANDLES.sub("", html.unescape(line["reply"]).strip(), count=1)


def measure_edits(cases: Sequence[EditCase], replies: Iterable[str], checking: Checking) -> EditsReport:
    """Judge every edit whole, as it is saved, and every human reply as if it were one."""
    watch = Stopwatch()
    seen: dict[Truth, list[tuple[str, set[Effect], bool]]] = {truth: [] for truth in Truth}
    for case in cases:
        with watch.lap():
            judged, found = checking.find(case.text)
        for text, truth in case.sentences:
            effects = {finding.effect for finding in found if finding.words in text or text in finding.words}
            is_sourced = any(one.citations and (one.text in text or text in one.text) for one in judged.sentences)
            seen[truth].append((text, effects, is_sourced))
    human = list(_check_replies(replies, checking))
    claims, facts, kind = seen[Truth.UNSOURCED], seen[Truth.PUBLIC], seen[Truth.COURTESY]
    return EditsReport(
        claims=len(claims),
        claims_found=share([bool(effects) for _, effects, _ in claims]),
        facts=len(facts),
        facts_sourced=share([is_sourced for *_, is_sourced in facts]),
        facts_blocked=share([Effect.BLOCK in effects for _, effects, _ in facts]),
        courtesies=len(kind),
        courtesies_flagged=share([bool(effects) for _, effects, _ in kind]),
        human=len(human),
        human_flagged=share([is_flagged for _, is_flagged in human]),
        latency=watch.read() if cases else None,
        missed=tuple(text for text, effects, _ in claims if not effects),
        unsourced_facts=tuple(text for text, _, is_sourced in facts if not is_sourced),
        flagged=tuple(text for text, is_flagged in human if is_flagged),
    )


def _check_replies(replies: Iterable[str], checking: Checking) -> Iterator[tuple[str, bool]]:
    for reply in replies:
        _, found = checking.find(reply)
        for sentence in split_sentences(reply):
            yield sentence, any(one.words in sentence or sentence in one.words for one in found)
