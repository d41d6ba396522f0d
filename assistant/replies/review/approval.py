"""Requirements of an approval: how many people, of which roles, and what they have to accept expressly.

What waits for each reviewer: the queue as a reviewer sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.core.roles import Action, Role, may
from assistant.domain import About, Approval, Draft, Mention, Support
from assistant.domain.replies import Effect, Objection
from assistant.errors import ReviewError
from assistant.replies.review.clearance import CheckText, describe_finding, list_findings
from assistant.replies.review.content import Content, read_content
from assistant.replies.review.rules import ReviewRules
from assistant.replies.tables.approvals import LiveApproval
from assistant.replies.tables.review import QueuedDraft, ReviewTables

_WITHOUT_SOURCE = (Support.UNSUPPORTED, Support.DOUBTFUL)


@dataclass(frozen=True)
class Needs:
    """The requirements for approving a draft: `second_because` is empty where one person is enough.

    `unsupported` are claims that no public page carries: whoever approves must accept them expressly. `first` is the
    approval that waits for another person's.
    """

    content: Content
    findings: tuple[Objection, ...]
    second_because: tuple[str, ...]
    unsupported: tuple[str, ...]
    first: Approval | None = None

    @property
    def blocks(self) -> tuple[Objection, ...]:
        """Return what only a second approver can override."""
        return tuple(finding for finding in self.findings if finding.effect is Effect.BLOCK)


@dataclass(frozen=True)
class Word:
    """A person's words with an approval: `overrule` is the reason why the guards' objections do not count."""

    user: str
    roles: frozenset[Role]
    accepts_unsupported: bool = False
    overrule: str = ""


class ApprovalJudge:
    """Judges approvals; it changes nothing."""

    def __init__(self, tables: ReviewTables, check_text: CheckText, rules: ReviewRules, approval_hours: int) -> None:
        self._tables = tables
        self._check_text = check_text
        self._rules = rules
        self._lasts = timedelta(hours=approval_hours)

    def find_needs(self, draft: Draft, now: datetime) -> Needs:
        """Find what approving this draft asks for now."""
        mention = self._tables.mentions.find(draft.mention_id)
        content = read_content(self._tables, draft)
        findings = tuple(self._check_text(draft, mention))
        reasons = self._rules.list_reasons(mention, self._find_intent(mention), findings)
        live = self._find_first(draft, content, now)
        doubted = {finding.words for finding in findings if finding.guard == "claims"}
        unsupported = tuple(s.text for s in draft.sentences if s.support in _WITHOUT_SOURCE and s.text in doubted)
        return Needs(content, findings, reasons, unsupported, live.approval if live else None)

    def judge(self, draft: Draft, needs: Needs, word: Word, now: datetime) -> LiveApproval:
        """The approval as it is with this person's word, complete or not. Raises ReviewError for what lacks."""
        if needs.unsupported and not word.accepts_unsupported:
            raise _ask_to_accept(needs.unsupported)
        first = self._find_first(draft, needs.content, now)
        overruled, because = _overrule(needs.blocks, word, first)
        is_second = may(word.roles, Action.OVERRULE)
        if first is None:
            approval = Approval(
                draft.draft_id, needs.content.hash, word.user, now, now + self._lasts, overruled=overruled
            )
            return LiveApproval(approval, not needs.second_because, is_second, because)
        _refuse_alone(first, word, needs.second_because, is_second)
        second = replace(first.approval, second_by=word.user, overruled=overruled)
        return LiveApproval(second, True, first.is_by_second_approver, because)

    def _find_first(self, draft: Draft, content: Content, now: datetime) -> LiveApproval | None:
        """The approval that waits for another person's, if it is of just this content and did not run out."""
        live = self._tables.approvals.live(draft.draft_id)
        if live is None or live.is_complete or live.approval.expires_at <= now:
            return None
        return live if live.approval.content_hash == content.hash else None

    def _find_intent(self, mention: Mention) -> str:
        rows = self._tables.mentions.analyses.findings_of(mention.mention_id)
        return next((str(row["label"]) for row in rows if row["about"] == About.INTENT), "")


def refuse_blocks(blocks: Sequence[Objection]) -> None:
    """Raises ReviewError that explains what a guard blocks, if it does."""
    if blocks:
        hint = "Rephrase it, or ask a second approver to override this with a reason."
        raise ReviewError(f"This can't be sent as written: {list_findings(blocks)}.", hint)


def _ask_to_accept(unsupported: Sequence[str]) -> ReviewError:
    listed = "; ".join(f"“{text}”" for text in unsupported)
    return ReviewError(
        f"No document says this: {listed}.",
        "Edit the text, or accept it expressly: --accept-unsupported",
        in_slack="Edit the text, or approve it expressly.",
    )


def _overrule(blocks: Sequence[Objection], word: Word, first: LiveApproval | None) -> tuple[tuple[str, ...], str]:
    """The objections that are overruled, and why. Raises ReviewError for those that nobody overruled."""
    done = first.approval.overruled if first else ()
    left = [finding for finding in blocks if describe_finding(finding) not in done]
    if not left:
        return done, first.overruled_because if first else ""
    if not word.overrule.strip() or not may(word.roles, Action.OVERRULE):
        refuse_blocks(left)
    return (*done, *(describe_finding(finding) for finding in left)), word.overrule.strip()


def _refuse_alone(first: LiveApproval, word: Word, because: Sequence[str], is_second: bool) -> None:
    """Two different people, and one of them a second approver."""
    why = "; ".join(because)
    if first.approval.approved_by == word.user:
        raise ReviewError(
            f"You have approved draft {first.approval.draft_id}; a second person has to as well: {why}.",
            "Ask a second approver.",
        )
    if not is_second and not first.is_by_second_approver:
        raise ReviewError(f"This draft needs a second approver: {why}.", "Ask a second approver.")


def list_queue(tables: ReviewTables, now: datetime) -> list[QueuedDraft]:
    """Every draft that waits: urgent first, then oldest. A first approval of other content than now counts no more."""
    return [_drop_outdated(tables, one) if one.first_by else one for one in tables.queue.list_waiting(now)]


def _drop_outdated(tables: ReviewTables, waiting: QueuedDraft) -> QueuedDraft:
    content = read_content(tables, tables.drafts.find(waiting.draft_id))
    return waiting if content.hash == waiting.first_hash else replace(waiting, first_by="", first_hash="")
