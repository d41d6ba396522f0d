"""Nobody in Slack, and nobody with the log or a file of the home, sees a password, key or token of ours."""

import logging
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_double import SlackDouble
from slack_flows.homes import open_home, unfold
from slack_flows.people import ANNA, BEN, REVIEW, TEAM, find_answers, wait_until_quiet
from slack_flows.test_reviews import post_card

from assistant.app import Assistant
from assistant.cli.options import start_logging
from assistant.cli.output import to_plain
from assistant.core.config import Settings
from assistant.service.doctor import examine
from assistant.service.service import Service
from assistant.slack.answers.blocks import PASSAGES, WHY

EXAMPLE = Path(__file__).parent.parent.parent / "networks.example.yaml"
NOWHERE = "127.0.0.1:9"
PARAMETERS = ("api_key", "access_token", "auth", "sig", "secret", "session", "password", "key")


def plant(name: str) -> str:
    """A secret that stands nowhere else."""
    return f"planted{re.sub('[^a-z]', '', name.lower())}9x7"


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every key of every network, the model's, the webhook's, and those within addresses."""
    keys = set(re.findall(r": ([A-Z][A-Z_]+)$", EXAMPLE.read_text(), re.MULTILINE))
    for key in keys:
        monkeypatch.setenv(key, plant(key))
    others = ("signing", "model", "modeluser", "modelurl", "webhook", "feeduser", "feedpass")
    return {plant(name) for name in (*keys, *others, *(f"feed{one}" for one in PARAMETERS))}


@pytest.fixture
def settings(settings: Settings, tmp_path: Path, secrets: set[str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that hold them, in a world in which nothing but Slack can be reached."""
    real = socket.getaddrinfo

    def resolve(host: str, *rest: object, **named: object) -> object:
        if host not in ("127.0.0.1", "localhost"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name here")
        return real(host, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    feeds = [f"http://{NOWHERE}/{name}.rss?{name}={plant(f'feed{name}')}" for name in PARAMETERS]
    feeds.append(f"http://{plant('feeduser')}:{plant('feedpass')}@{NOWHERE}/a.rss")
    planted = {
        "slack_signing_secret": plant("signing"),
        "chat_model": "openai:local",
        "chat_model_url": f"http://{plant('modeluser')}:{plant('modelurl')}@{NOWHERE}/v1",
        "chat_model_key": plant("model"),
        "chat_model_timeout_seconds": 2,
        "webhook_secret": plant("webhook"),
        "webhook_port": _find_port(),
        "rss_feeds": tuple(feeds),
        "networks_file": EXAMPLE,
        "admins": (ANNA,),
        "log_level": "DEBUG",
    }
    return Settings.model_validate({**settings.model_dump(), **planted})


def _find_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def logged(settings: Settings) -> Iterator[None]:
    """The log as `earshot run` writes it, with all that libraries say."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    start_logging(settings)
    yield
    root.handlers = handlers
    root.setLevel(level)


def live_a_day(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    """Everything that people do in Slack, while all that is outside fails."""
    card = post_card(slack, service, assistant, "file")
    slack.click(REVIEW, card["ts"], "approve", ANNA)
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how do customers pause?")
    wait_until_quiet(slack, service)
    answer = find_answers(slack, TEAM, ts)[0]
    for action in (WHY, PASSAGES):
        slack.click(TEAM, answer["ts"], action, ANNA)
    for words in ("ask how do customers pause?", "why", "help", "summary", "draft I was charged twice!", "freeze down"):
        slack.slash("/earshot", words, ANNA, TEAM)
    for user in (ANNA, BEN):
        slack.slash("/earshot", "unfreeze", user, TEAM)
    wait_until_quiet(slack, service)
    unfold(assistant, ANNA)
    open_home(slack, ANNA, "Settings")
    service.rounds.collect(assistant.clock())
    service.rounds.post_digest(assistant.clock())
    assistant.alerts.crises.open("The app is down", "carla", assistant.clock())
    wait_until_quiet(slack, service)


def list_surfaces(slack: SlackDouble, assistant: Assistant) -> Iterator[tuple[str, str]]:
    """All that was said in Slack, all that doctor says, and every byte that is kept."""
    for call in slack.journal.calls:
        yield f"call {call.method}", str({key: value for key, value in call.args.items() if key != "token"})
    for delivery in slack.journal.deliveries:
        yield f"answer to {delivery.type}", str(delivery.response)
    yield "files", str([file.content for file in slack.files])
    yield "doctor", str(to_plain(examine(assistant)))
    for path in assistant.home.path.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes().decode("latin-1")


def test_no_planted_secret_is_seen_by_anybody(
    slack: SlackDouble, logged: None, service: Service, assistant: Assistant, secrets: set[str]
) -> None:
    assert len(secrets) >= 30
    live_a_day(slack, service, assistant)
    surfaces = list(list_surfaces(slack, assistant))
    assert {"call chat.postMessage", "call views.open", "call views.publish"} <= {place for place, _ in surfaces}
    tokens = {slack.bot_token, slack.app_token}
    assert [(place, one) for place, text in surfaces for one in secrets | tokens if one in text] == []
