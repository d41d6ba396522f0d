"""Tables of replies: drafts, the decisions on them, and what was sent."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from assistant.domain import Citation, Decision, DecisionAction, Draft, DraftStatus, Reply, Sentence, Support
from assistant.errors import ReviewError
from assistant.store.database import Row, Store, to_text, to_time

_COLUMNS = "draft_id, mention_id, text, status, sentences, citations, writer, prompt_version, created_at, note"
_LIVE = ("pending", "approved", "sending", "sent", "unknown")


class DraftTables:
    """Every change of a Draft's state is one SQL update that names the state it must be in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, draft: Draft) -> int:
        """Keep a new pending draft and return its id; the id of the mention's live draft when there is one already.

        Raises ReviewError when the mention was removed while the draft was made.
        """
        with self._store.transaction() as db:
            self._refuse_removed(draft.mention_id)
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
            return int(cursor.lastrowid or 0)

    def _refuse_removed(self, mention_id: str) -> None:
        if self._store.value("select removed_at from mentions where mention_id = ?", mention_id):
            raise ReviewError(f"The post {mention_id} was removed.", "There is nobody to answer.")

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
        return _to_draft(row)

    def list_with_status(self, statuses: Sequence[DraftStatus]) -> list[Draft]:
        """The drafts in these states, oldest first."""
        marks = ",".join("?" * len(statuses))
        sql = f"select {_COLUMNS} from drafts where status in ({marks}) order by draft_id"
        return [_to_draft(row) for row in self._store.rows(sql, *statuses)]

    def decide(self, decision: Decision, seen_text: str, to_status: DraftStatus, sentences: str | None = None) -> bool:
        """Record a decision if the draft is still pending with the text the person saw; False when it is not.

        An edit takes the note away with the text that it was about.
        """
        is_edit = decision.action is DecisionAction.EDIT
        with self._store.transaction() as db:
            changed = db.execute(
                "update drafts set status = ?, text = ?, sentences = coalesce(?, sentences),"
                " note = iif(?, '', note), changed_at = ? where draft_id = ? and status = 'pending' and text = ?",
                (
                    to_status,
                    decision.text,
                    sentences,
                    is_edit,
                    to_text(decision.decided_at),
                    decision.draft_id,
                    seen_text,
                ),
            ).rowcount
            if changed:
                db.execute(
                    "insert into decisions (draft_id, action, decided_by, decided_at, text, reason)"
                    " values (?, ?, ?, ?, ?, ?)",
                    (
                        decision.draft_id,
                        decision.action,
                        decision.decided_by,
                        to_text(decision.decided_at),
                        decision.text,
                        decision.reason,
                    ),
                )
        return bool(changed)

    def decisions(self, draft_id: int) -> list[Decision]:
        """Every decision on a draft, oldest first."""
        rows = self._store.rows("select * from decisions where draft_id = ? order by id", draft_id)
        return [
            Decision(
                draft_id=row["draft_id"],
                action=DecisionAction(row["action"]),
                decided_by=row["decided_by"],
                decided_at=to_time(row["decided_at"]),
                text=row["text"],
                reason=row["reason"],
            )
            for row in rows
        ]

    def move(self, draft_id: int, from_status: DraftStatus, to_status: DraftStatus, now: datetime) -> bool:
        """Change a draft's state if it is in `from_status`."""
        sql = "update drafts set status = ?, changed_at = ? where draft_id = ? and status = ?"
        return bool(self._store.change(sql, to_status, to_text(now), draft_id, from_status))

    def reply_to(self, draft_id: int) -> Reply | None:
        """What was sent for a draft, if it was."""
        row = self._store.row("select * from replies where draft_id = ?", draft_id)
        return to_reply(row) if row else None

    def card(self, draft_id: int) -> Row | None:
        """Where in Slack the draft's card stands."""
        return self._store.row("select channel, ts from cards where draft_id = ?", draft_id)

    def add_card(self, draft_id: int, channel: str, ts: str) -> None:
        """Remember where the draft's card stands."""
        self._store.change("insert or replace into cards values (?, ?, ?)", draft_id, channel, ts)

    def cards_of_removed(self) -> list[int]:
        """Drafts whose card still shows a post that was removed, and that nothing more will happen to."""
        rows = self._store.rows(
            """select c.draft_id from cards c join drafts d on d.draft_id = c.draft_id
            join mentions m on m.mention_id = d.mention_id where m.removed_at is not null
            and d.status in ('sent', 'rejected', 'stale', 'blocked', 'failed') order by 1"""
        )
        return [row["draft_id"] for row in rows]

    def forget_card(self, draft_id: int) -> None:
        """The draft's card shows nothing any more that could change."""
        self._store.change("delete from cards where draft_id = ?", draft_id)

    def without_card(self) -> list[int]:
        """Pending drafts that no card shows yet."""
        sql = "select draft_id from drafts where status = 'pending' and draft_id not in (select draft_id from cards)"
        return [row["draft_id"] for row in self._store.rows(f"{sql} order by draft_id")]


def to_json(sentences: Sequence[Sentence], citations: Sequence[Citation]) -> tuple[str, str]:
    """Sentences and citations as they are kept."""
    return json.dumps([asdict(s) for s in sentences]), json.dumps([asdict(c) for c in citations])


def to_reply(row: Row) -> Reply:
    """A row of replies as the noun."""
    deleted_at = to_time(row["deleted_at"]) if row["deleted_at"] else None
    return Reply(**{**row, "sent_at": to_time(row["sent_at"]), "deleted_at": deleted_at})


def _to_draft(row: Row) -> Draft:
    return Draft(
        draft_id=row["draft_id"],
        mention_id=row["mention_id"],
        text=row["text"],
        status=DraftStatus(row["status"]),
        sentences=tuple(
            Sentence(s["text"], Support(s["support"]), tuple(s["citations"])) for s in json.loads(row["sentences"])
        ),
        citations=tuple(Citation(**c) for c in json.loads(row["citations"])),
        writer=row["writer"],
        prompt_version=row["prompt_version"],
        created_at=to_time(row["created_at"]),
        note=row["note"],
    )
