"""The time to undo: nothing leaves before it is over, a restart neither loses nor hurries it, and one click wins."""

from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from fakes_reply import NOW, Desk, Fault, Platform, TickingClock, make_mention

from assistant.domain import Draft, DraftStatus, Mention
from assistant.errors import ReviewError
from assistant.replies.sending.dispatcher import Dispatch


def open_desk(home: Path, platform: Platform, clock: TickingClock | None = None) -> Desk:
    desk = Desk.__new__(Desk)
    desk.undo_seconds = 20
    desk.__init__(home, {"file": platform}, clock)  # type: ignore[misc]
    return desk


def test_a_reply_leaves_when_its_time_to_undo_is_over_and_not_before(tmp_path: Path) -> None:
    platform = Platform()
    desk = open_desk(tmp_path, platform)
    draft_id = desk.approved()
    assert desk.sending.send(draft_id).status is DraftStatus.APPROVED
    assert desk.sending.resume() == []
    assert desk.sending.list_due(desk.clock()) == []
    [(leaving, leaves_at)] = desk.sending.list_leaving(desk.clock())
    assert leaving == draft_id
    desk.clock.moment = leaves_at
    assert desk.sending.list_due(leaves_at) == [draft_id]
    assert desk.sending.send(draft_id).status is DraftStatus.SENT
    assert len(platform.delivered) == 1


def test_a_restart_within_the_window_neither_loses_nor_hurries_the_send(tmp_path: Path) -> None:
    platform = Platform()
    desk = open_desk(tmp_path, platform)
    draft_id = desk.approved()
    leaves_at = desk.sending.leaves_at(draft_id)
    desk.store.close()
    later = open_desk(tmp_path, platform, desk.clock)
    assert later.sending.leaves_at(draft_id) == leaves_at
    assert later.sending.resume() == []
    assert platform.delivered == []
    later.clock.moment += timedelta(seconds=20)
    assert [draft.status for draft in later.sending.resume()] == [DraftStatus.SENT]


def test_an_undone_draft_waits_for_a_decision_again_and_is_sent_once_when_approved_anew(tmp_path: Path) -> None:
    platform = Platform()
    desk = open_desk(tmp_path, platform)
    draft_id = desk.approved()
    assert desk.sending.undo(draft_id, "bo").status is DraftStatus.PENDING
    desk.clock.moment += timedelta(minutes=5)
    assert desk.sending.resume() == []
    assert [(row["action"], row["done_by"]) for row in desk.ledger.changes(draft_id)] == [("undo", "bo")]
    desk.reviewing.approve(draft_id, "ada", desk.clock())
    assert desk.sending.resume() == [], "the new approval has a window of its own"
    desk.clock.moment += timedelta(seconds=20)
    desk.sending.resume()
    assert len(platform.delivered) == 1


@pytest.mark.parametrize("state", ["pending", "sent", "unknown", "rejected"])
def test_what_is_not_waiting_to_leave_cannot_be_undone(tmp_path: Path, state: str) -> None:
    platform = Platform(*([Fault.KILLED_ARRIVED] if state == "unknown" else []))
    desk = Desk(tmp_path, {"file": platform})
    draft_id = desk.add_draft() if state in ("pending", "rejected") else desk.approved()
    if state == "rejected":
        desk.reviewing.reject(draft_id, "", "ada", NOW)
    if state == "sent":
        desk.sending.send(draft_id)
    if state == "unknown":
        desk.drafts.move(draft_id, DraftStatus.APPROVED, DraftStatus.UNKNOWN, NOW)
    with pytest.raises(ReviewError, match=rf"Draft {draft_id} is {state}: there is nothing to undo"):
        desk.sending.undo(draft_id, "bo")
    assert desk.status(draft_id) == state


def test_what_must_not_leave_any_more_is_asked_right_before_it_leaves(tmp_path: Path) -> None:
    platform = Platform()
    desk = Desk(tmp_path, {"file": platform})
    seen: list[int] = []

    def refuse(draft: Draft, mention: Mention) -> None:
        seen.append(draft.draft_id)
        raise ReviewError("Sending is frozen.", "")

    desk.clear = refuse
    draft_id = desk.approved()
    with pytest.raises(ReviewError, match="frozen"):
        desk.sending.send(draft_id)
    assert [draft.draft_id for draft in desk.sending.resume()] == [draft_id]
    assert seen == [draft_id, draft_id]
    assert (platform.delivered, desk.outcomes(draft_id)) == ([], [])


def test_the_running_service_sends_what_is_due_and_asks_a_busy_platform_less_and_less_often(tmp_path: Path) -> None:
    platform = Platform(Fault.BUSY, Fault.BUSY)
    desk = open_desk(tmp_path, platform)
    draft_id = desk.approved()
    told: list[DraftStatus] = []
    dispatch = Dispatch(desk.sending, desk.clock, lambda draft: told.append(draft.status))
    dispatch.send_due()
    assert desk.outcomes(draft_id) == []
    for minutes, tries in ((1, 1), (0, 1), (2, 2), (1, 2), (2, 3)):
        desk.clock.moment += timedelta(minutes=minutes)
        dispatch.send_due()
        assert len(desk.outcomes(draft_id)) == tries
    assert told == [DraftStatus.APPROVED, DraftStatus.SENT]
    assert len(platform.delivered) == 1


def test_the_running_service_sends_by_itself_and_stops_when_told(tmp_path: Path) -> None:
    platform = Platform()
    desk = Desk(tmp_path, {"file": platform})
    desk.approved()
    left = Event()
    dispatch = Dispatch(desk.sending, desk.clock, lambda draft: left.set())
    dispatch.ticker.start()
    assert left.wait(30)
    dispatch.ticker.stop()
    assert len(platform.delivered) == 1
    desk.approved("Another.", make_mention("2"))
    assert len(platform.delivered) == 1
