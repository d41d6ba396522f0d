"""Reads all that a card shows of a draft."""

from assistant.core.home import Home
from assistant.domain import Draft, DraftStatus
from assistant.listening.build import Listening
from assistant.replies.build import Replies
from assistant.replies.guards.injection import judge_risk
from assistant.replies.tables.approvals import LiveApproval
from assistant.replies.tables.drafts import VersionTables
from assistant.replies.tables.history import HistoryTables
from assistant.slack.cards import Around, Card
from assistant.slack.client.blocks import tell_text

_WAITING = (DraftStatus.PENDING, DraftStatus.APPROVED)


class CardReader:
    """Reads cards. What only matters for a decision is not looked for once there is one."""

    def __init__(self, home: Home, listening: Listening, replies: Replies) -> None:
        self._home = home
        self._listening = listening
        self._replies = replies
        self._histories = HistoryTables(home.store)
        self._versions = VersionTables(home.store)

    def read(self, draft_id: int) -> Card:
        """The card as it is now. Raises ReviewError for an unknown draft."""
        draft = self._replies.drafts.find(draft_id)
        mention = self._listening.mentions.find(draft.mention_id)
        triage = self._listening.mentions.triage_of(draft.mention_id)
        return Card(
            draft=draft,
            mention=mention,
            eligibility=self._replies.sending.eligibility(draft.mention_id),
            decisions=tuple(self._replies.decisions.of_draft(draft_id)),
            reply=self._replies.drafts.reply_to(draft_id),
            why=triage["reason"] if triage else "",
            around=self._read_around(draft),
        )

    def read_labels(self, mention_id: str) -> dict[str, str]:
        """Read the labels of a post."""
        return {row["about"]: row["label"] for row in self._listening.mentions.analyses.findings_of(mention_id)}

    def find_people(self, draft_id: int) -> set[str]:
        """Whoever had to do with a draft, and with the freeze that is on: their ids may be shown as names."""
        tables = self._replies.review_tables
        row = tables.freezes.current() or {}
        people = {row.get("frozen_by", ""), row.get("first_lift_by", "")}
        people |= {decision.decided_by for decision in self._replies.decisions.of_draft(draft_id)}
        people |= {change["done_by"] for change in self._replies.ledger.changes(draft_id)}
        people |= {one.made_by for one in self._versions.list(draft_id)}
        claim = tables.claims.current(draft_id, self._home.clock())
        live = tables.approvals.live(draft_id)
        return people | ({claim.claimed_by} if claim else set()) | ({live.approval.approved_by} if live else set())

    def _read_around(self, draft: Draft) -> Around:
        now = self._home.clock()
        mention = self._listening.mentions.find(draft.mention_id)
        is_pending = draft.status is DraftStatus.PENDING
        tables = self._replies.review_tables
        leaves_at = self._replies.sending.leaves_at(draft.draft_id)
        live: LiveApproval | None = tables.approvals.live(draft.draft_id) if is_pending else None
        return Around(
            labels=tuple(self.read_labels(draft.mention_id).items()),
            history=self._histories.before(mention),
            thread=tables.baselines.thread(draft.mention_id),
            risk=judge_risk(mention.text),
            needs=self._replies.reviewing.find_needs(draft.draft_id, now) if is_pending else None,
            overruled_because=live.overruled_because if live else "",
            claim=tables.claims.current(draft.draft_id, now) if is_pending else None,
            changes=tuple(self._replies.ledger.changes(draft.draft_id)),
            frozen=self._describe_freeze(draft.draft_id) if draft.status in _WAITING else "",
            leaves_at=leaves_at,
            seconds_left=max(0, round((leaves_at - now).total_seconds())) if leaves_at else 0,
            can_delete=self._replies.sending.can_delete(draft.draft_id),
            review_lang=self._home.settings.review_language,
        )

    def _describe_freeze(self, draft_id: int) -> str:
        told = self._replies.freezing.describe()
        return tell_text(told, self.find_people(draft_id)) if told else ""
