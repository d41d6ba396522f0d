"""The world changed: what was deleted, edited, answered or frozen since makes a draft stale, and nothing is sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes_reply import NOW, Desk, Library, Platform, Window, make_mention
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import DraftStatus, ThreadPost
from assistant.errors import ReviewError
from assistant.listening.networks.base.protocol import PostNow
from assistant.replies.review.freshness import show_difference

POST = make_mention()
LATER = NOW + timedelta(minutes=5)
BOB = ThreadPost("file", "r1", "bob", "Never mind, solved.", LATER, "1")
OURS = ThreadPost("file", "r2", "us", "We are on it.", NOW - timedelta(days=1), "1", is_ours=True)

CHANGES: dict[str, tuple[PostNow, str]] = {
    "deleted": (PostNow(None), "The post was deleted on its network."),
    "edited": (
        PostNow(replace(POST, text="How do I pause my subscription?")),
        "The post was edited: it said “… do I pause my plan?”, it says “… do I pause my subscription?”.",
    ),
    "answered": (PostNow(POST, (OURS,)), "Our own account has answered: “We are on it.”."),
    "grown": (PostNow(POST, (BOB,)), "The thread has grown by 1: bob wrote “Never mind, solved.”."),
    "locked": (PostNow(POST, is_locked=True), "The thread is locked: nobody can answer there any more."),
}


@pytest.fixture
def window() -> Window:
    return Window()


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def desk(tmp_path: Path, window: Window, platform: Platform) -> Desk:
    return Desk(tmp_path, {"file": platform}, looks={"file": window})


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("moment", ["at the click", "before the send"])
def test_what_changed_on_the_platform_makes_the_draft_stale_with_the_difference(
    desk: Desk, window: Window, platform: Platform, change: str, moment: str
) -> None:
    draft_id = desk.add_draft()
    now, note = CHANGES[change]
    if moment == "before the send":
        desk.reviewing.approve(draft_id, "ada", desk.clock())
    window.posts[POST.mention_id] = now

    with pytest.raises(ReviewError, match="no longer up to date, and nothing is sent"):
        desk.reviewing.approve(draft_id, "ada", LATER) if moment == "at the click" else desk.sending.send(draft_id)
    draft = desk.drafts.find(draft_id)
    assert (draft.status, draft.note) == (DraftStatus.STALE, note)
    desk.sending.resume()
    assert platform.delivered == []
    assert [row["action"] for row in desk.tables.audit.rows()][-1] == "stale"


def test_an_edited_post_is_kept_as_it_is_now_and_can_be_drafted_anew(desk: Desk, window: Window) -> None:
    draft_id = desk.add_draft()
    window.posts[POST.mention_id] = CHANGES["edited"][0]
    with pytest.raises(ReviewError):
        desk.reviewing.approve(draft_id, "ada", LATER)
    assert desk.mentions.find("file:1").text == "How do I pause my subscription?"
    assert desk.reviewing.approve(desk.add_draft(), "ada", LATER).status is DraftStatus.APPROVED


def test_nothing_of_a_deleted_post_stays_in_what_drafts_keep(desk: Desk, window: Window) -> None:
    draft_id = desk.add_draft()
    window.posts[POST.mention_id] = PostNow(None)
    with pytest.raises(ReviewError, match="deleted on its network"):
        desk.reviewing.approve(draft_id, "ada", LATER)
    assert desk.tables.baselines.find(draft_id) is None
    assert desk.mentions.find("file:1").text == ""


def test_an_older_reply_of_others_is_no_change(desk: Desk, window: Window) -> None:
    window.posts[POST.mention_id] = PostNow(POST, (replace(BOB, created_at=NOW - timedelta(hours=1)),))
    assert desk.reviewing.approve(desk.add_draft(), "ada", LATER).status is DraftStatus.APPROVED


@pytest.mark.parametrize("moment", ["at the click", "before the send"])
def test_when_the_platform_cannot_be_asked_nothing_is_sent_and_it_can_be_tried_again(
    desk: Desk, window: Window, platform: Platform, moment: str
) -> None:
    draft_id = desk.add_draft()
    act: Callable[[], object] = lambda: desk.reviewing.approve(draft_id, "ada", desk.clock())  # noqa: E731
    if moment == "before the send":
        act()
        act = lambda: desk.sending.send(draft_id)  # noqa: E731
    before = desk.status(draft_id)
    window.is_down = True
    with pytest.raises(ReviewError, match="I couldn't check the post again, so nothing is sent: The platform cannot"):
        act()
    assert desk.status(draft_id) is before
    assert platform.delivered == []
    window.is_down = False
    act()
    assert desk.status(draft_id) is not before


def test_without_a_look_the_store_alone_is_compared(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {"file": Platform()})
    draft_id = desk.approved()
    answer = replace(make_mention("2", "It works now."), in_reply_to="1", author="bob")
    desk.mentions.add([answer], NOW)
    with pytest.raises(ReviewError, match=r"The thread has grown by 1: bob wrote “It works now\.”"):
        desk.sending.send(draft_id)
    assert desk.status(draft_id) is DraftStatus.STALE


@pytest.mark.parametrize("becomes", ["another text", "nothing"])
def test_a_cited_document_that_changed_makes_the_draft_stale(tmp_path: Path, becomes: str) -> None:
    desk = Desk(tmp_path, {"file": Platform()})
    library = Library(tmp_path)
    library.add("Pausing", "You can pause your plan for up to three months in the app.")
    draft = library.drafting().draft_mention(library.keep(make_mention(text="Can I pause my plan in the app?")), NOW)
    assert draft.citations
    desk.reviewing.approve(draft.draft_id, "ada", desk.clock())
    if becomes == "nothing":
        library.remove("Pausing")
        told = "“Pausing” no longer says: “You can pause your plan"
    else:
        library.add("Pausing", "You can pause your plan for up to three months in the app. It costs 3 pounds.")
        told = (
            "“Pausing” was changed: it said “… months in the app.”, it says “… months in the app. It costs 3 pounds.”"
        )
    with pytest.raises(ReviewError) as caught:
        desk.sending.send(draft.draft_id)
    assert told in caught.value.message
    assert desk.status(draft.draft_id) is DraftStatus.STALE


def test_while_frozen_nothing_is_approved_or_sent_until_two_people_lift_it(desk: Desk, platform: Platform) -> None:
    approved, pending = desk.approved(), desk.add_draft(mention=make_mention("2"))
    before = desk.approved(mention=make_mention("3"))
    assert "Replies are frozen since" in desk.freezing.freeze("ada", "A recall.", desk.clock())
    with pytest.raises(ReviewError, match=r"frozen since .* by ada: A recall\. Draft 1 isn't sent"):
        desk.sending.send(approved)
    with pytest.raises(ReviewError, match="Draft 2 isn't sent, and is no longer wanted"):
        desk.reviewing.approve(pending, "grace", desk.clock())
    assert not desk.ledger.claim(before, "key", desk.clock())

    assert "A second person has to ask as well" in desk.freezing.unfreeze("ada", desk.clock())
    with pytest.raises(ReviewError, match="You have asked to lift the freeze already"):
        desk.freezing.unfreeze("ada", desk.clock())
    assert "ada asks to lift it" in desk.freezing.describe()
    assert "ada and grace lifted it" in desk.freezing.unfreeze("grace", desk.clock())
    assert desk.freezing.describe() == ""
    with pytest.raises(ReviewError, match="Replies were frozen after this approval"):
        desk.sending.send(before)
    assert platform.delivered == []
    desk.sending.send(desk.approved(mention=make_mention("4")))
    assert len(platform.delivered) == 1


def test_a_first_approval_from_before_a_freeze_counts_no_more_after_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {})
    draft_id = desk.add_draft(mention=replace(make_mention(), followers=50_000))
    desk.reviewing.approve(draft_id, "ada", NOW)
    assert desk.reviewing.find_needs(draft_id, NOW).first is not None
    desk.freezing.freeze("ada", "the app is down", LATER)
    desk.freezing.unfreeze("ada", LATER)
    desk.freezing.unfreeze("grace", LATER)

    assert desk.reviewing.find_needs(draft_id, LATER).first is None
    assert desk.reviewing.approve(draft_id, "grace", LATER).status is DraftStatus.PENDING, "she is the first now"


def test_a_second_freeze_takes_the_wish_to_lift_the_first_one_back(desk: Desk) -> None:
    desk.freezing.freeze("ada", "", NOW)
    desk.freezing.unfreeze("ada", NOW)
    assert "stay so" in desk.freezing.freeze("grace", "", NOW)
    assert "A second person" in desk.freezing.unfreeze("grace", NOW)
    desk.freezing.unfreeze("ada", NOW)
    with pytest.raises(ReviewError, match="aren't frozen"):
        desk.freezing.unfreeze("ada", NOW)


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_a_difference_shows_both_sides_whenever_there_is_one(was: list[str], now: list[str]) -> None:
    before, after = show_difference(" ".join(was), " ".join(now))
    assert (before != after) == (was != now)
