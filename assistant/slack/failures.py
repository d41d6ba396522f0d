"""Tells a person of what failed behind the scenes after their event was acked, where no flow could say it itself."""

import logging
from typing import Any

from assistant.edge import edge
from assistant.errors import EarshotError
from assistant.slack.answers.flow import hash_key
from assistant.slack.client.blocks import cut, escape
from assistant.slack.client.posting import Posting

_TOLD_CHARACTERS = 2900
_log = logging.getLogger(__name__)


class FailureFlow:
    """Tells one person alone, with an id that finds the log."""

    def __init__(self, posting: Posting) -> None:
        self._posting = posting

    def tell(self, kind: str, payload: dict[str, Any], error: EarshotError) -> None:
        """Tell whom this work was for; work that is for nobody in particular stands in the log alone."""
        incident_id = hash_key(f"{kind} {payload}")
        _log.error("incident %s: a %s was not worked off: %s %s", incident_id, kind, error.message, error.hint)
        asked = payload.get("asked") or payload  # an edit has its question within
        user, channel = asked.get("user") or "", asked.get("channel") or ""
        if not user or not channel:
            return
        where = "" if channel.startswith("D") else f" in <#{channel}>"
        said = escape(f"{error.message} {error.hint}".strip())
        told = f"What you asked for{where} did not work. {cut(said, _TOLD_CHARACTERS)}"
        told += f" (id {incident_id}: whoever runs me finds it in the log)"
        try:
            with edge(f"telling of a {kind} that failed"):
                self._posting.tell(channel, user, told, asked.get("thread_ts") or None)
        except EarshotError as second:
            _log.error("incident %s: nobody could be told: %s %s", incident_id, second.message, second.hint)
