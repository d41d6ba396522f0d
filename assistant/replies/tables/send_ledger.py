"""The send ledger: every try to send a draft, what came of it, what was sent, taken back and deleted, and by whom."""

from collections.abc import Sequence
from datetime import datetime

from assistant.core.audit import AuditTables
from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Attempt, DraftStatus, Reply
from assistant.errors import NetworkError
from assistant.replies.tables.approvals import MAY_LEAVE, ApprovalTables
from assistant.replies.tables.drafts import DraftTables

_TOLD = {DraftStatus.APPROVED: "not-sent"}  # it did not arrive, and may be tried again
_WAITING = (DraftStatus.APPROVED, DraftStatus.UNKNOWN)


class LedgerTables:
    """Each change and the draft's state that goes with it are one transaction."""

    def __init__(self, store: Store, drafts: DraftTables) -> None:
        self._store = store
        self._drafts = drafts
        self._audit = AuditTables(store)

    def claim(self, draft_id: int, send_key: str, now: datetime) -> bool:
        """Take an approved draft for sending and write the attempt down.

        False when it is not approved, when its approval does not count any more, or while replies are frozen.
        """
        with self._store.transaction() as db:
            sql = f"select 1 from drafts where draft_id = ? and {MAY_LEAVE}"
            may_leave = self._store.value(sql, draft_id, to_text(now))
            claimed = bool(may_leave) and self._drafts.move(draft_id, DraftStatus.APPROVED, DraftStatus.SENDING, now)
            if claimed:
                db.execute(
                    "insert into send_attempts (draft_id, send_key, started_at) values (?, ?, ?)",
                    (draft_id, send_key, to_text(now)),
                )
                self._audit.append(now, "", "sending", f"draft:{draft_id}", {"send_key": send_key})
        return claimed

    def attempts(self, draft_id: int) -> list[Row]:
        """Every try to send a draft, oldest first: send_key, started_at and outcome (None while it is under way)."""
        sql = "select send_key, started_at, outcome from send_attempts where draft_id = ? order by id"
        return self._store.rows(sql, draft_id)

    def find_attempt(self, send_key: str) -> Attempt:
        """Find the text for a key. Raises NetworkError for a key that was never tried."""
        row = self._store.row(
            """select d.text, min(a.started_at) as began_at, max(a.started_at) as last_at from send_attempts a
            join drafts d on d.draft_id = a.draft_id where a.send_key = ? group by a.send_key""",
            send_key,
        )
        if row is None:
            raise NetworkError("Nothing was ever sent under this key.", "Look at the post yourself.")
        return Attempt(row["text"], to_time(row["began_at"]), to_time(row["last_at"]))

    def note_doubt(self, draft_id: int, send_key: str) -> None:
        """After a restore the tries since the backup are not known: as if there had been one once it was approved."""
        self._store.change(
            """insert into send_attempts (draft_id, send_key, started_at) select draft_id, ?1, changed_at from drafts
            where draft_id = ?2 and not exists (select 1 from send_attempts where send_key = ?1)""",
            send_key,
            draft_id,
        )

    def end_attempt(
        self,
        draft_id: int,
        to_status: DraftStatus,
        outcome: str,
        now: datetime,
        reply: Reply | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        """Close the attempt of a draft that is being sent, with what came of it and, if it arrived, the reply.

        `retry_at` is the moment before which its network wants no further try.

        Changes nothing when the draft is not being sent any more: a person may have marked it as sent meanwhile.
        """
        with self._store.transaction():
            if self._move_from((DraftStatus.SENDING, DraftStatus.UNKNOWN), draft_id, to_status, now):
                self._close_attempt(draft_id, outcome, to_text(retry_at) if retry_at else "")
                self._audit.append(now, "", _TOLD.get(to_status, to_status), f"draft:{draft_id}")
                if reply is not None:
                    self._add_reply(reply)

    def end_assisted(self, reply: Reply, marked_by: str = "") -> bool:
        """Record that a person sent a draft by hand, or saw it arrive.

        False when it is neither approved nor unknown with exactly the reply's text.
        """
        return self._end_by_hand(reply, reply.text, "marked as sent by a person", marked_by)

    def end_seen(self, reply: Reply, approved_text: str) -> bool:
        """Record our account's reply that was seen on the network; it may say it in other words than were approved.

        False when the draft is neither approved nor unknown with this text any more.
        """
        return self._end_by_hand(reply, approved_text, "seen on the network")

    def undo(self, draft_id: int, undone_by: str, now: datetime) -> bool:
        """Bring an approved draft back to a person; False when it is not approved (any more)."""
        with self._store.transaction():
            undone = self._drafts.move(draft_id, DraftStatus.APPROVED, DraftStatus.PENDING, now)
            if undone:
                ApprovalTables(self._store).end(draft_id, now)
                self._record(draft_id, "undo", undone_by, now)
        return undone

    def note_deleted(self, draft_id: int, deleted_by: str, now: datetime) -> bool:
        """Record that a reply was taken away again; its text stays, with who took it away. False when it was before."""
        with self._store.transaction():
            deleted = self._drafts.move(draft_id, DraftStatus.SENT, DraftStatus.DELETED, now)
            if deleted:
                sql = "update replies set deleted_at = ?, deleted_by = ? where draft_id = ?"
                self._store.change(sql, to_text(now), deleted_by, draft_id)
                self._record(draft_id, "delete", deleted_by, now)
        return deleted

    def changes(self, draft_id: int) -> list[Row]:
        """Return who undid or deleted what, oldest first: action, done_by, done_at."""
        sql = "select action, done_by, done_at from send_changes where draft_id = ? order by id"
        return self._store.rows(sql, draft_id)

    def approved_at(self, draft_id: int) -> datetime | None:
        """Return when the draft was last approved."""
        sql = "select max(decided_at) from decisions where draft_id = ? and action = 'approve'"
        found = self._store.value(sql, draft_id)
        return to_time(found) if found else None

    def replied_at(self, mention_id: str) -> datetime | None:
        """Return when this post was answered by a reply that is still there."""
        sql = "select max(sent_at) from replies where mention_id = ? and deleted_at is null"
        found = self._store.value(sql, mention_id)
        return to_time(found) if found else None

    def doubt_unsent(self, networks: Sequence[str]) -> None:
        """After a restore: what Earshot may have sent since to these networks is looked up before anything leaves."""
        marks = ",".join("?" * len(networks))
        self._store.change(
            "update drafts set status = 'unknown' where status in ('approved', 'sending')"
            f" and mention_id in (select mention_id from mentions where network in ({marks}))",
            *networks,
        )

    def _end_by_hand(self, reply: Reply, approved_text: str, outcome: str, marked_by: str = "") -> bool:
        with self._store.transaction():
            has_text = self._drafts.find(reply.draft_id).text == approved_text
            moved = has_text and self._move_from(_WAITING, reply.draft_id, DraftStatus.SENT, reply.sent_at)
            if moved:
                self._close_attempt(reply.draft_id, outcome)
                self._audit.append(reply.sent_at, marked_by, "sent-by-hand", f"draft:{reply.draft_id}")
                self._add_reply(reply)
        return moved

    def _record(self, draft_id: int, action: str, done_by: str, now: datetime) -> None:
        """The one place through which what a person does to a send is written down, in the same transaction."""
        sql = "insert into send_changes (draft_id, action, done_by, done_at) values (?, ?, ?, ?)"
        self._store.change(sql, draft_id, action, done_by, to_text(now))
        self._audit.append(now, done_by, action, f"draft:{draft_id}")

    def _move_from(
        self, from_statuses: Sequence[DraftStatus], draft_id: int, to_status: DraftStatus, now: datetime
    ) -> bool:
        return any(self._drafts.move(draft_id, from_status, to_status, now) for from_status in from_statuses)

    def find_barrier(self, network: str, now: datetime) -> tuple[str, datetime] | None:
        """What a network said when it wanted no further try, and until when; None where it may be asked."""
        row = self._store.row(
            """select a.outcome, a.detail from send_attempts a join drafts d on d.draft_id = a.draft_id
            join mentions m on m.mention_id = d.mention_id where m.network = ? and a.detail > ?
            order by a.detail desc limit 1""",
            network,
            to_text(now),
        )
        return (row["outcome"], to_time(row["detail"])) if row else None

    def _close_attempt(self, draft_id: int, outcome: str, detail: str = "") -> None:
        latest = "(select max(id) from send_attempts where draft_id = ?)"
        sql = f"update send_attempts set outcome = ?, detail = ? where id = {latest}"
        self._store.change(sql, outcome, detail, draft_id)

    def _add_reply(self, reply: Reply) -> None:
        self._store.change(
            """insert or ignore into replies (draft_id, mention_id, network, external_id, text, url, how, sent_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)""",
            *(reply.draft_id, reply.mention_id, reply.network, reply.external_id, reply.text, reply.url, reply.how),
            to_text(reply.sent_at),
        )
