"""What a reader relies on when an answer is streamed: the whole of it, once, whatever Slack does in between."""

from pathlib import Path
from typing import Any

import pytest
from slack_double import SlackDouble
from slack_flows.making import read_texts
from slack_flows.people import ANNA, TEAM, find_answers, wait_until_quiet

from assistant.app import Assistant
from assistant.service.service import Service
from assistant.slack.answers.delivery import split_pieces
from assistant.slack.client.blocks import build_context, build_section

QUESTION = "how does a bike theft claim work: report, police, lock, payout?"
STEPS = (
    "A bike theft claim begins with a report in the app within three days after the theft was noticed by the rider.",
    "The police report number goes into the claim, and without the police number a theft claim is not looked at.",
    "A photo of the lock and both keys belong to the claim, because the lock must have been closed at the theft.",
    "The payout of a theft claim comes within ten working days, less the deductible that the rider's plan names.",
)


@pytest.fixture
def assistant(assistant: Assistant, knowledge: Path) -> Assistant:
    """An Earshot that knows an answer of some length."""
    page = knowledge / "public" / "theft.md"
    page.write_text("# Theft claims\n\n" + "\n\n".join(STEPS) + "\n")
    assistant.knowledge.ingest.run([str(knowledge)], None, assistant.clock())
    return assistant


def ask(slack: SlackDouble, service: Service) -> list[dict[str, Any]]:
    """Ask, wait until nothing moves any more, and give what stands in the thread."""
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {QUESTION}")
    find_answers(slack, TEAM, ts)
    wait_until_quiet(slack, service)
    return find_answers(slack, TEAM, ts)


def check(answers: list[dict[str, Any]]) -> None:
    """The whole answer stands there once, with its buttons, and nothing is still on its way."""
    (answer,) = answers
    shown = "\n".join(read_texts(answer["blocks"]))
    for said in ("three days", "ten working days"):
        assert shown.count(said) == 1
    assert [block["type"] for block in answer["blocks"]][-2:] == ["context_actions", "actions"]
    assert answer.get("streaming_state", "completed") == "completed"
    assert answer["metadata"]["event_payload"]["key"]


def test_a_long_answer_is_streamed(slack: SlackDouble, service: Service) -> None:
    check(ask(slack, service))
    (start,) = slack.journal.calls_to("chat.startStream")
    assert (start.args["recipient_user_id"], start.args["recipient_team_id"]) == (ANNA, slack.team_id)
    assert slack.journal.calls_to("chat.appendStream")
    assert slack.journal.calls_to("chat.postMessage") == []


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
@pytest.mark.parametrize("status", ["lost", "reset", 429, 500])
def test_whatever_breaks_a_stream_the_answer_comes_once(
    slack: SlackDouble, service: Service, method: str, status: Any
) -> None:
    slack.fail_next(method, status)
    check(ask(slack, service))


def test_where_slack_refuses_streams_the_answer_comes_in_one_piece(slack: SlackDouble, service: Service) -> None:
    slack.fail_next("chat.startStream", error="method_not_supported_for_channel_type")
    check(ask(slack, service))
    assert len(slack.journal.calls_to("chat.postMessage")) == 1


def test_a_stream_that_slack_has_ended_is_made_whole(slack: SlackDouble, service: Service) -> None:
    slack.fail_next("chat.appendStream", error="message_not_in_streaming_state")
    check(ask(slack, service))


def test_pieces_hold_every_line_in_order_and_leave_the_rest_below() -> None:
    lines = [f"Sentence {number} {'x' * 400}" for number in range(12)]
    blocks = [build_section("\n".join(lines[:6])), build_section("\n".join(lines[6:])), build_context("sources")]
    pieces, rest = split_pieces(blocks)
    assert "\n".join(piece["text"]["text"] for piece in pieces).split("\n") == lines
    assert 2 <= len(pieces) <= 6
    assert rest == [blocks[2]]
