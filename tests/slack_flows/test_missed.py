"""What people rely on after Earshot was away: what they asked meanwhile is answered, and nothing is answered again."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import FakeEmbedder
from slack_double import SlackDouble
from slack_flows.people import ANNA, BEN, TEAM, find_answers, wait_until_quiet

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.core.database import Store
from assistant.core.home import read_clock
from assistant.service.service import Service
from assistant.slack.answers.intake import HEARD, find_last_heard
from assistant.slack.client.connection import Watchdog
from assistant.slack.client.tables import ServiceTables

QUESTION = "how do customers pause their plan?"


@pytest.fixture
def away(slack: SlackDouble, service: Service) -> str:
    """The ts of a question that was answered; after that Earshot stopped, and Slack gave up sending."""
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {QUESTION}")
    find_answers(slack, TEAM, ts)
    wait_until_quiet(slack, service)
    slack.disconnect(hard=True)
    service.stop()
    slack.drop_next_event(20)
    return ts


@pytest.fixture
def back(slack: SlackDouble, settings: Settings) -> Iterator[list[Service]]:
    """Services that are started again."""
    started: list[Service] = []
    yield started
    slack.disconnect(hard=True)
    for one in started:
        one.stop()


def come_back(slack: SlackDouble, settings: Settings, back: list[Service]) -> Service:
    back.append(Service(Assistant(settings, embedder=FakeEmbedder()), post_spacing_seconds=0))
    back[-1].start()
    wait_until_quiet(slack, back[-1])
    return back[-1]


def test_what_was_asked_meanwhile_is_answered_once_and_nothing_else_is(
    slack: SlackDouble, settings: Settings, away: str, back: list[Service]
) -> None:
    answered = len(slack.bot_messages(TEAM))
    asked = slack.say(TEAM, BEN, f"<@{slack.bot_user_id}> {QUESTION}")
    direct = slack.say(slack.open_dm(BEN), BEN, QUESTION)
    chatter = slack.say(TEAM, BEN, "lunch, anybody?")
    follow_up = slack.say(TEAM, ANNA, "and for how long?", thread_ts=away)

    come_back(slack, settings, back)

    assert len(find_answers(slack, TEAM, asked)) == 1
    assert len(find_answers(slack, TEAM, away, 2)) == 2
    assert float(find_answers(slack, TEAM, away, 2)[1]["ts"]) > float(follow_up)
    assert [m for m in slack.thread(TEAM, chatter) if m.get("user") == slack.bot_user_id] == []
    assert len(find_answers(slack, slack.open_dm(BEN), direct)) == 1
    assert len(slack.bot_messages(TEAM)) == answered + 2


def test_a_thread_that_began_before_is_read_on_where_somebody_answers_in_it_meanwhile(
    slack: SlackDouble, settings: Settings, away: str, back: list[Service]
) -> None:
    new = slack.say(TEAM, BEN, "who knows about pausing?")
    slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {QUESTION}", thread_ts=new)
    come_back(slack, settings, back)
    assert len(find_answers(slack, TEAM, new)) == 1


def test_who_comes_back_twice_answers_once(
    slack: SlackDouble, settings: Settings, away: str, back: list[Service]
) -> None:
    asked = slack.say(TEAM, BEN, f"<@{slack.bot_user_id}> {QUESTION}")
    come_back(slack, settings, back)
    find_answers(slack, TEAM, asked)
    slack.disconnect(hard=True)
    back.pop().stop()
    come_back(slack, settings, back)
    assert len(find_answers(slack, TEAM, asked)) == 1


def test_a_channel_that_cannot_be_read_keeps_nothing_from_the_others(
    slack: SlackDouble, settings: Settings, away: str, back: list[Service]
) -> None:
    asked = slack.say(TEAM, BEN, f"<@{slack.bot_user_id}> {QUESTION}")
    slack.fail_next("conversations.replies", error="thread_not_found")
    come_back(slack, settings, back)
    assert len(find_answers(slack, TEAM, asked)) == 1


def test_of_a_long_absence_the_last_day_is_read_and_of_a_new_home_nothing(assistant: Assistant) -> None:
    assert find_last_heard(assistant.home, assistant.slack) is None
    now = assistant.clock()
    for age, since in ((timedelta(days=9), timedelta(days=1)), (timedelta(hours=1), timedelta(hours=1, minutes=2))):
        assistant.slack.service_facts.note(HEARD, str((now - age).timestamp()), now)
        found = find_last_heard(assistant.home, assistant.slack)
        assert found is not None
        assert abs(found - (now - since).timestamp()) < 60


class Socket:
    """A socket that answers nothing."""

    current_session = None

    def is_connected(self) -> bool:
        return False

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        pass


def test_after_a_silence_the_time_of_it_is_read_again_and_after_a_renewal_nothing_is(tmp_path: Path) -> None:
    told: list[float] = []
    watchdog = Watchdog(Socket(), ServiceTables(Store(tmp_path / "earshot.db")), read_clock, told.append)
    hello = json.dumps({"type": "hello", "num_connections": 1})
    watchdog.hear(hello)
    watchdog.hear(hello)
    assert told == []
    silent_since = time.time()
    watchdog.look(silent_since + 3600)
    watchdog.look(silent_since + 7200)
    watchdog.hear(hello)
    assert told == [pytest.approx(silent_since, abs=5)]
    watchdog.hear(hello)
    assert len(told) == 1
