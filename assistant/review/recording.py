"""Writes decisions into the audit, and before each the settings that it was taken under where they are new."""

import json
from collections.abc import Mapping
from datetime import datetime

from assistant.store.audit import AuditTables

_SETTINGS = "settings"


class Recorder:
    """`settings` are those that say who may decide and what; none may be a secret. `via` is where people come in."""

    def __init__(self, audit: AuditTables, settings: Mapping[str, object], via: str) -> None:
        self._audit = audit
        self._settings = json.loads(json.dumps(settings))
        self._via = via

    def record(self, now: datetime, who: str, action: str, subject: str, **details: object) -> None:
        """Add a row; call it within the transaction of what it records. See AuditTables.append."""
        latest = self._audit.latest(_SETTINGS)
        if latest is None or json.loads(latest["details"]) != self._settings:
            self._audit.append(now, "", _SETTINGS, "", self._settings)
        kept = {name: value for name, value in details.items() if value not in ("", (), None)}
        self._audit.append(now, who, action, subject, {**kept, "via": self._via})

    def record_draft(self, now: datetime, who: str, action: str, draft_id: int, **details: object) -> None:
        """A row about a draft."""
        self.record(now, who, action, f"draft:{draft_id}", **details)
