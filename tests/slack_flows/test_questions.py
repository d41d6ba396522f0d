"""What staff rely on when they ask Earshot in Slack."""

import re

import pytest
from slack_double import SlackDouble
from slack_flows.people import ANNA, GUEST, TEAM, find_answers, wait_until_quiet

from assistant.app import Assistant
from assistant.domain import Audience
from assistant.service.service import Service


def test_a_mention_is_answered_once_in_its_thread_though_it_arrives_as_two_events(
    slack: SlackDouble, service: Service
) -> None:
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how do customers pause their plan?")
    answers = find_answers(slack, TEAM, ts)
    wait_until_quiet(slack, service)
    assert len(find_answers(slack, TEAM, ts)) == 1
    assert "pause their plan in the app" in str(answers[0]["blocks"])


def test_an_event_that_slack_delivers_again_is_not_answered_again(slack: SlackDouble, service: Service) -> None:
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how do customers pause their plan?")
    find_answers(slack, TEAM, ts)
    slack.redeliver()
    wait_until_quiet(slack, service)
    assert len(find_answers(slack, TEAM, ts)) == 1


def test_a_direct_message_from_a_member_is_answered_from_internal_documents(
    slack: SlackDouble, service: Service
) -> None:
    channel = slack.open_dm(ANNA)
    ts = slack.say(channel, ANNA, "how much goodwill credits may agents grant?")
    assert "25 pounds" in str(find_answers(slack, channel, ts)[0]["blocks"])


def test_a_channel_and_a_guest_get_nothing_internal(slack: SlackDouble, service: Service) -> None:
    direct = slack.open_dm(GUEST)
    places = [
        (TEAM, slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how much goodwill credits may agents grant?")),
        (direct, slack.say(direct, GUEST, "how much goodwill credits may agents grant?")),
    ]
    for channel, ts in places:
        assert "25 pounds" not in str(find_answers(slack, channel, ts))


def test_a_guest_is_not_sent_to_the_direct_message_that_they_are_in(slack: SlackDouble, service: Service) -> None:
    direct = slack.open_dm(GUEST)
    ts = slack.say(direct, GUEST, "how do customers pause their plan?")
    said = str(find_answers(slack, direct, ts))
    assert "Answered from public documents only." in said
    assert "In a direct message" not in said
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how do customers pause their plan?")
    assert "In a direct message" in str(find_answers(slack, TEAM, ts))


def test_an_empty_mention_gets_a_hint_what_to_ask(slack: SlackDouble, service: Service) -> None:
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}>")
    assert "Ask me about" in str(find_answers(slack, TEAM, ts))


def test_chatter_in_a_channel_that_mentions_nobody_is_left_alone(slack: SlackDouble, service: Service) -> None:
    ts = slack.say(TEAM, ANNA, "lunch?")
    wait_until_quiet(slack, service)
    assert len(slack.thread(TEAM, ts)) == 1


def test_an_answer_that_slack_took_without_saying_so_is_not_posted_again(slack: SlackDouble, service: Service) -> None:
    slack.fail_next("chat.postMessage", "lost")
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how do customers pause their plan?")
    find_answers(slack, TEAM, ts)
    wait_until_quiet(slack, service)
    assert len(find_answers(slack, TEAM, ts)) == 1


def test_an_answer_that_slack_refused_for_a_moment_is_posted_in_the_end(slack: SlackDouble, service: Service) -> None:
    slack.fail_next("chat.postMessage", 500, times=2)
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how do customers pause their plan?")
    assert len(find_answers(slack, TEAM, ts)) == 1


def test_a_person_is_told_when_something_is_broken_with_an_id_that_finds_the_log(
    slack: SlackDouble, service: Service, assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    assistant.knowledge.documents.remember_fact("embedder", "another embedder")
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how do customers pause their plan?")
    said = str(find_answers(slack, TEAM, ts))
    assert "I couldn't answer this" in said
    assert "Whoever looks after me can put it right" in said
    found = re.search(r"\(id ([0-9a-f]{8})", said)
    assert found is not None
    assert f"incident {found[1]}" in caplog.text


def test_text_from_documents_cannot_ping_the_channel(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    page = assistant.settings.earshot_home.parent / "knowledge" / "public" / "ping.md"
    page.write_text("# Sirens\n\nThe siren test says <!channel> and <https://evil.example|click> every friday.\n")
    assistant.knowledge.ingest.run([str(page.parent.parent)], None, assistant.clock())
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> what does the siren test say every friday?")
    said = str(find_answers(slack, TEAM, ts)[0]["blocks"])
    assert "siren test" in said
    assert "<!channel>" not in said
    assert "<https://evil" not in said


def test_a_question_in_a_thread_is_understood_by_what_was_asked_before_in_it(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    ts = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how do customers pause their plan?")
    find_answers(slack, TEAM, ts)
    slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> and for how long?", thread_ts=ts)
    assert "three months" in str(find_answers(slack, TEAM, ts, count=2)[1]["blocks"])
    kept = assistant.knowledge.questions.thread(TEAM, ts, Audience.PUBLIC, 5)
    assert [turn.role for turn in kept] == ["user", "assistant", "user", "assistant"]


def test_what_was_said_with_internal_documents_is_not_remembered_for_the_public(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    channel = slack.open_dm(ANNA)
    ts = slack.say(channel, ANNA, "how much goodwill credits may agents grant?")
    find_answers(slack, channel, ts)
    assert assistant.knowledge.questions.thread(channel, ts, Audience.INTERNAL, 5)
    assert assistant.knowledge.questions.thread(channel, ts, Audience.PUBLIC, 5) == ()


def test_what_others_wrote_in_the_thread_is_understood_too(slack: SlackDouble, service: Service) -> None:
    ts = slack.say(TEAM, ANNA, "Somebody wants to pause their plan.")
    slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> for how long?", thread_ts=ts)
    assert "three months" in str(find_answers(slack, TEAM, ts)[0]["blocks"])
    assert slack.journal.calls_to("conversations.replies")


def test_where_the_thread_may_not_be_read_the_question_is_answered_all_the_same(
    slack: SlackDouble, service: Service
) -> None:
    ts = slack.say(TEAM, ANNA, "Good morning.")
    slack.fail_next("conversations.replies", error="missing_scope", times=9)
    slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> how do customers pause their plan?", thread_ts=ts)
    assert "pause their plan in the app" in str(find_answers(slack, TEAM, ts)[0]["blocks"])
