"""Tables of claims: who is on a draft, and until when."""

from dataclasses import dataclass
from datetime import datetime

from assistant.core.database import Store, to_text, to_time


@dataclass(frozen=True)
class Claim:
    """Who is on a draft, since when, and when the claim ends by itself."""

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
