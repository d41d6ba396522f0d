"""What reviewers rely on when a label is wrong: one click beside the post, one choice, and later posts follow."""

from pathlib import Path
from typing import Any

import pytest
from slack_double import SlackDouble
from slack_flows import making
from slack_flows.people import ANNA, BEN, REVIEW, wait_until_quiet
from slack_flows.test_reviews import post_card, read_card, read_outbox

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Mention
from assistant.service.service import Service
from assistant.slack.cards.modals import build_relabel_modal, read_labels

_LONG = "a topic whose name goes on and on, far beyond what an option of a menu in Slack can show"
_TOPICS = f"topics:\n  - name: pausing\n  - name: {_LONG[:80]}\n"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """The same, with topics of the company's own."""
    file = tmp_path / "topics.yaml"
    file.write_text(_TOPICS)
    return settings.model_copy(update={"topics_file": file})


@pytest.fixture
def card(slack: SlackDouble, service: Service, assistant: Assistant) -> dict[str, Any]:
    """A review card for a customer's question."""
    return post_card(slack, service, assistant, "file")


def open_modal(slack: SlackDouble, card: dict[str, Any], user: str) -> dict[str, Any]:
    slack.click(REVIEW, card["ts"], "more_on_card", user, choose="relabel")
    views: list[dict[str, Any]] = slack.wait_for(lambda: slack.views(user), what="the modal")
    return views[-1]


def read_labels_of(assistant: Assistant, mention_id: str = "file:1") -> dict[str, tuple[str, str]]:
    rows = assistant.listening.mentions.analyses.findings_of(mention_id)
    return {row["about"]: (row["label"], row["version"]) for row in rows}


def choices(view: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    """What each menu shows at first, and what it offers."""
    found = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            names = [option["value"] for option in element["options"]]
            found[block["block_id"]] = (element.get("initial_option", {}).get("value", ""), names)
    return found


def test_the_menus_show_what_was_found_and_offer_all_there_is(
    slack: SlackDouble, assistant: Assistant, card: dict[str, Any]
) -> None:
    shown = choices(open_modal(slack, card, ANNA))
    found = read_labels_of(assistant)
    assert {about: first for about, (first, _) in shown.items()} == {
        about: found[about][0] for about in ("sentiment", "intent", "topic")
    }
    assert shown["sentiment"][1] == ["negative", "neutral", "positive", "unsure"]
    assert len(shown["intent"][1]) == 10
    assert shown["topic"][1] == ["pausing", _LONG[:75], "none"]


def test_a_choice_is_kept_as_a_correction_and_sends_nothing(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    open_modal(slack, card, ANNA)
    delivery = slack.submit_view(ANNA, {"intent": {"intent": "leaving"}, "topic": {"topic": _LONG[:75]}})
    assert not delivery.errors
    wait_until_quiet(slack, service)
    found = read_labels_of(assistant)
    assert (found["intent"], found["topic"]) == (("leaving", "person"), (_LONG[:80].strip(), "person"))
    kept = assistant.listening.mentions.corrections.of("file:1")
    assert {(row["about"], row["corrected_by"]) for row in kept} == {("intent", ANNA), ("topic", ANNA)}
    assert read_outbox(assistant) == []
    assert len(slack.bot_messages(REVIEW)) == 1


def test_the_details_tell_the_new_reason(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    open_modal(slack, card, ANNA)
    slack.submit_view(ANNA, {"intent": {"intent": "spam"}})
    wait_until_quiet(slack, service)
    slack.click(REVIEW, card["ts"], "more_on_card", ANNA, choose="details")
    slack.wait_for(lambda: "It reads like spam" in str(slack.views(ANNA)), what="the details with the new reason")


def test_who_is_no_reviewer_changes_nothing_and_is_told(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    slack.add_usergroup("S0SUPPORT", [ANNA])
    assistant.settings.reviewers = ("S0SUPPORT",)
    open_modal(slack, card, BEN)
    delivery = slack.submit_view(BEN, {"intent": {"intent": "spam"}})
    assert "Only reviewers" in str(delivery.errors)
    wait_until_quiet(slack, service)
    assert assistant.listening.mentions.corrections.of("file:1") == []


def test_a_modal_in_which_nothing_was_changed_says_so(
    slack: SlackDouble, assistant: Assistant, card: dict[str, Any]
) -> None:
    open_modal(slack, card, ANNA)
    assert "already" in str(slack.submit_view(ANNA, {}).errors)
    assert assistant.listening.mentions.corrections.of("file:1") == []


def test_a_post_that_is_gone_meanwhile_is_not_labelled_and_the_person_is_told(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    open_modal(slack, card, ANNA)
    assistant.listening.upstream.remove(["file:1"], assistant.clock())
    slack.submit_view(ANNA, {"intent": {"intent": "spam"}})
    told = slack.wait_for(lambda: slack.ephemerals, what="a line for the person")
    assert "no longer there" in told[0]["text"]
    wait_until_quiet(slack, service)
    assert assistant.listening.mentions.corrections.of("file:1") == []
    assert "Wrong label?" not in str(read_card(slack)["blocks"])


def test_the_correction_is_among_those_that_later_posts_are_judged_by(
    slack: SlackDouble, service: Service, assistant: Assistant, card: dict[str, Any]
) -> None:
    open_modal(slack, card, ANNA)
    slack.submit_view(ANNA, {"intent": {"intent": "idea"}})
    wait_until_quiet(slack, service)
    now = assistant.clock()
    assistant.listening.mentions.add([Mention("file:2", "file", "2", "bo", "Delivery came late, why?", now)], now)
    service.rounds.collect(now)
    corrections, _ = assistant.listening.mentions.corrections.all()
    assert [(c.mention_id, c.label) for c in corrections] == [("file:1", "idea")]
    assert read_labels_of(assistant)["intent"] == ("idea", "person")


def test_without_topics_of_its_own_a_company_is_not_asked_for_one() -> None:
    view = build_relabel_modal(making.CARD, {"sentiment": "positive"}, ())
    assert [block["block_id"] for block in view["blocks"] if block["type"] == "input"] == ["sentiment", "intent"]


def test_of_very_many_topics_none_can_still_be_chosen() -> None:
    names = [f"topic {number}" for number in range(150)]
    view = build_relabel_modal(making.CARD, {}, (*names, "none"))
    offered = choices(view)["topic"][1]
    assert (len(offered), offered[0], offered[-1]) == (100, "topic 0", "none")


def test_what_nobody_chose_is_no_label() -> None:
    assert read_labels({"intent": {"intent": {"type": "static_select", "selected_option": None}}}, ()) == {}
