"""What people do on cards is done once, whenever `earshot run` is killed with SIGKILL and started again."""

import json
from pathlib import Path
from typing import Any

import pytest
from children import Start, kill
from slack_double import SlackDouble
from slack_flows.making import give_address
from slack_flows.people import ANNA, REVIEW, TEAM
from slack_flows.test_card_actions import pick, wait_for_line

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Mention


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """The same, with a channel for cards and no time to undo."""
    return {
        **environment,
        "REVIEW_CHANNEL": REVIEW,
        "UNDO_SECONDS": "0",
        "ANSWER_CONFIDENCE": "0",
        "COLLECT_SCHEDULE": "0 0 1 1 *",
        "DIGEST_SCHEDULE": "0 0 1 1 *",
    }


@pytest.fixture
def store(tmp_path: Path, knowledge: Path) -> Assistant:
    """A look into the same home from outside."""
    return Assistant(Settings.model_validate({"earshot_home": tmp_path / "home"}))


def find_card(slack: SlackDouble) -> dict[str, Any]:
    cards: list[dict[str, Any]] = slack.wait_for(lambda: slack.bot_messages(REVIEW), 30, "a card")
    return cards[-1]


def read_outbox(store: Assistant) -> list[dict[str, Any]]:
    path = store.settings.earshot_home / "outbox.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.mark.parametrize("moment", ["while the card is posted", "when the answer to its post is lost"])
def test_a_pasted_post_survives_kill_9(slack: SlackDouble, start: Start, store: Assistant, moment: str) -> None:
    first = start()
    if moment == "while the card is posted":
        slack.delay("chat.postMessage", 3)
    else:
        slack.fail_next("chat.postMessage", "lost")
    slack.slash("/earshot", "draft How do customers pause their plan?", ANNA, TEAM)
    slack.wait_for(lambda: slack.journal.calls_to("response_url"), 60, "the sign that it was written down")
    if moment != "while the card is posted":
        find_card(slack)
    kill(first)
    slack.delay("chat.postMessage", 0)
    start()
    wait_for_line(slack, ANNA, "Draft 1 is in")
    assert len(slack.bot_messages(REVIEW)) == 1
    assert store.replies.drafts.live_draft_id(store.replies.drafts.find(1).mention_id) == 1


@pytest.mark.parametrize("action", ["approve", "regenerate", "reject"])
def test_a_decision_survives_kill_9_and_the_card_follows(
    slack: SlackDouble, start: Start, store: Assistant, knowledge: Path, action: str
) -> None:
    give_address(knowledge)  # a draft with a link can be made shorter
    first = start()
    now = store.clock()
    store.listening.mentions.add(
        [Mention("file:1", "file", "1", "ada", "How do customers pause their plan?", now)], now
    )
    url = "https://post.example/ada/12345"
    store.home.store.change("update mentions set url = ?", url)
    slack.slash("/earshot", f"draft {url}", ANNA, TEAM)
    card = find_card(slack)
    wait_for_line(slack, ANNA, "Draft 1 is in")
    slack.delay("chat.update", 30)
    if action == "regenerate":
        pick(slack, card, ANNA, action, {"text": {"text": "shorter"}})
    else:
        slack.click(REVIEW, card["ts"], action, ANNA)
    slack.wait_for(lambda: slack.journal.calls_to("chat.update"), 60, "the card being drawn")
    kill(first)
    slack.delay("chat.update", 0)
    start()
    words = {"approve": "Sent by Earshot", "regenerate": "version 2", "reject": "Rejected by"}[action]
    slack.wait_for(lambda: words in str(slack.bot_messages(REVIEW)[0]["blocks"]), 60, f"“{words}” on the card")
    assert len(read_outbox(store)) == (action == "approve")
    assert store.replies.drafts.find(1).version == (2 if action == "regenerate" else 1)
    assert len(slack.bot_messages(REVIEW)) == 1
