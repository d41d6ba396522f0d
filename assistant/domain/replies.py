"""What is proposed to customers, decided by people, and sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.knowledge import Citation, Sentence


class DraftStatus(StrEnum):
    """Where a Draft stands. `pending -> approved -> sending -> sent`, or one of the ends."""

    PENDING = "pending"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    STALE = "stale"
    BLOCKED = "blocked"
    FAILED = "failed"
    DELETED = "deleted"


@dataclass(frozen=True)
class Draft:
    """A proposed reply. `text` is what will be sent: after an approval, exactly the approved text."""

    draft_id: int
    mention_id: str
    text: str
    status: DraftStatus
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    writer: str
    prompt_version: str
    created_at: datetime
    note: str = ""


class DecisionAction(StrEnum):
    """What a person decided on a Draft."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"


@dataclass(frozen=True)
class Decision:
    """Who decided what on a Draft, and when; `text` is the exact text that was approved or proposed."""

    draft_id: int
    action: DecisionAction
    decided_by: str
    decided_at: datetime
    text: str
    reason: str = ""


@dataclass(frozen=True)
class Reply:
    """A Draft that was sent; `how` is `api` when Earshot sent it, `assist` when a person did.

    A reply that was taken away again has a `deleted_at`.
    """

    draft_id: int
    mention_id: str
    network: str
    external_id: str
    text: str
    sent_at: datetime
    url: str | None = None
    how: str = "api"
    deleted_at: datetime | None = None
    deleted_by: str = ""


@dataclass(frozen=True)
class Attempt:
    """What the ledger knows of a send key: the text that was to leave, and when it was tried first and last."""

    text: str
    began_at: datetime
    last_at: datetime


class MayReply(StrEnum):
    """May we reply here at all."""

    YES = "yes"
    ASSIST = "assist"
    NO = "no"


@dataclass(frozen=True)
class Eligibility:
    """May we reply to this Mention, and why (not): the `rule` that says so, and `until` when a yes will hold."""

    may_reply: MayReply
    reason: str
    rule: str = ""
    until: datetime | None = None
