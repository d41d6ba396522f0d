"""What everybody relies on in trouble: one command stops every reply, and two people let them go on."""

from typing import Any

import pytest
from slack_double import SlackDouble
from slack_flows.people import ANNA, BEN, REVIEW, TEAM, wait_until_quiet
from slack_flows.test_card_actions import find_actions, wait_for_card, wait_for_line
from slack_flows.test_reviews import find_audited, post_card, read_card, read_outbox

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import DraftStatus
from assistant.service.service import Service


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The same, with time to think again after an approval."""
    return settings.model_copy(update={"undo_seconds": 600})


@pytest.fixture
def card(slack: SlackDouble, service: Service, assistant: Assistant) -> dict[str, Any]:
    """A review card for a customer's question."""
    return post_card(slack, service, assistant, "file")


def wait_for_news(slack: SlackDouble, words: str) -> None:
    slack.wait_for(lambda: words in str([m["text"] for m in slack.bot_messages(REVIEW)]), what=f"“{words}”")


def test_an_approval_is_taken_back_before_the_reply_leaves(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.click(REVIEW, card["ts"], "approve", ANNA)
    wait_for_card(slack, "unless you undo it.")
    assert find_actions(read_card(slack)) == ["undo", "more_on_card"]
    slack.click(REVIEW, card["ts"], "undo", ANNA)
    wait_for_card(slack, f"Taken back by <@{ANNA}>")
    assert "approve" in find_actions(read_card(slack))
    assert read_outbox(assistant) == []


def test_a_freeze_stops_what_was_approved_shows_on_every_card_and_takes_two_to_lift(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.slash("/earshot", "freeze The app is down", ANNA, TEAM)
    wait_for_line(slack, ANNA, "Replies are frozen since")
    wait_for_card(slack, ":snowflake: Replies are frozen since")
    wait_for_news(slack, f"by <@{ANNA}>: The app is down.")
    assert "approve" not in find_actions(read_card(slack))
    slack.slash("/earshot", "unfreeze", ANNA, TEAM)
    wait_for_news(slack, f"<@{ANNA}> asks to lift the freeze")
    slack.slash("/earshot", "unfreeze", ANNA, TEAM)
    wait_for_line(slack, ANNA, "A second person has to ask as well.")
    slack.slash("/earshot", "unfreeze", BEN, TEAM)
    wait_for_news(slack, f"<@{ANNA}> and {BEN} lifted it.")
    slack.wait_for(lambda: "approve" in find_actions(read_card(slack)), what="a card that can be approved")
    wait_until_quiet(slack, service)
    assert len(slack.bot_messages(REVIEW)) == 4  # the card, the freeze, the wish, the end; each once
    assert find_audited(assistant, "unfreeze") == [BEN]


def test_what_was_approved_before_a_freeze_does_not_leave_and_its_card_says_why(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.click(REVIEW, card["ts"], "approve", ANNA)
    wait_for_card(slack, "unless you undo it.")
    assistant.alerts.crises.open("The app is down", "carla", assistant.clock())
    wait_for_news(slack, ":snowflake: Replies are frozen since")
    wait_for_card(slack, "It won't be sent; Undo brings it back.")
    assistant.replies.sending.undo(1, "carla")
    wait_for_card(slack, "Nothing can be approved")
    slack.click(REVIEW, card["ts"], "more_on_card", ANNA, choose="claim")
    wait_for_card(slack, "is working on it until")
    assert assistant.replies.drafts.find(1).status is DraftStatus.PENDING
    assert read_outbox(assistant) == []


def test_only_who_may_freezes_and_nobody_without_a_reason(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.settings.reviewers = (ANNA,)
    slack.slash("/earshot", "freeze I want to", BEN, TEAM)
    wait_for_line(slack, BEN, "Only reviewers")
    slack.slash("/earshot", "freeze", ANNA, TEAM)
    wait_for_line(slack, ANNA, "Say why")
    slack.slash("/earshot", "unfreeze", ANNA, TEAM)
    wait_for_line(slack, ANNA, "Replies aren't frozen.")
    assert assistant.replies.freezing.describe() == ""
