"""Makes sure that the bytes of what was forgotten are gone too, and not only the rows.

SQLite leaves the text of deleted rows in three places: in pages and parts of pages that are free, in its write-ahead
log until that is emptied, and in segments of FTS5 that were not merged yet (its own `secure-delete` needs SQLite 3.42).
"""

from datetime import datetime
from enum import StrEnum

from assistant.core.database import Store, translated_errors
from assistant.errors import StoreError

_WANTED = "purge_wanted"
_DONE_ON = "purged_on"


class Depth(StrEnum):
    """The depth of a purge: `all` rewrites the whole database, `journal` leaves unused parts of pages alone."""

    ALL = "all"
    JOURNAL = "journal"


class PurgeTables:
    """Purges that are due, noted with the deletion itself, so that a crash cannot lose them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self) -> None:
        """From here on this connection overwrites what it deletes."""
        with translated_errors(self._store.path):
            self._store.db.execute("pragma secure_delete = on").fetchall()

    def want(self, depth: Depth) -> None:
        """Write down that a purge has to follow; `all` is never taken back by `journal`."""
        self._store.change(
            "insert into index_facts values (?, ?) on conflict do update set value = min(value, excluded.value)",
            _WANTED,
            depth,
        )

    @property
    def wanted(self) -> Depth | None:
        """The purge that has to follow, if any."""
        found = self._fact(_WANTED)
        return Depth(found) if found else None

    def is_due(self, now: datetime) -> bool:
        """Return whether a purge is due that can be done now: what only retention wants is done once a day."""
        depth = self.wanted
        return depth is Depth.ALL or (depth is Depth.JOURNAL and self._fact(_DONE_ON) != f"{now:%Y-%m-%d}")

    def run(self, now: datetime) -> None:
        """Do what is due. Raises StoreError when others hold it up."""
        if not self.is_due(now):
            return
        depth = self.wanted
        self.begin()
        self._store.change("insert into mention_terms_index (mention_terms_index) values ('optimize')")
        if depth is Depth.ALL:
            with translated_errors(self._store.path):
                self._store.db.execute("vacuum")
        self._empty_log()
        self._store.change("insert or replace into index_facts values (?, ?)", _DONE_ON, f"{now:%Y-%m-%d}")
        self._store.change("delete from index_facts where name = ?", _WANTED)

    def _empty_log(self) -> None:
        with translated_errors(self._store.path):
            is_busy, _, _ = self._store.db.execute("pragma wal_checkpoint(truncate)").fetchone()
        if is_busy:
            raise StoreError(
                f"The log of {self._store.path} cannot be emptied while another Earshot reads.",
                "The next collecting tries again.",
            )

    def _fact(self, name: str) -> str:
        return str(self._store.value("select value from index_facts where name = ?", name) or "")
