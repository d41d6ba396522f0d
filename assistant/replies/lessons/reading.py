"""Rows of decided drafts as Decided; those that teach nothing are left out."""

from collections.abc import Iterable, Iterator

from assistant.core.database import Row
from assistant.domain import DraftStatus, Urgency
from assistant.replies.lessons.decided import Decided
from assistant.replies.lessons.differences import read_refusal
from assistant.replies.tables.versions import to_draft

_NOT_OURS = "not-ours"


def read_decided(rows: Iterable[Row]) -> Iterator[Decided]:
    """What people approved, or refused to answer; a draft that was only bad says nothing of how a good one reads."""
    for row in rows:
        refusal = _read_refusal(row)
        if row["status"] != DraftStatus.REJECTED or refusal:
            yield _to_decided(row, refusal)


def _read_refusal(row: Row) -> str:
    """Why nobody should reply, by name; empty where it was approved, or rejected for what it said."""
    if row["status"] != DraftStatus.REJECTED:
        return ""
    action, _, reason = (row["refusal"] or "").partition(" ")
    if action == _NOT_OURS:
        return read_refusal(reason) or "not ours"
    agreed = row["no_reply_reason"].partition(":")[0].strip()
    return agreed or read_refusal(reason)


def _to_decided(row: Row, refusal: str) -> Decided:
    return Decided(
        draft=to_draft(row),
        author=row["author"],
        network=row["network"].partition(":")[0],
        intent=row["intent"],
        is_question=bool(row["is_question"]),
        is_urgent=row["urgency"] == Urgency.HIGH,
        final="" if refusal else row["final"],
        refusal=refusal,
        unasked=row["unasked"] or "",
        edited_by=row["edited_by"] or "",
    )
