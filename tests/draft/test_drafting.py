"""Kept drafts: versions, do not reply and overruling it, addresses, earlier replies; nothing is lost or sent by it."""

from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeEmbedder
from fakes_reply import NOW, PROMPTS, Desk, Library, ScriptedModel, make_mention, reply

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import About, DraftLook, DraftStatus, Mention
from assistant.errors import InputError, ReviewError
from assistant.listening.pipeline import relabel_mention
from assistant.replies.tables.drafts import VersionTables

PAUSE = "You can pause your plan for up to three months in the app."
ASKS = "Can I pause my plan in the app?"
PAGE = "https://larkspur.example/pause"
COMPLAINT = "@larkspur My bike is broken and your support is terrible!"
SPAM = "Crypto giveaway, click my link"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path)
    library.add("Pausing", f"{PAUSE} While paused you pay 4 euros a month.", front=f"url: {PAGE}")
    return library


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    values = {"earshot_home": tmp_path / "home", "knowledge_dir": tmp_path, "prompts_dir": PROMPTS}
    return Assistant(Settings.model_validate(values), lambda: NOW, embedder=FakeEmbedder())


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
    with pytest.raises(ReviewError, match="can't be empty"):
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


def test_what_would_say_the_same_is_told_and_makes_no_version(library: Library) -> None:
    drafting = library.drafting()
    made = drafting.draft_mention(library.keep(make_mention(text=ASKS)), NOW)
    drafting.regenerate(made.draft_id, "without links", "ada", NOW)
    for wish in ("without links", "offer the phone number", "other facts"):
        with pytest.raises(ReviewError, match="Nothing would change"):
            drafting.regenerate(made.draft_id, wish, "ada", NOW)
    assert len(drafting.list_versions(made.draft_id)) == 2


def test_wishes_add_up_and_a_rejected_fact_never_comes_back(library: Library) -> None:
    other = "In the app you can change your plan on the first of a month."
    library.add("Changes", other, front=f"url: {PAGE}/changes")
    drafting = library.drafting()
    made = drafting.draft_mention(library.keep(make_mention(text=ASKS)), NOW)
    facts = {PAUSE, other}
    [first] = [fact for fact in facts if fact in made.text]

    second = drafting.regenerate(made.draft_id, "other facts", "ada", NOW)
    third = drafting.regenerate(made.draft_id, "without links", "ada", NOW)

    assert first not in second.text
    assert first not in third.text
    assert "https://" in second.text
    assert "https://" not in third.text


def test_a_label_that_a_person_corrects_takes_the_apology_away_at_once(assistant: Assistant) -> None:
    post = make_mention(text=COMPLAINT, network="app_store")
    listening, drafting = assistant.listening, assistant.replies.drafting
    listening.mentions.add([post], NOW)
    listening.sort_new_mentions(NOW)
    made = drafting.draft_mention(post.mention_id, NOW)
    assert "orry" in made.text

    labels = {About.SENTIMENT: "positive", About.INTENT: "praise"}
    relabel_mention(listening.mentions, listening.analyser, post.mention_id, labels, "ada", NOW)
    anew = drafting.follow_labels(post.mention_id, "ada", NOW)

    assert anew is not None
    assert (anew.text, anew.version) == ("", 2)
    assert anew.no_reply_reason == "no reply needed: Praise, no reply needed."


def test_words_of_a_person_outlive_a_corrected_label(library: Library, desk: Desk) -> None:
    drafting = library.drafting()
    made = drafting.draft_mention(library.keep(make_mention(text=COMPLAINT)), NOW)
    desk.reviewing.edit(made.draft_id, "My own words.", "ada", NOW)
    kept = drafting.follow_labels(made.mention_id, "bo", NOW)
    assert kept is not None
    assert kept.text == "My own words."
