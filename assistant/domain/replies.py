"""Replies to customers: proposed, decided by people, and sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.knowledge import Citation, Sentence


class DraftStatus(StrEnum):
    """The state of a Draft: `pending -> approved -> sending -> sent`, or one of the ends."""

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


class DraftLook(StrEnum):
    """The readiness of a Draft: it can be sent as it is, it needs work, or nothing is proposed but what was found."""

    READY = "ready"
    NEEDS_WORK = "needs work"
    FINDINGS_ONLY = "findings only"


class NoReply(StrEnum):
    """Reasons to leave a post without a reply."""

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
    what is missing and who to ask. `lang` is the language of `text`; `back_translation` is empty where there is none.
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
    """A person's decision on a Draft; after a `first-approval` it waits for another person's."""

    FIRST = "first-approval"
    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    NOT_OURS = "not-ours"


@dataclass(frozen=True)
class Decision:
    """A decision on a Draft, by whom and when; `text` is the exact text that was approved or proposed."""

    draft_id: int
    action: DecisionAction
    decided_by: str
    decided_at: datetime
    text: str
    reason: str = ""


@dataclass(frozen=True)
class Approval:
    """Permission to send exactly one content of a Draft, by whom and until when.

    `content_hash` is a SHA-256 over text, target, author, thread and evidence. `second_by` is another person than
    `approved_by`; empty where one is enough, or while it is waited for. `overruled` are the guards' objections that a
    second approver overruled.
    """

    draft_id: int
    content_hash: str
    approved_by: str
    approved_at: datetime
    expires_at: datetime
    second_by: str = ""
    overruled: tuple[str, ...] = ()


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
    """The ledger's record of a send key: the text to send, and the times of the first and the last try."""

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


class Effect(StrEnum):
    """The effect of a guard's Objection on an approval.

    `block`: it cannot be approved, unless a second approver overrules it with a reason. `hold`: it needs a second
    approver. `warn`: it is shown.
    """

    BLOCK = "block"
    HOLD = "hold"
    WARN = "warn"


@dataclass(frozen=True)
class Objection:
    """A guard's finding in a text: the words, and a sentence that says why and how to fix it.

    `start` is where the words begin in the text; -1 when they do not stand in it so, or the whole text is meant.
    """

    guard: str
    words: str
    reason: str
    effect: Effect
    start: int = -1
