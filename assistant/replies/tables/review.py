"""The tables that a decision touches, and the transaction that holds all it changes together."""

from contextlib import AbstractContextManager

from assistant.core.audit import AuditTables
from assistant.core.database import Store
from assistant.listening.tables.posts import MentionTables
from assistant.listening.tables.upstream import UpstreamTables
from assistant.replies.tables.approvals import ApprovalTables
from assistant.replies.tables.baselines import BaselineTables
from assistant.replies.tables.claims import ClaimTables
from assistant.replies.tables.decisions import DecisionTables
from assistant.replies.tables.drafts import DraftTables
from assistant.replies.tables.freezes import FreezeTables
from assistant.replies.tables.lessons import forget_lessons
from assistant.replies.tables.queue import QueueTables


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
