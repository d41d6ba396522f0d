"""Measures drafts: posts with what a right outcome is, and every draft, or why there is none, to be read by eye."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.app import Assistant
from assistant.domain import Draft, DraftLook, Mention
from assistant.errors import InputError
from assistant.knowledge.sources.ingest import Progress
from evals.corpus import read_lines
from evals.measures import share

_HINT = 'A line looks like {"id": "1", "text": "…", "may": ["answer", "none"], "must": ["£9"], "must_not": ["sorry"]}.'
_SINCE = datetime(2026, 11, 9, 9, tzinfo=UTC)


class Outcome(StrEnum):
    """A draft with facts of a page, one of courtesy alone, or none."""

    ANSWER = "answer"
    ACKNOWLEDGE = "acknowledge"
    NONE = "none"


@dataclass(frozen=True)
class Expected:
    """The outcomes that are right, and the words that a draft must have (all), or must not have (any)."""

    may: tuple[Outcome, ...]
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


@dataclass(frozen=True)
class PostToDraft:
    """A post, what is right for it where that is known, and whether it is of the half that nobody tunes to."""

    mention: Mention
    expected: Expected | None = None
    is_held: bool = False


@dataclass(frozen=True)
class DraftedPost:
    """A post and what was drafted."""

    post: PostToDraft
    draft: Draft

    @property
    def outcome(self) -> Outcome:
        """Return what kind of draft it is."""
        if not self.draft.text:
            return Outcome.NONE
        return Outcome.ANSWER if self.draft.citations else Outcome.ACKNOWLEDGE

    @property
    def is_right(self) -> bool | None:
        """Return whether it is what was expected; None where nothing is known."""
        wanted, said = self.post.expected, self.draft.text.casefold()
        if wanted is None:
            return None
        has_all = all(words.casefold() in said for words in wanted.must) or self.outcome is not Outcome.ANSWER
        has_wrong = any(words.casefold() in said for words in wanted.must_not)
        return self.outcome in wanted.may and has_all and not has_wrong


@dataclass(frozen=True)
class DraftsReport:
    """Of the posts with a draft, of those without and of those that one click would send, how many are right."""

    posts: int
    shown: int
    shown_right: float | None
    none: int
    none_right: float | None
    answerable: int
    answered_right: float | None
    ready: int = 0
    ready_right: float | None = None


def read_posts(path: Path) -> list[PostToDraft]:
    """Read the posts of a file. Raises InputError that names the line which is none."""
    return [_read_post(place, line) for place, line in read_lines(path, _HINT)]


def draft_posts(earshot: Assistant, posts: Sequence[PostToDraft], progress: Progress) -> Iterator[DraftedPost]:
    """Draft a reply to each post; nothing is kept."""
    for number, post in enumerate(posts, start=1):
        progress(f"Drafting {number} of {len(posts)}")
        yield DraftedPost(post, earshot.replies.proposing.propose(post.mention, _SINCE))


def measure_drafts(drafted: Sequence[DraftedPost]) -> DraftsReport:
    """Count those whose right outcome is known."""
    known = [one for one in drafted if one.is_right is not None]
    shown = [one for one in known if one.outcome is not Outcome.NONE]
    none = [one for one in known if one.outcome is Outcome.NONE]
    ready = [one for one in shown if one.draft.look is DraftLook.READY]
    must_answer = [one for one in known if one.post.expected and one.post.expected.may == (Outcome.ANSWER,)]
    return DraftsReport(
        len(known),
        len(shown),
        _share(shown),
        len(none),
        _share(none),
        len(must_answer),
        _share(must_answer),
        len(ready),
        _share(ready),
    )


def write_for_reading(drafted: Iterable[DraftedPost], path: Path) -> None:
    """Write each post and its draft, or the reason for none, as Markdown; held posts stay unread."""
    path.write_text("\n".join(_show(one) for one in drafted if not one.post.is_held), encoding="utf-8")


def _share(drafted: Sequence[DraftedPost]) -> float | None:
    return share([bool(one.is_right) for one in drafted])


def _show(one: DraftedPost) -> str:
    draft, mention = one.draft, one.post.mention
    mark = {None: "", True: " · right", False: " · **wrong**"}[one.is_right]
    why = draft.no_reply_reason or draft.missing
    told = [f"## {mention.mention_id} · {draft.lang} · {one.outcome} · {draft.look}{mark}", f"> {mention.text}", ""]
    told += [draft.text or f"*{why}*", "", *([f"({why})"] if draft.text and why else [])]
    return "\n".join([*told, *(f"- {cite.title} › {cite.heading}" for cite in draft.citations), ""])


def _read_post(place: str, line: dict[str, Any]) -> PostToDraft:
    text = line.get("text")
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{place} has no text.", _HINT)
    network = str(line.get("source") or "file")
    number = str(line.get("id") or place)
    names = {name: line[name] for name in ("lang", "location", "url") if isinstance(line.get(name), str)}
    mention = Mention(f"{network}:{number}", network, number, str(line.get("author", "")), text, _SINCE, **names)
    return PostToDraft(mention, _read_expected(place, line), line.get("held") is True)


def _read_expected(place: str, line: dict[str, Any]) -> Expected | None:
    if "may" not in line:
        return None
    try:
        may = tuple(Outcome(name) for name in line["may"])
    except ValueError as error:
        raise InputError(f"{place}: {error}.", _HINT) from error
    return Expected(may, tuple(line.get("must", ())), tuple(line.get("must_not", ())))
