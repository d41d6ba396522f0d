"""Tables of decisions: what people decided on drafts, how they edited them, and which posts are not ours to answer."""

from dataclasses import dataclass
from datetime import datetime

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Decision, DecisionAction, Draft, DraftLook, DraftStatus


@dataclass(frozen=True)
class Edit:
    """One edit of a draft's text; the distances run from 0 (the same) to 1 (nothing is left)."""

    draft_id: int
    edited_by: str
    edited_at: datetime
    before: str
    after: str
    character_distance: float
    word_distance: float


class DecisionTables:
    """Every decision is one SQL update that names the state and the text it is about."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def decide(
        self, decision: Decision, seen_text: str, to_status: DraftStatus, edited: tuple[str, str] | None = None
    ) -> bool:
        """Record a decision if the draft is still pending with the text the person saw; False when it is not.

        `edited` are the sentences and citations of an edit, which takes away what was said about the old text.
        """
        sentences, citations = edited or (None, None)
        with self._store.transaction():
            changed = self._store.change(
                "update drafts set status = ?, text = ?, sentences = coalesce(?, sentences),"
                " citations = coalesce(?, citations), note = iif(?, '', note), missing = iif(?, '', missing),"
                " look = iif(?, ?, look), changed_at = ? where draft_id = ? and status = 'pending' and text = ?",
                to_status,
                decision.text,
                sentences,
                citations,
                *(edited is not None,) * 3,
                DraftLook.READY,
                to_text(decision.decided_at),
                decision.draft_id,
                seen_text,
            )
            if changed:
                self._add(decision)
        return bool(changed)

    def add_reason(self, draft: Draft, reason: str) -> bool:
        """Put a reason to the draft's last decision, and to the post that is not ours; False where there is one."""
        last = "(select max(id) from decisions where draft_id = ?)"
        changed = self._store.change(
            f"update decisions set reason = ? where id = {last} and reason = ''", reason, draft.draft_id
        )
        if changed:
            sql = "update not_ours set reason = ? where mention_id = ? and reason = ''"
            self._store.change(sql, reason, draft.mention_id)
        return bool(changed)

    def of_draft(self, draft_id: int) -> list[Decision]:
        """Every decision on a draft, oldest first."""
        return [
            _to_decision(r)
            for r in self._store.rows("select * from decisions where draft_id = ? order by id", draft_id)
        ]

    def add_edit(self, edit: Edit) -> None:
        """Keep what a person changed beside the draft."""
        self._store.change(
            """insert into edits (draft_id, edited_by, edited_at, before, after, character_distance, word_distance)
            values (?, ?, ?, ?, ?, ?, ?)""",
            edit.draft_id,
            edit.edited_by,
            to_text(edit.edited_at),
            edit.before,
            edit.after,
            edit.character_distance,
            edit.word_distance,
        )

    def edits(self, draft_id: int) -> list[Edit]:
        """Every edit of a draft, oldest first."""
        rows = self._store.rows("select * from edits where draft_id = ? order by id", draft_id)
        return [Edit(**{**_without_id(row), "edited_at": to_time(row["edited_at"])}) for row in rows]

    def set_not_ours(self, mention_id: str, user: str, reason: str, now: datetime) -> None:
        """The post is not ours to answer: no draft is made for it any more."""
        sql = "insert or replace into not_ours values (?, ?, ?, ?)"
        self._store.change(sql, mention_id, user, to_text(now), reason)

    def unset_not_ours(self, mention_id: str) -> bool:
        """The post may be answered again; False when nobody said otherwise."""
        return bool(self._store.change("delete from not_ours where mention_id = ?", mention_id))

    def not_ours(self, mention_id: str) -> Row | None:
        """Return who said that a post is not ours, when and why."""
        return self._store.row("select decided_by, decided_at, reason from not_ours where mention_id = ?", mention_id)

    def note_answered(self, mention_id: str, now: datetime) -> None:
        """Our own account answered the post without Earshot: no draft is made for it by itself any more."""
        self._store.change("insert or ignore into answered values (?, ?)", mention_id, to_text(now))

    def count_not_ours(self, start_at: datetime, end_at: datetime) -> list[Row]:
        """By triage's reason, numbers left out: how many posts were triaged to a reply, and how many are not ours."""
        return self._store.rows(
            """select case when instr(a.reason, ' (') then substr(a.reason, 1, instr(a.reason, ' (') - 1) || '.'
            else a.reason end as reason, count(*) as posts, count(n.mention_id) as not_ours
            from analyses a join mentions m on m.mention_id = a.mention_id
            left join not_ours n on n.mention_id = a.mention_id
            where a.action = 'reply' and m.created_at >= ? and m.created_at < ? and m.removed_at is null
            group by 1 order by 3 desc, 2 desc, 1""",
            to_text(start_at),
            to_text(end_at),
        )

    def _add(self, decision: Decision) -> None:
        self._store.change(
            "insert into decisions (draft_id, action, decided_by, decided_at, text, reason) values (?, ?, ?, ?, ?, ?)",
            decision.draft_id,
            decision.action,
            decision.decided_by,
            to_text(decision.decided_at),
            decision.text,
            decision.reason,
        )


def _to_decision(row: Row) -> Decision:
    return Decision(
        draft_id=row["draft_id"],
        action=DecisionAction(row["action"]),
        decided_by=row["decided_by"],
        decided_at=to_time(row["decided_at"]),
        text=row["text"],
        reason=row["reason"],
    )


def _without_id(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "id"}
