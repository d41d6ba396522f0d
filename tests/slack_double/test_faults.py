"""Injected faults and rate limits."""

import pytest
from slack_double.double import SlackDouble
from slack_double.samples import Clock, client_of, refused, running_double
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler


def test_a_burst_passes_and_then_one_message_a_second_in_each_channel() -> None:
    clock = Clock()
    with running_double(clock=clock, burst=3) as slack:
        slack.add_channel("C2", "other")
        client = client_of(slack)
        for _ in range(3):
            client.chat_postMessage(channel="C1", text="hi")
        with pytest.raises(SlackApiError) as caught:
            client.chat_postMessage(channel="C1", text="hi")
        assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
        client.chat_postMessage(channel="C2", text="another channel")
        clock.now += 1
        client.chat_postMessage(channel="C1", text="hi")


def test_the_tiers_of_other_methods_can_be_switched_on() -> None:
    with running_double(clock=Clock(), tiers=True) as slack:
        client = client_of(slack)
        for _ in range(20):
            client.conversations_list()
        with refused("ratelimited"):
            client.conversations_list()


def test_injected_failures_come_once_each_and_a_retry_handler_gets_over_a_429(slack: SlackDouble) -> None:
    client = client_of(slack)
    slack.fail_next("chat.postMessage", 500)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C1", text="hi")
    assert caught.value.response.status_code == 500
    slack.fail_next("chat.postMessage", error="fatal_error")
    with refused("fatal_error"):
        client.chat_postMessage(channel="C1", text="hi")
    slack.fail_next("chat.postMessage", 429, retry_after=0)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    client.chat_postMessage(channel="C1", text="hi")
    assert [call.status for call in slack.journal.calls_to("chat.postMessage")] == [500, 200, 429, 200]
    assert len(slack.bot_messages("C1")) == 1


def test_a_reset_has_no_effect_but_a_lost_answer_makes_the_default_client_post_twice(slack: SlackDouble) -> None:
    slack.fail_next("chat.postMessage", "reset")
    with pytest.raises(OSError, match=r"reset|closed|aborted|disconnected"):
        WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[]).chat_postMessage(channel="C1", text="a")
    assert slack.bot_messages("C1") == []
    slack.fail_next("chat.postMessage", "lost")
    client_of(slack).chat_postMessage(channel="C1", text="b")
    assert [one["text"] for one in slack.bot_messages("C1")] == ["b", "b"]


def test_a_slow_method_is_slow_until_it_is_not(slack: SlackDouble) -> None:
    client = client_of(slack)
    slack.delay("users.info", 0.15)
    client.users_info(user="U1")
    slack.delay("users.info", 0)
    client.users_info(user="U1")
    slow, fast = (call.seconds or 0 for call in slack.journal.calls_to("users.info"))
    assert slow >= 0.15 > fast
