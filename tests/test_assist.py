"""An approved draft that a person posts by hand is done when our account's reply is seen there."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes_reply import Desk, make_mention

from assistant.domain import DraftStatus, MayReply, Mention, ThreadPost
from assistant.errors import TransientNetworkError
from assistant.listening.networks.base.protocol import PostNow
from assistant.replies.sending.sent_by_hand import SentByHand


class Looking:
    """A network that shows these replies, or cannot be asked."""

    def __init__(self, *replies: ThreadPost) -> None:
        self.replies = replies
        self.works = True
        self.knows_addresses = True
        self.looks = 0

    def look(self, mention: Mention) -> PostNow:
        """See Looks."""
        self.looks += 1
        if not self.works:
            raise TransientNetworkError("Busy.")
        return PostNow(mention, self.replies)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, {})


def assisting(desk: Desk, looking: Looking) -> SentByHand:
    def may_reply(mention: Mention) -> MayReply:
        return desk.sending.eligibility(mention.mention_id).may_reply

    def locate(mention: Mention, external_id: str) -> str | None:
        if not looking.knows_addresses:
            raise TransientNetworkError("Busy.")
        return f"https://x.example/{external_id}"

    return SentByHand(desk.drafts, desk.ledger, desk.mentions, {"x": looking}, may_reply, locate)


def reply(desk: Desk, text: str = "By hand.", seconds: int = 60, is_ours: bool = True) -> ThreadPost:
    return ThreadPost("x", "77", "us", text, desk.clock() + timedelta(seconds=seconds), "1", is_ours)


@pytest.mark.parametrize("text", ["By hand.", "I wrote it in my own words."])
def test_our_reply_after_the_approval_closes_the_draft_with_its_link_and_its_words(desk: Desk, text: str) -> None:
    draft_id = desk.approved("By hand.", make_mention(network="x"))
    [closed] = assisting(desk, Looking(reply(desk, text))).close(desk.clock())
    assert closed.status is DraftStatus.SENT
    kept = desk.drafts.reply_to(draft_id)
    assert kept is not None
    assert (kept.how, kept.text, kept.url) == ("assist", text, "https://x.example/77")


@pytest.mark.parametrize(
    ("seconds", "is_ours"), [(-60, True), (60, False)], ids=["ours from before the approval", "somebody else's"]
)
def test_other_replies_do_not_close_it(desk: Desk, seconds: int, is_ours: bool) -> None:
    draft_id = desk.approved("By hand.", make_mention(network="x"))
    assert assisting(desk, Looking(reply(desk, seconds=seconds, is_ours=is_ours))).close(desk.clock()) == []
    assert desk.status(draft_id) is DraftStatus.APPROVED


def test_a_network_that_cannot_be_asked_is_asked_again_but_not_all_the_time(desk: Desk) -> None:
    desk.approved("By hand.", make_mention(network="x"))
    looking = Looking(reply(desk))
    looking.works = False
    loop = assisting(desk, looking)
    assert loop.close(desk.clock()) == []
    looking.works = True
    assert loop.close(desk.clock()) == []
    assert looking.looks == 1
    desk.clock.moment += timedelta(minutes=16)
    assert len(loop.close(desk.clock())) == 1


def test_a_draft_that_waits_too_long_is_not_looked_after_any_more(desk: Desk) -> None:
    desk.approved("By hand.", make_mention(network="x"))
    looking = Looking(reply(desk))
    desk.clock.moment += timedelta(days=4)
    assert assisting(desk, looking).close(desk.clock()) == []
    assert looking.looks == 0


def test_without_an_address_of_the_reply_the_posts_own_is_kept(desk: Desk) -> None:
    post = replace(make_mention(network="x"), url="https://x.example/1")
    draft_id = desk.approved("By hand.", post)
    looking = Looking(reply(desk))
    looking.knows_addresses = False
    assert len(assisting(desk, looking).close(desk.clock())) == 1
    kept = desk.drafts.reply_to(draft_id)
    assert kept is not None
    assert kept.url == "https://x.example/1"
