"""Tables of drafts, and of what was sent for them.

Tables of a draft's versions: the draft is the newest one, and each that was proposed or written stays.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from assistant.core.audit import AuditTables, hash_text
from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Citation, Draft, DraftLook, DraftStatus, Reply, Sentence, Support
from assistant.errors import ReviewError
from assistant.replies.tables.baselines import BaselineTables
from assistant.replies.tables.decisions import DecisionTables

EXTRAS = "version, look, missing, no_reply_reason, lang, back_translation"
_CONTENT = (
    "text, sentences, citations, writer, prompt_version, note, look, missing, no_reply_reason, lang, back_translation"
)
_MACHINE = "earshot"


@dataclass(frozen=True)
class DraftVersion:
    """One version of a draft: what was asked for (empty for the first), by whom, and when."""

    draft: Draft
    instruction: str
    made_by: str
    made_at: datetime


class VersionTables:
    """Adds versions; the draft's own row always holds the newest one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, draft_id: int, draft: Draft) -> None:
        """Keep a new draft as its first version; within the transaction that adds it."""
        first = replace(draft, draft_id=draft_id, version=1)
        self._write(first)
        self._add(first, "", _MACHINE, draft.created_at)

    def put(self, draft: Draft, seen: Draft, instruction: str, made_by: str, now: datetime) -> Draft:
        """Put a new version in place of `seen`. Raises ReviewError when that is not what is pending any more."""
        with self._store.transaction():
            live = self._live(seen.draft_id)
            if live is None or (live.text, live.version) != (seen.text, seen.version):
                hint = "Read it first: earshot review show"
                raise ReviewError(
                    f"Draft {seen.draft_id} was changed or decided since you saw it.",
                    hint,
                    in_slack="See the card for its current state.",
                )
            number = self._keep_edit(live) + 1
            newest = replace(draft, draft_id=seen.draft_id, version=number)
            self._write(newest)
            BaselineTables(self._store).keep(seen.draft_id, draft.mention_id, draft.citations)
            sql = "update drafts set changed_at = ? where draft_id = ?"
            self._store.change(sql, to_text(now), seen.draft_id)
            self._add(newest, instruction, made_by, now)
            self._record(newest, seen, instruction, made_by, now)
        return newest

    def list(self, draft_id: int) -> list[DraftVersion]:
        """All versions of a draft, oldest first."""
        rows = self._store.rows(
            """select v.*, d.mention_id, d.status, d.created_at from draft_versions v
            join drafts d on d.draft_id = v.draft_id where v.draft_id = ? order by v.version""",
            draft_id,
        )
        return [
            DraftVersion(to_draft(row), row["instruction"], row["made_by"], to_time(row["made_at"])) for row in rows
        ]

    def _record(self, newest: Draft, seen: Draft, instruction: str, made_by: str, now: datetime) -> None:
        details = {
            "version": newest.version,
            "instruction_hash": hash_text(instruction),
            "before_hash": hash_text(seen.text),
            "after_hash": hash_text(newest.text),
        }
        AuditTables(self._store).append(now, made_by, "version", f"draft:{newest.draft_id}", details)

    def _live(self, draft_id: int) -> Draft | None:
        row = self._store.row("select * from drafts where draft_id = ? and status = 'pending'", draft_id)
        return to_draft(row) if row else None

    def _keep_edit(self, live: Draft) -> int:
        """What a person wrote into the draft is a version too; returns the number of the last one."""
        sql = "select version, text from draft_versions where draft_id = ? order by version desc limit 1"
        last = self._store.row(sql, live.draft_id)
        if last and last["text"] == live.text:
            return int(last["version"])
        number = int(last["version"]) + 1 if last else 1
        edits = "decisions where draft_id = ? and action = 'edit' order by id desc limit 1"
        edit = self._store.row(f"select decided_by, decided_at from {edits}", live.draft_id)
        who, when = (edit["decided_by"], to_time(edit["decided_at"])) if edit else (_MACHINE, live.created_at)
        self._add(replace(live, version=number), "edited by hand" if edit else "", who, when)
        return number

    def _write(self, draft: Draft) -> None:
        values = {**_to_values(draft), "version": draft.version}
        columns = ", ".join(f"{name} = ?" for name in values)
        self._store.change(f"update drafts set {columns} where draft_id = ?", *values.values(), draft.draft_id)

    def _add(self, draft: Draft, instruction: str, made_by: str, made_at: datetime) -> None:
        values = _to_values(draft)
        self._store.change(
            f"insert into draft_versions (draft_id, version, {', '.join(values)}, instruction, made_by, made_at)"
            f" values ({', '.join('?' * (len(values) + 5))})",
            *(draft.draft_id, draft.version, *values.values(), instruction, made_by, to_text(made_at)),
        )


def to_draft(row: Row) -> Draft:
    """A row of drafts, or of draft_versions joined with it, as a Draft."""
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
        look=DraftLook(row["look"]),
        missing=row["missing"],
        no_reply_reason=row["no_reply_reason"],
        lang=row["lang"],
        back_translation=row["back_translation"],
        version=row["version"],
    )


def _to_values(draft: Draft) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(draft, name) for name in _CONTENT.split(", ")}
    values["sentences"] = json.dumps([asdict(sentence) for sentence in draft.sentences])
    values["citations"] = json.dumps([asdict(citation) for citation in draft.citations])
    return values


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
            raise ReviewError(
                f"{not_ours['decided_by']} said that {mention_id} is not ours to answer{because}",
                hint,
                in_slack="“It is ours after all” on its card takes that back.",
            )

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
            raise ReviewError(f"There is no draft {draft_id}.", "earshot review list shows the open ones.", in_slack="")
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
        """Make a draft stale that waits for a decision or to be sent; return False for any other."""
        return self._note_move(draft_id, "status in ('pending', 'approved')", DraftStatus.STALE, note, now)

    def withdraw(self, draft_id: int, note: str, now: datetime) -> bool:
        """An approved draft waits for a decision again; False when it is not approved any more."""
        return self._note_move(draft_id, "status = 'approved'", DraftStatus.PENDING, note, now)

    def _note_move(self, draft_id: int, condition: str, to_status: DraftStatus, note: str, now: datetime) -> bool:
        sql = "update drafts set status = ?, note = trim(? || ' ' || note), changed_at = ? where draft_id = ?"
        return bool(self._store.change(f"{sql} and {condition}", to_status, note, to_text(now), draft_id))

    def reply_to(self, draft_id: int) -> Reply | None:
        """Return the reply that was sent for a draft, if any."""
        row = self._store.row("select * from replies where draft_id = ?", draft_id)
        return to_reply(row) if row else None


def to_json(sentences: Sequence[Sentence], citations: Sequence[Citation]) -> tuple[str, str]:
    """Sentences and citations as they are kept."""
    return json.dumps([asdict(s) for s in sentences]), json.dumps([asdict(c) for c in citations])


def to_reply(row: Row) -> Reply:
    """A row of replies as the noun."""
    deleted_at = to_time(row["deleted_at"]) if row["deleted_at"] else None
    return Reply(**{**row, "sent_at": to_time(row["sent_at"]), "deleted_at": deleted_at})
