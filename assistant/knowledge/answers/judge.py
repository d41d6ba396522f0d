"""A second reading of a whole answer by a chat model: does each sentence say what the words say that it rests on."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, Field

from assistant.core.prompts import Prompts
from assistant.errors import ModelError


class Verdict(StrEnum):
    """Whether words say what a sentence says, the worst last."""

    UNKNOWN = "unknown"
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True)
class SentencePair:
    """A sentence, the words it rests on, and the headings that those stand under."""

    sentence: str
    words: tuple[str, ...]
    headings: str


_TWISTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<![\w.,:/-])[1-9]\d{0,2}(?![\w:/-]|[.,]\d)"), lambda found: str(int(found[0]) + 3)),
    (re.compile(r"\b(?:is|are|was|were|can|must|will|may|has|have)\b(?! not)"), lambda found: f"{found[0]} not"),
    (re.compile(r"\b(?:not|never) "), lambda found: ""),
)
_OFF_TOPIC = "Whoever asks on a Tuesday gets a blue umbrella."

Judge = Callable[[Sequence[SentencePair]], Sequence[Verdict]]
"""Gives a verdict on each pair, in their order; where it cannot tell, the code's own check stands."""


_TRUE = SentencePair("A key costs 4 euros.", ("A key costs 4 euros.",), "Prices")


class ChatVerdict(BaseModel):
    """The verdict on one pair."""

    number: int = Field(description="The number of the pair")
    says: Verdict = Field(description="yes, partly or no")


class ChatVerdicts(BaseModel):
    """The verdicts on all pairs."""

    verdicts: list[ChatVerdict] = Field(default_factory=list, description="One for each pair")


class ChatJudge:
    """Asks a chat model about all pairs of an answer at once, and about a false one that code made: a model that
    believes that one believes anything."""

    def __init__(self, ask_model: Callable[[str], ChatVerdicts], prompts: Prompts) -> None:
        self._ask_model = ask_model
        self._prompts = prompts

    def __call__(self, pairs: Sequence[SentencePair]) -> Sequence[Verdict]:
        """Judge every pair; one that the model says two things of gets the worse."""
        try:
            return self._judge(pairs)
        except ModelError:
            return [Verdict.UNKNOWN] * len(pairs)

    def try_out(self) -> bool:
        """Return whether it tells a true sentence from a false one; raises ModelError when it does not answer."""
        return self._judge([_TRUE]) == [Verdict.YES]

    def _judge(self, pairs: Sequence[SentencePair]) -> list[Verdict]:
        asked = [*pairs, make_trap(pairs)]
        said = self._ask_model(self._prompts.fill("check", pairs=asked).text).verdicts
        order = list(Verdict)
        *verdicts, of_trap = (
            max((one.says for one in said if one.number == number), key=order.index, default=Verdict.UNKNOWN)
            for number in range(1, len(asked) + 1)
        )
        return verdicts if of_trap in (Verdict.PARTLY, Verdict.NO) else [Verdict.UNKNOWN] * len(pairs)


def make_trap(pairs: Sequence[SentencePair]) -> SentencePair:
    """Words of a document with a number changed, or turned into their opposite, beside the words as they stand."""
    for pattern, twist in _TWISTS:
        for pair in pairs:
            for words in pair.words:
                if found := pattern.search(words):
                    return SentencePair(
                        f"{words[: found.start()]}{twist(found)}{words[found.end() :]}", (words,), pair.headings
                    )
    return SentencePair(_OFF_TOPIC, pairs[0].words, pairs[0].headings)
