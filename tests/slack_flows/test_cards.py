"""What a reviewer reads on a card and in its modals before and after a decision."""

from dataclasses import replace

import pytest
from slack_flows.making import (
    ASSIST,
    CARD,
    CITATIONS,
    DRAFT,
    NOW,
    POST,
    TIME,
    UNSUPPORTED,
    decide,
    find_buttons,
    make_card,
    show,
)

from assistant.domain import DraftStatus, Reply
from assistant.slack.cards import build_fallback
from assistant.slack.cards.modals import build_edit_modal, build_reject_modal, build_whole_modal
from assistant.slack.client.blocks import escape_line

SENT = DraftStatus.SENT
APPROVED = DraftStatus.APPROVED


def test_the_line_under_the_post_says_why_it_was_chosen_when_it_was_written_and_where_it_stands() -> None:
    shown = show(CARD)
    assert f"It asks a question · {TIME} · <https://x.example/1|open the post>" in shown
    assert "1 follower · first post we've seen" in shown


@pytest.mark.parametrize(("author", "shown"), [("ada", "*ada* · X"), ("", "*somebody* · X"), (" \n", "*somebody* · X")])
def test_the_post_is_shown_with_its_author_and_network(author: str, shown: str) -> None:
    assert f"{shown}\n> How do I pause?" in show(replace(CARD, mention=replace(POST, author=author)))


def test_a_source_is_named_once_with_what_rests_on_it_and_a_courtesy_rests_on_nothing() -> None:
    assert (
        "*<https://d.example/pause|Pausing › How>*\n"
        "quoted: “You pause in the app.”\n"
        "supported: “It is free.” by “Pausing costs nothing.”"
    ) in show(CARD)
    assert show(CARD).count("Good question.") == 1


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


def test_two_places_of_one_document_are_two_sources() -> None:
    citations = (CITATIONS[0], replace(CITATIONS[1], heading=""))
    shown = show(replace(CARD, draft=replace(DRAFT, citations=citations)))
    assert "*<https://d.example/pause|Pausing>*\nsupported" in shown


def test_a_sentence_without_evidence_stands_out_and_is_only_approved_on_a_second_thought() -> None:
    card = make_card(extra=(UNSUPPORTED,))
    approve = find_buttons(card)["approve"]

    assert ":warning: *No document says this:*\n> It costs 5 euros." in show(card)
    assert "style" not in approve
    assert approve["confirm"]["text"]["text"] == "No document says: “It costs 5 euros.”"
    many = find_buttons(make_card(extra=(UNSUPPORTED,) * 30))["approve"]
    assert many["confirm"]["text"]["text"].count("5 euros") > 10


def test_with_evidence_for_every_sentence_one_click_approves() -> None:
    approve = find_buttons(CARD)["approve"]
    assert approve["style"] == "primary"
    assert "confirm" not in approve


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
    usual = ["approve", "edit", "regenerate", "reject", "not_ours", "claim", "more_on_card"]
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
    assert "Draft 7: approved, ready for you to post" in show(card)
    assert show(card).count(DRAFT.text) == 1
    assert list(find_buttons(card)) == ["mark_sent", "undo"]
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
    assert "*Reply*" in show(card)
    assert "Proposed" not in show(card)
    assert find_buttons(card) == {}


def test_nobody_approves_on_a_card_a_text_that_it_cannot_show_whole() -> None:
    card = replace(CARD, draft=replace(DRAFT, text="Long. " * 1000))
    assert {"approve", "edit"}.isdisjoint(find_buttons(card))
    assert "*Read everything* in the menu shows it, and there it can be approved." in show(card)
    assert build_whole_modal(card)["submit"]["text"] == "Approve"
    assert "submit" not in build_whole_modal(CARD)


def test_the_modals_show_the_post_and_a_rejection_needs_no_reason() -> None:
    edit, reject = build_edit_modal(DRAFT, POST), build_reject_modal(DRAFT, POST)
    for modal in (edit, reject):
        assert modal["blocks"][0]["text"]["text"] == "*ada* · X\n> How do I pause?"
    assert edit["blocks"][1]["element"]["initial_value"] == DRAFT.text
    assert "optional" not in edit["blocks"][1]
    assert reject["blocks"][1]["optional"] is True
