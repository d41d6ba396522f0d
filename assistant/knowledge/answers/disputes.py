"""Pages that contradict each other: an answer that rests on one of them shows what the other says too.

Only what the search itself found is shown, so that nobody reads here what they may not read.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.domain import Chunk, SearchResult
from assistant.knowledge.answers.chat import Written, WrittenClaim
from assistant.knowledge.answers.passages import Passage
from assistant.knowledge.tables.flaws import Flaw, Side
from assistant.text.facts.words import normalise

ListContradictions = Callable[[Collection[str]], Sequence[Flaw]]
"""What is known to be contradictory in documents of these ids."""


@dataclass(frozen=True)
class Dispute:
    """A claim's page and the place of the search result that says otherwise, with its words."""

    chunk: Chunk
    place: int
    text: str


def find_disputes(
    writing: Written, results: Sequence[SearchResult], list_contradictions: ListContradictions
) -> list[Dispute]:
    """Every other side of what is about to be said, each once."""
    cited = {place for claim in writing.claims for place in claim.places}
    flaws = list_contradictions({results[place - 1].chunk.document_id for place in cited}) if cited else ()
    found = {dispute.text: dispute for flaw in flaws for dispute in _find_other_sides(flaw, writing.claims, results)}
    return list(found.values())


def add_other_sides(writing: Written, results: Sequence[SearchResult], disputes: Sequence[Dispute]) -> Written:
    """The same, with the words of the pages that say otherwise, where they are not in it."""
    said = normalise("\n".join(claim.text for claim in writing.claims))
    left = [dispute for dispute in disputes if normalise(dispute.text) not in said]
    return replace(writing, claims=(*writing.claims, *(_quote(dispute, results) for dispute in left)))


def _find_other_sides(flaw: Flaw, claims: Sequence[WrittenClaim], results: Sequence[SearchResult]) -> Iterator[Dispute]:
    for one, other in (flaw.sides, flaw.sides[::-1]):
        place = _find_place(other, results)
        resting = next((chunk for claim in claims if (chunk := _find_resting(claim, one, results))), None)
        if place and resting:
            yield Dispute(resting, place, other.text)


def _find_resting(claim: WrittenClaim, side: Side, results: Sequence[SearchResult]) -> Chunk | None:
    """The page of this side, if the claim says what stands there."""
    chunks = [results[place - 1].chunk for place in claim.places]
    own = next((chunk for chunk in chunks if _is_of(chunk, side)), None)
    text = normalise(side.text)
    says = text in normalise(claim.text) or any(normalise(span) in text for span in claim.spans if span.strip())
    return own if says else None


def _find_place(side: Side, results: Sequence[SearchResult]) -> int:
    """The 1-based place of the result in which it stands; 0 where it was not found."""
    places = (
        place
        for place, result in enumerate(results, start=1)
        if _is_of(result.chunk, side) and side.text in result.chunk.text
    )
    return next(places, 0)


def _is_of(chunk: Chunk, side: Side) -> bool:
    return (chunk.source, chunk.document_id) == (side.source, side.document_id)


def _quote(dispute: Dispute, results: Sequence[SearchResult]) -> WrittenClaim:
    path = Passage(dispute.place, results[dispute.place - 1], ()).path
    return WrittenClaim(dispute.text, (dispute.place,), dispute.text, heading=" › ".join(path))
