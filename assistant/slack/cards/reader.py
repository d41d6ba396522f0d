"""Reads all that a card shows of a draft."""

from assistant.app import Assistant
from assistant.domain import Draft, DraftStatus
from assistant.replies.guards.risk import judge_risk
from assistant.replies.tables.approvals import LiveApproval
from assistant.replies.tables.histories import HistoryTables
from assistant.replies.tables.versions import VersionTables
from assistant.slack.cards import Around, Card
from assistant.slack.client.telling import tell_text

_WAITING = (DraftStatus.PENDING, DraftStatus.APPROVED)


class CardReader:
    """Reads cards. What only matters for a decision is not looked for once there is one."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._histories = HistoryTables(assistant.home.store)
        self._versions = VersionTables(assistant.home.store)

    def read(self, draft_id: int) -> Card:
        """The card as it is now. Raises ReviewError for an unknown draft."""
        assistant = self._assistant
        draft = assistant.replies.drafts.find(draft_id)
        mention = assistant.listening.mentions.find(draft.mention_id)
        triage = assistant.listening.mentions.triage_of(draft.mention_id)
        return Card(
            draft=draft,
            mention=mention,
            eligibility=assistant.replies.sending.eligibility(draft.mention_id),
            decisions=tuple(assistant.replies.decisions.of_draft(draft_id)),
            reply=assistant.replies.drafts.reply_to(draft_id),
            why=triage["reason"] if triage else "",
            around=self._read_around(draft),
        )

    def read_labels(self, mention_id: str) -> dict[str, str]:
        """What was found out about a post."""
        return {
            row["about"]: row["label"] for row in self._assistant.listening.mentions.analyses.findings_of(mention_id)
        }

    def find_people(self, draft_id: int) -> set[str]:
        """Whoever had to do with a draft, and with the freeze that is on: their ids may be shown as names."""
        tables = self._assistant.replies.review_tables
        row = tables.freezes.current() or {}
        people = {row.get("frozen_by", ""), row.get("first_lift_by", "")}
        people |= {decision.decided_by for decision in self._assistant.replies.decisions.of_draft(draft_id)}
        people |= {change["done_by"] for change in self._assistant.replies.ledger.changes(draft_id)}
        people |= {one.made_by for one in self._versions.list(draft_id)}
        claim = tables.claims.current(draft_id, self._assistant.clock())
        live = tables.approvals.live(draft_id)
        return people | ({claim.claimed_by} if claim else set()) | ({live.approval.approved_by} if live else set())

    def _read_around(self, draft: Draft) -> Around:
        assistant, now = self._assistant, self._assistant.clock()
        mention = assistant.listening.mentions.find(draft.mention_id)
        is_pending = draft.status is DraftStatus.PENDING
        tables = assistant.replies.review_tables
        live: LiveApproval | None = tables.approvals.live(draft.draft_id) if is_pending else None
        return Around(
            labels=tuple(self.read_labels(draft.mention_id).items()),
            history=self._histories.before(mention),
            thread=tables.baselines.thread(draft.mention_id),
            risk=judge_risk(mention.text),
            needs=assistant.replies.reviewing.find_needs(draft.draft_id, now) if is_pending else None,
            overruled_because=live.overruled_because if live else "",
            claim=tables.claims.current(draft.draft_id, now) if is_pending else None,
            changes=tuple(assistant.replies.ledger.changes(draft.draft_id)),
            frozen=self._describe_freeze(draft.draft_id) if draft.status in _WAITING else "",
            leaves_at=assistant.replies.sending.leaves_at(draft.draft_id),
            can_delete=assistant.replies.sending.can_delete(draft.draft_id),
            review_lang=assistant.settings.review_language,
        )

    def _describe_freeze(self, draft_id: int) -> str:
        told = self._assistant.replies.freezing.describe()
        return tell_text(told, self.find_people(draft_id)) if told else ""
