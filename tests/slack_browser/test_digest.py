"""A manager reads the digest in Slack: pictures, the posts behind a number, files; also on a phone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_double.page import SlackPage
from slack_flows.conftest import assistant, knowledge, service, settings, work_template
from slack_flows.people import ANNA, DIGEST, wait_until_quiet

from assistant.app import Assistant
from assistant.service.service import Service
from slack_browser.browser import Browser
from slack_browser.test_story import MODAL, THREAD, slack

__all__ = ["assistant", "knowledge", "service", "settings", "slack", "work_template"]

WEEK = Path(__file__).parent.parent.parent / "examples" / "week.jsonl"
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.fixture
def week(slack: SlackPage, service: Service, assistant: Assistant) -> None:
    """The example's week of 300 posts, summed up; five are repeats."""
    slack.remove(DIGEST, "U0GUEST")
    assistant.listening.collecting.collect_file(WEEK, MONDAY - timedelta(days=1))
    assistant.listening.sort_new_mentions(MONDAY)
    service.rounds.post_digest(MONDAY)
    wait_until_quiet(slack, service)


@pytest.mark.usefixtures("week")
def test_a_manager_reads_the_pictures_looks_behind_a_number_and_gets_the_report(
    slack: SlackPage, service: Service, browser: Browser
) -> None:
    browser.open(slack, ANNA, DIGEST)
    browser.wait_for_text("295 posts", "//article")
    charts = browser.driver.find_elements("css selector", "article .data_visualization svg[role=img]")
    assert len(charts) == 2
    assert all(one.get_attribute("aria-label") for one in charts)
    browser.keep("8-digest")
    browser.press("Show the posts behind a number")
    browser.wait_for_text("1 to 5 of them here", MODAL)
    browser.keep("9-digest-posts")
    browser.press("The older posts", MODAL)
    browser.wait_for_text("6 to 10 of them here", MODAL)
    browser.press("Close", MODAL)
    browser.press("Get the whole summary as one HTML page")
    wait_until_quiet(slack, service)
    browser.wait_for_text("I sent you earshot-2026-W46.html")
    [head] = [one for one in slack.bot_messages(DIGEST) if one.get("thread_ts", one["ts"]) == one["ts"]]
    browser.open(slack, ANNA, DIGEST, head["ts"])
    browser.wait_for_text("Costs and time saved", THREAD)
    browser.keep("10-digest-thread")
    networks = f"{THREAD}//table[caption='Networks']"
    browser.press("Number", networks)
    counts = [one.text for one in browser.driver.find_elements("xpath", f"{networks}//td[1]")]
    assert counts == sorted(counts, key=int, reverse=True)
    browser.keep("10-digest-table")
    assert browser.complaints() == []


def test_where_slack_has_no_charts_yet_the_manager_sees_pictures(
    slack: SlackPage, browser: Browser, request: pytest.FixtureRequest
) -> None:
    lacking = frozenset({"data_visualization", "data_table"})
    slack.world.settings = replace(slack.world.settings, refused_parts=lacking)
    request.getfixturevalue("week")
    browser.open(slack, ANNA, DIGEST)
    browser.wait_for_text("295 posts", "//article")
    pictures = browser.driver.find_elements("css selector", "article img")
    assert len(pictures) >= 2
    slack.wait_for(lambda: all(one.get_property("naturalWidth") > 300 for one in pictures), what="the pictures loaded")
    assert all(one.get_attribute("alt") for one in pictures)
    browser.keep("12-digest-with-pictures")


@pytest.mark.usefixtures("week")
def test_the_digest_fits_a_phone(slack: SlackPage, browser: Browser) -> None:
    browser.driver.set_window_size(390, 2200)
    try:
        browser.open(slack, ANNA, DIGEST)
        browser.wait_for_text("295 posts", "//article")
        browser.keep("11-digest-on-a-phone")
        assert browser.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    finally:
        browser.driver.set_window_size(1280, 900)
