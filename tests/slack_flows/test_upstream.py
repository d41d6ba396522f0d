"""What reviewers see when a post changes on its network: no button works on what is no longer there."""

import json
import socket
import time
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from slack_double import SlackDouble
from slack_flows.people import ANNA, REVIEW
from slack_flows.test_card_actions import find_actions
from slack_flows.test_reviews import has_buttons, read_card

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.listening.networks.webhook import sign
from assistant.service.service import Service

SECRET = "a-secret-of-length"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The same, with a webhook."""
    return settings.model_copy(update={"webhook_secret": SecretStr(SECRET), "webhook_port": _free_port()})


def _send(settings: Settings, post: dict[str, Any]) -> Any:
    body, stamp = json.dumps(post).encode(), str(int(time.time()))
    headers = {"X-Earshot-Timestamp": stamp, "X-Earshot-Signature": sign(SECRET, stamp, body)}
    url = f"http://127.0.0.1:{settings.webhook_port}/webhook"
    return httpx.post(url, content=body, headers=headers).raise_for_status().json()


@pytest.mark.parametrize(
    ("change", "count", "words"),
    [({"deleted": True}, "removed", "deleted on its network"), ({"text": "All is well."}, "edited", "was edited")],
)
def test_a_card_loses_its_buttons_when_its_post_is_edited_or_deleted(
    change: dict[str, Any],
    count: str,
    words: str,
    slack: SlackDouble,
    service: Service,
    assistant: Assistant,
    settings: Settings,
) -> None:
    post = {"id": "1", "text": "How do customers pause their plan?", "created_at": assistant.clock().isoformat()}
    assert _send(settings, post)["new"] == 1
    service.rounds.collect(assistant.clock())
    card = slack.wait_for(lambda: slack.bot_messages(REVIEW), what="a card")[0]
    assert has_buttons(card)
    assert _send(settings, post | change)[count] == 1
    slack.wait_for(lambda: words in str(read_card(slack)["blocks"]), what="a card that says why")
    shown = str(read_card(slack)["blocks"])
    assert not {"approve", "edit", "reject"} & set(find_actions(read_card(slack)))
    assert "How do customers pause" not in shown


def test_an_approved_text_that_waits_to_be_copied_is_taken_back_when_its_post_is_deleted(
    slack: SlackDouble, service: Service, assistant: Assistant, settings: Settings
) -> None:
    post = {"id": "1", "source": "mastodon", "text": "How do customers pause their plan?"}
    post["created_at"] = assistant.clock().isoformat()
    _send(settings, post)
    service.rounds.collect(assistant.clock())
    card = slack.wait_for(lambda: slack.bot_messages(REVIEW), what="a card")[0]
    slack.click(REVIEW, card["ts"], "approve", ANNA)
    slack.wait_for(lambda: "ready for you to post" in str(read_card(slack)), what="the text to copy")
    assert _send(settings, {"id": "1", "source": "mastodon", "deleted": True})["removed"] == 1
    slack.wait_for(lambda: not has_buttons(read_card(slack)), what="a card without buttons")
    shown = str(read_card(slack)["blocks"])
    assert "deleted on its network" in shown
    assert "ready for you to post" not in shown
