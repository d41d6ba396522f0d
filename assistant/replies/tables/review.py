"""The tables that a decision touches, and the transaction that holds all it changes together.

Reads the queue of drafts that wait for somebody, with all that a reviewer chooses by.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from assistant.core.audit import AuditTables
from assistant.core.database import Store, to_text, to_time
from assistant.domain import DraftStatus, Urgency
from assistant.listening.tables.posts import URGENT_FIRST, MentionTables
from assistant.listening.tables.upstream import UpstreamTables
from assistant.replies.tables.approvals import ApprovalTables, ClaimTables, FreezeTables
from assistant.replies.tables.baselines import BaselineTables
from assistant.replies.tables.decisions import DecisionTables
from assistant.replies.tables.drafts import DraftTables
from assistant.replies.tables.lessons import forget_lessons

_QUEUE = f"""
select d.draft_id, d.status, m.network, m.author, m.text, m.created_at, m.removed_at,
coalesce(nullif(language.label, 'unknown'), nullif(m.lang, ''), '') as language,
coalesce(urgency.label, 'normal') as urgency,
coalesce(c.claimed_by, '') as claimed_by, coalesce(a.approved_by, '') as first_by,
coalesce(a.content_hash, '') as first_hash, coalesce(cards.channel, '') as channel, coalesce(cards.ts, '') as ts
from drafts d join mentions m on m.mention_id = d.mention_id
left join findings language on language.mention_id = d.mention_id and language.about = 'language'
left join findings urgency on urgency.mention_id = d.mention_id and urgency.about = 'urgency'
left join claims c on c.draft_id = d.draft_id and c.expires_at > :now
left join approvals a on a.draft_id = d.draft_id and a.ended_at is null and not a.is_complete and a.expires_at > :now
left join cards on cards.draft_id = d.draft_id
where d.status in ('pending', 'approved', 'sending', 'unknown') order by {URGENT_FIRST}, d.draft_id
"""


@dataclass(frozen=True)
class QueuedDraft:
    """A draft that waits: `claimed_by` is on it, `first_by` approved it as the first of two, else both are empty.

    `posted_at` is when the customer wrote; `channel` and `ts` say where the card stands, empty where there is none.
    `first_hash` is of the content that the first person approved.
    """

    draft_id: int
    status: DraftStatus
    network: str
    author: str
    text: str
    posted_at: datetime
    language: str
    urgency: Urgency
    claimed_by: str = ""
    first_by: str = ""
    first_hash: str = ""
    channel: str = ""
    ts: str = ""


class QueueTables:
    """Reads what waits."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_waiting(self, now: datetime) -> list[QueuedDraft]:
        """Every draft that waits for a decision, for a second person, or to leave: urgent first, then oldest."""
        rows = self._store.named_rows(_QUEUE, {"now": to_text(now)})
        kept = QueuedDraft.__dataclass_fields__
        return [
            QueuedDraft(
                **{name: value for name, value in row.items() if name in kept}
                | {
                    "status": DraftStatus(row["status"]),
                    "urgency": Urgency(row["urgency"]),
                    "posted_at": to_time(row["created_at"]),
                }
            )
            for row in rows
        ]


class ReviewTables:
    """All over one Store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.drafts = DraftTables(store)
        self.mentions = MentionTables(store)
        self.upstream = UpstreamTables(store, forget_lessons)
        self.decisions = DecisionTables(store)
        self.approvals = ApprovalTables(store)
        self.claims = ClaimTables(store)
        self.baselines = BaselineTables(store)
        self.freezes = FreezeTables(store)
        self.audit = AuditTables(store)
        self.queue = QueueTables(store)

    def transaction(self) -> AbstractContextManager[object]:
        """Several changes, all or none: a decision is never seen without its row in the audit."""
        return self._store.transaction()
