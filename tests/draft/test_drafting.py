"""Kept drafts: versions, do not reply and overruling it, addresses, earlier replies; nothing is lost or sent by it."""

from dataclasses import replace
from pathlib import Path

import pytest
from fakes_reply import NOW, Desk, Library, ScriptedModel, make_mention, reply

from assistant.domain import DraftLook, DraftStatus, Mention
from assistant.errors import InputError, ReviewError
from assistant.replies.tables.drafts import VersionTables

PAUSE = "You can pause your plan for up to three months in the app."
ASKS = "Can I pause my plan in the app?"
SPAM = "Crypto giveaway, click my link"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path)
    library.add("Pausing", f"{PAUSE} While paused you pay 4 euros a month. See https://larkspur.example/pause for it.")
    return library


@pytest.fixture
def desk(tmp_path: Path, library: Library) -> Desk:
    return Desk(tmp_path, {})


def test_each_version_is_kept_with_who_asked_for_what_and_the_newest_is_the_draft(library: Library) -> None:
    drafting = library.drafting()
    first = drafting.draft_mention(library.keep(make_mention(text=ASKS)), NOW)
    second = drafting.regenerate(first.draft_id, "shorter", "ada", NOW)

    assert len(second.text) < len(first.text)
    assert (second.draft_id, second.version, second.status) == (first.draft_id, 2, DraftStatus.PENDING)
    kept = [(one.draft.version, one.draft.text, one.instruction, one.made_by) for one in drafting.list_versions(1)]
    assert kept == [(1, first.text, "", "earshot"), (2, second.text, "shorter", "ada")]


def test_an_earlier_version_can_be_brought_back_while_the_draft_waits_and_not_after(
    library: Library, desk: Desk
) -> None:
    drafting = library.drafting()
    first = drafting.draft_mention(library.keep(make_mention(text=ASKS)), NOW)
    drafting.regenerate(first.draft_id, "shorter", "ada", NOW)

    back = drafting.bring_back(first.draft_id, 1, "bo", NOW)

    assert (back.text, back.sentences, back.version) == (first.text, first.sentences, 3)
    with pytest.raises(ReviewError, match="no version 9"):
        drafting.bring_back(first.draft_id, 9, "bo", NOW)
    desk.reviewing.approve(first.draft_id, "ada", NOW)
    with pytest.raises(ReviewError, match="is approved"):
        drafting.bring_back(first.draft_id, 2, "bo", NOW)
    with pytest.raises(ReviewError, match="is approved"):
        drafting.regenerate(first.draft_id, "shorter", "bo", NOW)
    assert desk.drafts.find(first.draft_id).text == first.text


def test_what_a_person_wrote_is_a_version_before_another_one_takes_its_place(library: Library, desk: Desk) -> None:
    drafting = library.drafting()
    first = drafting.draft_mention(library.keep(make_mention(text=ASKS)), NOW)
    desk.reviewing.edit(first.draft_id, "My own words.", "ada", NOW)
    drafting.regenerate(first.draft_id, "shorter", "bo", NOW)

    kept = drafting.list_versions(first.draft_id)
    assert [(one.draft.text, one.made_by) for one in kept[:2]] == [(first.text, "earshot"), ("My own words.", "ada")]
    assert drafting.bring_back(first.draft_id, 2, "ada", NOW).text == "My own words."


def test_of_two_versions_made_at_once_one_wins_and_the_other_is_told(library: Library) -> None:
    drafting = library.drafting()
    seen = drafting.draft_mention(library.keep(make_mention(text=ASKS)), NOW)
    versions = VersionTables(library.store)
    versions.put(replace(seen, text="One."), seen, "a", "ada", NOW)
    with pytest.raises(ReviewError, match="was changed or decided since you saw it"):
        versions.put(replace(seen, text="Two."), seen, "b", "bo", NOW)
    assert library.drafts.find(seen.draft_id).text == "One."


def test_do_not_reply_is_a_draft_that_nobody_can_approve_and_that_a_person_can_overrule(
    library: Library, desk: Desk
) -> None:
    drafting = library.drafting()
    made = drafting.draft_mention(library.keep(make_mention(text=SPAM)), NOW)
    assert (made.text, made.no_reply_reason) == ("", "spam: it reads like spam.")
    with pytest.raises(ReviewError, match="cannot be empty"):
        desk.reviewing.approve(made.draft_id, "ada", NOW)

    anyway = drafting.draft_anyway(made.draft_id, "ada", NOW)

    assert anyway.text
    assert (anyway.no_reply_reason, anyway.version) == ("", 2)
    with pytest.raises(ReviewError, match="proposes a reply already"):
        drafting.draft_anyway(made.draft_id, "ada", NOW)


def test_do_not_reply_that_is_agreed_to_is_never_drafted_again(library: Library, desk: Desk) -> None:
    drafting = library.drafting()
    made = drafting.draft_mention(library.keep(make_mention(text=SPAM)), NOW)
    desk.reviewing.reject(made.draft_id, "right, do not reply", "ada", NOW)
    assert library.mentions.to_draft(10) == []


def test_an_address_finds_its_kept_post_however_it_was_copied(library: Library) -> None:
    url = "https://x.com/ann/status/1842"
    library.keep(replace(make_mention("1842", ASKS, "x"), url=url))
    for address in (url, "http://www.twitter.com/ann/status/1842/?s=20", "x.com/ann/status/1842#m"):
        assert library.drafting().draft_address(address, NOW).mention_id == "x:1842"


def test_an_address_that_is_not_kept_is_read_through_its_network_or_asks_for_the_text(library: Library) -> None:
    shown = Mention("x:7", "x", "7", "ann", ASKS, NOW)
    assert PAUSE in library.drafting(shown=shown).draft_address("https://x.com/ann/status/7", NOW).text
    assert library.mentions.find("x:7").author == "ann"
    with pytest.raises(InputError, match="is not among those kept here") as caught:
        library.drafting().draft_address("https://x.com/ann/status/8", NOW)
    assert "earshot draft --text" in caught.value.hint


def test_a_pasted_text_is_drafted_by_the_guide_of_its_network_and_not_kept(library: Library) -> None:
    made = library.drafting().draft_text(ASKS, NOW, "x")
    assert (made.draft_id, made.mention_id) == (0, "x:text")
    assert PAUSE in made.text
    assert library.drafts.list_with_status([DraftStatus.PENDING]) == []


def answer(library: Library, desk: Desk, mention: Mention, text: str) -> None:
    draft_id = library.drafting().draft_mention(library.keep(mention), NOW).draft_id
    desk.reviewing.edit(draft_id, text, "ada", NOW)
    desk.reviewing.approve(draft_id, "ada", NOW, accepts_unsupported=True)  # no document says what ada wrote
    desk.sending.mark_sent(draft_id, None)


def test_an_approved_reply_to_a_similar_post_is_shown_to_the_reviewer_and_to_the_model(
    library: Library, desk: Desk
) -> None:
    answer(library, desk, make_mention("1", "How do I pause my plan in the app, please?"), "Tap on Pause.")
    other = replace(make_mention("2", "How can I pause my plan in the app?"), author="bo")
    model = ScriptedModel(reply(("Thanks for asking.", []), (PAUSE, [1])))

    assert "A similar post was answered so: “Tap on Pause.”" in library.proposing().propose(other, NOW).note
    library.proposing(model).propose(other, NOW)
    assert "<reply>Tap on Pause.</reply>" in model.prompts[0]


def test_a_reply_that_nobody_approved_or_to_another_matter_is_no_example(library: Library, desk: Desk) -> None:
    library.drafting().draft_mention(library.keep(make_mention("1", "How do I pause my plan in the app, please?")), NOW)
    answer(library, desk, make_mention("3", "Where is the parcel that was sent on Monday?"), "It is on its way.")
    made = library.proposing().propose(replace(make_mention("2", ASKS), author="bo"), NOW)
    assert "similar" not in made.note


def test_the_same_question_again_from_the_same_person_is_answered_already(library: Library, desk: Desk) -> None:
    text = "How do I pause my plan for the winter in the app?"
    answer(library, desk, make_mention("1", text), "Tap on Pause.")
    again = library.drafting().draft_mention(library.keep(make_mention("2", text)), NOW)
    assert again.no_reply_reason == "already answered: we answered the same words of this person before (file:1)."
    stranger = library.proposing().propose(replace(make_mention("3", text), author="bo"), NOW)
    assert not stranger.no_reply_reason
    assert stranger.look is DraftLook.READY
