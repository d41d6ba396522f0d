"""An approved text reaches the customer once, whatever the platform does, and a person is told what happened."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from fakes_reply import NOW, Desk, Fault, Killed, Platform, make_mention
from filelock import FileLock, Timeout

from assistant.domain import DraftStatus, Mention
from assistant.errors import EarshotError, NetworkError, TransientNetworkError, UnexpectedError, UnknownOutcomeError
from assistant.listening.networks.base.protocol import SentReply
from assistant.replies.sending.sender import to_send_key


def open_desk(home: Path, platform: Platform) -> Desk:
    return Desk(home, {"file": platform})


def test_an_approved_text_is_sent_word_for_word_and_the_reply_is_kept(tmp_path: Path) -> None:
    platform = Platform()
    desk = open_desk(tmp_path, platform)
    draft_id = desk.approved("Grüße! “Quotes”, 5 € and\ntwo lines 🚲")

    assert desk.sending.send(draft_id).status is DraftStatus.SENT
    [(mention_id, text, key)] = platform.delivered
    assert (mention_id, text) == ("file:1", "Grüße! “Quotes”, 5 € and\ntwo lines 🚲")
    reply = desk.drafts.reply_to(draft_id)
    assert reply is not None
    assert (reply.text, reply.external_id, reply.how) == (text, key, "api")
    assert desk.outcomes(draft_id) == ["sent"]


@pytest.mark.parametrize("decide", ["nothing", "edit", "reject"])
def test_what_nobody_approved_is_never_sent(tmp_path: Path, decide: str) -> None:
    platform = Platform()
    desk = open_desk(tmp_path, platform)
    draft_id = desk.add_draft()
    if decide == "edit":
        desk.reviewing.edit(draft_id, "My own words.", "ada", NOW)
    if decide == "reject":
        desk.reviewing.reject(draft_id, "no", "ada", NOW)

    desk.sending.send(draft_id)
    desk.sending.resume()

    assert platform.delivered == []
    assert desk.outcomes(draft_id) == []


def test_a_network_that_says_until_when_it_wants_nothing_is_not_asked_before_by_any_process(tmp_path: Path) -> None:
    class Busy(Platform):
        def send(self, mention: Mention, text: str, send_key: str) -> SentReply:
            self.delivered.append((mention.mention_id, text, send_key))
            raise TransientNetworkError("It answers no more questions.", retry_at=NOW + timedelta(hours=1))

    platform = Busy()
    desk = open_desk(tmp_path, platform)
    draft_id = desk.approved()
    with pytest.raises(TransientNetworkError):
        desk.sending.send(draft_id)
    later = open_desk(tmp_path, platform)
    with pytest.raises(TransientNetworkError, match="no more questions"):
        later.sending.send(draft_id)
    later.sending.resume()
    assert len(platform.delivered) == 1
    assert later.drafts.find(draft_id).status is DraftStatus.APPROVED


def test_sending_again_and_resuming_after_a_send_does_nothing(tmp_path: Path) -> None:
    platform = Platform()
    desk = open_desk(tmp_path, platform)
    draft_id = desk.approved()
    for _ in range(3):
        desk.sending.send(draft_id)

    assert desk.sending.resume() == []
    assert len(platform.delivered) == 1


def test_a_busy_platform_is_told_to_the_person_and_the_draft_waits_for_the_next_try(tmp_path: Path) -> None:
    platform = Platform(Fault.BUSY)
    desk = open_desk(tmp_path, platform)
    draft_id = desk.approved()

    with pytest.raises(TransientNetworkError, match=r"The platform is busy\."):
        desk.sending.send(draft_id)
    assert desk.status(draft_id) is DraftStatus.APPROVED
    assert [draft.status for draft in desk.sending.resume()] == [DraftStatus.SENT]
    assert len(platform.delivered) == 1
    assert desk.outcomes(draft_id) == ["The platform is busy.", "sent"]


def test_a_refused_reply_is_over_and_makes_room_for_a_new_draft(tmp_path: Path) -> None:
    platform = Platform(Fault.REFUSED)
    desk = open_desk(tmp_path, platform)
    draft_id = desk.approved()

    with pytest.raises(NetworkError, match=r"The platform says no\."):
        desk.sending.send(draft_id)
    assert desk.status(draft_id) is DraftStatus.FAILED
    assert desk.sending.resume() == []
    again = desk.approved()
    assert again != draft_id
    assert desk.sending.send(again).status is DraftStatus.SENT


@pytest.mark.parametrize("fault", [Fault.UNKNOWN_ARRIVED, Fault.UNKNOWN_LOST, Fault.BROKEN_ARRIVED, Fault.BROKEN_LOST])
def test_an_unknown_outcome_is_looked_up_before_anything_is_sent_again(tmp_path: Path, fault: Fault) -> None:
    platform = Platform(fault)
    desk = open_desk(tmp_path, platform)
    draft_id = desk.approved()

    with pytest.raises((UnknownOutcomeError, UnexpectedError)):
        desk.sending.send(draft_id)
    assert desk.status(draft_id) is DraftStatus.UNKNOWN
    assert desk.sending.send(draft_id).status is DraftStatus.SENT
    assert len(platform.delivered) == 1


def test_while_the_lookup_is_down_nothing_is_sent_again(tmp_path: Path) -> None:
    platform = Platform(Fault.KILLED_LOST)
    desk = open_desk(tmp_path, platform)
    draft_id = desk.approved()
    with pytest.raises(Killed):
        desk.sending.send(draft_id)
    platform.lookup_works = False

    for _ in range(3):
        assert [draft.status for draft in desk.sending.resume()] == [DraftStatus.UNKNOWN]
    with pytest.raises(NetworkError, match="look-up is down"):
        desk.sending.send(draft_id)
    assert platform.delivered == []
    platform.lookup_works = True
    assert [draft.status for draft in desk.sending.resume()] == [DraftStatus.SENT]
    assert len(platform.delivered) == 1


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.BUSY, Fault.BROKEN_LOST, Fault.UNKNOWN_LOST])
def test_one_failing_draft_does_not_keep_the_others_from_being_sent(tmp_path: Path, fault: Fault) -> None:
    platform = Platform(fault)
    desk = open_desk(tmp_path, platform)
    first, second = (desk.approved(mention=make_mention(name)) for name in ("1", "2"))

    touched = {draft.draft_id: draft.status for draft in desk.sending.resume()}

    assert touched[second] is DraftStatus.SENT
    assert first in touched
    assert desk.status(first) is not DraftStatus.SENT


def test_a_draft_whose_network_lost_its_sender_while_it_was_sent_becomes_unknown(tmp_path: Path) -> None:
    desk = open_desk(tmp_path, Platform(Fault.KILLED_ARRIVED))
    lost = desk.approved()
    with pytest.raises(Killed):
        desk.sending.send(lost)
    other = make_mention("9", network="other")
    platform = Platform()
    later = Desk(tmp_path, {"other": platform})
    fine = later.approved(mention=other)

    assert {draft.draft_id: draft.status for draft in later.sending.resume()} == {
        lost: DraftStatus.UNKNOWN,
        fine: DraftStatus.SENT,
    }
    with pytest.raises(NetworkError, match="no sender for file any more") as caught:
        later.sending.send(lost)
    assert "mark the draft as sent" in caught.value.hint


def test_many_senders_at_once_send_once(tmp_path: Path) -> None:
    platform = Platform()
    draft_id = open_desk(tmp_path, platform).approved()
    faults: list[EarshotError] = []

    def send() -> None:
        try:
            open_desk(tmp_path, platform).sending.send(draft_id)
        except EarshotError as error:
            faults.append(error)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(platform.delivered) == 1


class LockProbe(Platform):
    """Tries, while it is being sent to, to begin another send in the same home."""

    def __init__(self, lock_path: Path) -> None:
        super().__init__()
        self._lock_path = lock_path
        self.was_locked = False

    def send(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """See Sender."""
        try:
            FileLock(self._lock_path).acquire(timeout=0)
        except Timeout:
            self.was_locked = True
        return super().send(mention, text, send_key)


@pytest.mark.parametrize("way", ["send", "resume"])
def test_while_a_reply_leaves_no_other_process_can_take_it_for_one_that_crashed(tmp_path: Path, way: str) -> None:
    platform = LockProbe(tmp_path / "sending.lock")
    desk = open_desk(tmp_path, platform)
    draft_id = desk.approved()
    if way == "send":
        desk.sending.send(draft_id)
    else:
        desk.sending.resume()

    assert platform.was_locked
    assert len(platform.delivered) == 1


def test_a_send_key_is_never_shared_by_two_posts(tmp_path: Path) -> None:
    """After an older backup is brought back the same draft number and words may belong to another post."""
    desk = open_desk(tmp_path / "a", Platform())
    other = open_desk(tmp_path / "b", Platform())
    first = desk.drafts.find(desk.add_draft("Thanks.", make_mention("1")))
    second = other.drafts.find(other.add_draft("Thanks.", make_mention("2")))

    assert first.draft_id == second.draft_id
    assert to_send_key(first) != to_send_key(second)
