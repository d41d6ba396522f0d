"""Acks, retries and connections in Socket Mode."""

import time
from typing import Any

import pytest
from slack_bolt import BoltRequest
from slack_double.double import SlackDouble
from slack_double.samples import actions, button, client_of, collect_events, running_double
from slack_double.serving import build_app, connect


def test_an_event_that_is_not_acked_in_time_is_sent_again_with_its_event_id_and_bolt_runs_it_again() -> None:
    with running_double(ack_timeout=0.2, retry_factor=0.0001) as slack:
        app, headers = build_app(slack), list[Any]()

        @app.event("message")
        def on_message(request: BoltRequest) -> None:
            headers.append(request.headers.get("x-slack-retry-num"))

        @app.middleware
        def be_slow_at_first(request: BoltRequest, next_: Any) -> None:
            time.sleep(0.3 if request.headers.get("x-slack-retry-num") == ["0"] else 0)
            next_()

        with connect(slack, app):
            slack.say("C1", "U1", "hello")
            slack.wait_for(lambda: len(headers) >= 2)
        first, retry = slack.journal.deliveries_of("message")[:2]
    assert sorted(headers)[:2] == [["0"], ["1"]], "Bolt puts a retry header on first deliveries too, in Socket Mode"
    assert first.event_id == retry.event_id
    assert (first.problem, retry.attempt, retry.retry_reason) == ("timeout", 1, "timeout")


def test_a_click_that_no_listener_takes_is_never_acked_and_never_sent_again() -> None:
    with running_double(ack_timeout=0.2, retry_factor=0.0001) as slack:
        ts = client_of(slack).chat_postMessage(channel="C1", text="x", blocks=[actions(button())])["ts"]
        with connect(slack, build_app(slack)):
            delivery = slack.click("C1", ts, "go", "U1")
            slack.wait_for(lambda: delivery.settled)
    assert delivery.problem == "timeout"
    assert slack.journal.deliveries_of("block_actions") == [delivery] == slack.journal.unacked[-1:]


def test_a_lost_ack_makes_slack_send_the_event_again() -> None:
    with running_double(ack_timeout=0.2, retry_factor=0.0001) as slack:
        app = build_app(slack)
        seen = collect_events(app)
        slack.drop_next_ack()
        with connect(slack, app):
            slack.say("C1", "U1", "hello")
            slack.wait_for(lambda: len(seen) >= 2)
        assert len({event["event_id"] for event in seen}) == 1
        assert [delivery.ack_dropped for delivery in slack.journal.deliveries_of("message")][:2] == [True, False]


def test_events_can_be_doubled_dropped_and_delivered_again(slack: SlackDouble) -> None:
    app = build_app(slack)
    seen = collect_events(app)
    with connect(slack, app):
        slack.drop_next_event()
        slack.say("C1", "U1", "lost")
        slack.duplicate_next_event()
        slack.say("C1", "U1", "doubled")
        slack.wait_for(lambda: len(seen) == 2)
        slack.redeliver()
        slack.wait_for(lambda: len(seen) == 3)
    assert [event["text"] for event in seen] == ["doubled"] * 3
    assert len({event["event_id"] for event in seen}) == 1


def test_an_event_while_nothing_is_connected_is_sent_again_later() -> None:
    with running_double(retry_factor=0.005) as slack:
        app = build_app(slack)
        seen = collect_events(app)
        slack.say("C1", "U1", "anyone?")
        with connect(slack, app):
            slack.wait_for(lambda: seen)
        reasons = [delivery.retry_reason for delivery in slack.journal.deliveries_of("message")]
    assert reasons[:2] == [None, "connection_failed"]


def test_on_a_soft_disconnect_the_app_moves_to_a_new_connection_and_loses_nothing(slack: SlackDouble) -> None:
    app = build_app(slack)
    seen = collect_events(app)
    with connect(slack, app) as handler:
        before = handler.client.session_id()
        slack.disconnect()
        slack.say("C1", "U1", "during")
        slack.wait_for(lambda: handler.client.session_id() != before)
        slack.wait_for_connection()
        slack.say("C1", "U1", "after")
        slack.wait_for(lambda: {event["text"] for event in seen} == {"during", "after"})


def test_after_a_hard_disconnect_the_app_connects_again_by_itself(slack: SlackDouble) -> None:
    app = build_app(slack)
    seen = collect_events(app)
    with connect(slack, app, ping_interval=0.2):
        slack.disconnect(hard=True)
        slack.wait_for_connection()
        slack.say("C1", "U1", "back again")
        slack.wait_for(lambda: seen)
    assert len(slack.journal.calls_to("apps.connections.open")) == 2


def test_two_connections_take_envelopes_in_turn_and_one_too_many_is_turned_away() -> None:
    with running_double(max_connections=2, echo_bot_messages=False) as slack:
        app = build_app(slack)
        seen = collect_events(app)
        with connect(slack, app), connect(slack, app):
            slack.wait_for_connection(2)
            with connect(slack, app):
                assert slack.world.hub.connection_count == 2
                for number in range(4):
                    slack.say("C1", "U1", str(number))
                slack.wait_for(lambda: len(seen) == 4)
        used = [delivery.connection for delivery in slack.journal.deliveries]
    assert sorted(used, key=str) == [1, 1, 2, 2]


def test_the_journal_knows_every_ack_with_its_latency_and_a_failed_wait_shows_its_tail(slack: SlackDouble) -> None:
    app = build_app(slack)
    collect_events(app)
    with connect(slack, app):
        slack.say("C1", "U1", "hello")
        delivery = slack.journal.deliveries_of("message")[0]
        slack.wait_for(lambda: delivery.acked)
        with pytest.raises(AssertionError, match=r"a pony did not come true(.|\n)*apps.connections.open(.|\n)*hello"):
            slack.wait_for(lambda: False, timeout=0.05, what="a pony")
    assert delivery.latency is not None
    assert 0 < delivery.latency < 3
