"""What people rely on when they vote on an answer in Slack."""

from typing import Any

from slack_double import SlackDouble
from slack_flows.people import ANNA, BEN, TEAM, find_answers, wait_until_quiet

from assistant.app import Assistant
from assistant.knowledge.gaps import find_gaps
from assistant.service.service import Service
from assistant.slack.answers.votes import FEEDBACK, VOTE_REASON, VoteReason

HELPFUL, NOT_HELPFUL = "positive", "negative"
QUESTION = "how do customers pause their plan?"


def ask(slack: SlackDouble, channel: str = TEAM) -> dict[str, Any]:
    """Ask, and give the answer's message."""
    ts = slack.say(channel, ANNA, f"<@{slack.bot_user_id}> {QUESTION}")
    return find_answers(slack, channel, ts)[0]


def vote(slack: SlackDouble, service: Service, message: dict[str, Any], action_id: str, user: str = ANNA) -> str:
    """Click and give what the person is told."""
    told = len(slack.ephemerals)
    slack.click(message.get("channel", TEAM), message["ts"], FEEDBACK, user, choose=action_id)
    slack.wait_for(lambda: len(slack.ephemerals) > told, what="a line for the person")
    wait_until_quiet(slack, service)
    line = slack.ephemerals[-1]
    assert (line["shown_to"], line["thread_ts"]) == (user, message["thread_ts"])
    return str(line["text"])


def list_gaps(assistant: Assistant) -> list[tuple[str, int, int]]:
    """Question, refused, voted down."""
    gaps = find_gaps(assistant.knowledge.questions, assistant.knowledge.embedder)
    return [(gap.question, gap.refused, gap.voted_down) for gap in gaps]


def list_labels(message: dict[str, Any]) -> list[tuple[str, str]]:
    """What the buttons say, and what a screen reader says."""
    feedback = [block["elements"][0] for block in message["blocks"] if block["type"] == "context_actions"]
    buttons = [one[name] for one in feedback for name in ("positive_button", "negative_button")]
    return [(button["text"]["text"], button["accessibility_label"]) for button in buttons]


def test_under_an_answer_stand_two_buttons_also_in_words(slack: SlackDouble, service: Service) -> None:
    assert list_labels(ask(slack)) == [
        ("Helpful", "Vote: this answer is helpful"),
        ("Not helpful", "Vote: this answer is not helpful"),
    ]


def test_where_nothing_is_answered_there_is_nothing_to_vote_on(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.settings.answer_confidence = 1000
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> who won the football?")
    assert list_labels(find_answers(slack, TEAM, ts)[0]) == []
    assert [gap[1:] for gap in list_gaps(assistant)] == [(1, 0)]


def test_a_thumb_down_is_a_gap_and_the_person_learns_what_becomes_of_it(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    message = ask(slack)
    assert "added this question to the list of missing answers" in vote(slack, service, message, NOT_HELPFUL)
    assert list_gaps(assistant) == [(QUESTION, 0, 1)]
    vote(slack, service, message, NOT_HELPFUL, BEN)
    assert list_gaps(assistant) == [(QUESTION, 0, 2)]


def test_voting_again_changes_the_vote(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    message = ask(slack)
    vote(slack, service, message, NOT_HELPFUL)
    assert "your vote is saved" in vote(slack, service, message, HELPFUL)
    assert list_gaps(assistant) == []


def test_a_click_that_slack_delivers_again_changes_nothing(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    message = ask(slack)
    vote(slack, service, message, NOT_HELPFUL)
    slack.redeliver()
    wait_until_quiet(slack, service)
    assert list_gaps(assistant) == [(QUESTION, 0, 1)]
    assert len(slack.ephemerals) == 1


def test_a_vote_in_a_direct_message_counts_too(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    channel = slack.open_dm(ANNA)
    message = ask(slack, channel)
    vote(slack, service, {**message, "channel": channel}, NOT_HELPFUL)
    assert [gap[2] for gap in list_gaps(assistant)] == [1]


def test_a_question_from_before_a_restore_is_told_plainly(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    message = ask(slack)
    assistant.home.store.change("delete from questions")
    assert "Ask it again" in vote(slack, service, message, HELPFUL)


def test_the_vote_of_a_person_who_has_left_the_channel_is_acknowledged_and_kept_all_the_same(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    message = ask(slack)
    slack.add_user("U0GONE", "gone")
    slack.click(TEAM, message["ts"], FEEDBACK, "U0GONE", choose=NOT_HELPFUL)
    wait_until_quiet(slack, service)
    assert list_gaps(assistant) == [(QUESTION, 0, 1)]
    assert all(delivery.latency is not None and delivery.latency < 3 for delivery in slack.journal.deliveries)


def test_a_thumb_down_asks_why_and_the_gaps_tell_it(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    message = ask(slack)
    vote(slack, service, message, NOT_HELPFUL)
    slack.wait_for(lambda: slack.views(ANNA), what="the form")
    assert slack.views(ANNA)[-1]["callback_id"] == VOTE_REASON
    values = {"reason": {"reason": "outdated"}, "remark": {"remark": "It is six months since May."}}
    slack.submit_view(ANNA, values)
    wait_until_quiet(slack, service)
    gap = find_gaps(assistant.knowledge.questions, assistant.knowledge.embedder)[0]
    assert (gap.reasons, gap.remarks) == ({"outdated": 1}, ("It is six months since May.",))


def test_a_reason_that_overtakes_its_vote_is_kept_in_the_end(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    message = ask(slack)
    key = str(assistant.home.store.value("select question_key from questions"))
    service.work.put(VoteReason(key, ANNA, "wrong", ""), "early")
    vote(slack, service, message, NOT_HELPFUL)
    wait_until_quiet(slack, service)
    assert find_gaps(assistant.knowledge.questions, assistant.knowledge.embedder)[0].reasons == {"wrong": 1}
