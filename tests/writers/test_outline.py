"""Whoever asks to sum up a page gets what each of its sections begins with, in the page's own words."""

from pathlib import Path

import pytest
from fakes_reply import Library

from assistant.domain import Answer, Question
from assistant.knowledge.answers.outline import find_topic

PAGE = """# Refunds

Owner: Ada Moor

We refund within 14 days. Ask in the app.

## By card

The money is back in 5 working days. Your bank may take longer.

## In cash

Nothing is paid in cash.
"""


def ask(tmp_path: Path, text: str, least: float = -9.0) -> Answer:
    library = Library(tmp_path)
    library.add("Refunds", PAGE)
    library.add("Lockers", "A locker costs 5 euros a month.")
    return library.answering(least=least).answer(Question(text))


@pytest.mark.parametrize("text", ["summarise the refunds page", "Can you give me a short summary of refunds, please?"])
def test_a_page_is_summed_up_section_by_section(tmp_path: Path, text: str) -> None:
    made = ask(tmp_path, text)
    assert made.is_grounded
    assert made.answer == (
        "From Refunds:\nWe refund within 14 days. Ask in the app. [1]\n"
        "From Refunds › By card:\nThe money is back in 5 working days. Your bank may take longer. [2]\n"
        "From Refunds › In cash:\nNothing is paid in cash. [3]"
    )


def test_what_no_page_is_about_is_not_summed_up(tmp_path: Path) -> None:
    made = ask(tmp_path, "summarise the refunds page", least=99.0)
    assert not made.is_grounded


@pytest.mark.parametrize("text", ["who wrote the summary of refunds", "summarise", "what is a recap", "sum up please"])
def test_other_requests_are_no_request_to_sum_up(text: str) -> None:
    assert not find_topic(text)


def test_the_topic_is_what_a_summary_is_asked_of() -> None:
    assert find_topic("Please summarize the leave policy for me.") == "the leave policy"
    assert find_topic("tl;dr of the crisis playbook?") == "the crisis playbook"
