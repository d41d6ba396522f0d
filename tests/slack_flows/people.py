"""Who and what is in the test workspace, and how a test waits for Earshot."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_double import SlackDouble

from assistant.app import Assistant
from assistant.service.service import Service

TEAM, REVIEW, DIGEST = "C0TEAM", "C0REVIEW", "C0DIGEST"
ANNA, BEN, GUEST = "U0ANNA", "U0BEN", "U0GUEST"


def find_answers(
    slack: SlackDouble, channel: str, ts: str, count: int = 1, timeout: float = 30
) -> list[dict[str, Any]]:
    """The bot's messages in a thread, once there are at least `count`."""

    def read() -> list[dict[str, Any]]:
        found = [m for m in slack.thread(channel, ts) if m.get("user") == slack.bot_user_id and m["ts"] != ts]
        return found if len(found) >= count else []

    return slack.wait_for(read, timeout, "an answer in the thread")


@contextmanager
def run_service(assistant: Assistant, slack: SlackDouble, post_spacing_seconds: float = 0) -> Iterator[Service]:
    """`earshot run`, connected; it is stopped also when the test fails, as the next one could not start its own."""
    running = Service(assistant, post_spacing_seconds)
    running.start()
    try:
        slack.wait_for_connection()
        yield running
    finally:
        slack.disconnect(hard=True)
        running.stop()


def wait_until_quiet(slack: SlackDouble, service: Service, timeout: float = 30) -> None:
    """Until nothing is queued, running or on its way; what a test reads then is what stays."""
    slack.wait_for(lambda: _is_quiet(slack, service), timeout, "nothing queued, running or on its way")


def _is_quiet(slack: SlackDouble, service: Service) -> bool:
    """Looked at from both sides: between the first look and the inbox, an event might have become work."""
    begun = len(slack.journal.entries)
    is_still = not slack.journal.in_flight and service.is_idle() and not slack.journal.in_flight
    return is_still and len(slack.journal.entries) == begun
