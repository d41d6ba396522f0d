"""What people rely on when they change or delete a question."""

from datetime import timedelta

from slack_double import SlackDouble
from slack_flows.people import ANNA, BEN, TEAM, find_answers, wait_until_quiet

from assistant.app import Assistant
from assistant.service.service import Service

PAUSE = "how do customers pause their plan?"


def test_an_edited_question_is_answered_anew_in_place_of_the_old_answer(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    mention = f"<@{slack.bot_user_id}>"
    ts = slack.say(TEAM, ANNA, f"{mention} what is on the menu?")
    first = find_answers(slack, TEAM, ts)[0]["ts"]
    wait_until_quiet(slack, service)
    slack.edit_message(TEAM, ts, f"{mention} {PAUSE}")
    slack.wait_for(lambda: "Answered again" in str(slack.thread(TEAM, ts)), what="the new answer")
    slack.redeliver()
    wait_until_quiet(slack, service)
    (answer,) = find_answers(slack, TEAM, ts)
    assert answer["ts"] == first
    assert "pause their plan in the app" in str(answer["blocks"])
    assert [row["text"] for row in assistant.home.store.rows("select text from questions")] == [PAUSE]


def test_an_edit_that_first_mentions_earshot_is_a_question(slack: SlackDouble, service: Service) -> None:
    ts = slack.say(TEAM, ANNA, PAUSE)
    wait_until_quiet(slack, service)
    slack.edit_message(TEAM, ts, f"<@{slack.bot_user_id}> {PAUSE}")
    assert "pause their plan" in str(find_answers(slack, TEAM, ts))


def test_a_question_that_is_edited_late_keeps_its_answer_and_the_person_is_told(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    mention = f"<@{slack.bot_user_id}>"
    ts = slack.say(TEAM, ANNA, f"{mention} {PAUSE}")
    before = find_answers(slack, TEAM, ts)[0]
    wait_until_quiet(slack, service)
    real = assistant.clock
    assistant.home.clock = lambda: real() + timedelta(minutes=11)
    slack.edit_message(TEAM, ts, f"{mention} what is on the menu?")
    slack.wait_for(lambda: "Ask again" in str(slack.ephemerals), what="a line for the person")
    assert find_answers(slack, TEAM, ts)[0]["blocks"] == before["blocks"]


def test_a_deleted_question_takes_its_answer_along_and_is_forgotten(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {PAUSE}")
    find_answers(slack, TEAM, ts)
    wait_until_quiet(slack, service)
    slack.delete_message(TEAM, ts)
    slack.wait_for(lambda: not slack.bot_messages(TEAM), what="the answer gone")
    wait_until_quiet(slack, service)
    assert assistant.home.store.value("select count(*) from questions") == 0


def test_a_question_that_is_deleted_before_it_is_answered_leaves_no_answer(
    slack: SlackDouble, service: Service
) -> None:
    slack.delay("chat.postMessage", 1)
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> {PAUSE}")
    slack.wait_for(lambda: slack.journal.calls_to("conversations.info"), what="the work to begin")
    slack.delete_message(TEAM, ts)
    wait_until_quiet(slack, service)
    assert slack.bot_messages(TEAM) == []


def test_what_others_edit_and_delete_in_the_channel_is_none_of_its_business(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    ts = slack.say(TEAM, BEN, "lunch?")
    slack.edit_message(TEAM, ts, "dinner?")
    slack.delete_message(TEAM, ts)
    wait_until_quiet(slack, service)
    assert slack.bot_messages(TEAM) == []
    assert assistant.home.store.value("select count(*) from slack_posts") == 0
