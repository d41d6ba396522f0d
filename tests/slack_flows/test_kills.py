"""A question is answered once, whenever `earshot run` is killed with SIGKILL and started again."""

from pathlib import Path

import pytest
from children import Start, kill
from slack_double import SlackDouble
from slack_flows.people import ANNA, TEAM, find_answers

THEFT = (
    "# Theft claims\n\n"
    "A bike theft claim begins with a report in the app within three days after the theft was noticed by the rider.\n\n"
    "The payout of a theft claim comes within ten working days, less the deductible that the rider's plan names.\n"
)


@pytest.mark.parametrize("moment", ["while it streams", "when a stream's start is lost", "behind a placeholder"])
def test_half_an_answer_is_made_whole_after_kill_9(
    slack: SlackDouble, start: Start, knowledge: Path, moment: str
) -> None:
    (knowledge / "public" / "theft.md").write_text(THEFT)
    first = start()
    slowed, awaited = _slow_down(slack, moment)
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how does a bike theft claim work: report, police, payout?")
    slack.wait_for(lambda: slack.journal.calls_to(awaited) and slack.bot_messages(TEAM), timeout=60, what=awaited)
    assert "ten working days" not in str(slack.bot_messages(TEAM))  # it is half an answer
    kill(first)
    slack.delay(slowed, 0)
    start()
    slack.wait_for(lambda: "ten working days" in str(slack.thread(TEAM, ts)), timeout=60, what="the whole answer")
    slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how do customers pause their plan?")
    slack.wait_for(lambda: len(slack.bot_messages(TEAM)) >= 2, timeout=60, what="the next answer")
    (answer,) = find_answers(slack, TEAM, ts)
    assert str(answer["blocks"]).count("three days") == 1
    assert "Looking through" not in str(answer)


def _slow_down(slack: SlackDouble, moment: str) -> tuple[str, str]:
    """The method that hangs while the process is killed, and the one to wait for before."""
    if moment == "behind a placeholder":
        slack.fail_next("agents.sessions.setStatus", error="not_allowed", times=9)
        slack.delay("chat.update", 5)
        return "chat.update", "chat.update"
    if moment == "when a stream's start is lost":
        slack.fail_next("chat.startStream", "lost")
        slack.delay("auth.test", 5)
        return "auth.test", "chat.startStream"
    slack.delay("chat.appendStream", 5)
    return "chat.appendStream", "chat.startStream"


@pytest.mark.parametrize("moment", ["as soon as it is acked", "while it posts", "when the answer to its post is lost"])
def test_a_question_survives_kill_9(slack: SlackDouble, start: Start, moment: str) -> None:
    first = start()
    if moment == "while it posts":
        slack.delay("chat.postMessage", 3)
    if moment == "when the answer to its post is lost":
        slack.fail_next("chat.postMessage", "lost")
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how do customers pause their plan?")
    _wait_for_moment(slack, moment, ts)
    kill(first)
    slack.delay("chat.postMessage", 0)
    start()
    find_answers(slack, TEAM, ts, timeout=60)
    slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> and again, how do customers pause their plan?")
    slack.wait_for(lambda: len(slack.bot_messages(TEAM)) >= 2, timeout=60, what="the next answer")
    assert len(find_answers(slack, TEAM, ts)) == 1


def _wait_for_moment(slack: SlackDouble, moment: str, ts: str) -> None:
    if moment == "as soon as it is acked":
        slack.wait_for(lambda: not slack.journal.unacked and slack.journal.deliveries, what="the ack")
    elif moment == "while it posts":
        slack.wait_for(lambda: slack.journal.calls_to("conversations.info"), what="the work to begin")
    else:
        find_answers(slack, TEAM, ts)
