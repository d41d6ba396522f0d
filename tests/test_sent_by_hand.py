"""Where Earshot may not send by itself a person does, and says so; only an approved text can be marked as sent."""

from dataclasses import replace
from pathlib import Path

import pytest
from fakes_reply import NOW, Desk, Fault, Platform, make_mention

from assistant.domain import DraftStatus, MayReply, Reply
from assistant.errors import InputError, ReviewError, UnknownOutcomeError
from assistant.replies.sending.reply_address import check_reply_address


def test_without_a_sender_an_approved_draft_stays_on_the_list_until_a_person_sent_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {})
    draft_id = desk.approved("By hand.", make_mention(network="x"))

    assert desk.sending.eligibility("x:1").may_reply is MayReply.ASSIST
    assert desk.sending.send(draft_id).status is DraftStatus.APPROVED
    assert desk.sending.resume() == []
    assert [draft.draft_id for draft in desk.reviewing.list_open()] == [draft_id]
    assert desk.sending.mark_sent(draft_id, "https://x.example/2").status is DraftStatus.SENT
    reply = desk.drafts.reply_to(draft_id)
    assert reply is not None
    assert (reply.how, reply.url, reply.text, reply.network) == ("assist", "https://x.example/2", "By hand.", "x")
    assert desk.reviewing.list_open() == []


def test_a_person_who_saw_an_unknown_reply_arrive_can_say_so_and_it_is_never_sent_again(tmp_path: Path) -> None:
    platform = Platform(Fault.UNKNOWN_ARRIVED)
    desk = Desk(tmp_path, {"file": platform})
    draft_id = desk.approved()
    with pytest.raises(UnknownOutcomeError):
        desk.sending.send(draft_id)

    desk.sending.mark_sent(draft_id, None)

    assert desk.sending.resume() == []
    assert len(platform.delivered) == 1
    assert desk.outcomes(draft_id) == ["marked as sent by a person"]


@pytest.mark.parametrize("decide", ["nothing", "reject", "send"])
def test_only_an_approved_draft_can_be_marked_as_sent_and_the_person_is_told_where_it_stands(
    tmp_path: Path, decide: str
) -> None:
    desk = Desk(tmp_path, {"file": Platform()})
    draft_id = desk.approved() if decide == "send" else desk.add_draft()
    if decide == "send":
        desk.sending.send(draft_id)
    if decide == "reject":
        desk.reviewing.reject(draft_id, "", "ada", NOW)

    with pytest.raises(ReviewError, match=rf"Draft {draft_id} is {desk.status(draft_id)}, not approved\."):
        desk.sending.mark_sent(draft_id, None)


def test_a_reply_recorded_by_hand_is_never_a_text_that_was_changed_meanwhile(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {})
    draft_id = desk.add_draft("Old words.")
    desk.reviewing.edit(draft_id, "New words.", "ada", NOW)
    desk.reviewing.approve(draft_id, "ada", NOW, accepts_unsupported=True)

    assert desk.ledger.end_assisted(Reply(draft_id, "file:1", "file", "", "Old words.", NOW, None, "assist")) is False
    assert desk.drafts.reply_to(draft_id) is None
    assert desk.status(draft_id) is DraftStatus.APPROVED


REDDIT = "https://www.reddit.com/r/bikes/comments/abc1/brakes/"
X = "https://x.com/ada/status/1"
TOPIC = "https://forum.example/t/brakes/7"
VIDEO = "https://www.youtube.com/watch?v=v1&lc=a"


@pytest.mark.parametrize(
    ("network", "post", "url"),
    [
        ("x", X, "https://twitter.com/us/status/2"),
        ("mastodon", "https://social.example/@ada/1", "https://social.example/@us/2"),
        ("reddit", REDDIT, "https://old.reddit.com/r/bikes/comments/abc1/brakes/k2/"),
        ("discourse:forum", TOPIC, "https://forum.example/t/brakes/7/3"),
        ("youtube", VIDEO, "https://youtube.com/watch?v=v1&lc=b"),
        ("pasted", None, "https://anywhere.example/1"),
    ],
)
def test_the_link_to_a_reply_of_that_network_and_thread_is_taken(network: str, post: str | None, url: str) -> None:
    check_reply_address(replace(make_mention(network=network), url=post), url)


@pytest.mark.parametrize(
    ("network", "post", "url", "told"),
    [
        ("x", X, "https://evil.example/us/status/2", "is on evil.example"),
        ("x", X, "https://x.com.evil.example/2", "is on x.com.evil.example"),
        ("x", X, X, "the customer's post"),
        ("reddit", REDDIT, "https://reddit.com/r/bikes/comments/zzz9/other/k2/", "another thread"),
        ("discourse:forum", TOPIC, "https://forum.example/t/locks/8/3", "another thread"),
        ("youtube", VIDEO, "https://youtube.com/watch?v=v2&lc=b", "another thread"),
        ("x", X, "javascript:alert(1)", "isn't a web address"),
        ("x", X, "https://[x", "isn't a web address"),
    ],
)
def test_a_link_to_something_else_is_refused_with_what_is_wrong(network: str, post: str, url: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        check_reply_address(replace(make_mention(network=network), url=post), url)
