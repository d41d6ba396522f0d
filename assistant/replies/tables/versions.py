"""Tables of a draft's versions: the draft is the newest one, and each that was proposed or written stays."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from assistant.core.audit import AuditTables, hash_text
from assistant.core.database import Row, Store, to_text, to_time
from assistant.domain import Citation, Draft, DraftLook, DraftStatus, Sentence, Support
from assistant.errors import ReviewError
from assistant.replies.tables.baselines import BaselineTables

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
                raise ReviewError(f"Draft {seen.draft_id} was changed or decided since you saw it.", hint)
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
