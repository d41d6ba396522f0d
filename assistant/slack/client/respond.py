"""Answers a click at once and alone, where what it should have opened does not open."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from slack_bolt import Respond

from assistant.errors import EarshotError, edge
from assistant.slack.client.blocks import escape, tell_failure
from assistant.slack.client.client import translated

_log = logging.getLogger(__name__)


@contextmanager
def told_alone(respond: Respond, doing: str) -> Iterator[None]:
    """Report errors in here to the person who clicked, by the address that came with the click."""
    try:
        with edge(doing):
            yield
    except EarshotError as error:
        incident_id = secrets.token_hex(4)
        _log.warning("incident %s while %s: %s %s", incident_id, doing, error.message, error.hint)
        report = "" if error.is_refusal else f" (id {incident_id}, in case you report it)"
        with translated():
            respond(text=f"{escape(tell_failure(error))}{report}", response_type="ephemeral", replace_original=False)
