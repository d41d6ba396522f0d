"""What anybody in the company relies on who finds a customer's post: paste it, and the reviewers get a card."""

import pytest
from slack_double import SlackDouble
from slack_flows.people import ANNA, GUEST, REVIEW, TEAM, wait_until_quiet
from slack_flows.test_card_actions import find_actions, wait_for_card, wait_for_line
from slack_flows.test_reviews import read_card, read_outbox

from assistant.app import Assistant
from assistant.domain import DraftStatus, Mention
from assistant.service.service import Service

PRESS = "I am a journalist at the Daily Example and write a story. How do customers pause their plan?"
POST = "How do I pause my plan?\n\nI am in the <b>mountains</b> & want to stop paying."


def test_a_pasted_post_becomes_a_card_and_its_reply_is_posted_by_hand(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.slash("/earshot", f"draft {POST}", ANNA, TEAM)
    shown = wait_for_card(slack, "pasted by hand")
    assert "&lt;b&gt;mountains&lt;/b&gt; &amp; want" in shown
    wait_for_line(slack, ANNA, f"Draft 1 is in <#{REVIEW}>")
    slack.click(REVIEW, read_card(slack)["ts"], "approve", ANNA)
    wait_for_card(slack, "ready for you to post")
    assert find_actions(read_card(slack)) == ["copy", "mark_sent", "more_on_card"]
    assert read_outbox(assistant) == []


def test_the_shortcut_drafts_a_reply_to_the_post_in_a_message_and_twice_is_one_card(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    ts = slack.say(TEAM, ANNA, "How do I pause my plan, asks &lt;somebody&gt;?\nSecond line.")
    for _ in range(2):
        slack.shortcut("draft_reply", ANNA, TEAM, ts)
    shown = wait_for_card(slack, "pasted by hand")
    assert "asks &lt;somebody&gt;?\\n> Second line." in shown
    wait_until_quiet(slack, service)
    assert len(slack.bot_messages(REVIEW)) == 1
    assert len([line for line in slack.ephemerals if "Draft 1 is in" in line["text"]]) == 2


def test_an_address_of_a_kept_post_brings_its_card(slack: SlackDouble, service: Service, assistant: Assistant) -> None:
    now = assistant.clock()
    url = "https://social.example/@ada/12345"
    post = Mention("mastodon:12345", "mastodon", "12345", "ada", "How do customers pause their plan?", now, url=url)
    assistant.listening.mentions.add([post], now)
    slack.slash("/earshot", f"draft {url}?utm_source=x", ANNA, TEAM)
    assert "*ada* · Mastodon" in wait_for_card(slack, "pause their plan in the app")
    ts = slack.say(TEAM, ANNA, f"<{url}>")
    slack.shortcut("draft_reply", ANNA, TEAM, ts)
    slack.wait_for(lambda: len(slack.ephemerals) >= 3, what="the second answer")
    assert assistant.replies.drafts.find(1).status is DraftStatus.PENDING
    assert len(slack.bot_messages(REVIEW)) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("draft", "Paste a customer's post"),
        ("draft https://nowhere.example/a/12345", "no network reads it"),
        ("draft @somebody", "The post has no words to answer."),
    ],
)
def test_what_cannot_be_answered_is_told_with_the_mend(
    slack: SlackDouble, service: Service, assistant: Assistant, text: str, told: str
) -> None:
    slack.slash("/earshot", text, ANNA, TEAM)
    wait_for_line(slack, ANNA, told)
    wait_until_quiet(slack, service)
    assert slack.bot_messages(REVIEW) == []


def test_a_guest_is_told_that_colleagues_may_and_nothing_is_kept(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.slash("/earshot", "draft How do I pause?", GUEST, TEAM)
    wait_for_line(slack, GUEST, "Only full members of the company")
    wait_until_quiet(slack, service)
    assert [one["text"] for one in slack.ephemerals] == [
        "Only full members of the company may do this. Ask a colleague to do it."
    ]
    assert assistant.listening.mentions.span() is None


def test_a_post_by_the_press_needs_two_people_however_it_came(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    slack.slash("/earshot", f"draft {PRESS}", ANNA, TEAM)
    wait_for_card(slack, "*Two people approve this*")


def test_without_a_review_channel_the_person_is_told(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    assistant.settings.review_channel = ""
    slack.slash("/earshot", "draft How do I pause?", ANNA, TEAM)
    wait_for_line(slack, ANNA, "There's no channel for review cards yet. An admin can choose one in my Home tab.")
