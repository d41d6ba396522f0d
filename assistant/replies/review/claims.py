"""Claim and release: who is on a draft, so that two people do not do the same work."""

from datetime import datetime, timedelta

from assistant.core.audit import Recorder
from assistant.core.roles import Action, FindRoles, may, require
from assistant.domain import DraftStatus
from assistant.errors import ReviewError
from assistant.replies.tables.approvals import Claim
from assistant.replies.tables.review import ReviewTables


class Claims:
    """A claim ends by itself after some hours, with a decision, or when it is released."""

    def __init__(self, tables: ReviewTables, find_roles: FindRoles, recorder: Recorder, claim_hours: int) -> None:
        self._tables = tables
        self._find_roles = find_roles
        self._recorder = recorder
        self._lasts = timedelta(hours=claim_hours)

    def find(self, draft_id: int, now: datetime) -> Claim | None:
        """Find the claim on the draft, if any."""
        return self._tables.claims.current(draft_id, now)

    def claim(self, draft_id: int, user: str, now: datetime) -> Claim:
        """Take a pending draft for oneself, or prolong that. Raises ReviewError that says who was first."""
        require(self._find_roles(user), Action.CLAIM)
        with self._tables.transaction():
            draft = self._tables.drafts.find(draft_id)
            if draft.status is not DraftStatus.PENDING:
                raise ReviewError(f"Draft {draft_id} is {draft.status}: it waits for nobody.", "Nothing was changed.")
            if not self._tables.claims.take(Claim(draft_id, user, now, now + self._lasts)):
                self.refuse_others(draft_id, user, now)
            self._recorder.record_draft(now, user, "claim", draft_id)
            claim = self._tables.claims.current(draft_id, now)
        assert claim is not None  # noqa: S101  # taken above, in this transaction
        return claim

    def release(self, draft_id: int, user: str, now: datetime) -> None:
        """Let go of a draft; an admin may let go for others. Raises ReviewError when nobody is on it, or another."""
        roles = self._find_roles(user)
        require(roles, Action.CLAIM)
        with self._tables.transaction():
            self._tables.drafts.find(draft_id)
            claim = self._tables.claims.current(draft_id, now)
            if claim is None:
                raise ReviewError(f"Draft {draft_id} is unassigned.", "Nothing was changed.")
            if not may(roles, Action.RELEASE_OTHERS):
                self.refuse_others(draft_id, user, now)
            self._tables.claims.end(draft_id)
            self._recorder.record_draft(now, user, "release", draft_id, claimed_by=claim.claimed_by)

    def refuse_others(self, draft_id: int, user: str, now: datetime) -> None:
        """Raises ReviewError when somebody else is on the draft."""
        claim = self._tables.claims.current(draft_id, now)
        if claim and claim.claimed_by != user:
            raise ReviewError(
                f"{claim.claimed_by} claimed draft {draft_id} at {claim.claimed_at:%Y-%m-%d %H:%M} UTC.",
                f"They or an admin can release it; the claim expires at {claim.expires_at:%Y-%m-%d %H:%M} UTC.",
            )
