"""Streams, the status line and suggested prompts."""

from typing import Any

import pytest
from slack_bolt import Ack
from slack_double.aliases import Json
from slack_double.double import SlackDouble
from slack_double.errors import Impossible
from slack_double.samples import FEEDBACK, Clock, client_of, refused, running_double
from slack_double.serving import build_app, connect


def test_an_answer_streams_into_a_thread_and_ends_with_feedback_buttons(slack: SlackDouble) -> None:
    app, clicked = build_app(slack), list[Json]()

    @app.event("app_mention")
    def on_mention(set_status: Any, say_stream: Any) -> None:
        set_status("is thinking...", loading_messages=["Reading"])
        stream = say_stream(buffer_size=1)
        stream.append(markdown_text="The shop ")
        stream.append(markdown_text="opens at nine.")
        stream.stop(blocks=[{"type": "context_actions", "elements": [FEEDBACK]}])

    @app.action("feedback")
    def on_feedback(ack: Ack, action: Json) -> None:
        ack()
        clicked.append(action)

    with connect(slack, app):
        ts = slack.say("C1", "U1", f"<@{slack.bot_user_id}> when?")
        answer = slack.wait_for(
            lambda: [one for one in slack.bot_messages("C1") if one.get("streaming_state") == "completed"]
        )[0]
        slack.click("C1", answer["ts"], "feedback", "U1", choose="positive")
        slack.wait_for(lambda: clicked)
    assert (answer["text"], answer["thread_ts"]) == ("The shop opens at nine.", ts)
    assert [one["status"] for one in slack.statuses] == ["is thinking...", ""]


def test_a_stream_in_a_channel_needs_its_recipient_and_cannot_be_edited_until_it_ends() -> None:
    clock = Clock()
    with running_double(clock=clock) as slack:
        client, ts = client_of(slack), slack.say("C1", "U1", "when?")
        with refused("missing_recipient_user_id"):
            client.chat_startStream(channel="C1", thread_ts=ts, recipient_team_id=slack.team_id)
        with refused("missing_recipient_team_id"):
            client.chat_startStream(channel="C1", thread_ts=ts, recipient_user_id="U1")
        to: Json = {"recipient_user_id": "U1", "recipient_team_id": slack.team_id}
        stream = client.chat_startStream(channel="C1", thread_ts=ts, **to)["ts"]
        with refused("streaming_state_conflict"):
            client.chat_update(channel="C1", ts=stream, text="no")
        with refused("msg_too_long"):
            client.chat_appendStream(channel="C1", ts=stream, markdown_text="x" * 12_001)
        with refused("invalid_chunks"):
            client.chat_appendStream(channel="C1", ts=stream, chunks=[{"type": "nonsense"}])
        clock.now += 301
        with refused("message_not_in_streaming_state"):
            client.chat_stopStream(channel="C1", ts=stream)
        client.chat_update(channel="C1", ts=stream, text="The answer after all")


def test_suggested_prompts_appear_only_without_a_thread(slack: SlackDouble) -> None:
    client, dm = client_of(slack), slack.open_dm("U1")
    ts = slack.say(dm, "U1", "hello")
    prompts = [{"title": "Hours", "message": "When are you open?"}]
    client.assistant_threads_setSuggestedPrompts(channel_id=dm, thread_ts=ts, prompts=prompts)
    assert slack.prompts == []
    client.assistant_threads_setSuggestedPrompts(channel_id=dm, prompts=prompts)
    assert slack.prompts[0]["prompts"] == prompts
    client.assistant_threads_setTitle(channel_id=dm, thread_ts=ts, title="Opening hours")
    assert slack.titles[0]["title"] == "Opening hours"
    with refused("invalid_thread_ts"):
        client.assistant_threads_setStatus(channel_id=dm, thread_ts="1.000001", status="is thinking...")


def test_a_session_rests_only_when_the_app_says_so_and_can_be_stopped_while_it_works(slack: SlackDouble) -> None:
    client, ts = client_of(slack), slack.say("C1", "U1", "when?")
    where: Json = {"channel_id": "C1", "thread_ts": ts}
    with refused("invalid_arguments"):
        client.agents_sessions_setStatus(**where, status="is thinking...")
    with refused("invalid_arguments"):
        client.agents_sessions_setStatus(channel_id="C1", status="active")
    with refused("invalid_thread_ts"):
        client.agents_sessions_setStatus(channel_id="C1", thread_ts="1.000001", status="active")
    with refused("session_not_found"):
        client.agents_sessions_rename(**where, title="Hours")
    answer = client.agents_sessions_setStatus(**where, status="processing", title="Opening hours")
    assert "warning" not in answer.data
    stream = client.chat_startStream(
        channel="C1", thread_ts=ts, recipient_user_id="U1", recipient_team_id=slack.team_id, markdown_text="We"
    )["ts"]
    stopped = slack.stop_session("C1", ts, "U2").payload["event"]
    assert (stopped["user"], stopped["streaming_message_ts"]) == ("U2", [stream])
    with refused("message_not_in_streaming_state"):
        client.chat_appendStream(channel="C1", ts=stream, markdown_text=" open")
    assert slack.session("C1", ts) == {"title": "Opening hours", "statuses": ["processing"]}
    client.agents_sessions_setStatus(**where, status="active", title="another")
    client.agents_sessions_rename(**where, title="Hours")
    assert slack.session("C1", ts) == {"title": "Hours", "statuses": ["processing", "active"]}
    with pytest.raises(Impossible, match="no stop button"):
        slack.stop_session("C1", ts, "U1")


def test_who_does_not_subscribe_to_stops_is_warned() -> None:
    with running_double(events=frozenset({"app_mention"})) as slack:
        ts = slack.say("C1", "U1", "when?")
        answer = client_of(slack).agents_sessions_setStatus(channel_id="C1", thread_ts=ts, status="processing")
        assert answer["warning"] == "missing_agent_session_stopped_event_subscription"
