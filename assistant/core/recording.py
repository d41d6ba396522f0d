"""Writes decisions into the audit, and before each the settings that it was taken under where they are new."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from assistant.core.audit import AuditTables

_SETTINGS = "settings"


class Recorder:
    """`tell_settings` gives those that say who may decide and what; none may be a secret. `via`: where people come in.

    They are asked for each time: an admin may change them while Earshot runs.
    """

    def __init__(self, audit: AuditTables, tell_settings: Callable[[], Mapping[str, object]], via: str) -> None:
        self._audit = audit
        self._tell_settings = tell_settings
        self._via = via

    def record(self, now: datetime, who: str, action: str, subject: str, **details: object) -> None:
        """Add a row; call it within the transaction of what it records. See AuditTables.append."""
        latest, settings = self._audit.latest(_SETTINGS), json.loads(json.dumps(self._tell_settings()))
        if latest is None or json.loads(latest["details"]) != settings:
            self._audit.append(now, "", _SETTINGS, "", settings)
        kept = {name: value for name, value in details.items() if value not in ("", (), None)}
        self._audit.append(now, who, action, subject, {**kept, "via": self._via})

    def record_draft(self, now: datetime, who: str, action: str, draft_id: int, **details: object) -> None:
        """A row about a draft."""
        self.record(now, who, action, f"draft:{draft_id}", **details)
