"""The one error tree: every failure a person can be shown, each with a hint what to do next.

The one place that catches everything: a fault nobody foresaw becomes an error with a short id that finds the log.
"""

import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

OPERATOR = "Whoever looks after me can put it right."
"""What to do in Slack about what only somebody at the machine can mend."""


class EarshotError(Exception):
    """A failure with a plain sentence for a person and a hint how to fix it.

    `message` names the thing that is wrong; `hint` says what to do, `in_slack` what somebody does who has no terminal.
    Library errors are translated once, at the library's home, with the library's own error as the cause.
    """

    is_transient = False
    is_refusal = False
    """It answers who asked, as nothing broke: what they want isn't there, or not for them."""
    usual_in_slack: str | None = None
    """What to do in Slack where an error of this kind doesn't say it; None is the hint."""

    def __init__(self, message: str, hint: str = "", *, in_slack: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        said = self.usual_in_slack if in_slack is None else in_slack
        self.in_slack = hint if said is None else said


class OperatorError(EarshotError):
    """A failure that only who looks after Earshot can put right, at the machine."""

    usual_in_slack: str | None = OPERATOR


class ConfigError(OperatorError):
    """A setting is missing or wrong."""


class PromptError(OperatorError):
    """A prompt file is missing or asks for a variable nobody gives."""


class SourceError(EarshotError):
    """A document could not be read."""


class EmptyDocumentError(SourceError):
    """A document was read and says nothing (any more): an earlier version of it goes too."""


class GoneError(SourceError):
    """A document is no longer there: what was kept of it goes too."""


class UnavailableError(SourceError):
    """A document cannot be had for now: its server fails, or cannot be reached."""


class CursorExpiredError(SourceError):
    """A source does not know any more what it was asked to go on from: everything has to be read again."""


class UnreadableError(SourceError):
    """A document broke its reader, or took more time, memory or room than one may; the message completes `a.pdf …`."""


class NetworkError(EarshotError):
    """A public platform refused or failed; `status` is the HTTP status with which it did, 0 where there was none."""

    status = 0


class BlocksRefusedError(NetworkError):
    """Slack takes no such blocks: in this workspace not yet, or at all."""


class TransientNetworkError(NetworkError):
    """A public platform failed in a way that may pass: retried, never counted as an outcome.

    `retry_at` is set where the platform said before which moment (aware UTC) it wants no further question.
    """

    is_transient = True

    def __init__(
        self, message: str, hint: str = "", retry_at: datetime | None = None, *, in_slack: str | None = None
    ) -> None:
        super().__init__(message, hint, in_slack=in_slack)
        self.retry_at = retry_at


class UnknownOutcomeError(NetworkError):
    """A send may or may not have arrived: it is looked up on the network before anything is retried."""


class ModelError(OperatorError):
    """The chat model or the embedder failed, or said something unusable."""


class SearchIndexError(OperatorError):
    """The index is missing, locked, or was made by another embedder."""


class StoreError(OperatorError):
    """The database cannot be opened, read or written."""


class BusyStoreError(StoreError):
    """Another program has been writing for too long: what was wanted is tried again."""

    is_transient = True
    usual_in_slack = None


class ReviewError(EarshotError):
    """A decision on a draft that cannot be taken now: unknown, already decided, not allowed."""

    is_refusal = True


class InputError(EarshotError):
    """Unusable input: something that a person typed, or a file they gave."""

    is_refusal = True


_log = logging.getLogger(__name__)
# Of the machine, whole paths only: /earshot freeze is a command, and a/b/c.md a document.
_FOLDERS = re.compile(r"(?<![\w/.:~-])(?:[A-Za-z]:\\|~?/)(?:[^\s/\\:,;“”\"']+[/\\])+(?=[^\s/\\:,;“”\"'])")


def leave_out_folders(text: str) -> str:
    """The text of an error with files by their names alone: where they lie is for who has the machine."""
    return _FOLDERS.sub("", text)


class UnexpectedError(OperatorError):
    """A fault nobody foresaw, or one of a foreign library with errors of its own; the log has the rest."""


@contextmanager
def edge(doing: str, is_foreseen: bool = False) -> Iterator[None]:
    """Let Earshot's own errors through and turn all others into UnexpectedError; `doing` completes `while …`.

    Of a fault that is foreseen, whoever catches the error tells what it was: the log has one line, and its trace only
    at DEBUG. A foreign library's message may hold a key, so that line names the kind of the error alone.
    """
    try:
        yield
    except EarshotError:
        raise
    except Exception as error:
        incident_id = secrets.token_hex(4)
        if is_foreseen:
            _log.warning("incident %s while %s: %s", incident_id, doing, _name_kind(error))
            _log.debug("incident %s", incident_id, exc_info=True)
        else:
            _log.exception("incident %s while %s", incident_id, doing)
        message = f"Something went wrong while {doing} (incident {incident_id})."
        raise UnexpectedError(message, f"Search the log for {incident_id}.") from error


def _name_kind(error: Exception) -> str:
    status = getattr(error, "status_code", None)
    return f"{type(error).__name__} ({status})" if isinstance(status, int) else type(error).__name__


@contextmanager
def logged(doing: str) -> Iterator[None]:
    """Try what others do not wait for: a failure is written to the log, and the program goes on after the block."""
    try:
        with edge(doing):
            yield
    except EarshotError as error:
        _log.warning("failed while %s: %s %s", doing, error.message, error.hint)
