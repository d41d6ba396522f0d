"""Nobody pings a whole channel through Earshot, whatever customers, documents or colleagues write."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_double import SlackDouble
from slack_flows.homes import open_home, unfold
from slack_flows.people import ANNA, BEN, REVIEW, TEAM, find_answers, wait_until_quiet
from slack_flows.test_card_actions import wait_for_card

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Mention
from assistant.service.service import Service
from assistant.slack.answers.blocks import PASSAGES, WHY

LOUD = "<!channel> <!here|x> <!everyone> <!subteam^S1>"
PING = re.compile(r"<!(?:channel|here|everyone|subteam)")


@pytest.fixture
def knowledge(knowledge: Path) -> Path:
    """A page that would ping."""
    page = knowledge / "public" / "public.md"
    page.write_text(
        f"# Pausing {LOUD}\n\n{LOUD} Customers pause their plan in the app for up to three months. {LOUD}\n"
    )
    return knowledge


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"admins": (ANNA,)})


def list_marked(part: Any) -> Iterator[str]:
    """All text in which Slack reads marks: plain text is shown as it is."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield str(part["text"])
        for one in part.values():
            yield from list_marked(one)
    elif isinstance(part, list):
        for one in part:
            yield from list_marked(one)


def list_said(slack: SlackDouble) -> Iterator[tuple[str, str]]:
    for call in slack.journal.calls:
        yield call.method, str(call.args.get("text") or "")
        for name in ("blocks", "view", "chunks"):
            part = call.args.get(name) or "[]"
            yield from (
                (call.method, text) for text in list_marked(json.loads(part) if isinstance(part, str) else part)
            )
    for delivery in slack.journal.deliveries:
        yield delivery.type, str((delivery.response or {}).get("text") or "")
        yield from ((delivery.type, text) for text in list_marked(delivery.response))


def test_no_word_from_outside_pings_a_channel(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    now = assistant.clock()
    post = Mention("file:1", "file", "1", f"eve {LOUD}", f"{LOUD} how do customers pause their plan? {LOUD}", now)
    assistant.listening.mentions.add([post], now)
    assistant.listening.sort_new_mentions(now)
    assistant.replies.drafting.draft_mention("file:1", now)
    wait_for_card(slack, "pause their plan")
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {LOUD} how do customers pause their plan?")
    answer = find_answers(slack, TEAM, ts)[0]["ts"]
    for action in (WHY, PASSAGES):
        slack.click(TEAM, answer, action, BEN)
    for words in (f"ask {LOUD} pause?", f"draft {LOUD} I was charged twice!", f"freeze {LOUD}", f"{LOUD}", "summary"):
        slack.slash("/earshot", words, ANNA, TEAM)
    wait_until_quiet(slack, service)
    card = next(m for m in slack.bot_messages(REVIEW) if m["text"].startswith("Draft"))
    slack.click(REVIEW, card["ts"], "not_ours", ANNA)
    assistant.alerts.crises.open(f"The app is down {LOUD}", f"carla {LOUD}", now)
    unfold(assistant, ANNA)
    open_home(slack, ANNA, "Settings")
    service.rounds.collect(now)
    wait_until_quiet(slack, service)
    said = list(list_said(slack))
    assert any("&lt;!channel&gt;" in text for _, text in said), "the words are shown, as words"
    assert [(place, text) for place, text in said if PING.search(text)] == []
