"""What managers rely on in App Home: the week in figures, also while it is counted or cannot be."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from slack_double import SlackDouble
from slack_flows.homes import find_draft, list_actions, open_home, queue, read_home, unfold, wait_for_home
from slack_flows.people import ANNA, BEN, REVIEW, wait_until_quiet

from assistant.app import Assistant
from assistant.domain import Period
from assistant.errors import StoreError
from assistant.reports.digest import Overview
from assistant.service.service import Service

__all__ = ["queue"]


@pytest.fixture(autouse=True)
def unfolded(assistant: Assistant) -> None:
    """Everybody looks at all figures."""
    unfold(assistant, ANNA, BEN)


@contextmanager
def slow_counting(service: Service) -> Iterator[None]:
    """Figures take as long to be counted as this lasts."""
    weeks, may_go_on = service.flows.home._weeks, threading.Event()
    look_over = weeks._look_over

    def look_slowly(period: Period, now: datetime) -> Overview:
        assert may_go_on.wait(30)
        return look_over(period, now)

    weeks._look_over = look_slowly
    try:
        yield
    finally:
        may_go_on.set()
        weeks._look_over = look_over


def test_a_manager_sees_the_week_with_a_picture_the_stages_and_the_open_queue(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    assistant.settings.managers, assistant.settings.reviewers = (BEN,), (ANNA,)
    slack.click(REVIEW, _card_of(assistant, "file:1"), "approve", ANNA)
    slack.wait_for(lambda: assistant.replies.drafts.live_draft_id("file:1") and _is_sent(assistant), what="a reply")
    view = open_home(slack, BEN, "The week in figures", "*2* wait for a decision", "found to drafted", "Counted")
    pictures = [block for block in view["blocks"] if block["type"] == "image"]
    assert [block["slack_file"]["id"] for block in pictures] == [stored.id for stored in slack.files]
    assert pictures[0]["alt_text"].startswith("Stacked bars, posts a day by sentiment.")
    shown = read_home(slack, BEN)
    assert _posts_of_week(assistant) in shown
    assert "approved to sent" in shown
    assert "author" not in shown
    assert not any(action.startswith(("open_card", "freeze")) for action in list_actions(view))
    slack.click_home(BEN, "home_choose.week", choose="last")
    wait_for_home(slack, BEN, "No reply was sent in that week")


def _posts_of_week(assistant: Assistant) -> str:
    """How Home counts the posts of the queue: on a Monday one of them, or all, are of the week before."""
    now = assistant.clock().astimezone(assistant.settings.zone)
    monday = (now - timedelta(days=now.weekday())).date().isoformat()
    row = assistant.home.store.row("select count(*) as posts from mentions where created_at >= ?", monday)
    return f"posts: *{row['posts'] if row else 0}*"


def _card_of(assistant: Assistant, mention_id: str) -> str:
    card = assistant.slack.cards.find(find_draft(assistant, mention_id))
    assert card is not None
    return str(card["ts"])


def _is_sent(assistant: Assistant) -> bool:
    return bool(assistant.home.store.value("select count(*) from replies"))


def test_a_picture_that_slack_does_not_take_is_told_in_words(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    slack.fail_next("files.getUploadURLExternal", error="invalid_arguments")
    open_home(slack, ANNA, "The picture couldn't be uploaded to Slack. In words: Stacked bars")


def test_a_home_is_there_at_once_and_says_what_is_still_being_counted(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    with slow_counting(service):
        for user in (ANNA, BEN):  # the second one waits for nobody
            open_home(slack, user, "*3* wait", "Counting posts, sentiment and response times…")
    for user in (ANNA, BEN):
        wait_for_home(slack, user, _posts_of_week(assistant))
    assert "Counting the posts" not in read_home(slack, ANNA)


def test_while_old_figures_are_counted_anew_they_are_shown_and_said_to_be_old(
    slack: SlackDouble, service: Service, assistant: Assistant, queue: list[int]
) -> None:
    counted = _posts_of_week(assistant)
    open_home(slack, ANNA, counted)
    wait_until_quiet(slack, service)
    now = assistant.clock
    assistant.home.store.change("delete from mentions where mention_id = 'file:1'")
    service.flows.home._weeks._clock = lambda: now() + timedelta(minutes=20)
    with slow_counting(service):
        open_home(slack, ANNA, counted, "Counting again…")
    wait_for_home(slack, ANNA, _posts_of_week(assistant))


def test_figures_that_cannot_be_counted_are_said_to_be_so(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    def fail(period: Period, now: datetime) -> Overview:
        raise StoreError("The disk is full.", "Free some space.")

    service.flows.home._weeks._look_over = fail
    open_home(slack, ANNA, "I couldn't count the figures. The disk is full. Whoever looks after me can put it right.")
