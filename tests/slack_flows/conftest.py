"""A running Earshot against the Slack double: real Bolt, real sockets, real SQLite, Chroma and DBOS."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FakeEmbedder
from slack_double import SlackDouble
from slack_flows.people import ANNA, BEN, DIGEST, GUEST, REVIEW, TEAM

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Audience
from assistant.service.service import Service


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    """A workspace with two full members, a guest, and the channels that Earshot uses."""
    with SlackDouble(rate_limit=False) as double:
        double.add_user(ANNA, "anna")
        double.add_user(BEN, "ben")
        double.add_user(GUEST, "guest", is_restricted=True)
        for channel, name in ((TEAM, "team"), (REVIEW, "review"), (DIGEST, "digest")):
            double.add_channel(channel, name, members=[ANNA, BEN, GUEST])
        yield double


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A public and an internal document."""
    folder = tmp_path / "knowledge"
    for audience, text in (
        ("public", "# Pausing\n\nCustomers pause their plan in the app for up to three months.\n"),
        (
            "internal",
            "# Goodwill\n\nAgents may grant goodwill credits up to 25 pounds without asking the shift lead.\n",
        ),
    ):
        (folder / audience).mkdir(parents=True)
        (folder / audience / f"{audience}.md").write_text(text)
    return folder


@pytest.fixture
def settings(tmp_path: Path, slack: SlackDouble) -> Settings:
    """Settings that point at the double."""
    return Settings.model_validate(
        {
            "earshot_home": tmp_path / "home",
            "slack_bot_token": slack.bot_token,
            "slack_app_token": slack.app_token,
            "slack_api_url": slack.api_url,
            "review_channel": REVIEW,
            "digest_channel": DIGEST,
            "collect_schedule": "0 0 1 1 *",
            "digest_schedule": "0 0 1 1 *",
            "undo_seconds": 0,
            # The measure of sureness is made for a real embedder.
            "answer_confidence": 0,
        }
    )


@pytest.fixture
def assistant(settings: Settings, knowledge: Path) -> Assistant:
    """An Earshot with the two documents indexed."""
    parts = Assistant(settings, embedder=FakeEmbedder())
    parts.knowledge.ingest.run([str(knowledge)], None, parts.clock())
    assert parts.knowledge.documents.count()[f"{Audience.PUBLIC}_documents"] == 1
    return parts


@pytest.fixture
def service(assistant: Assistant, slack: SlackDouble) -> Iterator[Service]:
    """`earshot run`, connected."""
    running = Service(assistant, post_spacing_seconds=0)  # the double's limit is off too
    running.start()
    slack.wait_for_connection()
    yield running
    slack.disconnect(hard=True)
    running.stop()
