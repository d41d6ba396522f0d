"""What every writer gives back: claims, each with the search results it says it rests on. Nothing is believed yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain import Question, SearchResult


@dataclass(frozen=True)
class Claim:
    """One sentence; `places` are 1-based places in the search results, `quote` what a quoting writer copied.

    `bare` is the text without its heading, for where there is no room for one; empty where it would say too little or
    the opposite without.
    """

    text: str
    places: tuple[int, ...] = ()
    quote: str | None = None
    bare: str = ""


@dataclass(frozen=True)
class Writing:
    """A writer's claims in order; none at all means: nothing answers this.

    `missing` names what was asked and is not answered; `clarifying_question` asks back what was meant; `unmet` are
    names in the question that nothing found has.
    """

    claims: tuple[Claim, ...]
    writer: str
    prompt_version: str = ""
    missing: str = ""
    clarifying_question: str = ""
    unmet: tuple[str, ...] = ()


class Writer(Protocol):
    """Puts an answer together from search results alone."""

    def write_answer(self, question: Question, results: Sequence[SearchResult]) -> Writing:
        """Answer from `results`; raises ModelError when the writer itself fails."""
