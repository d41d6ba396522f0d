"""The one place that catches everything: a fault nobody foresaw becomes an error with a short id that finds the log."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import EarshotError

_log = logging.getLogger(__name__)


class UnexpectedError(EarshotError):
    """A fault nobody foresaw, or one of a foreign library with errors of its own; the log has the rest."""


@contextmanager
def edge(doing: str) -> Iterator[None]:
    """Let Earshot's own errors through and turn all others into UnexpectedError; `doing` completes `while …`."""
    try:
        yield
    except EarshotError:
        raise
    except Exception as error:
        incident_id = secrets.token_hex(4)
        _log.exception("incident %s while %s", incident_id, doing)
        message = f"Something went wrong while {doing} (incident {incident_id})."
        raise UnexpectedError(message, f"Search the log for {incident_id}.") from error
