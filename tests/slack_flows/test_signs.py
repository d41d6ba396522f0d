"""A sign comes before its answer, however slowly Slack takes it; an ack comes after what it is for is written down."""

import threading
from collections.abc import Callable, Iterator

import pytest
from slack_double import SlackDouble
from slack_double.faults import Gate
from slack_flows.people import ANNA, TEAM, find_answers, wait_until_quiet

from assistant.core.job import Job
from assistant.service.service import Service

PAUSE = "How do customers pause their plan?"
LOOKING, SUMMING, DRAFTING = "Looking through", "Summing up", "I'm drafting a reply"
COMMANDS = [
    (f"ask {PAUSE}", LOOKING, "in the app"),
    ("summary", SUMMING, "No posts found for this week"),
    (f"draft {PAUSE}", DRAFTING, "Draft 1 is in"),
]
MOST_SECONDS = 30
# As long as an answer takes here many times over: one that does not wait for its sign is seen within it.
ANSWER_SECONDS = 1.0


@pytest.fixture
def overtakes(slack: SlackDouble, service: Service) -> Iterator[Callable[[str, Callable[[], object]], bool]]:
    """Whether anything is shown while the sign that begins so is held."""
    gates: list[Gate] = []

    def act_and_hold(words: str, act: Callable[[], object]) -> bool:
        gate = slack.hold(words)
        gates.append(gate)
        act()
        assert gate.held.wait(MOST_SECONDS), f"no sign {words}"
        is_overtaken = gate.overtaken.wait(ANSWER_SECONDS)
        gate.open()
        wait_until_quiet(slack, service)
        return is_overtaken

    yield act_and_hold
    for gate in gates:
        gate.open()


@pytest.mark.parametrize(("typed", "sign", "answer"), COMMANDS)
def test_the_answer_to_a_command_waits_for_its_sign(
    slack: SlackDouble,
    overtakes: Callable[[str, Callable[[], object]], bool],
    typed: str,
    sign: str,
    answer: str,
) -> None:
    assert not overtakes(sign, lambda: slack.slash("/earshot", typed, ANNA, TEAM))
    first, second = (one["text"] for one in slack.ephemerals)
    assert first.startswith(sign)
    assert answer in second


@pytest.mark.parametrize(("typed", "sign", "answer"), COMMANDS)
def test_a_sign_that_slack_does_not_take_keeps_no_answer_away(
    slack: SlackDouble, service: Service, typed: str, sign: str, answer: str
) -> None:
    slack.fail_next("response_url", "reset", times=2)  # the SDK tries once more
    slack.slash("/earshot", typed, ANNA, TEAM)
    wait_until_quiet(slack, service)
    (told,) = (one["text"] for one in slack.ephemerals)
    assert answer in told


def test_an_answer_in_a_thread_waits_for_its_status(
    slack: SlackDouble, overtakes: Callable[[str, Callable[[], object]], bool]
) -> None:
    assert not overtakes("processing", lambda: slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {PAUSE}"))


def test_an_answer_waits_for_the_message_that_becomes_it(
    slack: SlackDouble, overtakes: Callable[[str, Callable[[], object]], bool]
) -> None:
    slack.fail_next("agents.sessions.setStatus", error="not_allowed", times=9)
    asked: list[str] = []
    assert not overtakes(LOOKING, lambda: asked.append(slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {PAUSE}")))
    (answer,) = find_answers(slack, TEAM, asked[0])
    assert "in the app" in str(answer["blocks"])


def test_an_event_is_acked_only_after_it_is_written_down(
    slack: SlackDouble, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, is_heard, may_put = service.work.put, threading.Event(), threading.Event()

    def put_late(job: Job, key: str) -> None:
        is_heard.set()
        assert may_put.wait(MOST_SECONDS)
        put(job, key)

    monkeypatch.setattr(service.work, "put", put_late)
    slack.open_home(ANNA)
    assert is_heard.wait(MOST_SECONDS)
    acked = [one.acked for one in slack.journal.deliveries_of("app_home_opened")]
    may_put.set()
    wait_until_quiet(slack, service)
    assert acked == [False]
