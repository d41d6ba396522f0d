"""No text that strangers write takes more than its share of time: four times the text, about four times the work."""

import time
from collections.abc import Callable

import pytest
from guards.making import make_candidate

from assistant.domain import Sentence, Support
from assistant.domain.outside import POST, bound
from assistant.knowledge.ingest.conversion import convert
from assistant.listening.analysis.classifiers import Feelings
from assistant.listening.analysis.intent import is_question
from assistant.replies.drafting.facts import find_asked, is_whole
from assistant.replies.drafting.local_words import Whereabouts, keep_own_currency, tell_row
from assistant.replies.guards.guards import split_parts
from assistant.replies.guards.injection import judge_risk
from assistant.text.facts.links import find_addresses
from assistant.text.sentences import split_sentences
from assistant.text.tokens import strip_markup

UNITS = (
    *("\n", " ", "\t", "-", "*", "=", "#", "_", "`", "|", "<", "<a", "<!--", "{%", "{{", "{:", "[", "![", "](", "[a]("),
    *("(", "a@", "@a ", "a.", "a-", "1", "1.", "1 ", "ab ", "AB ", "?", "! ", "…", "http://", "//", ": ", "é", "😡"),
    *("😡🤬", "- \n", "a\n", "\n \n", "\u3164", "自", "not ", "system ", "write ", "-=", "| -", "<% ", "${", "--\n"),
)
SHORT, LONG = 5_000, 20_000
TWICE_LINEAR = 2.0
LEAST_SECONDS = 0.6  # below it nobody waits, and the measure would be noise


def _convert(text: str) -> None:
    convert(b"Page " + text.encode(), ".md")


def _feel(text: str) -> None:
    feelings.read([text[:2000]], [True])
    feelings.read_course([text[:2000]])


feelings = Feelings()
STAGES: dict[str, Callable[[str], object]] = {
    "bound": lambda text: bound(text, POST),
    "judge_risk": lambda text: judge_risk(bound(text, POST)),
    "find_asked": lambda text: find_asked(bound(text, POST)),
    "is_whole": is_whole,
    "own_currency": lambda text: keep_own_currency(text, Whereabouts("EUR")),
    "tell_row": lambda text: tell_row(text, "What does it cost?", Whereabouts("EUR")),
    "feelings": _feel,
    "markup": strip_markup,
    "convert": _convert,
    "find_addresses": lambda text: find_addresses(bound(text, POST)),
    "is_question": lambda text: is_question(bound(text, POST)),
}


@pytest.mark.parametrize("stage", STAGES)
def test_no_unit_takes_more_than_twice_its_share(stage: str) -> None:
    slow = {unit: told for unit in UNITS if (told := _find_slowness(STAGES[stage], unit))}
    assert not slow


def test_a_post_of_nothing_but_line_breaks_is_judged_at_once() -> None:
    began = time.thread_time()
    judge_risk("How do I pause my plan?" + "\n" * 10_000)
    judge_risk("-" * 40_000)
    assert time.thread_time() - began < 3


@pytest.mark.parametrize("unit", ["<!--", "_", "*", "a. ", "!["])
def test_the_sentences_of_an_edit_are_found_in_it_at_once(unit: str) -> None:
    text = make_mix(unit, 3_000)
    sentences = tuple(Sentence(sentence, Support.UNSUPPORTED) for sentence in split_sentences(text))
    began = time.thread_time()
    parts = split_parts(make_candidate(text, sentences))
    assert time.thread_time() - began < 5
    assert [part.text for part in parts]


def _find_slowness(stage: Callable[[str], object], unit: str) -> str:
    """What is told of a unit that grows faster, as it stands and broken by other words; empty where none does."""
    for make in (make_repeat, make_mix):
        if _measure(stage, make(unit, LONG)) < LEAST_SECONDS:
            continue
        # The shortest of a few: a machine that is busy makes work longer, never shorter.
        long = min(_measure(stage, make(unit, LONG)) for _ in range(3))
        short = min(_measure(stage, make(unit, SHORT)) for _ in range(3))
        if long > max(LEAST_SECONDS, TWICE_LINEAR * LONG / SHORT * short):
            return f"{make.__name__}: {short:.2f} s for {SHORT}, {long:.2f} s for {LONG}"
    return ""


def make_repeat(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def make_mix(unit: str, length: int) -> str:
    """What no rule against repeats shortens."""
    return "".join(f"{unit * 4}q{number % 89} " for number in range(length // (4 * len(unit) + 3) + 1))[:length]


def _measure(stage: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    stage(text)
    return time.thread_time() - began
