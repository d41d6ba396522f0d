"""Answers without a chat model: passages as they stand in their pages, chosen by how well they fit the question."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from assistant.domain import Question, SearchResult
from assistant.knowledge.answers.chat import Written, WrittenClaim
from assistant.knowledge.answers.headings import put_before
from assistant.knowledge.answers.names import find_names, holds
from assistant.knowledge.answers.passages import ChooseEmbedder, Part, Passage, PassageRating, split_lines
from assistant.knowledge.answers.sections import ReadSection, read_alone
from assistant.text.spans import Unit

_MOST_PASSAGES, _MOST_CHARACTERS, _MOST_OF_FIRST, _LEAST_OF_SECOND = 2, 900, 600, 250
_NEAR = 0.3  # how much less than the best a second passage may fit
# An answer stands out from what is merely near to the question: docs/decisions.md has how these were chosen.
_FIT_AT_ZERO, _CONFIDENCE_PER_FIT = -0.2, 2.0
_OTHERS, _UNRELATED_FIT, _LEAD_WEIGHT, _USUAL_LEAD = 3, 0.9, 1.5, 0.3
_GAP = "…"


class ExcerptWriter:
    """Shows at most two passages, and nothing of its own but where they stand."""

    def __init__(
        self,
        choose_embedder: ChooseEmbedder,
        read_section: ReadSection = read_alone,
    ) -> None:
        self._rating = PassageRating(choose_embedder, read_section)

    def write_answer(self, question: Question, results: Sequence[SearchResult]) -> Written:
        """Show what fits best; nothing where no passage has any name that was asked about."""
        names = find_names(question.text)
        rated = passages = self._rating.rate(question, results)
        met = [name for name in names if any(holds(passage.text, name) for passage in passages)]
        unmet = tuple(name for name in names if name not in met)
        if met:
            passages = [passage for passage in passages if any(holds(passage.text, name) for name in met)]
        if not passages or (names and not met):
            return Written((), "quoting", unmet=unmet)
        shown = [turn.text for turn in question.history if turn.role == "assistant"][-1:]
        claims = [claim for chosen in self._choose(passages, shown) for claim in self._write(question, *chosen)]
        lead = _find_lead(passages[0].fit, [passage.fit for passage in rated if passage is not passages[0]])
        return Written(tuple(claims), "quoting", unmet=unmet, confidence=to_confidence(passages[0].fit, lead))

    def _choose(
        self, passages: Sequence[Passage], shown: Sequence[str]
    ) -> Iterator[tuple[Passage, Sequence[Part], bool]]:
        """The best passage and what of it has room; another one that fits nearly as well, if there is room left."""
        near = [passage for passage in passages[:_MOST_PASSAGES] if passage.fit >= passages[0].fit - _NEAR]
        room = _MOST_CHARACTERS
        for passage in near:
            if passage is not near[0] and room < _LEAST_OF_SECOND:
                return
            is_shared = passage is near[0] and len(near) > 1
            parts = _find_best(passage, _MOST_OF_FIRST if is_shared else room)
            was_shown = any(_was_shown(part.unit, shown) for part in parts)
            room -= sum(len(part.unit.text) for part in parts)
            yield passage, passage.parts if was_shown else parts, was_shown

    def _write(
        self, question: Question, passage: Passage, parts: Sequence[Part], only_key: bool
    ) -> Iterator[WrittenClaim]:
        best = max(parts, key=lambda part: part.fit)
        keys = self._rating.find_keys(question, passage, parts)
        quote = best.quote or next((part.quote for part in passage.parts if part.quote), passage.result.chunk.text)
        blocks = ["\n".join(keys)] if only_key else _join_parts(passage.parts, parts)
        heading = " › ".join(passage.path)
        for block in blocks:
            is_long = len(blocks) + len(split_lines(block)) > 2 and not only_key
            marked = tuple(key for key in keys if is_long and key in split_lines(block))
            yield WrittenClaim(block, (passage.place,), quote, heading=heading, keys=marked)
            heading = ""


def _join_parts(parts: Sequence[Part], shown: Sequence[Part]) -> list[str]:
    """The blocks that a reader sees: the sentences of a paragraph in one, below the heading that they stand under.

    Where parts are left out between two that are shown, a sign says so.
    """
    blocks: list[str] = []
    above, skips = "", False
    for part, following in zip_longest(parts, parts[1:]):
        if part not in shown:
            skips = bool(blocks)
            continue
        if following and following in shown and following.unit.text.startswith(f"{part.unit.text}\n"):
            continue  # it leads in what follows, and is shown there
        lead = part.unit.heading if part.unit.heading != above else ""
        above = part.unit.heading
        text = put_before(lead, part.unit.text)
        if blocks and part.goes_on and not lead:
            blocks[-1] += f" {_GAP} {text}" if skips else f" {text}"
        else:
            blocks += [_GAP, text] if skips else [text]
        skips = False
    return blocks


def to_confidence(fit: float, lead: float = 0.0) -> float:
    """Return how sure a fit is, and what it leads by, on the scale of a search's confidence; an ANSWER_CONFIDENCE of 0
    answers everything."""
    return max(0.0, _CONFIDENCE_PER_FIT * (fit + lead - _FIT_AT_ZERO))


def _find_lead(fit: float, others: Sequence[float]) -> float:
    """What a fit gains by being above the next three; what has nothing to do with the question makes none stand out."""
    nearest = [max(other, _UNRELATED_FIT) for other in others[:_OTHERS]]
    nearest += [_UNRELATED_FIT] * (_OTHERS - len(nearest))
    return _LEAD_WEIGHT * (fit - sum(nearest) / _OTHERS - _USUAL_LEAD)


def _find_best(passage: Passage, room: int) -> list[Part]:
    """The parts that fit best, as many as there is room for, in the order of the page; the whole section if it fits."""
    chosen: list[Part] = []
    for part in sorted(passage.parts, key=lambda part: -part.fit):
        if not chosen or len(part.unit.text) <= room:
            chosen.append(part)
            room -= len(part.unit.text)
    return [part for part in passage.parts if part in chosen]


def _was_shown(unit: Unit, shown: Sequence[str]) -> bool:
    return any(unit.text in text for text in shown)
