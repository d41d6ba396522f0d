"""App Home as people see it in a browser: the queue, the week's picture, the settings, also on a narrow window."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from slack_double.page import SlackPage, read_manifest
from slack_flows.conftest import assistant, knowledge, service, settings, work_template
from slack_flows.homes import unfold
from slack_flows.people import ANNA, BEN, DIGEST, GUEST, REVIEW, TEAM

from assistant.app import Assistant
from assistant.domain import Mention
from assistant.service.service import Service
from slack_browser.browser import Browser
from slack_browser.test_story import MANIFEST, MODAL

__all__ = ["assistant", "knowledge", "service", "settings", "work_template"]

POSTS = (
    ("x", "mira", "How do I pause my plan while I am on holiday?", 1),
    ("mastodon", "ole@bikes.example", "My refund is three weeks late, how do I pause the plan? I am so angry!", 27),
    ("reddit", "wheelie", "Is it possible to <b>pause</b> the plan twice a year? <!channel>", 5),
    ("x", "josé 🚲", "כמה זמן אפשר להשהות את התוכנית? Can customers pause their plan?", 50),
    ("bluesky", "kim.example", "Love the new app, can I pause my plan in it?", 3),
)


def keep_whole(browser: Browser, name: str, width: int) -> None:
    """A screenshot of all that one would scroll through."""
    height = browser.driver.execute_script(
        "return Math.max(...[...document.querySelectorAll('*')].map((one) => one.scrollHeight))"
    )
    browser.driver.set_window_size(width, int(height) + 300)
    browser.keep(name)
    browser.driver.set_window_size(width, 900)


@contextmanager
def narrow(browser: Browser) -> Iterator[None]:
    """As wide as a phone."""
    browser.driver.set_window_size(390, 900)
    try:
        yield
    finally:
        browser.driver.set_window_size(1280, 900)


@pytest.fixture
def slack() -> Iterator[SlackPage]:
    """A workspace with an admin, a reviewer and a guest, and no more rights than the shipped manifest asks."""
    manifest = read_manifest(MANIFEST)
    with SlackPage(manifest, manifest.to_settings(rate_limit=False)) as page:
        for user, name, role in ((ANNA, "anna", "admin"), (BEN, "ben", "reviewer"), (GUEST, "guest", "guest")):
            page.add_user(user, name, is_restricted=user == GUEST)
            page.introduce(user, role)
        for channel, name in ((TEAM, "team"), (REVIEW, "review"), (DIGEST, "digest")):
            page.add_channel(channel, name, members=[ANNA, BEN])
        yield page


@pytest.fixture
def week(service: Service, assistant: Assistant) -> None:
    """Some posts with drafts: one claimed, one approved by the first of two, one sent."""
    now = assistant.clock()
    assistant.settings.admins, assistant.settings.reviewers = (ANNA,), (ANNA, BEN)
    posts = [
        Mention(
            f"{net}:{n}", net, str(n), author, text, now - timedelta(hours=hours), followers=20_000 if n == 2 else 9
        )
        for n, (net, author, text, hours) in enumerate(POSTS)
    ]
    assistant.listening.mentions.add(posts, now)
    service.rounds.collect(now)
    reviewing = assistant.replies.reviewing
    drafts = {draft.mention_id: draft for draft in reviewing.list_open()}
    reviewing.claiming.claim(drafts["x:0"].draft_id, BEN, now)
    for mention_id in ("reddit:2", "bluesky:4"):
        draft = drafts[mention_id]
        reviewing.approve(draft.draft_id, BEN, now, draft.text, accepts_unsupported=True)


def test_an_admin_reads_the_queue_and_the_week_and_changes_a_setting(
    slack: SlackPage, week: None, assistant: Assistant, browser: Browser
) -> None:
    unfold(assistant, ANNA)
    browser.open(slack, ANNA, "", "", "home")
    browser.wait_for_text("Replies that wait")
    browser.wait_for_text("approved it first")
    browser.wait_for_text("Counted")
    browser.find("//img[contains(@alt, 'posts a day by sentiment')]")
    keep_whole(browser, "home-admin", 1280)
    browser.press("Change: When the weekly summary is posted")
    browser.wait_for_text("When", MODAL)
    browser.type_into("When", "soon")
    browser.press("Save", MODAL)
    browser.wait_for_text("I can't read this as a time.", MODAL)
    browser.keep("home-setting-refused")
    browser.type_into("When", "30 8 * * 2")
    browser.press("Save", MODAL)
    browser.wait_for_text("every Tuesday at 08:30", "//main")
    assert assistant.settings.digest_schedule == "30 8 * * 2"
    browser.press("Change: Reviewers")
    browser.wait_for_text("Without any, everyone in the review channel can decide", MODAL)
    browser.keep("home-setting-people")
    browser.press("Cancel", MODAL)
    browser.press("Change: Own topics")
    browser.press("Add a topic…", MODAL)
    browser.type_into("Name", "pausing the plan")
    browser.type_into("Examples, one a line, as customers write", "how do I pause my plan")
    browser.keep("home-topic")
    browser.press("Save", MODAL)
    browser.wait_for_text("pausing the plan", MODAL)
    browser.keep("home-topics")
    assert browser.complaints() == []


def test_on_a_narrow_window_a_reviewer_filters_and_a_guest_only_learns_how_to_ask(
    slack: SlackPage, week: None, assistant: Assistant, browser: Browser
) -> None:
    unfold(assistant, BEN)
    with narrow(browser):
        browser.open(slack, BEN, "", "", "home")
        browser.wait_for_text("Replies that wait")
        browser.wait_for_text("Counted")
        keep_whole(browser, "home-narrow", 390)
        browser.find("//main//select/option[starts-with(., 'Mine')]").click()
        browser.wait_for_text("Show everything")
        browser.press("Freeze all replies…")
        browser.wait_for_text("No reply is sent from now on", MODAL)
        browser.keep("home-narrow-freeze")
        browser.press("Cancel", MODAL)
        browser.open(slack, GUEST, "", "", "home")
        browser.wait_for_text("Ask me about the company's public documents.")
        browser.keep("home-narrow-guest")
    assert "wait" not in browser.read()
    assert browser.complaints() == []
