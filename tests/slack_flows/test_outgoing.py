"""One queue a channel: what is posted keeps Slack's pace, channel by channel, and nothing is lost."""

import itertools
import threading
import time

from slack_double import SlackDouble

from assistant.app import Assistant
from assistant.slack.client.client import build_client
from assistant.slack.client.poster import Poster
from assistant.slack.client.rate_limit import Allowance, RateLimit

SPACING = 0.1


def test_a_channel_gets_one_message_at_a_time_and_the_others_do_not_wait_for_it() -> None:
    outgoing = RateLimit(SPACING)
    entered: list[tuple[str, float]] = []

    def post(channel: str) -> None:
        with outgoing.turn(channel):
            entered.append((channel, time.monotonic()))

    began = time.monotonic()
    threads = [threading.Thread(target=post, args=(channel,)) for channel in "aaabbb"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for channel in "ab":
        times = sorted(at for name, at in entered if name == channel)
        assert all(later - earlier >= SPACING for earlier, later in itertools.pairwise(times))
    assert max(at for _, at in entered) - began < 6 * SPACING


def test_a_failure_lets_the_next_one_in() -> None:
    outgoing = RateLimit(0)
    try:
        with outgoing.turn("a"):
            raise OSError("lost")
    except OSError:
        pass
    with outgoing.turn("a"):
        pass


def test_many_messages_at_once_all_arrive_though_slack_says_to_wait(assistant: Assistant) -> None:
    with SlackDouble(burst=1) as slack:
        slack.add_user("U1", "one")
        slack.add_channel("C1", "one", members=["U1"])
        client = build_client(slack.bot_token, slack.api_url)
        posting = Poster(client, assistant.slack.slack_posts, assistant.clock, RateLimit(0))  # faster than Slack allows
        posts = [
            threading.Thread(target=posting.post_once, args=(f"key {n}", "C1", f"message {n}", [])) for n in range(4)
        ]
        for post in posts:
            post.start()
        for post in posts:
            post.join()
        assert sorted(m["text"] for m in slack.bot_messages("C1")) == [f"message {n}" for n in range(4)]
        assert any(call.error == "ratelimited" for call in slack.journal.calls_to("chat.postMessage"))


def test_only_so_many_streams_begin_in_a_minute() -> None:
    allowance = Allowance(3)
    assert [allowance.take() for _ in range(5)] == [True, True, True, False, False]
