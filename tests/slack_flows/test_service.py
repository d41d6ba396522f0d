"""What an operator relies on: one service a home, the digest once a week, and HTTP where it is wanted."""

import socket
import time
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from fakes import FakeEmbedder
from pydantic import SecretStr
from slack_bolt import App
from slack_double import SlackDouble
from slack_double.http_mode import sign
from slack_flows.people import ANNA, DIGEST, TEAM, find_answers, run_service, wait_until_quiet

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Mention
from assistant.errors import ConfigError, NetworkError
from assistant.service.service import Service
from assistant.slack.client.client import build_client
from assistant.slack.client.connection import SignedRequests

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
DURING_THE_WEEK = datetime(2026, 11, 11, 12, tzinfo=UTC)


def test_the_digest_of_the_last_week_is_posted_once_however_often_it_is_due(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    posts = [Mention(f"x:{n}", "x", str(n), "ann", "The app is great", DURING_THE_WEEK) for n in range(3)]
    assistant.listening.mentions.add(posts, DURING_THE_WEEK)
    service.rounds.collect(MONDAY)
    service.rounds.post_digest(MONDAY)
    service.rounds.post_digest(MONDAY)
    wait_until_quiet(slack, service)
    [message, *_] = heads = [one for one in slack.bot_messages(DIGEST) if one.get("thread_ts", one["ts"]) == one["ts"]]
    assert len(heads) == 1
    assert "2026-W46" in message["text"]
    assert "3 posts" in message["text"]


def test_a_digest_that_slack_took_without_saying_so_is_not_posted_again(slack: SlackDouble, service: Service) -> None:
    slack.fail_next("chat.postMessage", "lost")
    service.rounds.post_digest(MONDAY)
    wait_until_quiet(slack, service)
    assert len([one for one in slack.bot_messages(DIGEST) if one.get("thread_ts", one["ts"]) == one["ts"]]) == 1


def test_a_second_service_on_the_same_home_is_refused_in_plain_words(assistant: Assistant, service: Service) -> None:
    with pytest.raises(ConfigError, match="Another earshot run is using"):
        Service(Assistant(assistant.settings, embedder=FakeEmbedder()))


def test_a_start_warns_of_nothing(
    assistant: Assistant, slack: SlackDouble, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)  # where Bolt finds it too, and says that it is not used
    with run_service(assistant, slack):
        pass
    assert [one.getMessage() for one in caplog.records if one.name.startswith("slack_bolt")] == []


@pytest.mark.parametrize("missing", ["slack_bot_token", "slack_app_token"])
def test_a_missing_token_is_named_with_an_example(settings: Settings, missing: str) -> None:
    without = settings.model_copy(update={missing: None})
    with pytest.raises(ConfigError, match=f"{missing.upper()}.*for example"):
        Service(Assistant(without, embedder=FakeEmbedder()))


@pytest.mark.parametrize(
    ("field", "wrong"), [("slack_bot_token", "xoxb-wrong-token"), ("slack_app_token", "xapp-wrong-token")]
)
def test_a_token_that_slack_refuses_is_named(settings: Settings, field: str, wrong: str) -> None:
    service = Service(Assistant(settings.model_copy(update={field: SecretStr(wrong)}), embedder=FakeEmbedder()))
    try:
        with pytest.raises(NetworkError) as refused:
            service.start()
    finally:
        service.stop()
    assert f"Copy {field.upper()} again" in refused.value.hint


def test_over_http_a_question_is_answered_the_same(settings: Settings, assistant: Assistant) -> None:
    port = _free_port()
    with SlackDouble(rate_limit=False, retry_factor=0.05, http_url=f"http://127.0.0.1:{port}/slack/events") as slack:
        slack.add_user(ANNA, "anna")
        slack.add_channel(TEAM, "team", members=[ANNA])
        update = {
            "slack_app_token": None,
            "slack_api_url": slack.api_url,
            "slack_http_port": port,
            "slack_signing_secret": SecretStr(slack.signing_secret),
        }
        assistant.home.settings = settings.model_copy(update=update)
        service = Service(assistant)
        service.start()
        try:
            ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how do customers pause their plan?")
            assert "pause their plan in the app" in str(find_answers(slack, TEAM, ts, timeout=60))
        finally:
            service.stop()


@pytest.mark.parametrize("body", [b"[" * 100_000, b"[1]", b"null", b"\xff", b"payload=%7B", b'"words"', b""])
def test_what_nobody_signed_is_not_read_and_what_cannot_be_read_is_refused(slack: SlackDouble, body: bytes) -> None:
    app = App(client=build_client(slack.bot_token, slack.api_url), signing_secret=slack.signing_secret)
    signed = sign(slack.signing_secret, body, int(time.time()))
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}
    request = {"REQUEST_METHOD": "POST", "PATH_INFO": "/slack/events", "CONTENT_LENGTH": str(len(body))}
    request |= {"CONTENT_TYPE": "application/json", "wsgi.url_scheme": "http"}
    statuses: list[str] = []
    for more in ({}, headers):
        environ: dict[str, Any] = {**request, **more, "wsgi.input": BytesIO(body)}
        list(SignedRequests(app, slack.signing_secret)(environ, lambda status, _: statuses.append(status)))
    assert statuses[0] == "401 Unauthorized"
    assert statuses[1][:3] in ("400", "404")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
