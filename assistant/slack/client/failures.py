"""Tells a person of what failed behind the scenes after their event was acked, where no flow could say it itself."""

import hashlib
import logging

from assistant.core.job import Job
from assistant.errors import EarshotError, edge
from assistant.slack.client.blocks import cut, escape, tell_error
from assistant.slack.client.poster import Poster

_TOLD_CHARACTERS = 2900
_log = logging.getLogger(__name__)


class FailureFlow:
    """Tells one person alone, with an id that finds the log."""

    def __init__(self, posting: Poster) -> None:
        self._posting = posting

    def tell(self, job: Job, error: EarshotError) -> None:
        """Inform the person who waits for this job; a failure that nobody waits for is only in the log."""
        incident_id = hash_key(repr(job))
        _log.error("incident %s: a %s failed: %s %s", incident_id, job.kind, error.message, error.hint)
        asker = job.asker
        if asker is None or not asker.user or not asker.channel:
            return
        where = "" if asker.channel.startswith("D") else f" in <#{asker.channel}>"
        told = cut(escape(tell_error(error)), _TOLD_CHARACTERS)
        if not error.is_refusal:
            told = f"What you asked for{where} didn't work. {told} (id {incident_id}, in case you report it)"
        try:
            with edge(f"telling of a {job.kind} that failed"):
                self._posting.tell(asker.channel, asker.user, told, asker.thread_ts)
        except EarshotError as second:
            _log.error("incident %s: nobody could be told: %s %s", incident_id, second.message, second.hint)


def hash_key(question_key: str) -> str:
    """The short id by which the log lines of a question are found; the same however often it is tried."""
    return hashlib.sha256(question_key.encode()).hexdigest()[:8]
