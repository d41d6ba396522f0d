"""A Draft and a person's decision to an approved text: every decision is taken once, and the loser is shown who won.

How far an edit went: normalised Levenshtein distances (Levenshtein 1966) by characters and by words.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from rapidfuzz.distance import Levenshtein

from assistant.core.audit import Recorder, hash_text
from assistant.core.roles import Action, FindRoles, may, require
from assistant.domain import Decision, DecisionAction, Draft, DraftStatus
from assistant.domain.replies import Effect
from assistant.errors import ReviewError
from assistant.replies.guards.sources import FindSource, find_nothing
from assistant.replies.review.approval import ApprovalJudge, Needs, Word, refuse_blocks
from assistant.replies.review.claims import Claims
from assistant.replies.review.clearance import CheckText, Clearance
from assistant.replies.review.content import read_content
from assistant.replies.review.edited_text import judge_anew
from assistant.replies.review.freshness import Freshness, ask_for_new
from assistant.replies.tables.approvals import LiveApproval
from assistant.replies.tables.decisions import Edit
from assistant.replies.tables.drafts import to_json
from assistant.replies.tables.review import ReviewTables


def measure_edit(draft_id: int, user: str, now: datetime, before: str, after: str) -> Edit:
    """The edit with its distances: edits needed, divided by the length of the longer text; 0 is the same, 1 all new."""
    by_characters = Levenshtein.normalized_distance(before, after)
    by_words = measure_distance(before, after)
    return Edit(draft_id, user, now, before, after, round(by_characters, 4), round(by_words, 4))


def measure_distance(before: str, after: str) -> float:
    """By words; two empty texts are the same."""
    return float(Levenshtein.normalized_distance(before.split(), after.split()))


_NOT_SEEN = "This isn't the text, post or evidence that you saw."
_OPEN = (DraftStatus.PENDING, DraftStatus.APPROVED, DraftStatus.SENDING, DraftStatus.UNKNOWN)


class Review:
    """Takes decisions of people whose roles it asks for; whoever may not decide is shown why."""

    def __init__(
        self,
        tables: ReviewTables,
        find_roles: FindRoles,
        check_text: CheckText,
        approving: ApprovalJudge,
        claiming: Claims,
        freshness: Freshness,
        clearing: Clearance,
        recorder: Recorder,
        find_source: FindSource = find_nothing,
    ) -> None:
        self._tables = tables
        self._find_roles = find_roles
        self._check_text = check_text
        self._approving = approving
        self._freshness = freshness
        self._clearing = clearing
        self._recorder = recorder
        self._find_source = find_source
        self.claiming = claiming

    def list_open(self) -> list[Draft]:
        """Drafts that wait for somebody, oldest first."""
        return self._tables.drafts.list_with_status(_OPEN)

    def find_needs(self, draft_id: int, now: datetime) -> Needs:
        """Find what approving a draft asks for: how many people and why, and what to accept expressly."""
        return self._approving.find_needs(self._tables.drafts.find(draft_id), now)

    def approve(
        self,
        draft_id: int,
        decided_by: str,
        now: datetime,
        seen_text: str | None = None,
        seen_hash: str = "",
        accepts_unsupported: bool = False,
        overrule: str = "",
    ) -> Draft:
        """Approve exactly what the person saw: this text, and (`seen_hash`, the beginning of it) this content.

        The draft that comes back is still pending when a second person has to approve it too. Raises ReviewError when
        the approval cannot be taken; the draft is stale then when the world changed.
        """
        roles = self._find_roles(decided_by)
        require(roles, Action.DECIDE)
        draft = self._find_undecided(draft_id, seen_text)
        _refuse_empty(draft.text)
        needs = self._approving.find_needs(draft, now)
        if needs.first is None:
            self.claiming.refuse_others(draft_id, decided_by, now)
        if seen_hash and not needs.content.hash.startswith(seen_hash.lower()):
            # Where the world changed, that is said with the difference, and the draft is stale.
            self._freshness.refuse_changed(draft, self._tables.mentions.find(draft.mention_id), now, decided_by)
            raise ReviewError(
                _NOT_SEEN, "Read it again: earshot review show", in_slack="See the card for its current state."
            )
        word = Word(decided_by, roles, accepts_unsupported, overrule)
        self._approving.judge(draft, needs, word, now)  # before anybody is asked outside
        self._clearing.refuse_frozen(draft, now, decided_by)
        self._freshness.refuse_changed(draft, self._tables.mentions.find(draft.mention_id), now, decided_by)
        return self._approve(draft, needs, word, now)

    def edit(
        self,
        draft_id: int,
        text: str,
        decided_by: str,
        now: datetime,
        seen_text: str | None = None,
        overrule: str = "",
    ) -> Draft:
        """Put a person's words in place of the draft's; it stays pending until somebody approves them.

        The draft's note goes, as it was about the old text, and so does an approval of it. With `seen_text`, the text
        the person started from, another person's edit in between is never overwritten.
        """
        text = text.strip()
        roles = self._find_roles(decided_by)
        require(roles, Action.DECIDE)
        _refuse_empty(text)
        draft = self._find_undecided(draft_id, seen_text)
        self.claiming.refuse_others(draft_id, decided_by, now)
        judged = judge_anew(text, draft, self._find_source)
        if not (overrule.strip() and may(roles, Action.OVERRULE)):
            self._refuse_blocked(replace(draft, text=text, sentences=judged.sentences, citations=judged.citations))
        edit = measure_edit(draft_id, decided_by, now, draft.text, text)
        with self._tables.transaction():
            decision = Decision(draft_id, DecisionAction.EDIT, decided_by, now, text)
            self._decide(decision, draft.text, DraftStatus.PENDING, to_json(judged.sentences, judged.citations))
            self._tables.baselines.keep_evidence(draft_id, judged.citations)
            self._tables.decisions.add_edit(edit)
            self._recorder.record_draft(
                now,
                decided_by,
                DecisionAction.EDIT,
                draft_id,
                before_hash=hash_text(draft.text),
                after_hash=hash_text(text),
                character_distance=edit.character_distance,
                word_distance=edit.word_distance,
            )
        return self._tables.drafts.find(draft_id)

    def reject(self, draft_id: int, reason: str, decided_by: str, now: datetime) -> Draft:
        """Take the draft away, with the reason. Raises ReviewError when it was decided already."""
        return self._end(draft_id, DecisionAction.REJECT, reason, decided_by, now)

    def set_not_ours(self, draft_id: int, reason: str, decided_by: str, now: datetime) -> Draft:
        """The post is not ours to answer: the draft goes, and none is made for the post any more."""
        with self._tables.transaction():
            draft = self._end(draft_id, DecisionAction.NOT_OURS, reason, decided_by, now)
            self._tables.decisions.set_not_ours(draft.mention_id, decided_by, reason, now)
        return draft

    def add_reason(self, draft_id: int, reason: str, decided_by: str, now: datetime) -> None:
        """Say afterwards why a draft was rejected, or is not ours. Raises ReviewError when it has a reason already."""
        require(self._find_roles(decided_by), Action.DECIDE)
        with self._tables.transaction():
            draft = self._tables.drafts.find(draft_id)
            if draft.status is not DraftStatus.REJECTED or not self._tables.decisions.add_reason(draft, reason):
                raise ReviewError(f"Draft {draft_id} needs no reason any more.", "Nothing was changed.")
            self._recorder.record_draft(now, decided_by, "reason", draft_id, reason_hash=hash_text(reason))

    def unset_not_ours(self, mention_id: str, decided_by: str, now: datetime) -> None:
        """The post is ours after all. Raises ReviewError when nobody said otherwise."""
        require(self._find_roles(decided_by), Action.DECIDE)
        with self._tables.transaction():
            if not self._tables.decisions.unset_not_ours(mention_id):
                raise ReviewError(f"Nobody said that {mention_id} is not ours.", "Nothing was changed.")
            self._recorder.record(now, decided_by, "ours", f"mention:{mention_id}")

    def _approve(self, draft: Draft, needs: Needs, word: Word, now: datetime) -> Draft:
        tables = self._tables
        with tables.transaction():
            # What was judged outside of the transaction is judged again in it: another click may have come between.
            if tables.freezes.current() or read_content(tables, draft) != needs.content:
                raise ReviewError(f"Draft {draft.draft_id} was changed since you saw it.", "Read it again first.")
            live = self._approving.judge(draft, needs, word, now)
            action = DecisionAction.APPROVE if live.is_complete else DecisionAction.FIRST
            to_status = DraftStatus.APPROVED if live.is_complete else DraftStatus.PENDING
            decision = Decision(draft.draft_id, action, word.user, now, draft.text, word.overrule.strip())
            self._decide(decision, draft.text, to_status)
            tables.approvals.add(live)
            self._record_approval(action, live, word, now)
        return tables.drafts.find(draft.draft_id)

    def _record_approval(self, action: DecisionAction, live: LiveApproval, word: Word, now: datetime) -> None:
        approval = live.approval
        if word.overrule.strip() and approval.overruled:
            self._recorder.record_draft(
                now,
                word.user,
                "overrule",
                approval.draft_id,
                findings_hash=hash_text("\n".join(approval.overruled)),
                reason_hash=hash_text(word.overrule.strip()),
            )
        self._recorder.record_draft(
            now,
            word.user,
            action,
            approval.draft_id,
            content_hash=approval.content_hash,
            first_by=approval.approved_by if approval.second_by else "",
            accepts_unsupported=word.accepts_unsupported,
        )

    def _end(self, draft_id: int, action: DecisionAction, reason: str, decided_by: str, now: datetime) -> Draft:
        require(self._find_roles(decided_by), Action.DECIDE)
        draft = self._find_undecided(draft_id)
        self.claiming.refuse_others(draft_id, decided_by, now)
        with self._tables.transaction():
            decision = Decision(draft_id, action, decided_by, now, draft.text, reason)
            self._decide(decision, draft.text, DraftStatus.REJECTED)
            reason_hash = hash_text(reason) if reason else ""
            self._recorder.record_draft(now, decided_by, action, draft_id, reason_hash=reason_hash)
        return self._tables.drafts.find(draft_id)

    def _decide(
        self, decision: Decision, seen: str, to_status: DraftStatus, edited: tuple[str, str] | None = None
    ) -> None:
        tables = self._tables
        if not tables.decisions.decide(decision, seen, to_status, edited):
            raise self._explain_loss(decision.draft_id)
        tables.approvals.end(decision.draft_id, decision.decided_at)
        if to_status is not DraftStatus.PENDING:
            tables.claims.end(decision.draft_id)

    def _find_undecided(self, draft_id: int, seen_text: str | None = None) -> Draft:
        draft = self._tables.drafts.find(draft_id)
        if draft.status is not DraftStatus.PENDING or seen_text not in (None, draft.text):
            raise self._explain_loss(draft_id)
        return draft

    def _explain_loss(self, draft_id: int) -> ReviewError:
        draft = self._tables.drafts.find(draft_id)
        last: Sequence[Decision] = self._tables.decisions.of_draft(draft_id)[-1:]
        who = f" by {last[0].decided_by} at {last[0].decided_at:%Y-%m-%d %H:%M} UTC" if last else ""
        if draft.status is DraftStatus.PENDING:
            return ReviewError(f"Draft {draft_id} was changed{who} since you saw it.", "Read the new text first.")
        if draft.status is DraftStatus.STALE:
            return ask_for_new(f"Draft {draft_id} is stale. {draft.note}".strip(), draft.mention_id)
        verbs = {DecisionAction.REJECT: "rejected", DecisionAction.NOT_OURS: "called not ours"}
        verb = verbs.get(last[0].action, "approved") if last else "decided"
        return ReviewError(
            f"Draft {draft_id} was already {verb}{who}; it is {draft.status} now.", "Nothing was changed."
        )

    def _refuse_blocked(self, draft: Draft) -> None:
        found = self._check_text(draft, self._tables.mentions.find(draft.mention_id))
        refuse_blocks([finding for finding in found if finding.effect is Effect.BLOCK])


def _refuse_empty(text: str) -> None:
    if not text.strip():
        raise ReviewError("A reply can't be empty.", "Write the text, or reject the draft.")
