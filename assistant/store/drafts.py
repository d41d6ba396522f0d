"""Tables of replies: drafts, the send ledger and what was sent."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from assistant.domain import Citation, Draft, DraftStatus, Reply, Sentence, Support
from assistant.errors import ReviewError
from assistant.store.approvals import MAY_LEAVE
from assistant.store.baselines import BaselineTables
from assistant.store.database import Row, Store, to_text, to_time
from assistant.store.decisions import DecisionTables

_COLUMNS = "draft_id, mention_id, text, status, sentences, citations, writer, prompt_version, created_at, note"
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
        return _to_draft(row)

    def list_with_status(self, statuses: Sequence[DraftStatus]) -> list[Draft]:
        """The drafts in these states, oldest first."""
        marks = ",".join("?" * len(statuses))
        sql = f"select {_COLUMNS} from drafts where status in ({marks}) order by draft_id"
        return [_to_draft(row) for row in self._store.rows(sql, *statuses)]

    def claim_send(self, draft_id: int, send_key: str, now: datetime) -> bool:
        """Take an approved draft for sending and write the attempt down.

        False when it is not approved, when its approval does not count any more, or while replies are frozen.
        """
        with self._store.transaction() as db:
            may_leave = self._store.value(
                f"select 1 from drafts where draft_id = ? and {MAY_LEAVE}", draft_id, to_text(now)
            )
            claimed = bool(may_leave) and self.move(draft_id, DraftStatus.APPROVED, DraftStatus.SENDING, now)
            if claimed:
                db.execute(
                    "insert into send_attempts (draft_id, send_key, started_at) values (?, ?, ?)",
                    (draft_id, send_key, to_text(now)),
                )
        return claimed

    def attempts(self, draft_id: int) -> list[Row]:
        """Every try to send a draft, oldest first: send_key, started_at and outcome (None while it is under way)."""
        sql = "select send_key, started_at, outcome from send_attempts where draft_id = ? order by id"
        return self._store.rows(sql, draft_id)

    def end_attempt(
        self, draft_id: int, to_status: DraftStatus, outcome: str, now: datetime, reply: Reply | None = None
    ) -> None:
        """Close the attempt of a draft that is being sent, with what came of it and, if it arrived, the reply.

        Changes nothing when the draft is not being sent any more: a person may have marked it as sent meanwhile.
        """
        with self._store.transaction():
            if self._move_from((DraftStatus.SENDING, DraftStatus.UNKNOWN), draft_id, to_status, now):
                self._close_attempt(draft_id, outcome)
                if reply is not None:
                    self._add_reply(reply)

    def end_assisted(self, reply: Reply) -> bool:
        """Record that a person sent a draft by hand, or saw it arrive.

        False when it is neither approved nor unknown with exactly the reply's text.
        """
        with self._store.transaction():
            has_text = self.find(reply.draft_id).text == reply.text
            waiting = (DraftStatus.APPROVED, DraftStatus.UNKNOWN)
            moved = has_text and self._move_from(waiting, reply.draft_id, DraftStatus.SENT, reply.sent_at)
            if moved:
                self._close_attempt(reply.draft_id, "marked as sent by a person")
                self._add_reply(reply)
        return moved

    def _move_from(
        self, from_statuses: Sequence[DraftStatus], draft_id: int, to_status: DraftStatus, now: datetime
    ) -> bool:
        return any(self.move(draft_id, from_status, to_status, now) for from_status in from_statuses)

    def _close_attempt(self, draft_id: int, outcome: str) -> None:
        latest = "(select max(id) from send_attempts where draft_id = ?)"
        self._store.change(f"update send_attempts set outcome = ? where id = {latest}", outcome, draft_id)

    def _add_reply(self, reply: Reply) -> None:
        row = {**asdict(reply), "sent_at": to_text(reply.sent_at)}
        marks = ", ".join("?" * len(row))
        self._store.change(f"insert or ignore into replies ({', '.join(row)}) values ({marks})", *row.values())

    def doubt_unsent(self, networks: Sequence[str]) -> None:
        """After a restore: what Earshot may have sent since to these networks is looked up before anything leaves."""
        marks = ",".join("?" * len(networks))
        self._store.change(
            "update drafts set status = 'unknown' where status in ('approved', 'sending')"
            f" and mention_id in (select mention_id from mentions where network in ({marks}))",
            *networks,
        )

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
        return Reply(**{**row, "sent_at": to_time(row["sent_at"])}) if row else None


def to_json(sentences: Sequence[Sentence], citations: Sequence[Citation]) -> tuple[str, str]:
    """Sentences and citations as they are kept."""
    return json.dumps([asdict(s) for s in sentences]), json.dumps([asdict(c) for c in citations])


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
