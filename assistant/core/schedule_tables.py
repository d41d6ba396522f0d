"""Tables of the last due time of each schedule, and of the digests that were posted."""

from datetime import datetime

from assistant.core.database import Store, to_text, to_time


class ScheduleTables:
    """Reads and writes which digests were posted and which due time of a schedule was last served."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def served(self, name: str) -> datetime | None:
        """The due time that was last served."""
        value = self._store.value("select due_at from schedule_marks where name = ?", name)
        return to_time(value) if value else None

    def note_served(self, name: str, due_at: datetime) -> None:
        """A due time was served."""
        self._store.change("insert or replace into schedule_marks values (?, ?)", name, to_text(due_at))

    def digest_is_posted(self, plan: str, period: str) -> bool:
        """Return whether a plan's digest of a period was posted."""
        return bool(self._store.value("select 1 from posted_digests where plan = ? and period = ?", plan, period))

    def note_digest_posted(self, plan: str, period: str, now: datetime) -> None:
        """A plan's digest of a period was posted."""
        self._store.change("insert or replace into posted_digests values (?, ?, ?)", plan, period, to_text(now))
