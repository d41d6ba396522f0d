"""The tables that a decision touches, and the transaction that holds all it changes together."""

from contextlib import AbstractContextManager

from assistant.store.approvals import ApprovalTables
from assistant.store.audit import AuditTables
from assistant.store.baselines import BaselineTables
from assistant.store.claims import ClaimTables
from assistant.store.database import Store
from assistant.store.decisions import DecisionTables
from assistant.store.drafts import DraftTables
from assistant.store.freezes import FreezeTables
from assistant.store.mentions import MentionTables
from assistant.store.queue import QueueTables
from assistant.store.upstream import UpstreamTables


class ReviewTables:
    """All over one Store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.drafts = DraftTables(store)
        self.mentions = MentionTables(store)
        self.upstream = UpstreamTables(store)
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
