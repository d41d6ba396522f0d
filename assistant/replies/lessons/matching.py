"""Which sentence of an approved text stands for which sentence of the draft."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.domain import Sentence

_SAME_SENTENCE = 0.4


@dataclass(frozen=True)
class Pair:
    """A sentence of the draft and what a person made of it; `before` is None for a new one, `after` for one that went.

    `place` counts the draft's sentences, or is where the new one stands before the next of them.
    """

    before: Sentence | None
    after: str | None
    place: int


def match_sentences(before: Sequence[Sentence], after: Sequence[str]) -> list[Pair]:
    """Every sentence that was changed, added or taken away, in order (difflib's matching, then the likest pairs)."""
    matcher = SequenceMatcher(None, [_flatten(s.text) for s in before], [_flatten(text) for text in after], False)
    pairs: list[Pair] = []
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag != "equal":
            pairs += _pair_up(before[start:end], after[first:last], start)
    return pairs


def _pair_up(before: Sequence[Sentence], after: Sequence[str], start: int) -> Iterator[Pair]:
    left = list(after)
    for offset, sentence in enumerate(before):
        only = len(before) == len(after) == 1
        near = max(left, key=lambda text: _measure_likeness(sentence.text, text), default=None)
        if near is not None and (only or _measure_likeness(sentence.text, near) >= _SAME_SENTENCE):
            left.remove(near)
            yield Pair(sentence, near, start + offset)
        else:
            yield Pair(sentence, None, start + offset)
    for text in left:
        yield Pair(None, text, start + len(before))


def _measure_likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _flatten(one).split(), _flatten(other).split(), False).ratio()


def _flatten(text: str) -> str:
    return " ".join(text.casefold().split())
