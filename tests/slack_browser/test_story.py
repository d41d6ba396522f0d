"""Whoever tries Earshot in a browser sees the whole story: ask, follow up, decide on a card, read the summary."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from slack_double.page import SlackPage, read_manifest
from slack_flows.conftest import assistant, knowledge, service, settings, work_template
from slack_flows.making import give_address
from slack_flows.people import ANNA, BEN, DIGEST, GUEST, REVIEW, TEAM

from assistant.app import Assistant
from assistant.domain import Mention
from assistant.service.service import Service
from slack_browser.browser import Browser

__all__ = ["assistant", "knowledge", "service", "settings", "work_template"]

MANIFEST = Path(__file__).parent.parent.parent / "slack-manifest.yaml"
THREAD = "//aside[@id='thread']"
MODAL = "//dialog[@id='modal']"


@pytest.fixture
def slack() -> Iterator[SlackPage]:
    """The workspace of the other Slack tests, with the page, and with no more rights than the shipped manifest asks."""
    manifest = read_manifest(MANIFEST)
    with SlackPage(manifest, manifest.to_settings(rate_limit=False)) as page:
        for user, name, role in ((ANNA, "anna", "member"), (BEN, "ben", "reviewer"), (GUEST, "guest", "guest")):
            page.add_user(user, name, is_restricted=user == GUEST)
            page.introduce(user, role)
        for channel, name in ((TEAM, "team"), (REVIEW, "review"), (DIGEST, "digest")):
            page.add_channel(channel, name, members=[ANNA, BEN, GUEST])
        yield page


def test_one_asks_and_follows_up_in_the_thread(slack: SlackPage, service: Service, browser: Browser) -> None:
    browser.open(slack, ANNA, TEAM)
    browser.type_into("Message #team", "@Earshot How do customers pause their plan?", send=True)
    browser.press("1 reply")
    browser.wait_for_text("Customers pause their plan in the app", THREAD)
    browser.keep("1-answer")
    browser.type_into("Reply in the thread", "@Earshot and for how many months?", send=True)
    slack.wait_for(lambda: len(slack.bot_messages(TEAM)) == 2, what="the second answer")
    browser.wait_for_text("3 replies", "//main")
    browser.keep("2-follow-up")
    assert browser.complaints() == []


def test_a_card_is_edited_in_its_modal_then_approved_and_the_reply_is_sent(
    slack: SlackPage, service: Service, assistant: Assistant, browser: Browser
) -> None:
    now = assistant.clock()
    post = "How do customers <b>pause</b> <!channel> their plan?"
    assistant.listening.mentions.add([Mention("file:1", "file", "1", "eve", post, now)], now)
    service.rounds.collect(now)
    browser.open(slack, BEN, REVIEW)
    browser.wait_for_text("How do customers <b>pause</b> <!channel> their plan?")
    browser.keep("3-card")
    browser.press("Edit")
    browser.wait_for_text("Edit", MODAL)
    browser.keep("4-modal")
    browser.type_into("Reply", "You can pause in the app, for up to three months.")
    browser.press("Save", MODAL)
    browser.wait_for_text("You can pause in the app, for up to three months.", "//article")
    browser.press("Approve", "//article")
    browser.wait_for_text("Sent by", "//article")
    browser.keep("5-sent")
    outbox = (assistant.settings.earshot_home / "outbox.jsonl").read_text()
    assert [json.loads(line)["text"] for line in outbox.splitlines()] == [
        "You can pause in the app, for up to three months."
    ]
    assert browser.complaints() == []


def test_a_pasted_post_is_drafted_by_the_message_menu_claimed_and_written_anew(
    slack: SlackPage, service: Service, assistant: Assistant, browser: Browser
) -> None:
    folder = assistant.settings.earshot_home.parent / "knowledge"
    give_address(folder)  # a draft with a link can be made shorter
    assistant.knowledge.ingest.run([str(folder)], None, assistant.clock())
    slack.say(TEAM, ANNA, "How do customers pause their plan?")
    browser.open(slack, ANNA, TEAM)
    browser.press("More actions on this message")
    browser.press("Draft a reply")
    browser.wait_for_text("people decide on it there", "//main")
    browser.open(slack, BEN, REVIEW)
    browser.wait_for_text("Customers pause their plan in the app", "//article")
    browser.press("More actions", "//article")
    browser.press("Claim", "//article")
    browser.wait_for_text("is working on it until", "//article")
    browser.press("More actions", "//article")
    browser.press("Another version", "//article")
    browser.type_into("What should change?", "shorter")
    browser.keep("8-regenerate")
    browser.press("Write it", MODAL)
    browser.wait_for_text("version 2", "//article")
    browser.keep("9-claimed-card")
    browser.press("Approve", "//article")
    browser.wait_for_text("ready for you to post", "//article")
    browser.press("Mark as sent", "//article")
    browser.type_into("Link to your reply", "https://social.example/@us/2")
    browser.press("It is sent", MODAL)
    browser.wait_for_text("see the reply", "//article")
    browser.keep("10-posted-by-hand")
    assert browser.complaints() == []


def test_the_manager_reads_the_summary_also_on_a_phone(
    slack: SlackPage, service: Service, assistant: Assistant, browser: Browser
) -> None:
    now = assistant.clock()
    assistant.listening.mentions.add([Mention("x:1", "x", "1", "eve", "I love this *bike* :tada:", now)], now)
    service.rounds.collect(now)
    service.rounds.post_digest(now + timedelta(days=7))
    browser.open(slack, ANNA, DIGEST)
    browser.wait_for_text("1 post", "//article")
    browser.keep("6-summary")
    browser.driver.set_window_size(390, 800)
    try:
        browser.keep("7-summary-on-a-phone")
        assert browser.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    finally:
        browser.driver.set_window_size(1280, 900)
