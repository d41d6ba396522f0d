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


class DraftLook(StrEnum):
    """How sure a Draft is: it can be sent as it is, it needs work, or nothing is proposed but what was found."""

    READY = "ready"
    NEEDS_WORK = "needs work"
    FINDINGS_ONLY = "findings only"


class NoReply(StrEnum):
    """Why a post is better left without a reply."""

    SPAM = "spam"
    BAIT = "bait"
    FAN_CHAT = "fan chat"
    SOLVED = "solved"
    NOT_OURS = "not ours"
    ANSWERED = "already answered"


@dataclass(frozen=True)
class Draft:
    """A proposed reply. `text` is what will be sent: after an approval, exactly the approved text.

    With a `no_reply_reason` the proposal is to leave the post without a reply, and `text` is empty. `missing` says
    what is missing and whom to ask. `lang` is the language of `text`; `back_translation` is empty where there is none.
    """

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
    look: DraftLook = DraftLook.READY
    missing: str = ""
    no_reply_reason: str = ""
    lang: str = "en"
    back_translation: str = ""
    version: int = 1


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
    """A Draft that was sent; `how` is `api` when Earshot sent it, `assist` when a person did and said so."""

    draft_id: int
    mention_id: str
    network: str
    external_id: str
    text: str
    sent_at: datetime
    url: str | None = None
    how: str = "api"


class MayReply(StrEnum):
    """May we reply here at all."""

    YES = "yes"
    ASSIST = "assist"
    NO = "no"


@dataclass(frozen=True)
class Eligibility:
    """May we reply to this Mention, and why (not)."""

    may_reply: MayReply
    reason: str
