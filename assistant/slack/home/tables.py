"""Tables of App Homes: who opened theirs when, what they chose to see there, and what all of them rest on."""

import json
from collections.abc import Callable
from datetime import datetime

from assistant.core.database import Store, to_text

Choice = dict[str, str | int]
_CHANGING = (
    "select number from audit_head",
    "select count(*) || ' ' || coalesce(max(changed_at), '') from drafts",
    "select count(*) || ' ' || coalesce(max(ts), '') from cards",
    "select count(*) || group_concat(status || edited_by) from proposals",
    "select group_concat(name || coalesce(failed_since, '')) || (select count(*) from source_holds) from source_states",
)


class HomeTables:
    """Reads and writes who has an App Home."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note_opened(self, user: str, now: datetime) -> None:
        """Somebody looks at their Home."""
        sql = (
            "insert into homes (user, opened_at) values (?, ?) on conflict do update set opened_at = excluded.opened_at"
        )
        self._store.change(sql, user, to_text(now))

    def list_opened(self, since: datetime) -> list[str]:
        """List people who opened theirs since, the latest first."""
        rows = self._store.rows("select user from homes where opened_at >= ? order by opened_at desc", to_text(since))
        return [row["user"] for row in rows]

    def choice_of(self, user: str) -> Choice:
        """Return somebody's kept choice; empty for those who never chose."""
        return dict(json.loads(self._store.value("select choice from homes where user = ?", user) or "{}"))

    def change_choice(self, user: str, change: Callable[[Choice], Choice], now: datetime) -> None:
        """Somebody chose something else; they look at it now. Two choices at the same time both count."""
        with self._store.transaction():
            self._store.change(
                "insert into homes values (?1, ?2, ?3) on conflict do update set opened_at = ?2, choice = ?3",
                user,
                to_text(now),
                json.dumps(change(self.choice_of(user))),
            )

    def fingerprint(self) -> str:
        """Changes with whatever a queue shows: decisions, claims, freezes, settings, drafts and their cards."""
        return "/".join(str(self._store.value(sql)) for sql in _CHANGING)
