"""A running Earshot against the Slack double: real Bolt, real sockets, real SQLite, Chroma and DBOS."""

import shutil
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import pytest
from children import Start, kill, load_program, start_run
from fakes import FakeEmbedder
from slack_double import SlackDouble
from slack_flows.people import ANNA, BEN, DIGEST, GUEST, REVIEW, TEAM, run_service

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.core.database import Store
from assistant.core.home import read_clock
from assistant.core.job import JobHandlers
from assistant.core.schedule_tables import ScheduleTables
from assistant.domain import Audience
from assistant.service.jobs import DurableWork
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


@pytest.fixture(scope="session")
def work_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A work.db with DBOS's tables and no work, made once a worker: its 20 migrations take longer than most tests."""
    made = tmp_path_factory.mktemp("work") / "work.db"
    marks = ScheduleTables(Store(made.with_name("earshot.db")))
    work = DurableWork(made, JobHandlers(), [], marks, lambda job, error: None)
    work.start(read_clock())
    work.stop()
    return made


@pytest.fixture
def service(assistant: Assistant, slack: SlackDouble, work_template: Path) -> Iterator[Service]:
    """`earshot run`, connected."""
    shutil.copy(work_template, assistant.settings.earshot_home / "work.db")
    with run_service(assistant, slack) as running:  # the double's limit is off too
        yield running


@pytest.fixture(scope="session")
def loaded() -> ForkServerContext:
    """The program, loaded once a worker."""
    return load_program()


@pytest.fixture
def environment(slack: SlackDouble, knowledge: Path, tmp_path: Path) -> dict[str, str]:
    """What a process needs to run Earshot against the double."""
    return {
        "EARSHOT_HOME": str(tmp_path / "home"),
        "KNOWLEDGE_DIR": str(knowledge),
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }


@pytest.fixture
def start(slack: SlackDouble, environment: dict[str, str], loaded: ForkServerContext) -> Iterator[Start]:
    """Starts another `earshot run`, and waits until it is connected; all are ended at last."""
    started: list[ForkServerProcess] = []

    def begin() -> ForkServerProcess:
        opened = len(slack.journal.calls_to("apps.connections.open"))
        started.append(start_run(loaded, environment))
        slack.wait_for(lambda: len(slack.journal.calls_to("apps.connections.open")) > opened, 60, "the start")
        slack.wait_for_connection(timeout=60)
        return started[-1]

    yield begin
    for process in started:
        kill(process)
