"""Alerts and crises in Slack: each posted once whatever breaks, and worked on with three buttons."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from alerts.fakes_counts import add_history, add_posts, burst
from slack_double import SlackDouble
from slack_flows.people import ANNA, BEN, GUEST, REVIEW, TEAM, wait_until_quiet

from assistant.app import Assistant
from assistant.core.database import to_text
from assistant.service.service import Service


def add_spike(assistant: Assistant, number: int = 30) -> None:
    """Negative posts that ended just now, after ten days of calm, all in this hour; every hour is counted."""
    now = assistant.clock()
    minutes = min(10, now.minute + now.second / 60)
    add_history(assistant.home.store, now - timedelta(hours=1))
    add_posts(assistant.home.store, burst(now, number, minutes), sentiment="negative")
    assistant.alerts.watching.look(now - timedelta(days=9))
    while assistant.home.store.value("select count(*) from stale_hours"):
        assistant.alerts.watching.look(now)


def find_threads(slack: SlackDouble) -> list[list[dict[str, Any]]]:
    """The threads of all crises."""
    roots = [one for one in slack.bot_messages(REVIEW) if one["text"].startswith(("Crisis", "Closed crisis"))]
    return [slack.thread(REVIEW, root["ts"]) for root in roots]


def test_a_spike_is_posted_once_with_a_button_and_its_posts(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    add_spike(assistant)
    service.rounds.look_for_alerts()
    service.rounds.look_for_alerts()
    [message] = slack.bot_messages(REVIEW)
    assert "Spike: negative posts" in message["text"]
    assert "open_crisis" in str(message["blocks"])
    assert "Hello" in str(message["blocks"])


def test_an_alert_that_slack_took_without_saying_so_is_not_posted_again(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    add_spike(assistant)
    slack.fail_next("chat.postMessage", "lost")
    service.rounds.look_for_alerts()
    service.rounds.look_for_alerts()
    assert len(slack.bot_messages(REVIEW)) == 1


def test_an_alert_that_is_long_over_is_kept_and_not_posted_any_more(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    add_spike(assistant)
    old = to_text(assistant.clock() - timedelta(days=3))
    assistant.home.store.change("update alerts set found_at = ?", old)
    service.rounds.look_for_alerts()
    assert slack.bot_messages(REVIEW) == []
    assert len(assistant.alerts.tables.since(assistant.clock() - timedelta(days=1))) == 1


def test_a_crisis_that_was_closed_long_before_there_was_a_channel_is_not_posted_any_more(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    now = assistant.clock()
    for age in (timedelta(days=9), timedelta(hours=2)):
        crisis = assistant.alerts.crises.open(f"Brakes {age.days}", ANNA, now - age)
        assistant.alerts.crises.close(crisis.crisis_id, ANNA, now - age)
    service.rounds.look_for_alerts()
    [thread] = find_threads(slack)
    assert "Brakes 0" in thread[0]["text"]


def test_in_quiet_hours_an_alert_waits_and_is_posted_after_them(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    add_spike(assistant)
    assistant.alerts.watching._rules = replace(assistant.alerts.watching._rules, quiet_hours=_Always())  # type: ignore[arg-type]
    service.rounds.look_for_alerts()
    assert slack.bot_messages(REVIEW) == []
    assistant.alerts.watching._rules = replace(assistant.alerts.watching._rules, quiet_hours=_Never())  # type: ignore[arg-type]
    service.rounds.look_for_alerts()
    assert len(slack.bot_messages(REVIEW)) == 1


class _Always:
    def contains(self, _: object) -> bool:
        return True


class _Never:
    def contains(self, _: object) -> bool:
        return False


def test_people_open_a_crisis_join_it_and_close_it_with_a_report(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    add_spike(assistant)
    service.rounds.look_for_alerts()
    [alert] = slack.bot_messages(REVIEW)
    slack.click(REVIEW, alert["ts"], "open_crisis", ANNA)
    slack.wait_for(lambda: find_threads(slack), what="the crisis")
    wait_until_quiet(slack, service)
    [[root, *_]] = find_threads(slack)
    slack.click(REVIEW, root["ts"], "join_crisis", BEN)
    wait_until_quiet(slack, service)
    slack.click(REVIEW, root["ts"], "close_crisis", ANNA)
    wait_until_quiet(slack, service)
    [[root, *events]] = find_threads(slack)
    told = "\n".join(event["text"] for event in events)
    for words in (
        "opened it for negative posts",
        "holding statement",
        f"{BEN} is on it.",
        "closed it after",
        "Report of crisis 1",
    ):
        assert words in told
    [report] = slack.files
    content = (report.content or b"").decode()
    assert (report.name, report.channels) == ("crisis-1-report.md", [REVIEW])
    for words in ("## Timeline", "## Posts that mattered", "On it: U0BEN", "Replies that waited: frozen since", "anna"):
        assert words in content
    assert f"*On it:* {BEN}" in str(root["blocks"])
    assert "close_crisis" not in str(root["blocks"])


def test_who_comes_back_to_a_crisis_is_told_what_happened_since_they_looked(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    def catch_up(user: str) -> str:
        slack.slash("/earshot", "catchup crisis", user, TEAM)
        wait_until_quiet(slack, service)
        return str([one for one in slack.ephemerals if one["shown_to"] == user][-1])

    now = assistant.clock()
    assert "There has been no crisis yet." in catch_up(ANNA)
    add_posts(assistant.home.store, burst(now, 30), sentiment="negative")
    crisis = assistant.alerts.crises.open("The app is down", ANNA, now)
    first = catch_up(ANNA)
    assert "Crisis 1: The app is down* (open)" in first
    assert "30 new posts, 30 negative" in first
    assert "opened it for all posts" in first
    assistant.alerts.crises.join(crisis.crisis_id, BEN, assistant.clock())
    second = catch_up(ANNA)
    assert "Since you last looked" in second
    assert "0 new posts, 0 negative" in second
    assert "is on it." in second
    assert "opened it for all posts" not in second
    assert "Nothing was done in it." in catch_up(ANNA)
    assert "opened it for all posts" in catch_up(BEN)
    assert "Only full members" in catch_up(GUEST)


def test_who_is_no_manager_is_told_so_and_opens_nothing(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    add_spike(assistant)
    service.rounds.look_for_alerts()
    [alert] = slack.bot_messages(REVIEW)
    assistant.settings.managers = (BEN,)
    slack.click(REVIEW, alert["ts"], "open_crisis", ANNA)
    wait_until_quiet(slack, service)
    assert "Only managers" in str(slack.journal.calls_to("chat.postEphemeral"))
    assert assistant.alerts.crises.all() == []


@pytest.mark.parametrize("number", range(1, 9))
def test_killed_at_any_post_of_a_crisis_each_message_is_there_once_after_the_restart(
    slack: SlackDouble, service: Service, assistant: Assistant, number: int
) -> None:
    add_spike(assistant, 300)
    flow = service.flows.alerts
    posts = iter(range(1, 100))

    def die(real: Callable[..., str]) -> Callable[..., str]:
        def post(*args: Any, **kwargs: Any) -> str:
            place = next(posts)
            if place == number and number % 2:
                raise PowerCutError
            ts = real(*args, **kwargs)
            if place == number:
                raise PowerCutError
            return ts

        return post

    real = flow._posting._post
    flow._posting._post = die(real)  # type: ignore[method-assign]
    with suppress(PowerCutError):
        flow.run()
    flow._posting._post = real  # type: ignore[method-assign]
    for _ in range(2):
        flow.run()
    [[_, *events]] = find_threads(slack)
    assert len({event["text"] for event in events}) == len(events) == 4
    texts = [message["text"] for message in slack.bot_messages(REVIEW)]
    assert len(texts) == len(set(texts))


class PowerCutError(BaseException):
    """Nothing after this runs."""
