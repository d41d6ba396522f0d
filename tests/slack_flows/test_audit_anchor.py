"""What an auditor relies on: the audit's last hash stands each day where nobody can take it back unseen."""

from datetime import timedelta
from pathlib import Path

import pytest
from slack_double import SlackDouble
from slack_flows.people import DIGEST

from assistant.app import Assistant
from assistant.core.anchor import read_heads
from assistant.service.service import Service


@pytest.fixture
def head(assistant: Assistant) -> str:
    """The hash of the one decision that was taken."""
    assistant.home.audit.append(assistant.clock(), "ann", "approve", "draft:1")
    return (assistant.home.audit.find_head() or (0, ""))[1]


def test_it_stands_in_the_channel_once_a_day(
    slack: SlackDouble, service: Service, assistant: Assistant, head: str
) -> None:
    assistant.settings.audit_anchor = DIGEST
    now = assistant.clock()
    for due_at in (now, now, now + timedelta(days=1)):
        service.flows.anchor.note(due_at)
    told = [message["text"] for message in slack.bot_messages(DIGEST)]
    assert len(told) == 2
    assert all(head in text for text in told)


def test_or_in_a_file(service: Service, assistant: Assistant, head: str, tmp_path: Path) -> None:
    assistant.settings.audit_anchor = str(tmp_path / "audit.txt")
    service.flows.anchor.note(assistant.clock())
    assert read_heads(str(tmp_path / "audit.txt")) == [head]


def test_nothing_is_noted_where_nobody_asked_for_it(slack: SlackDouble, service: Service, head: str) -> None:
    service.flows.anchor.note(service._assistant.clock())
    assert slack.bot_messages(DIGEST) == []
