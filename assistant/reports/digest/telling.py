"""Lets a chat model word the first sentences from the figures alone, and throws away what holds any other number."""

import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from pydantic import BaseModel, Field

from assistant.core.prompts import Prompts
from assistant.domain import Figure
from assistant.errors import ModelError
from assistant.reports.figures import label_of

_log = logging.getLogger(__name__)

_MOST_CHARACTERS = 600
# Words of customers stand in these names: they are no business of a prompt, nor are people.
_UNSAID = ("topic_words", "discovered_topics", "advocates", "critics", "influencers", "posts_that_mattered")
_DETAILS = ("sentiment_by_day", "hours_to_reply_by_topic_90th", "hours_to_reply_by_network_90th")
_APART = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE} '’"
_NUMBER = re.compile(rf"\d+(?:[.,{_APART}]\d{{3}})*(?:[.,]\d+)?")
# `3k` and `2 m` are other numbers than 3 and 2.
_SCALED = re.compile(r"\d\s?(?:k|m|mn|mln|bn|tn|mio|mrd)\b|\de[+-]?\d", re.IGNORECASE)
_PERCENT = re.compile(rf"({_NUMBER.pattern})[\s-]*(?:[%％٪]|percent|per\scent)", re.IGNORECASE)
# Numbers in words cannot be compared with a table: whoever writes one may be right, but nobody can check it.
_WORDED = re.compile(
    r"\b(?:zero|(?<!got )(?<!get )one(?! another)|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|dozens?|hundreds?|thousands?|millions?|billions?"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|half|halved?|thirds?"
    r"|quarters?|twice|thrice|doubl\w+|tripl\w+|\w+fold|majority|most(?! (?:of all|often|posts come)))\b",
    re.IGNORECASE,
)


class ChatSummary(BaseModel):
    """What the model says."""

    sentences: list[str] = Field(min_length=1, max_length=3, description="One to three sentences for a manager")


class Teller:
    """Words the figures with a chat model; the template's sentences where it fails or invents."""

    def __init__(self, ask_model: Callable[[str], ChatSummary], prompts: Prompts) -> None:
        self._ask_model = ask_model
        self._prompts = prompts

    def tell(self, template: tuple[str, ...], figures: Sequence[Figure]) -> tuple[str, ...]:
        """Sentences whose every number is in the figures."""
        given = [figure for figure in figures if figure.name.partition(".")[0] not in (*_UNSAID, *_DETAILS)]
        lines = [_describe(figure) for figure in given if figure.value is not None]
        prompt = self._prompts.fill("summary", template=list(template), figures=lines)
        try:
            said = tuple(" ".join(sentence.split()) for sentence in self._ask_model(prompt.text).sentences)
        except ModelError as error:
            _log.warning("the summary keeps its template: %s", error.message)
            return template
        problem = find_problem(said, given)
        if problem:
            _log.warning("the summary keeps its template, the model's words hold %s", problem)
            return template
        return said


def find_problem(sentences: Iterable[str], figures: Sequence[Figure]) -> str:
    """What in some sentences is not in the figures: a number, a number in words, a link; empty where nothing is."""
    text = " ".join(sentences)
    if not text.strip() or len(text) > _MOST_CHARACTERS:
        return "no sentence, or too many"
    if "://" in text or "www." in text or "<" in text:
        return "a link or a tag"
    # A label such as `topic 4` brings a number of its own.
    for label in sorted({label_of(figure) for figure in figures} - {""}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(label)}(?!\w)", "", text)
    worded = _WORDED.search(text) or _SCALED.search(text)
    # `½`, `Ⅷ` and `三`: signs with a value that are no digits.
    signs = [worded[0]] if worded else [sign for sign in text if _is_numeral(sign)]
    if signs:
        return f"a number in words: {signs[0]}"
    strange = _find_strange(_NUMBER, text, figures)
    # A number of posts is no percentage.
    strange += _find_strange(_PERCENT, text, [figure for figure in figures if figure.unit == "percent"])
    return f"the number {strange[0]}" if strange else ""


def _is_numeral(sign: str) -> bool:
    return not sign.isdecimal() and unicodedata.numeric(sign, None) is not None


def _find_strange(number: re.Pattern[str], text: str, figures: Sequence[Figure]) -> list[str]:
    known = _find_known(figures)
    return [found for found in number.findall(text) if _normalise(found) not in known]


def _find_known(figures: Sequence[Figure]) -> set[float]:
    numbers = [
        number
        for figure in figures
        for number in (figure.value, figure.low, figure.high, figure.before, figure.compared, figure.change)
        if isinstance(number, int | float)
    ]
    return {round(abs(float(number)), 2) for number in numbers}


def _normalise(text: str) -> float:
    """`1,500` and `1 500` are 1500; `3.3` and `3,3` are 3.3."""
    plain = re.sub(rf"[.,{_APART}](?=\d{{3}}(?:\D|$))", "", text)
    return round(float(plain.replace(",", ".")), 2) if plain.count(".") + plain.count(",") < 2 else -1.0


def _describe(figure: Figure) -> str:
    before = f" (before: {figure.before:.12g})" if figure.before is not None else ""
    return f"{figure.name}: {figure.value} {figure.unit}{before}"
