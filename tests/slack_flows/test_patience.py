"""What people rely on when Earshot is busy: Slack shows no error, and nobody's many questions keep others waiting."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from slack_double import SlackDouble
from slack_flows.people import ANNA, BEN, TEAM, find_answers, wait_until_quiet
from slack_flows.test_card_actions import fill_in, wait_for_line
from slack_flows.test_reviews import post_card

from assistant.app import Assistant
from assistant.domain import Answer, Look, Question
from assistant.service.service import Service
from assistant.slack import late_ack
from assistant.slack.client.person_limit import PersonLimit, TooMuchAtOnceError

SLACK_WAITS_SECONDS = 3.0
PAUSE = "how do customers pause their plan?"


@contextmanager
def writing(assistant: Assistant) -> Iterator[None]:
    """Another program writes to the database, and does not end."""
    other = sqlite3.connect(assistant.home.store.path, isolation_level=None)
    other.execute("begin immediate")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def test_a_freeze_is_acked_in_time_while_the_database_is_busy_and_told_when_it_is_done(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    with writing(assistant):
        issued = slack.slash("/earshot", "freeze The app is down", ANNA, TEAM)
        wait_for_line(slack, ANNA, "I'm still working on this")
        assert issued.latency is not None
        assert issued.latency < SLACK_WAITS_SECONDS
        assert assistant.replies.freezing.describe() == ""
    wait_for_line(slack, ANNA, "Replies are frozen since")


def test_a_form_is_acked_in_time_too_and_says_how_it_ended(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    card = post_card(slack, service, assistant, "file")
    with writing(assistant):
        fill_in(slack, card, ANNA, "edit", {"text": {"text": "You pause it in the app for up to three months."}})
        slack.wait_for(lambda: "still working" in str(slack.views(ANNA)), what="a form that says it is at work")
    slack.wait_for(lambda: late_ack._DONE in str(slack.views(ANNA)), what="how it ended")
    wait_until_quiet(slack, service)


def test_a_command_is_acked_in_time_while_slack_itself_is_slow_to_say_who_somebody_is(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.delay("users.info", SLACK_WAITS_SECONDS + 1)
    issued = slack.slash("/earshot", "freeze The app is down", ANNA, TEAM)
    wait_for_line(slack, ANNA, "I'm still working on this")
    assert issued.latency is not None
    assert issued.latency < SLACK_WAITS_SECONDS
    wait_for_line(slack, ANNA, "Replies are frozen since")


@pytest.mark.parametrize("method", ["users.info", "conversations.members"])
@pytest.mark.parametrize("fault", [{"error": "fatal_error"}, {"status": 503}, {"status": "reset"}], ids=str)
def test_where_slack_does_not_say_who_somebody_is_they_are_told_in_plain_words_and_nothing_is_done(
    slack: SlackDouble, service: Service, assistant: Assistant, method: str, fault: dict[str, Any]
) -> None:
    slack.fail_next(method, times=20, **fault)
    issued = slack.slash("/earshot", "freeze The app is down", ANNA, TEAM)
    wait_for_line(slack, ANNA, "Slack")
    assert issued.latency is not None
    assert issued.latency < SLACK_WAITS_SECONDS
    assert assistant.replies.freezing.describe() == ""


def test_a_question_is_answered_when_the_database_has_time_again(
    slack: SlackDouble, service: Service, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.service.jobs._PAUSES_SECONDS", (0.1,) * 200)
    assistant.home.store.db.execute("pragma busy_timeout = 0")
    with writing(assistant):
        ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {PAUSE}")
        heard = slack.wait_for(lambda: slack.journal.deliveries_of("app_mention"), what="the event")
        slack.wait_for(lambda: heard[0].acked, what="its ack")
        assert (heard[0].latency or 0) < SLACK_WAITS_SECONDS
    assert "in the app" in str(find_answers(slack, TEAM, ts)[0]["blocks"])


class Thinking:
    """A reply to each question that takes until it is told to end; counts how many of one person run at once."""

    def __init__(self) -> None:
        self.running, self.most = 0, 0
        self.going_on = threading.Event()
        self._guard = threading.Lock()

    def reply(self, question: Question, *rest: Any) -> Answer:
        """Answer what was asked at once, and what is slow when it may."""
        if "slow" in question.text:
            with self._guard:
                self.running += 1
                self.most = max(self.most, self.running)
            self.going_on.wait(30)
            with self._guard:
                self.running -= 1
        return Answer(f"Answered: {question.text}", True, "", Look.TALK)


def test_who_asks_much_at_once_keeps_nobody_else_waiting(
    slack: SlackDouble, service: Service, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    thinking = Thinking()
    monkeypatch.setattr(assistant.knowledge, "reply", thinking.reply)
    asked = [slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> slow question {number}") for number in range(20)]
    too_much = "I'm still busy with 12 other things"
    slack.wait_for(lambda: [m["text"][: len(too_much)] for m in slack.bot_messages(TEAM)].count(too_much) == 8)
    ben = slack.say(TEAM, BEN, f"<@{slack.bot_user_id}> a quick one")
    assert "Answered: a quick one" in find_answers(slack, TEAM, ben)[0]["text"]
    thinking.going_on.set()
    wait_until_quiet(slack, service)
    told = [find_answers(slack, TEAM, ts)[0]["text"] for ts in asked]
    assert thinking.most == 3
    assert sum("Answered: slow" in text for text in told) == 12


def test_a_person_has_as_many_turns_again_when_all_is_done() -> None:
    limit = PersonLimit(at_once=1, waiting=0)
    for _ in range(3):
        with limit.turn(ANNA), limit.turn(BEN), pytest.raises(TooMuchAtOnceError), limit.turn(ANNA):
            pass
