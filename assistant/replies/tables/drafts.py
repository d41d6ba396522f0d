"""Tables of drafts, and of what was sent for them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Citation, Draft, DraftStatus, Reply, Sentence
from assistant.errors import ReviewError
from assistant.replies.tables.baselines import BaselineTables
from assistant.replies.tables.decisions import DecisionTables
from assistant.replies.tables.versions import EXTRAS, VersionTables, to_draft

_COLUMNS = (
    f"draft_id, mention_id, text, status, sentences, citations, writer, prompt_version, created_at, note, {EXTRAS}"
)
_LIVE = ("pending", "approved", "sending", "sent", "unknown")


class DraftTables:
    """Every change of a Draft's state is one SQL update that names the state it must be in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, draft: Draft) -> int:
        """Keep a new pending draft and return its id; the id of the mention's live draft when there is one already.

        Raises ReviewError when the mention was removed while the draft was made, or is not ours to answer.
        """
        with self._store.transaction() as db:
            self._refuse_unwanted(draft.mention_id)
            live = self.live_draft_id(draft.mention_id)
            if live is not None:
                return live
            sentences, citations = to_json(draft.sentences, draft.citations)
            cursor = db.execute(
                "insert into drafts (mention_id, text, status, sentences, citations, writer, prompt_version, note,"
                " created_at, changed_at) values (?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?)",
                (
                    draft.mention_id,
                    draft.text,
                    sentences,
                    citations,
                    draft.writer,
                    draft.prompt_version,
                    draft.note,
                    to_text(draft.created_at),
                    to_text(draft.created_at),
                ),
            )
            draft_id = int(cursor.lastrowid or 0)
            BaselineTables(self._store).keep(draft_id, draft.mention_id, draft.citations)
            VersionTables(self._store).begin(draft_id, draft)
            return draft_id

    def _refuse_unwanted(self, mention_id: str) -> None:
        if self._store.value("select removed_at from mentions where mention_id = ?", mention_id):
            raise ReviewError(f"The post {mention_id} was removed.", "There is nobody to answer.")
        not_ours = DecisionTables(self._store).not_ours(mention_id)
        if not_ours:
            because = f": {not_ours['reason']}" if not_ours["reason"] else "."
            hint = f"It may be answered again after: earshot review ours {mention_id}"
            raise ReviewError(f"{not_ours['decided_by']} said that {mention_id} is not ours to answer{because}", hint)

    def live_draft_id(self, mention_id: str) -> int | None:
        """The id of the mention's live draft, if any."""
        marks = ",".join("?" * len(_LIVE))
        sql = f"select draft_id from drafts where mention_id = ? and status in ({marks})"
        value = self._store.value(sql, mention_id, *_LIVE)
        return None if value is None else int(value)

    def find(self, draft_id: int) -> Draft:
        """A draft by its id. Raises ReviewError when there is none."""
        row = self._store.row(f"select {_COLUMNS} from drafts where draft_id = ?", draft_id)
        if row is None:
            raise ReviewError(f"There is no draft {draft_id}.", "earshot review list shows the open ones.")
        return to_draft(row)

    def list_with_status(self, statuses: Sequence[DraftStatus]) -> list[Draft]:
        """The drafts in these states, oldest first."""
        marks = ",".join("?" * len(statuses))
        sql = f"select {_COLUMNS} from drafts where status in ({marks}) order by draft_id"
        return [to_draft(row) for row in self._store.rows(sql, *statuses)]

    def move(self, draft_id: int, from_status: DraftStatus, to_status: DraftStatus, now: datetime) -> bool:
        """Change a draft's state if it is in `from_status`."""
        sql = "update drafts set status = ?, changed_at = ? where draft_id = ? and status = ?"
        return bool(self._store.change(sql, to_status, to_text(now), draft_id, from_status))

    def make_stale(self, draft_id: int, note: str, now: datetime) -> bool:
        """What waits, or waits to be sent, is no longer wanted; False when it is in no such state any more."""
        return self._note_move(draft_id, "status in ('pending', 'approved')", DraftStatus.STALE, note, now)

    def withdraw(self, draft_id: int, note: str, now: datetime) -> bool:
        """An approved draft waits for a decision again; False when it is not approved any more."""
        return self._note_move(draft_id, "status = 'approved'", DraftStatus.PENDING, note, now)

    def _note_move(self, draft_id: int, condition: str, to_status: DraftStatus, note: str, now: datetime) -> bool:
        sql = "update drafts set status = ?, note = trim(? || ' ' || note), changed_at = ? where draft_id = ?"
        return bool(self._store.change(f"{sql} and {condition}", to_status, note, to_text(now), draft_id))

    def reply_to(self, draft_id: int) -> Reply | None:
        """What was sent for a draft, if it was."""
        row = self._store.row("select * from replies where draft_id = ?", draft_id)
        return to_reply(row) if row else None


def to_json(sentences: Sequence[Sentence], citations: Sequence[Citation]) -> tuple[str, str]:
    """Sentences and citations as they are kept."""
    return json.dumps([asdict(s) for s in sentences]), json.dumps([asdict(c) for c in citations])


def to_reply(row: Row) -> Reply:
    """A row of replies as the noun."""
    deleted_at = to_time(row["deleted_at"]) if row["deleted_at"] else None
    return Reply(**{**row, "sent_at": to_time(row["sent_at"]), "deleted_at": deleted_at})
