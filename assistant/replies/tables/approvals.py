"""Tables of approvals: who allowed exactly which content to leave, and until when."""

import json
from dataclasses import dataclass
from datetime import datetime

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Approval
from assistant.replies.tables.freezes import IS_FROZEN

MAY_LEAVE = f"""exists (select 1 from approvals a where a.draft_id = drafts.draft_id and a.is_complete
    and a.ended_at is null and a.expires_at > ?) and not {IS_FROZEN}"""
"""For a `where` over drafts: the draft has an approval that counts at a moment (a bound value), and nothing is frozen.

In the very statement that claims a draft for sending, so that nothing can come between the question and the answer.
"""


@dataclass(frozen=True)
class LiveApproval:
    """An Approval that counts, or (not complete) waits for another person; who gave it may be a second approver."""

    approval: Approval
    is_complete: bool
    is_by_second_approver: bool
    overruled_because: str = ""


class ApprovalTables:
    """At most one approval of a draft counts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def live(self, draft_id: int) -> LiveApproval | None:
        """The approval that counts or waits, also one that ran out meanwhile."""
        row = self._store.row("select * from approvals where draft_id = ? and ended_at is null", draft_id)
        return _to_live(row) if row else None

    def add(self, live: LiveApproval) -> None:
        """Keep an approval in place of the one that counted before."""
        approval = live.approval
        with self._store.transaction():
            self.end(approval.draft_id, approval.approved_at)
            self._store.change(
                """insert into approvals (draft_id, content_hash, approved_by, approved_at, expires_at, second_by,
                overruled, overruled_because, is_by_second_approver, is_complete)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                approval.draft_id,
                approval.content_hash,
                approval.approved_by,
                to_text(approval.approved_at),
                to_text(approval.expires_at),
                approval.second_by,
                json.dumps(approval.overruled, ensure_ascii=False),
                live.overruled_because,
                live.is_by_second_approver,
                live.is_complete,
            )

    def end(self, draft_id: int, now: datetime) -> None:
        """The draft's approval counts no more."""
        sql = "update approvals set ended_at = ? where draft_id = ? and ended_at is null"
        self._store.change(sql, to_text(now), draft_id)

    def end_waiting(self, now: datetime) -> None:
        """No approval that waits for another person's counts any more."""
        self._store.change("update approvals set ended_at = ? where ended_at is null and not is_complete", to_text(now))


def _to_live(row: Row) -> LiveApproval:
    approval = Approval(
        draft_id=row["draft_id"],
        content_hash=row["content_hash"],
        approved_by=row["approved_by"],
        approved_at=to_time(row["approved_at"]),
        expires_at=to_time(row["expires_at"]),
        second_by=row["second_by"],
        overruled=tuple(json.loads(row["overruled"])),
    )
    return LiveApproval(
        approval, bool(row["is_complete"]), bool(row["is_by_second_approver"]), row["overruled_because"]
    )
