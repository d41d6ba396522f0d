"""Tables of freezes: while one is on, nothing leaves."""

from datetime import datetime

from assistant.core.database import Row, Store, to_text

IS_FROZEN = "exists (select 1 from freezes where lifted_at is null)"


class FreezeTables:
    """At most one freeze is on; those that were lifted stay."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def current(self) -> Row | None:
        """The freeze that is on: frozen_by, frozen_at, reason, first_lift_by, first_lift_at (as text)."""
        return self._store.row("select * from freezes where lifted_at is null")

    def latest(self) -> Row | None:
        """The latest freeze, on or lifted: the same fields, lifted_by and lifted_at."""
        return self._store.row("select * from freezes order by id desc limit 1")

    def latest_at(self) -> str:
        """When the latest freeze began, as text; empty when there never was one."""
        return str(self._store.value("select max(frozen_at) from freezes") or "")

    def begin(self, user: str, reason: str, now: datetime) -> bool:
        """Freeze; False when it is on already, and then nobody's wish to lift it counts any more."""
        with self._store.transaction():
            self._store.change("update freezes set first_lift_by = '', first_lift_at = null where lifted_at is null")
            return bool(
                self._store.change(
                    "insert or ignore into freezes (frozen_by, frozen_at, reason) values (?, ?, ?)",
                    user,
                    to_text(now),
                    reason,
                )
            )

    def ask_to_lift(self, user: str, now: datetime) -> None:
        """The first of the two people."""
        sql = "update freezes set first_lift_by = ?, first_lift_at = ? where lifted_at is null"
        self._store.change(sql, user, to_text(now))

    def lift(self, user: str, now: datetime) -> None:
        """The second of the two people."""
        sql = "update freezes set lifted_by = ?, lifted_at = ? where lifted_at is null and first_lift_by not in ('', ?)"
        self._store.change(sql, user, to_text(now), user)
