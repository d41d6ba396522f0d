"""What a reviewer reads on a card and in its modals before and after a decision."""

import re
import textwrap
from dataclasses import replace
from typing import Any

import pytest
from slack_flows.making import (
    ASSIST,
    CARD,
    CITATIONS,
    DAY,
    DRAFT,
    NOW,
    POST,
    TIME,
    UNSUPPORTED,
    decide,
    doubt,
    find_buttons,
    make_card,
    read_shown,
    read_texts,
    show,
)

from assistant.domain import DraftLook, DraftStatus, Reply, Sentence, Support
from assistant.replies.tables.approvals import Claim
from assistant.slack.cards import Around, Card, build_card, build_fallback
from assistant.slack.cards.details import build_details_modal
from assistant.slack.cards.modals import build_edit_modal, build_problems_modal, build_taken_modal
from assistant.slack.client.blocks import escape_line

SENT = DraftStatus.SENT
ONE_SOURCE = replace(DRAFT, citations=CITATIONS[:1])
APPROVED = DraftStatus.APPROVED


def test_the_first_lines_say_which_draft_it_is_who_is_on_it_who_wrote_where_and_when() -> None:
    shown = show(CARD)
    assert "*Draft 7* · Unassigned" in shown
    assert f"*ada* · X · {DAY} · <https://x.example/1|open>" in shown


def test_an_ordinary_card_takes_ten_lines_on_a_phone_before_its_buttons() -> None:
    post = "My lock card stopped working this morning. How much is a new one, and how long does it take?"
    text = "Sorry you got stuck! A new card costs £8 and arrives in about 4 working days. It works without a phone."
    sentences = (Sentence("A new card costs £8 and arrives in about 4 working days.", Support.SUPPORTED, (1,)),)
    card = replace(
        CARD,
        mention=replace(POST, text=post, author="hanna_rides"),
        draft=replace(DRAFT, text=text, sentences=sentences),
    )
    lines = [line for text in _read_lines(card) for line in textwrap.wrap(text, 40)]
    assert len(lines) <= 10, lines


def _read_lines(card: Card) -> list[str]:
    """What is read above the buttons: links and times by what they show, a rich text in one paragraph."""
    told = []
    for block in build_card(card, NOW.date()):
        if block["type"] != "actions":
            joined = " ".join(read_texts(block)) if block["type"] == "rich_text" else "\n".join(read_texts(block))
            told += re.sub(r"<[^|>]*\|([^>]*)>", r"\1", joined).split("\n")
    return told


def test_what_is_seldom_needed_is_behind_details() -> None:
    shown = show(CARD)
    assert "It asks a question" not in shown
    assert "follower" not in shown
    details = "\n".join(read_texts(build_details_modal(CARD, NOW.date())["blocks"]))
    assert "*Why a reply:* It asks a question." in details
    assert "1 follower · first post we've seen" in details
    assert "No manipulation detected." in details


@pytest.mark.parametrize(("author", "shown"), [("ada", "*ada* · X"), ("", "*somebody* · X"), (" \n", "*somebody* · X")])
def test_the_post_is_shown_with_its_author_and_network(author: str, shown: str) -> None:
    assert f"{shown} · {DAY}" in show(replace(CARD, mention=replace(POST, author=author)))


def test_sources_take_one_line_and_their_words_are_in_the_details() -> None:
    assert "Sources: `1` <https://d.example/pause|Pausing>" in show(replace(CARD, draft=ONE_SOURCE))
    details = "\n".join(read_texts(build_details_modal(CARD, NOW.date())["blocks"]))
    assert "supported: “It is free.” by “Pausing costs nothing.”" in details


@pytest.mark.parametrize(
    ("text", "most", "line"),
    [
        ("one\n two", 7, "one two"),
        ("one > two three", 15, "one &gt; two…"),
        ("one > two three", 8, "one…"),
        ("a&&&&", 9, "a&amp;…"),
    ],
)
def test_a_line_is_cut_at_a_words_end_and_never_within_an_escaped_sign(text: str, most: int, line: str) -> None:
    assert escape_line(text, most) == line


def test_a_claim_without_a_source_stands_out_and_is_approved_in_a_form_that_names_it() -> None:
    card = make_card(extra=(UNSUPPORTED,), around=Around(needs=doubt(UNSUPPORTED.text)))
    card = replace(card, draft=replace(card.draft, text=f"{DRAFT.text} {UNSUPPORTED.text}"))
    buttons = find_buttons(card)
    assert list(buttons)[:2] == ["problems", "edit"]
    assert buttons["problems"]["text"]["text"] == "See what's missing"
    assert {"type": "emoji", "name": "warning"} in build_card(card, NOW.date())[2]["elements"][0]["elements"]
    form = build_problems_modal(card)
    assert form["submit"]["text"] == "Approve anyway"
    assert "> It costs 5 euros." in str(form)


def test_a_courtesy_that_no_page_says_is_no_claim() -> None:
    card = make_card(extra=(Sentence("Glad you're OK!", Support.UNSUPPORTED),), around=Around(needs=doubt()))
    assert find_buttons(card)["approve"]["style"] == "primary"
    assert "warning" not in str(build_card(card, NOW.date()))


@pytest.mark.parametrize("change", [{"look": DraftLook.NEEDS_WORK}, {"missing": "No public page answers this."}])
def test_a_draft_that_needs_work_is_not_approved_by_one_click(change: dict[str, Any]) -> None:
    card = replace(CARD, draft=replace(DRAFT, **change))
    assert "approve" not in find_buttons(card)
    assert next(iter(find_buttons(card))) == "problems"


def test_a_ready_draft_has_one_main_button_and_that_approves() -> None:
    buttons = find_buttons(CARD)
    assert [name for name, button in buttons.items() if button.get("style")] == ["approve"]


def test_whoever_opens_a_claimed_draft_is_told_before_they_write() -> None:
    told = build_taken_modal(CARD, Claim(7, "U07MARTA", NOW, NOW))
    assert "<@U07MARTA> is working on draft 7" in str(told)
    assert "submit" not in told


def test_an_approval_counts_down() -> None:
    card = make_card(APPROVED, around=Around(leaves_at=NOW, seconds_left=17))
    assert find_buttons(card)["undo"]["text"]["text"] == "Undo (17 s left)"


def test_notes_warn_and_where_earshot_cannot_send_the_reviewer_learns_it_beforehand() -> None:
    shown = show(make_card(note="Too long: 400 characters.", eligibility=ASSIST))
    assert ":warning: Too long: 400 characters." in shown
    assert "After approving, you'll need to post this on X yourself." in shown


@pytest.mark.parametrize("status", [APPROVED, SENT, DraftStatus.REJECTED])
def test_what_was_to_know_before_the_decision_goes_with_it(status: DraftStatus) -> None:
    shown = show(make_card(status, note="Too long: 400 characters.", eligibility=ASSIST))
    assert "Too long" not in shown
    assert "After your approval" not in shown


def test_earlier_edits_show_while_the_draft_waits() -> None:
    card = make_card(decisions=(decide("edit", "U07MARTA"),))
    assert f"Edited by <@U07MARTA>, {TIME}" in show(card)
    usual = ["approve", "edit", "reject", "not_ours", "more_on_card"]
    assert list(find_buttons(card)) == usual


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("U07MARTA", "<@U07MARTA>"),
        ("W0123456", "<@W0123456>"),
        ("Uwe", "Uwe"),
        ("Wanda", "Wanda"),
        ("", ""),
        ("UWE", "UWE"),
        ("U07MARTA>", "U07MARTA&gt;"),
        ("<!channel>", "&lt;!channel&gt;"),
    ],
)
def test_only_a_slack_id_becomes_a_mention_of_a_person(name: str, shown: str) -> None:
    card = make_card(DraftStatus.REJECTED, decisions=(decide("reject", name, "Not\nours."),))
    assert f"Rejected by {shown}, {TIME}: Not ours." in show(card)


def test_an_approved_text_that_a_person_must_post_is_there_once_to_copy() -> None:
    card = make_card(APPROVED, eligibility=ASSIST, decisions=(decide("approve", "U07MARTA"),))
    assert "*Draft 7* · approved, ready for you to post" in show(card)
    assert show(card).count(DRAFT.text) == 1
    assert list(find_buttons(card)) == ["copy", "open_post", "mark_sent", "more_on_card"]
    assert build_fallback(card) == "Draft 7 for a post on X: approved, ready for you to post"


@pytest.mark.parametrize(
    ("how", "url", "shown"),
    [
        ("api", "https://x.example/2", f"Sent by Earshot, {TIME} · <https://x.example/2|see the reply>"),
        ("api", None, f"Sent by Earshot, {TIME}"),
        ("assist", None, f"Posted by hand, marked as sent, {TIME}"),
    ],
)
def test_a_sent_card_says_when_and_how(how: str, url: str | None, shown: str) -> None:
    reply = Reply(7, "x:1", "x", "2", DRAFT.text, NOW, url, how)
    card = make_card(SENT, reply=reply, eligibility=ASSIST)
    assert shown in show(card)
    assert find_buttons(card) == {}


def test_nobody_approves_on_a_card_a_text_that_it_cannot_show_whole() -> None:
    card = replace(CARD, draft=replace(DRAFT, text="Long. " * 1000))
    assert {"approve", "edit"}.isdisjoint(find_buttons(card))
    assert "*Details* shows it, and there it can be approved." in show(card)
    assert build_details_modal(card, NOW.date())["submit"]["text"] == "Approve"
    assert "submit" not in build_details_modal(CARD, NOW.date())


def test_the_edit_form_shows_the_post_and_finds_sources_to_insert() -> None:
    edit = build_edit_modal(CARD)
    assert edit["blocks"][0]["text"]["text"] == "*ada* · X\n> How do I pause?"
    assert read_shown(edit["blocks"][1]) == DRAFT.text
    assert "optional" not in edit["blocks"][1]
    again = build_edit_modal(CARD, "Other words.", 1)
    assert read_shown(again["blocks"][1]) == "Other words."
    assert again["blocks"][1]["block_id"] != edit["blocks"][1]["block_id"]
