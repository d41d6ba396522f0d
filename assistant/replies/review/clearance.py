"""The last question before a reply leaves: is this exact content approved, by enough people, and still right?"""

from collections.abc import Callable, Sequence
from datetime import datetime

from assistant.core.audit import Recorder, hash_text
from assistant.core.database import to_text
from assistant.domain import Draft, Mention
from assistant.domain.replies import Effect, Objection
from assistant.errors import ReviewError
from assistant.replies.review.content import read_content
from assistant.replies.review.freeze import describe_freeze
from assistant.replies.review.freshness import Freshness, ask_for_new
from assistant.replies.tables.approvals import LiveApproval
from assistant.replies.tables.review import ReviewTables

CheckText = Callable[[Draft, Mention], Sequence[Objection]]
"""What the guards find in the exact text of a draft."""


class Clearance:
    """Lets an approved draft pass, or says why not. Call it under the sending lock, right before the claim."""

    def __init__(
        self,
        tables: ReviewTables,
        check_text: CheckText,
        freshness: Freshness,
        recorder: Recorder,
        clock: Callable[[], datetime],
    ) -> None:
        self._tables = tables
        self._check_text = check_text
        self._freshness = freshness
        self._recorder = recorder
        self._clock = clock

    def check(self, draft: Draft, mention: Mention) -> None:
        """Raises ReviewError when the draft must not leave.

        It is stale then when the world changed or replies are frozen, waits for a decision again when its approval does
        not count any more, and is as before when the platform could not be asked.
        """
        now = self._clock()
        self.refuse_frozen(draft, now)
        approval = self._refuse_unapproved(draft, now)
        self._freshness.refuse_changed(draft, mention, now)
        self._refuse_other_content(draft, approval, now)
        self._refuse_findings(draft, mention, approval, now)

    def refuse_frozen(self, draft: Draft, now: datetime, who: str = "") -> None:
        """While replies are frozen nothing is approved or sent: the draft is stale, and raises ReviewError."""
        row = self._tables.freezes.current()
        if row is None:
            return
        told = describe_freeze(row)
        self._freshness.make_stale(draft, told, now, who)
        raise ReviewError(
            f"{told} Draft {draft.draft_id} isn't sent, and is no longer wanted.",
            f"When two people have lifted the freeze: earshot draft {draft.mention_id}",
            in_slack="When two people have lifted the freeze, “New draft” on its card makes one.",
        )

    def _refuse_unapproved(self, draft: Draft, now: datetime) -> LiveApproval:
        live = self._tables.approvals.live(draft.draft_id)
        if live is None or not live.is_complete:
            raise self._withdraw(draft, "No approval of it is on record.", now)
        if live.approval.expires_at <= now:
            raise self._withdraw(draft, f"The approval by {live.approval.approved_by} has run out.", now)
        if to_text(live.approval.approved_at) <= self._tables.freezes.latest_at():
            note = "Replies were frozen after this approval."
            self._freshness.make_stale(draft, note, now)
            raise ask_for_new(f"{note} Draft {draft.draft_id} isn't sent.", draft.mention_id)
        return live

    def _refuse_other_content(self, draft: Draft, live: LiveApproval, now: datetime) -> None:
        if read_content(self._tables, draft).hash == live.approval.content_hash:
            return
        note = "Its author, its address, its thread or a cited document isn't what was approved."
        self._freshness.make_stale(draft, note, now)
        raise ask_for_new(f"Draft {draft.draft_id} isn't sent. {note}", draft.mention_id)

    def _refuse_findings(self, draft: Draft, mention: Mention, live: LiveApproval, now: datetime) -> None:
        found = [f for f in self._check_text(draft, mention) if f.effect is not Effect.WARN]
        blocks = [f for f in found if f.effect is Effect.BLOCK and describe_finding(f) not in live.approval.overruled]
        holds = [f for f in found if f.effect is Effect.HOLD and not live.approval.second_by]
        if blocks or holds:
            raise self._withdraw(draft, f"A guard has found since: {list_findings([*blocks, *holds])}.", now)

    def _withdraw(self, draft: Draft, note: str, now: datetime) -> ReviewError:
        """The draft waits for a decision again; the error to raise."""
        tables = self._tables
        with tables.transaction():
            if tables.drafts.withdraw(draft.draft_id, note, now):
                tables.approvals.end(draft.draft_id, now)
                self._recorder.record_draft(now, "", "withdraw", draft.draft_id, note_hash=hash_text(note))
        return ReviewError(f"Draft {draft.draft_id} isn't sent. {note}", "Decide on it again.")


def describe_finding(finding: Objection) -> str:
    """One objection in words, by which an overrule knows it again."""
    return f"{finding.guard}: “{finding.words}” {finding.reason}"


def list_findings(findings: Sequence[Objection]) -> str:
    """Several in one line."""
    return "; ".join(name_finding(finding).removesuffix(".") for finding in findings)


def name_finding(finding: Objection) -> str:
    """The words and what is wrong with them, each once; a finding about the whole text names none."""
    is_named = not finding.words or f"“{finding.words}”" in finding.reason
    return finding.reason if is_named else f"“{finding.words}” {finding.reason}"
