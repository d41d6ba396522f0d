"""What an operator relies on: a silent socket is mended and told of, and so is a second machine on the same app."""

import json
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from slack_double import SlackDouble
from slack_sdk.errors import SlackClientError

from assistant.app import Assistant
from assistant.core.database import Store
from assistant.core.home import read_clock
from assistant.service.service import Service
from assistant.slack.client.connection import Watchdog
from assistant.slack.client.tables import CONNECTIONS, SILENT_SOCKET, ServiceTables


class Session:
    """A connection whose last answer to a ping came at a time."""

    def __init__(self, answered_at: float | None) -> None:
        self.last_ping_pong_time = answered_at


class Socket:
    """A socket that says that it is open, whatever it hears."""

    def __init__(self, answered_at: float | None, is_refused: bool = False) -> None:
        self.current_session: Any = Session(answered_at)
        self.opened = 0
        self._is_refused = is_refused

    def is_connected(self) -> bool:
        return True

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        self.opened += 1
        if self._is_refused:
            raise SlackClientError("no way")


@pytest.fixture
def facts(tmp_path: Path) -> ServiceTables:
    return ServiceTables(Store(tmp_path / "earshot.db"))


def test_a_socket_that_says_nothing_is_opened_anew_and_told_of(
    facts: ServiceTables, caplog: pytest.LogCaptureFixture
) -> None:
    now = time.time()
    socket = Socket(now)
    watchdog = Watchdog(socket, facts, read_clock)
    assert not watchdog.look(now + 14)
    with caplog.at_level(logging.WARNING):
        assert watchdog.look(now + 30)
    assert socket.opened == 1
    assert "silent for 30 s" in caplog.text
    found = facts.find(SILENT_SOCKET)
    assert found is not None
    assert "was opened again" in found[0]
    assert not watchdog.look(now + 40)  # the new one gets its time


def test_a_socket_that_cannot_be_opened_is_tried_again(facts: ServiceTables) -> None:
    now = time.time()
    socket = Socket(None, is_refused=True)
    watchdog = Watchdog(socket, facts, read_clock)
    assert watchdog.look(now + 30)
    assert watchdog.look(now + 60)
    assert socket.opened == 2
    assert "could not be opened" in str(facts.find(SILENT_SOCKET))


@pytest.mark.parametrize(("counts", "is_told"), [([1], False), ([2], True), ([1, 2], False), ([1, 3], True)])
def test_a_second_machine_on_the_same_app_is_told_of_and_a_renewed_socket_is_not(
    facts: ServiceTables, counts: list[int], is_told: bool
) -> None:
    watchdog = Watchdog(Socket(None), facts, read_clock)
    for count in counts:
        watchdog.hear(json.dumps({"type": "hello", "num_connections": count}))
    watchdog.note_connections()
    assert (facts.find(CONNECTIONS) is not None) is is_told


def test_what_is_not_a_hello_is_only_heard(facts: ServiceTables) -> None:
    watchdog = Watchdog(Socket(None), facts, read_clock)
    for frame in ('{"type": "hello"', '["hello"]', '{"type": "events_api", "payload": {"text": "hello"}}', ""):
        watchdog.hear(frame)
    assert facts.find(CONNECTIONS) is None


def test_doctor_tells_of_a_second_machine(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    from assistant.service.doctor import examine

    (before,) = [check for check in examine(assistant) if check.name == "slack"]
    assert before.details == ()
    hello = "select 1 from service_facts where name = ?"
    slack.wait_for(
        lambda: assistant.home.store.value(hello, CONNECTIONS), what="Slack's hello, which counts one machine"
    )
    assistant.slack.service_facts.note(CONNECTIONS, "Slack counts 2 connections of this app.", assistant.clock())
    (check,) = [check for check in examine(assistant) if check.name == "slack"]
    assert "Slack counts 2 connections" in check.details[0]
