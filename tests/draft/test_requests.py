"""Whoever asks in plain words for a reply to a post gets a draft, and nothing is sent or kept for review."""

from datetime import datetime
from pathlib import Path

import pytest
from fakes_reply import NOW

from assistant.domain import Draft, DraftStatus, Look, Question, Sentence, Support
from assistant.replies.drafting.requests import DraftRequests, find_post

POST = "Where can I change my tyre? It's flat again"


def make_draft(text: str, missing: str = "") -> Draft:
    sentences = (Sentence(text, Support.QUOTED),) if text else ()
    return Draft(0, "file:text", text, DraftStatus.PENDING, sentences, (), "quoting", "", NOW, missing=missing)


@pytest.mark.parametrize(
    "text",
    [
        f"Draft a reply to: {POST}",
        f"could you please write me a short, friendly reply to this customer: “{POST}”",
        f"suggest a reply to the following post\n> {POST}",
    ],
)
def test_the_post_is_what_stands_after_the_request(text: str) -> None:
    assert find_post(text) == POST


@pytest.mark.parametrize(
    "text", ["who may draft a reply?", "draft a reply to this", "how long until I get an answer to a complaint?"]
)
def test_a_question_about_replies_asks_for_none(text: str) -> None:
    assert not find_post(text)


def test_the_draft_is_the_answer_and_says_that_nothing_was_sent() -> None:
    made = DraftRequests(lambda post, now: make_draft(f"About “{post}”: come by.")).answer(
        Question(f"Draft a reply to: {POST}"), NOW
    )
    assert made
    assert made.is_grounded
    assert POST in made.answer
    assert "nothing was sent" in made.reason


def test_where_there_is_no_draft_the_reason_is_told() -> None:
    requests = DraftRequests(lambda post, now: make_draft("", "Nothing public answers this."))
    made = requests.answer(Question(f"Draft a reply to: {POST}"), NOW)
    assert made
    assert not made.is_grounded
    assert "Nothing public answers this." in made.answer


def test_a_link_is_passed_on_to_the_command_that_reads_it(tmp_path: Path) -> None:
    def fail(post: str, now: datetime) -> Draft:
        raise AssertionError(post)

    made = DraftRequests(fail).answer(Question("draft a reply to https://social.example/@ada/17"), NOW)
    assert made
    assert made.look is Look.TALK
    assert "/earshot draft" in made.answer
