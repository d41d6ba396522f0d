"""Tables of what people put right, and of how often the chat model was asked about posts."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from assistant.core.database import Store, to_text, to_time
from assistant.domain import About, Correction

_PERSON = "person"


class CorrectionTables:
    """Reads and writes corrections; nothing is overwritten, the last word on a mention counts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, mention_id: str, labels: Mapping[About, str], corrected_by: str, now: datetime) -> None:
        """Keep what a person said, and show it at once where the mention was analysed already."""
        with self._store.transaction() as db:
            for about, label in labels.items():
                db.execute(
                    "insert into corrections values (null, ?, ?, ?, ?, ?)",
                    (mention_id, about, label, corrected_by, to_text(now)),
                )
                db.execute(
                    """insert into findings select mention_id, ?, ?, 1, ?, 'A person said so.' from analyses
                    where mention_id = ? on conflict do update set label = excluded.label, confidence = 1,
                    version = excluded.version, reason = excluded.reason""",
                    (about, label, _PERSON, mention_id),
                )
                if about is About.SENTIMENT:
                    db.execute("update analyses set sentiment = ? where mention_id = ?", (label, mention_id))

    def all(self) -> tuple[list[Correction], list[str]]:
        """Every correction that counts, oldest first, and the text of each one's mention."""
        rows = self._store.rows(
            """select c.mention_id, c.about, c.label, c.corrected_by, c.corrected_at, m.text
            from corrections c join mentions m on m.mention_id = c.mention_id
            where m.removed_at is null and c.id in (select max(id) from corrections group by mention_id, about)
            order by c.id"""
        )
        corrections = [
            Correction(
                mention_id=row["mention_id"],
                about=About(row["about"]),
                label=row["label"],
                corrected_by=row["corrected_by"],
                corrected_at=to_time(row["corrected_at"]),
            )
            for row in rows
        ]
        return corrections, [row["text"] for row in rows]

    def of(self, mention_id: str) -> Sequence[dict[str, str]]:
        """Who corrected a mention and when, oldest first."""
        sql = "select about, label, corrected_by, corrected_at from corrections where mention_id = ? order by id"
        return self._store.rows(sql, mention_id)

    def take_from_budget(self, wanted: int, budget: int, day: str) -> int:
        """How many of some posts the chat model may still be asked about on a day; they count as asked from now on."""
        with self._store.transaction() as db:
            row = self._store.row("select posts from chat_uses where day = ?", day)
            granted = max(0, min(wanted, budget - (row["posts"] if row else 0)))
            sql = "insert into chat_uses values (?, ?) on conflict do update set posts = posts + excluded.posts"
            db.execute(sql, (day, granted))
        return granted
