"""Channels that people of other companies read: nothing of ours is posted there, and doctor says so."""

import pytest
from slack_double import SlackDouble
from slack_flows.people import ANNA, REVIEW, wait_until_quiet
from slack_flows.test_alerts import add_spike
from slack_flows.test_reviews import post_card

from assistant.app import Assistant
from assistant.domain import DraftStatus, Scope
from assistant.errors import EarshotError, ReviewError
from assistant.reports.figures import find_period
from assistant.service.doctor import Health, examine
from assistant.service.service import Service
from assistant.slack.client import membership
from assistant.slack.digests.flow import connect_digests

TOLD = "shared with people from outside"


def share(slack: SlackDouble, channel: str) -> None:
    """Invite another company to a channel."""
    with slack.world.lock:
        slack.world.workspace.channel(channel).is_ext_shared = True


def test_no_card_alert_crisis_freeze_or_summary_is_posted_where_outsiders_read(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    share(slack, REVIEW)
    add_spike(assistant)
    now = assistant.clock()
    assistant.alerts.crises.open("The app is down", ANNA, now)
    for post in (
        service.flows.alerts.run,
        lambda: service.flows.reviews.post_card(1),
        lambda: connect_digests(assistant.home, assistant.reports, assistant.slack).post_to(
            "digest:1", REVIEW, find_period("2026-W46", assistant.settings.zone), Scope()
        ),
    ):
        with pytest.raises(ReviewError, match=TOLD):
            post()
    wait_until_quiet(slack, service)
    assert slack.bot_messages(REVIEW) == []


def test_a_card_whose_channel_was_shared_later_is_neither_drawn_again_nor_decided_on(
    slack: SlackDouble, service: Service, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(membership, "_KEPT_SECONDS", 0)  # a minute passes
    card = post_card(slack, service, assistant, "file")
    share(slack, REVIEW)
    slack.click(REVIEW, card["ts"], "approve", ANNA)
    told = slack.wait_for(lambda: slack.ephemerals, what="a line for the person")
    assert TOLD in told[0]["text"]
    with pytest.raises(EarshotError, match=TOLD):
        service.flows.reviews.refresh(1)
    assert assistant.replies.drafts.find(1).status is DraftStatus.PENDING
    assert slack.bot_messages(REVIEW)[0]["blocks"] == card["blocks"]


def test_doctor_names_a_channel_that_outsiders_read(slack: SlackDouble, assistant: Assistant) -> None:
    share(slack, REVIEW)
    [check] = [check for check in examine(assistant) if check.name == "slack"]
    assert check.health is Health.BAD
    assert f"REVIEW_CHANNEL {REVIEW}: it is {TOLD}" in "\n".join(check.details)
