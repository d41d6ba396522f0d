"""Tables of approvals: who allowed exactly which content to leave, and until when.

Tables of claims: who is on a draft, and until when.

Tables of freezes: while one is on, nothing leaves.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Approval


@dataclass(frozen=True)
class Claim:
    """A claim on a draft: by whom, since when, and until when."""

    draft_id: int
    claimed_by: str
    claimed_at: datetime
    expires_at: datetime


class ClaimTables:
    """One person at most is on a draft."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, claim: Claim) -> bool:
        """Claim, or prolong one's own claim; False when somebody else is on the draft."""
        return bool(
            self._store.change(
                """insert into claims values (?1, ?2, ?3, ?4) on conflict do update set claimed_by = ?2,
                claimed_at = iif(claimed_by = ?2 and expires_at > ?3, claimed_at, ?3), expires_at = ?4
                where claimed_by = ?2 or expires_at <= ?3""",
                claim.draft_id,
                claim.claimed_by,
                to_text(claim.claimed_at),
                to_text(claim.expires_at),
            )
        )

    def current(self, draft_id: int, now: datetime) -> Claim | None:
        """The claim that counts now."""
        row = self._store.row("select * from claims where draft_id = ? and expires_at > ?", draft_id, to_text(now))
        return (
            Claim(draft_id, row["claimed_by"], to_time(row["claimed_at"]), to_time(row["expires_at"])) if row else None
        )

    def end(self, draft_id: int) -> None:
        """Nobody is on the draft any more."""
        self._store.change("delete from claims where draft_id = ?", draft_id)


IS_FROZEN = "exists (select 1 from freezes where lifted_at is null)"


class FreezeTables:
    """At most one freeze is on; those that were lifted stay."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def current(self) -> Row | None:
        """The freeze that is on: frozen_by, frozen_at, reason, first_lift_by, first_lift_at (as text)."""
        return self._store.row("select * from freezes where lifted_at is null")

    def latest(self) -> Row | None:
        """The latest freeze, on or lifted: the same fields, lifted_by and lifted_at."""
        return self._store.row("select * from freezes order by id desc limit 1")

    def latest_at(self) -> str:
        """Return when the latest freeze began, as text; empty when there never was one."""
        return str(self._store.value("select max(frozen_at) from freezes") or "")

    def begin(self, user: str, reason: str, now: datetime) -> bool:
        """Freeze; False when it is on already, and then nobody's wish to lift it counts any more."""
        with self._store.transaction():
            self._store.change("update freezes set first_lift_by = '', first_lift_at = null where lifted_at is null")
            return bool(
                self._store.change(
                    "insert or ignore into freezes (frozen_by, frozen_at, reason) values (?, ?, ?)",
                    user,
                    to_text(now),
                    reason,
                )
            )

    def ask_to_lift(self, user: str, now: datetime) -> None:
        """The first of the two people."""
        sql = "update freezes set first_lift_by = ?, first_lift_at = ? where lifted_at is null"
        self._store.change(sql, user, to_text(now))

    def lift(self, user: str, now: datetime) -> None:
        """The second of the two people."""
        sql = "update freezes set lifted_by = ?, lifted_at = ? where lifted_at is null and first_lift_by not in ('', ?)"
        self._store.change(sql, user, to_text(now), user)


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
