"""Forms with a notice, what is told to one person alone, and a direct message of what somebody follows."""

from datetime import UTC, datetime

import pytest
from alerts.fakes_counts import add_posts, burst
from slack_double.page import SlackPage
from slack_flows.conftest import assistant, knowledge, service, settings, work_template
from slack_flows.people import ANNA, BEN, REVIEW, TEAM, wait_until_quiet

from assistant.app import Assistant
from assistant.domain import Mention
from assistant.service.service import Service
from slack_browser.browser import Browser
from slack_browser.test_story import MODAL, THREAD, slack

__all__ = ["assistant", "knowledge", "service", "settings", "slack", "work_template"]

FRIDAY = datetime(2026, 11, 13, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 9, 2, tzinfo=UTC)


def command(slack: SlackPage, service: Service, text: str, user: str = ANNA) -> None:
    """Use /earshot in the team's channel, until all that follows is done."""
    slack.slash("/earshot", text, user, TEAM)
    wait_until_quiet(slack, service)


@pytest.fixture
def draft(slack: SlackPage, service: Service, assistant: Assistant) -> None:
    """A draft in the review channel."""
    now = assistant.clock()
    post = Mention("file:1", "file", "1", "eve", "How do customers pause their plan?", now)
    assistant.listening.mentions.add([post], now)
    service.rounds.collect(now)
    wait_until_quiet(slack, service)


@pytest.mark.usefixtures("draft")
def test_who_edits_during_a_freeze_reads_above_the_text_that_nothing_is_sent(
    slack: SlackPage, service: Service, browser: Browser
) -> None:
    command(slack, service, "freeze The app is down")
    browser.open(slack, BEN, REVIEW)
    browser.press("Edit", "//article")
    browser.wait_for_text("frozen", MODAL)
    browser.keep("13-edit-during-a-freeze")
    assert browser.complaints() == []


@pytest.mark.usefixtures("draft")
def test_who_opens_a_claimed_draft_reads_who_works_on_it(
    slack: SlackPage, assistant: Assistant, browser: Browser
) -> None:
    assistant.replies.reviewing.claiming.claim(1, ANNA, assistant.clock())
    browser.open(slack, BEN, REVIEW)
    browser.press("Edit", "//article")
    browser.wait_for_text("is working on", MODAL)
    browser.keep("14-claimed-draft")
    assert browser.complaints() == []


def test_an_answer_is_shared_with_a_channel_that_is_chosen_in_a_form(
    slack: SlackPage, service: Service, browser: Browser
) -> None:
    question = slack.say(TEAM, ANNA, f"<@{slack.bot_user_id}> How do customers pause their plan?")
    wait_until_quiet(slack, service)
    browser.open(slack, ANNA, TEAM, question)
    browser.press("Share…", THREAD)
    browser.wait_for_text("Share", MODAL)
    browser.keep("15-share-form")
    assert browser.complaints() == []


def test_what_somebody_follows_comes_as_a_direct_message(
    slack: SlackPage, service: Service, assistant: Assistant, browser: Browser
) -> None:
    assistant.home.clock = lambda: FRIDAY
    browser.open(slack, ANNA, TEAM)
    browser.type_into("Message #team", "/earshot follow every Monday what people say about the app", send=True)
    browser.wait_for_text("every Monday at 09:00", "//main")
    browser.keep("16-follow-confirmed")
    texts = ("I love the app", "The app is broken, I hate it", "Is the app *free*? <!channel> https://x.example/a_b_c")
    posts = [
        Mention(f"x:{number}", "x", str(number), "eve", text, FRIDAY, url=f"https://x.example/{number}")
        for number, text in enumerate(texts)
    ]
    assistant.listening.mentions.add(posts, FRIDAY)
    assistant.listening.sort_new_mentions(FRIDAY)
    assistant.home.clock = lambda: MONDAY
    service.rounds.tell_followers(MONDAY)
    wait_until_quiet(slack, service)
    browser.open(slack, ANNA, slack.open_dm(ANNA))
    browser.wait_for_text("What people said about the app", "//article")
    browser.keep("17-follow-message")
    assert browser.complaints() == []


def test_who_comes_back_to_a_crisis_reads_what_happened(
    slack: SlackPage, service: Service, assistant: Assistant, browser: Browser
) -> None:
    now = assistant.clock()
    add_posts(assistant.home.store, burst(now, 30), sentiment="negative")
    crisis = assistant.alerts.crises.open("The app is down", ANNA, now)
    assistant.alerts.crises.join(crisis.crisis_id, BEN, now)
    browser.open(slack, ANNA, TEAM)
    browser.type_into("Message #team", "/earshot catchup crisis", send=True)
    browser.wait_for_text("Crisis 1: The app is down", "//main")
    browser.keep("18-crisis-catch-up")
    assert browser.complaints() == []
