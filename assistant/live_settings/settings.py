"""Tables of settings that were changed while Earshot ran: every change is kept, the latest of each name counts."""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.core.database import Store, to_text, to_time


@dataclass(frozen=True)
class KeptSetting:
    """A setting that beats the environment's: `value` is plain JSON, `version` the number of the change."""

    name: str
    value: Any
    changed_by: str
    changed_at: datetime
    version: int


class SettingTables:
    """Reads and writes changes of settings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def transaction(self) -> AbstractContextManager[object]:
        """A change and its row in the audit, both or neither."""
        return self._store.transaction()

    def current(self) -> dict[str, KeptSetting]:
        """What counts now, by name; what was set back is not there."""
        rows = self._store.rows(
            """select * from setting_changes where value is not null and change_id in
            (select max(change_id) from setting_changes group by name) order by name"""
        )
        return {
            row["name"]: KeptSetting(
                row["name"],
                json.loads(row["value"]),
                row["changed_by"],
                to_time(row["changed_at"]),
                row["change_id"],
            )
            for row in rows
        }

    def version(self, name: str = "") -> int:
        """The number of the last change of a setting, or of any; 0 before the first one."""
        where = "where name = ?" if name else ""
        values = (name,) if name else ()
        return int(self._store.value(f"select max(change_id) from setting_changes {where}", *values) or 0)

    def add(self, name: str, value: Any, user: str, now: datetime) -> None:
        """Keep a change; None sets the setting back to the environment's value."""
        kept = None if value is None else json.dumps(value, ensure_ascii=False)
        sql = "insert into setting_changes (name, value, changed_by, changed_at) values (?, ?, ?, ?)"
        self._store.change(sql, name, kept, user, to_text(now))
