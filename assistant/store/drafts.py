"""Tables of replies: drafts, the decisions on them, the send ledger and what was sent."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from assistant.domain import Citation, Decision, DecisionAction, Draft, DraftStatus, Reply, Sentence
from assistant.errors import ReviewError
from assistant.store.database import Row, Store, to_text, to_time
from assistant.store.versions import EXTRAS, VersionTables, to_draft

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
            draft_id = int(cursor.lastrowid or 0)
            VersionTables(self._store).begin(draft_id, draft)
            return draft_id

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
        return to_draft(row)

    def list_with_status(self, statuses: Sequence[DraftStatus]) -> list[Draft]:
        """The drafts in these states, oldest first."""
        marks = ",".join("?" * len(statuses))
        sql = f"select {_COLUMNS} from drafts where status in ({marks}) order by draft_id"
        return [to_draft(row) for row in self._store.rows(sql, *statuses)]

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

    def claim_send(self, draft_id: int, send_key: str, now: datetime) -> bool:
        """Take an approved draft for sending and write the attempt down; False when it is not approved."""
        with self._store.transaction() as db:
            claimed = self.move(draft_id, DraftStatus.APPROVED, DraftStatus.SENDING, now)
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

    def reply_to(self, draft_id: int) -> Reply | None:
        """What was sent for a draft, if it was."""
        row = self._store.row("select * from replies where draft_id = ?", draft_id)
        return Reply(**{**row, "sent_at": to_time(row["sent_at"])}) if row else None

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
