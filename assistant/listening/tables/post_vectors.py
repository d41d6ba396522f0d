"""Tables of the mentions that have a vector: its number, and its month's collection."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from assistant.core.database import Store, to_text
from assistant.domain import Mention
from assistant.listening.tables.posts import MENTION_COLUMNS, to_mention


class MentionVectorTables:
    """Keeps the vectors' numbers; triggers mark those whose post was edited, removed or deleted as outdated."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def number(self, mentions: Sequence[Mention]) -> dict[str, int]:
        """A number for each mention, by its id; the same mention keeps its number."""
        rows = [(mention.mention_id, find_month(mention.created_at)) for mention in mentions]
        self._store.change_many("insert or ignore into mention_vectors (mention_id, month) values (?, ?)", rows)
        marks = ",".join("?" * len(mentions))
        sql = f"select mention_id, number from mention_vectors where mention_id in ({marks})"
        found = self._store.rows(sql, *(mention.mention_id for mention in mentions))
        return {row["mention_id"]: row["number"] for row in found}

    def mark_kept(self, numbers: Sequence[int]) -> None:
        """These are among the vectors; those whose post was removed meanwhile are outdated at once."""
        self._store.change_many(
            """update mention_vectors set is_kept = 1, is_outdated = not exists (select 1 from mentions m
            where m.mention_id = mention_vectors.mention_id and m.removed_at is null) where number = ?""",
            [(n,) for n in numbers],
        )

    def without_vectors(self, limit: int) -> list[Mention]:
        """The oldest mentions that have text and no vector yet."""
        rows = self._store.rows(
            f"""select {MENTION_COLUMNS} from mentions m where removed_at is null and not exists
            (select 1 from mention_vectors v where v.mention_id = m.mention_id and v.is_kept)
            order by m.rowid limit ?""",
            limit,
        )
        return [to_mention(row) for row in rows]

    def outdated(self) -> dict[str, list[int]]:
        """Numbers that the vectors should forget, by month."""
        found: dict[str, list[int]] = {}
        for row in self._store.rows("select month, number from mention_vectors where is_outdated"):
            found.setdefault(row["month"], []).append(row["number"])
        return found

    def forget(self, numbers: Sequence[int]) -> None:
        """The vectors have forgotten these."""
        self._store.change_many("delete from mention_vectors where number = ?", [(n,) for n in numbers])

    def forget_all(self) -> list[str]:
        """No mention has a vector any more; returns the months that had some."""
        months = [row["month"] for row in self._store.rows("select distinct month from mention_vectors")]
        self._store.change("delete from mention_vectors")
        return months

    def months(self) -> list[str]:
        """The months that have vectors, the newest first."""
        sql = "select distinct month from mention_vectors where is_kept order by 1 desc"
        return [row["month"] for row in self._store.rows(sql)]

    def young(self, month: str, since: datetime, limit: int) -> list[int]:
        """The numbers of a month's mentions that were written at or after `since`, at most `limit`."""
        rows = self._store.rows(
            """select v.number from mentions m join mention_vectors v on v.mention_id = m.mention_id
            where m.created_at >= ? and v.month = ? and v.is_kept limit ?""",
            to_text(since),
            month,
            limit,
        )
        return [row["number"] for row in rows]

    def places(self, mention_ids: Sequence[str]) -> dict[str, tuple[int, str]]:
        """Number and month of those mentions that have a vector and are still there."""
        rows = self._store.rows(
            """select mention_id, number, month from mention_vectors where is_kept and not is_outdated
            and mention_id in (select value from json_each(?))""",
            json.dumps(list(mention_ids)),
        )
        return {row["mention_id"]: (row["number"], row["month"]) for row in rows}

    def mentions(self, numbers: Sequence[int]) -> dict[int, Mention]:
        """The mentions with these numbers, those that are still there."""
        marks = ",".join("?" * len(numbers))
        columns = MENTION_COLUMNS.replace("mention_id", "m.mention_id", 1)
        rows = self._store.rows(
            f"""select v.number, {columns} from mention_vectors v join mentions m on m.mention_id = v.mention_id
            where v.number in ({marks}) and not v.is_outdated and m.removed_at is null""",
            *numbers,
        )
        return {row.pop("number"): to_mention(row) for row in rows}


def find_month(moment: datetime) -> str:
    """The month in which this moment lies, in UTC: `2026-11`."""
    in_utc = moment.astimezone(UTC)
    return f"{in_utc.year:04d}-{in_utc.month:02d}"
