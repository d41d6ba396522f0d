"""Where in Slack the cards of drafts stand."""

from assistant.store.database import Row, Store


class CardTables:
    """Reads and writes the places of cards."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, draft_id: int) -> Row | None:
        """Channel and ts of the draft's card."""
        return self._store.row("select channel, ts from cards where draft_id = ?", draft_id)

    def add(self, draft_id: int, channel: str, ts: str) -> None:
        """Remember where the draft's card stands."""
        self._store.change("insert or replace into cards values (?, ?, ?)", draft_id, channel, ts)

    def of_removed(self) -> list[int]:
        """Drafts whose card still shows a post that was removed, and that nothing more will happen to."""
        rows = self._store.rows(
            """select c.draft_id from cards c join drafts d on d.draft_id = c.draft_id
            join mentions m on m.mention_id = d.mention_id where m.removed_at is not null
            and d.status in ('sent', 'rejected', 'stale', 'blocked', 'failed') order by 1"""
        )
        return [row["draft_id"] for row in rows]

    def forget(self, draft_id: int) -> None:
        """The draft's card shows nothing any more that could change."""
        self._store.change("delete from cards where draft_id = ?", draft_id)

    def missing(self) -> list[int]:
        """Pending drafts that no card shows yet."""
        sql = "select draft_id from drafts where status = 'pending' and draft_id not in (select draft_id from cards)"
        return [row["draft_id"] for row in self._store.rows(f"{sql} order by draft_id")]
