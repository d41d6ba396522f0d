"""Freezing: one person stops every send at once, two people let them go on."""

from datetime import datetime

from assistant.core.audit import Recorder, hash_text
from assistant.core.database import Row, to_time
from assistant.core.roles import Action, FindRoles, require
from assistant.errors import ReviewError
from assistant.replies.tables.review import ReviewTables


class Freezer:
    """Any reviewer may freeze, second approvers and admins lift."""

    def __init__(self, tables: ReviewTables, find_roles: FindRoles, recorder: Recorder) -> None:
        self._tables = tables
        self._find_roles = find_roles
        self._recorder = recorder

    def freeze(self, user: str, reason: str, now: datetime) -> str:
        """Stop every send from now on; returns what to tell. A wish to lift a freeze that is on counts no more."""
        require(self._find_roles(user), Action.FREEZE)
        tables = self._tables
        with tables.transaction():
            is_new = tables.freezes.begin(user, reason, now)
            # With a second approval after it, the draft would only go stale when it is to leave.
            tables.approvals.end_waiting(now)
            self._recorder.record(now, user, "freeze", "replies", reason_hash=hash_text(reason) if reason else "")
        told = self.describe()
        return told if is_new else f"Replies were frozen before, and stay so. {told}"

    def unfreeze(self, user: str, now: datetime) -> str:
        """The first person's wish is kept, the second one's lifts the freeze; returns what to tell.

        Raises ReviewError when nothing is frozen, or the same person comes twice.
        """
        require(self._find_roles(user), Action.UNFREEZE)
        with self._tables.transaction():
            row = self._tables.freezes.current()
            if row is None:
                raise ReviewError("Replies aren't frozen.", "Nothing was changed.")
            if row["first_lift_by"] == user:
                raise ReviewError("You have asked to lift the freeze already.", "A second person has to ask as well.")
            if row["first_lift_by"]:
                return self._lift(row, user, now)
            self._tables.freezes.ask_to_lift(user, now)
            self._recorder.record(now, user, "ask-to-unfreeze", "replies")
        return f"{user} asks to lift the freeze. A second person has to ask as well."

    def describe(self) -> str:
        """Describe who froze when and why, and who asks to lift it; empty when nothing is frozen."""
        row = self._tables.freezes.current()
        return describe_freeze(row) if row else ""

    def _lift(self, row: Row, user: str, now: datetime) -> str:
        self._tables.freezes.lift(user, now)
        self._recorder.record(now, user, "unfreeze", "replies", first_by=row["first_lift_by"])
        lifted = f"Replies are no longer frozen: {row['first_lift_by']} and {user} lifted it."
        return f"{lifted} Re-approve anything you still want to send."


def describe_freeze(row: Row) -> str:
    """A freeze in words."""
    reason = f": {row['reason'].rstrip('.')}" if row["reason"] else ""
    told = f"Replies are frozen since {to_time(row['frozen_at']):%Y-%m-%d %H:%M} UTC by {row['frozen_by']}{reason}."
    return f"{told} {row['first_lift_by']} asks to lift it." if row["first_lift_by"] else told
