"""What support agents rely on when they decide on a card in Slack."""

import json
from dataclasses import replace
from typing import Any

import pytest
from slack_double import SlackDouble
from slack_flows.making import give_address, read_shown
from slack_flows.people import ANNA, BEN, GUEST, REVIEW, wait_until_quiet

from assistant.app import Assistant
from assistant.domain import DraftStatus, Mention, Support
from assistant.service.service import Service


@pytest.fixture
def card(slack: SlackDouble, service: Service, assistant: Assistant) -> dict[str, Any]:
    """A review card for a customer's question."""
    return post_card(slack, service, assistant, "file")


def post_card(slack: SlackDouble, service: Service, assistant: Assistant, network: str) -> dict[str, Any]:
    """Import a post, let the schedule draft a reply with the page's address, and give its card."""
    now = assistant.clock()
    folder = assistant.settings.earshot_home.parent / "knowledge"
    give_address(folder)
    assistant.knowledge.ingest.run([str(folder)], None, now)
    text = "How do customers <!channel> pause their plan?"
    mention = Mention(f"{network}:1", network, "1", "<@U0ANNA>", text, now, url="https://post.example/1")
    assistant.listening.mentions.add([mention], now)
    service.rounds.collect(now)
    # Slack shows it a moment before Earshot has noted that it does.
    slack.wait_for(
        lambda: slack.bot_messages(REVIEW) and not assistant.slack.cards.missing(), what="a card that is noted"
    )
    return slack.bot_messages(REVIEW)[0]


def read_card(slack: SlackDouble) -> dict[str, Any]:
    """The card as it stands now."""
    return slack.bot_messages(REVIEW)[0]


def has_buttons(card: dict[str, Any]) -> bool:
    """Whether anything on the card can be clicked."""
    return any(block["type"] == "actions" for block in card["blocks"])


def read_outbox(assistant: Assistant) -> list[dict[str, Any]]:
    """What was sent."""
    path = assistant.settings.earshot_home / "outbox.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def find_audited(assistant: Assistant, action: str) -> list[str]:
    """Who did something, as the audit has it."""
    return [row["who"] for row in assistant.home.audit.rows() if row["action"] == action]


def test_a_card_shows_the_post_and_the_draft_and_pings_nobody(slack: SlackDouble, card: dict[str, Any]) -> None:
    shown = str(card["blocks"])
    assert "pause their plan in the app" in shown
    assert "<!channel>" not in shown
    assert "<@U0ANNA>" not in shown
    slack.click(REVIEW, card["ts"], "more_on_card", BEN, choose="details")
    details = slack.wait_for(lambda: slack.views(BEN), what="the details")[-1]
    assert "It asks a question" in str(details)


def test_one_click_sends_the_reply_and_takes_the_buttons_away(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.click(REVIEW, card["ts"], "approve", ANNA)
    slack.wait_for(lambda: not has_buttons(read_card(slack)), what="a card without buttons")
    assert [line["in_reply_to"] for line in read_outbox(assistant)] == ["1"]
    assert f"<@{ANNA}>" in str(read_card(slack)["blocks"])


def test_two_clicks_at_once_send_once_and_the_loser_is_told(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.click(REVIEW, card["ts"], "approve", ANNA)
    slack.click(REVIEW, card["ts"], "approve", BEN)
    told = slack.wait_for(lambda: slack.ephemerals, what="a line for the loser")
    winner = {ANNA: BEN, BEN: f"<@{ANNA}>"}[told[0]["shown_to"]]
    assert f"already approved by {winner}" in told[0]["text"]
    wait_until_quiet(slack, service)
    assert len(read_outbox(assistant)) == 1


def test_an_edit_waits_for_an_approval_of_exactly_the_new_words(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.click(REVIEW, card["ts"], "edit", ANNA)
    slack.wait_for(lambda: slack.views(ANNA), what="the modal")
    slack.submit_view(ANNA, {"text": {"text": "You pause it in the app."}})
    slack.wait_for(lambda: "You pause it in the app." in str(read_card(slack)), what="the card with the new words")
    assert read_outbox(assistant) == []
    slack.click(REVIEW, card["ts"], "approve", BEN)
    slack.wait_for(lambda: read_outbox(assistant), what="the reply")
    assert read_outbox(assistant)[0]["text"] == "You pause it in the app."


def test_in_a_workspace_without_tall_fields_and_notices_a_draft_is_edited_in_a_usual_form(
    slack: SlackDouble, service: Service, card: dict[str, Any]
) -> None:
    slack.world.settings = replace(slack.world.settings, refused_parts=frozenset({"alert", "rich_text_input"}))
    slack.click(REVIEW, card["ts"], "edit", ANNA)
    form = slack.wait_for(lambda: slack.views(ANNA), what="the form")[-1]
    [field] = [block for block in form["blocks"] if block.get("block_id") == "text"]
    assert field["element"]["type"] == "plain_text_input"
    assert field["element"]["multiline"]
    slack.submit_view(ANNA, {"text": {"text": "You pause it in the app."}})
    slack.wait_for(lambda: "You pause it in the app." in str(read_card(slack)), what="the card with the new words")


def test_lists_links_and_emoji_of_a_tall_field_are_saved_as_plain_text(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    def inline(**one: Any) -> dict[str, Any]:
        return {"type": "rich_text_section", "elements": [one]}

    steps = {"type": "rich_text_list", "style": "ordered", "elements": [inline(type="text", text="Open the app.")]}
    parts = [
        inline(type="text", text="You pause it in the app.", style={"bold": True}),
        steps,
        inline(type="link", url="https://larkspur.example/pausing", text="larkspur.example/pausing"),
        inline(type="emoji", name="wave", unicode="1f44b"),
    ]
    slack.click(REVIEW, card["ts"], "edit", ANNA)
    slack.wait_for(lambda: slack.views(ANNA), what="the form")
    sent = slack.submit_view(ANNA, {"text": {"text": {"type": "rich_text", "elements": parts}}})
    assert not sent.errors
    said = "You pause it in the app.\n1. Open the app.\nlarkspur.example/pausing\n👋"
    assert assistant.replies.drafts.find(1).text == said


def test_a_colleague_who_is_mentioned_in_an_edit_is_refused_in_the_form(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    before = assistant.replies.drafts.find(1).text
    mention = {"type": "rich_text_section", "elements": [{"type": "user", "user_id": BEN}]}
    slack.click(REVIEW, card["ts"], "edit", ANNA)
    slack.wait_for(lambda: slack.views(ANNA), what="the form")
    refused = slack.submit_view(ANNA, {"text": {"text": {"type": "rich_text", "elements": [mention]}}})
    assert "can't mention people" in str(refused.errors)
    assert assistant.replies.drafts.find(1).text == before


def test_an_edit_with_internal_words_is_refused_in_the_modal(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.click(REVIEW, card["ts"], "edit", ANNA)
    slack.wait_for(lambda: slack.views(ANNA), what="the modal")
    leak = "Agents may grant goodwill credits up to 25 pounds."
    delivery = slack.submit_view(ANNA, {"text": {"text": leak}})
    assert "can't be sent as written" in str(delivery.errors)
    assert assistant.replies.drafts.find(1).status is DraftStatus.PENDING


def test_a_rejected_draft_is_gone_with_its_reason(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.click(REVIEW, card["ts"], "reject", BEN)
    slack.wait_for(lambda: "Add a reason" in str(read_card(slack)), what="a rejected card")
    slack.click(REVIEW, card["ts"], "reason", BEN)
    slack.wait_for(lambda: slack.views(BEN), what="the form")
    slack.submit_view(BEN, {"text": {"text": "Not our customer."}})
    slack.wait_for(lambda: "Not our customer." in str(read_card(slack)), what="the card with the reason")
    assert "Add a reason" not in str(read_card(slack))
    assert find_audited(assistant, "reason") == [BEN]
    assert read_outbox(assistant) == []


def test_a_rejection_needs_no_reason(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.click(REVIEW, card["ts"], "reject", BEN)
    slack.wait_for(lambda: f"Rejected by {BEN}" in str(read_card(slack)), what="a finished card")
    assert slack.views(BEN) == []
    assert find_audited(assistant, "reject") == [BEN]
    assert assistant.replies.drafts.find(1).status is DraftStatus.REJECTED


def test_whoever_is_no_reviewer_is_told_so_and_nothing_happens(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.add_usergroup("S0SUPPORT", [ANNA])
    assistant.settings.reviewers = ("S0SUPPORT",)
    slack.click(REVIEW, card["ts"], "approve", BEN)
    told = slack.wait_for(lambda: slack.ephemerals, what="a line for the person")
    assert "Only reviewers" in told[0]["text"]
    assert has_buttons(read_card(slack))
    slack.click(REVIEW, card["ts"], "approve", ANNA)
    slack.wait_for(lambda: read_outbox(assistant), what="the reply")


def test_a_guest_in_the_review_channel_decides_nothing_even_where_reviewers_names_them(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.click(REVIEW, card["ts"], "approve", GUEST)
    told = slack.wait_for(lambda: slack.ephemerals, what="a line for the guest")
    assert "Only reviewers" in told[0]["text"]
    assert has_buttons(read_card(slack))
    assert not read_outbox(assistant)
    assistant.settings.reviewers = (GUEST,)
    slack.click(REVIEW, card["ts"], "approve", GUEST)
    wait_until_quiet(slack, service)
    assert not read_outbox(assistant)


def test_where_earshot_cannot_send_the_card_says_copy_and_mark_as_sent(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    card = post_card(slack, service, assistant, "mastodon")
    slack.click(REVIEW, card["ts"], "approve", ANNA)
    slack.wait_for(lambda: "ready for you to post" in str(read_card(slack)), what="the text to copy")
    assert read_outbox(assistant) == []
    slack.click(REVIEW, card["ts"], "mark_sent", ANNA)
    slack.wait_for(lambda: slack.views(ANNA), what="the modal")
    slack.submit_view(ANNA, {"text": {"text": "https://post.example/@us/2"}})
    slack.wait_for(lambda: not has_buttons(read_card(slack)), what="a finished card")
    assert "<https://post.example/@us/2|see the reply>" in str(read_card(slack)["blocks"])
    assert find_audited(assistant, "sent-by-hand") == [ANNA]
    assert assistant.replies.drafts.find(1).status is DraftStatus.SENT


def test_every_click_is_acknowledged_in_time(slack: SlackDouble, service: Service, card: dict[str, Any]) -> None:
    slack.click(REVIEW, card["ts"], "approve", ANNA)
    wait_until_quiet(slack, service)
    assert all(delivery.latency is not None and delivery.latency < 3 for delivery in slack.journal.deliveries)


def test_a_fact_is_found_from_the_edit_form_put_in_and_has_its_source_when_it_is_saved(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.click(REVIEW, card["ts"], "edit", ANNA)
    slack.wait_for(lambda: slack.views(ANNA), what="the form")
    slack.click_in_view(ANNA, "find_source", choose="how to pause")
    slack.wait_for(lambda: "insert_source" in str(slack.views(ANNA)), what="what was found")
    slack.click_in_view(ANNA, "insert_source", block_id="fact-0", values={"text": {"text": "Thanks for asking."}})
    slack.wait_for(lambda: "Inserted" in str(slack.views(ANNA)), what="the fact in the text")
    blocks = slack.views(ANNA)[-1]["blocks"]
    text = next(read_shown(block) for block in blocks if block.get("block_id") == "text-1")
    assert text.startswith("Thanks for asking. ")
    slack.submit_view(ANNA, {"text-1": {"text": text}})
    slack.wait_for(lambda: "Thanks for asking." in str(read_card(slack)), what="the card with the new words")
    said = assistant.replies.drafts.find(1).sentences[1:]
    assert {sentence.support for sentence in said} == {Support.QUOTED}
    assert all(sentence.citations for sentence in said)
    assert "Sources: " in str(read_card(slack))


def test_whoever_edits_a_claimed_draft_is_told_before_they_write(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    assistant.replies.reviewing.claiming.claim(1, ANNA, assistant.clock())
    slack.click(REVIEW, card["ts"], "edit", BEN)
    view = slack.wait_for(lambda: slack.views(BEN), what="what Ben reads")[-1]
    assert f"<@{ANNA}> is working on draft 1" in str(view)
    assert not [block for block in view["blocks"] if block["type"] == "input"]


def test_a_link_to_another_network_is_refused_in_the_form(
    slack: SlackDouble, service: Service, assistant: Assistant
) -> None:
    card = post_card(slack, service, assistant, "mastodon")
    slack.click(REVIEW, card["ts"], "approve", ANNA)
    slack.wait_for(lambda: "ready for you to post" in str(read_card(slack)), what="the text to copy")
    slack.click(REVIEW, card["ts"], "mark_sent", ANNA)
    slack.wait_for(lambda: slack.views(ANNA), what="the form")
    refused = slack.submit_view(ANNA, {"text": {"text": "https://evil.example/@us/2"}})
    assert "is on evil.example" in str(refused.errors)
    assert assistant.replies.drafts.find(1).status is DraftStatus.APPROVED
