"""All that a card shows, and where its draft stands, in words.

What a card's buttons and modals carry: which draft it is, and exactly which content of it the person saw.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from assistant.core.audit import hash_text
from assistant.core.database import Row
from assistant.domain import (
    Decision,
    DecisionAction,
    Draft,
    DraftLook,
    DraftStatus,
    Eligibility,
    MayReply,
    Mention,
    Reply,
    ThreadPost,
)
from assistant.domain.replies import Objection
from assistant.replies.guards.injection import Risk, RiskLevel
from assistant.replies.review.approval import Needs
from assistant.replies.review.clearance import describe_finding
from assistant.replies.tables.approvals import Claim
from assistant.replies.tables.history import NO_HISTORY, History
from assistant.slack.cards import words

_HASH_CHARACTERS = 16


@dataclass(frozen=True)
class Seen:
    """The version that a person saw.

    `content_hash` is the beginning of the hash over text, target, author, thread and evidence that an approval is of;
    `text_hash` is of the text alone. A version without another text is another one too.
    """

    draft_id: int
    text_hash: str
    version: int = 1
    content_hash: str = ""


def note_seen(draft: Draft, content_hash: str = "") -> Seen:
    """Return what a person who looks at the draft now sees."""
    return Seen(draft.draft_id, shorten_hash(hash_text(draft.text)), draft.version, shorten_hash(content_hash))


def to_value(seen: Seen) -> str:
    """For a button or the metadata of a modal."""
    return json.dumps(asdict(seen))


def read_value(value: str) -> Seen:
    """Read the value of a button or a modal."""
    return Seen(**json.loads(value))


def shorten_hash(content_hash: str) -> str:
    """As much of a hash as tells two contents apart."""
    return content_hash[:_HASH_CHARACTERS]


def shows_same_text(seen: Seen, draft: Draft) -> bool:
    """Return whether the draft is still the version, and the text, that the person saw."""
    now = note_seen(draft)
    return (now.text_hash, now.version) == (seen.text_hash, seen.version)


NO_RISK = Risk(RiskLevel.NONE)
TEXT_CHARACTERS = 2200
_LIVE = (DraftStatus.PENDING, DraftStatus.APPROVED, DraftStatus.SENDING, DraftStatus.UNKNOWN)


@dataclass(frozen=True)
class Around:
    """The context of a draft: `labels` were found for the post, by what they are about; `thread` is oldest first.

    `needs` is None for a draft that waits for no approval. `frozen` says who froze replies and why; empty: nobody did.
    `seconds_left` is how long an approval can be undone.
    `review_lang` is the language that reviewers read.
    """

    labels: tuple[tuple[str, str], ...] = ()
    history: History = NO_HISTORY
    thread: tuple[ThreadPost, ...] = ()
    risk: Risk = NO_RISK
    needs: Needs | None = None
    overruled_because: str = ""
    claim: Claim | None = None
    changes: tuple[Row, ...] = ()
    frozen: str = ""
    leaves_at: datetime | None = None
    seconds_left: int = 0
    can_delete: bool = False
    review_lang: str = "en"


@dataclass(frozen=True)
class Card:
    """All that a card shows; `why` tells what made the post worth a reply."""

    draft: Draft
    mention: Mention
    eligibility: Eligibility
    decisions: tuple[Decision, ...]
    reply: Reply | None
    why: str = ""
    around: Around = Around()

    @property
    def seen(self) -> Seen:
        """Return what a person who looks at this card sees."""
        needs = self.around.needs
        return note_seen(self.draft, needs.content.hash if needs else "")

    @property
    def is_pending(self) -> bool:
        """Return whether a decision is wanted."""
        return self.draft.status is DraftStatus.PENDING

    @property
    def is_live(self) -> bool:
        """Return whether anything is still to come."""
        return self.draft.status in _LIVE

    @property
    def is_for_hand(self) -> bool:
        """Return whether a person has to post the approved text."""
        return self.draft.status is DraftStatus.APPROVED and self.eligibility.may_reply is MayReply.ASSIST

    @property
    def is_whole(self) -> bool:
        """Return whether the draft's text has room on a card."""
        return len(self.draft.text) <= TEXT_CHARACTERS

    @property
    def blocks(self) -> tuple[Objection, ...]:
        """Return what a guard blocks and nobody has overridden yet."""
        needs = self.around.needs
        if needs is None:
            return ()
        done = needs.first.overruled if needs.first else ()
        return tuple(finding for finding in needs.blocks if describe_finding(finding) not in done)

    @property
    def unsupported(self) -> tuple[str, ...]:
        """Return the claims of the draft that no public page carries."""
        return self.around.needs.unsupported if self.around.needs else ()

    @property
    def may_leave(self) -> bool:
        """Return whether anything may be sent at all."""
        return self.eligibility.may_reply is not MayReply.NO and not self.around.frozen

    @property
    def needs_work(self) -> bool:
        """Return whether one click is not enough: something is wrong with the draft, or is missing."""
        is_ready = self.draft.look is DraftLook.READY and not self.draft.missing
        return bool(self.blocks or self.unsupported) or not is_ready

    @property
    def was_called_not_ours(self) -> bool:
        """Return whether somebody said that the post is not ours to answer."""
        return bool(self.decisions) and self.decisions[-1].action is DecisionAction.NOT_OURS

    @property
    def state(self) -> str:
        """Return the state of the draft, in words."""
        status = self.draft.status
        if self.is_for_hand:
            return words.FOR_HAND
        return self._tell_pending() if self.is_pending else words.STATES.get(status, status)

    def _tell_pending(self) -> str:
        if self.around.needs and self.around.needs.first:
            return words.SECOND
        if self.draft.no_reply_reason:
            return words.NO_REPLY
        if self.blocks:
            return words.BLOCKED
        return words.LOOKS[DraftLook.NEEDS_WORK if self.needs_work and self.draft.text else self.draft.look]
