"""What a person reads and finds to click in their App Home."""

from datetime import timedelta
from typing import Any

import pytest
from slack_double import SlackDouble
from slack_flows.making import read_texts
from slack_flows.people import REVIEW

from assistant.app import Assistant
from assistant.domain import Mention
from assistant.service.service import Service


def open_home(slack: SlackDouble, user: str, *expected: str) -> dict[str, Any]:
    """Open somebody's Home and wait until all of this can be read there."""
    slack.open_home(user)
    return wait_for_home(slack, user, *expected)


def wait_for_home(slack: SlackDouble, user: str, *expected: str) -> dict[str, Any]:
    """Somebody's Home, once all of this can be read there."""

    def read() -> dict[str, Any] | None:
        shown = read_home(slack, user)
        return slack.home(user) if all(text in shown for text in expected) else None

    try:
        found: dict[str, Any] = slack.wait_for(read, 10, f"{expected} in the Home of {user}")
    except AssertionError as error:
        raise AssertionError(f"{error}\n{read_home(slack, user)}") from None
    return found


def read_home(slack: SlackDouble, user: str) -> str:
    """All that can be read there now."""
    view = slack.home(user)
    return "\n".join(read_texts(view["blocks"])) if view else ""


def unfold(assistant: Assistant, *users: str) -> None:
    """These people left the figures and the settings of their Homes open."""
    shown = {"figures": "open", "setup": "open"}
    for user in users:
        assistant.slack.homes.change_choice(user, lambda kept: {**kept, **shown}, assistant.clock() - timedelta(days=2))


def list_actions(view: dict[str, Any]) -> set[str]:
    """What can be clicked."""
    elements = [e for b in view["blocks"] for e in (*b.get("elements", ()), b.get("accessory") or {})]
    return {element["action_id"] for element in elements if "action_id" in element}


@pytest.fixture
def queue(slack: SlackDouble, service: Service, assistant: Assistant) -> list[int]:
    """Three drafts with their cards: on two networks, two of them urgent, the middle one the oldest."""
    now = assistant.clock()
    for number, (network, hours) in enumerate((("file", 2), ("mastodon", 30), ("file", 1)), start=1):
        text = f"How do customers <!channel> pause their plan? ({number})"
        posted_at = now - timedelta(hours=hours)
        mention = Mention(f"{network}:{number}", network, str(number), f"author {number}", text, posted_at)
        assistant.listening.mentions.add([mention], now)
    service.rounds.collect(now)
    assistant.home.store.change("update findings set label = 'high' where about = 'urgency' and mention_id <> 'file:1'")
    assistant.home.store.change("update findings set label = 'de' where about = 'language' and mention_id = 'file:3'")
    slack.wait_for(
        lambda: len(slack.bot_messages(REVIEW)) == 3 and not assistant.slack.cards.missing(),
        what="three cards that are noted",
    )
    return [1, 2, 3]


def find_draft(assistant: Assistant, mention_id: str) -> int:
    draft_id = assistant.replies.drafts.live_draft_id(mention_id)
    assert draft_id is not None
    return draft_id
