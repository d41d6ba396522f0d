"""Errors between us and a platform, as plain sentences that never hold what a library or a server said."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from assistant.core.outbound import ForbiddenAddressError
from assistant.errors import OPERATOR, NetworkError, TransientNetworkError

_LONGEST_WAIT = timedelta(days=1)
_EPOCH_SECONDS = 10**9  # a larger number is a moment, a smaller one a wait
_RESET_HEADERS = ("retry-after", "x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset")
_LATER = "Earshot tries again by itself."


def explain_status(who: str, status: int, headers: Mapping[str, str], now: datetime, mend: str = "") -> NetworkError:
    """The error for an HTTP status that is no success. `mend` tells which key or address to look at."""
    error = _explain(who, status, headers, now, mend)
    error.status = status
    return error


def _explain(who: str, status: int, headers: Mapping[str, str], now: datetime, mend: str) -> NetworkError:
    if status == 429:
        return limited(who, read_retry_at(headers, now))
    if status in (408, 425) or status >= 500:
        message = f"{who} has trouble of its own for now (HTTP {status})."
        return TransientNetworkError(message, _LATER, read_retry_at(headers, now))
    reasons = {
        401: "does not accept the key",
        402: "asks to be paid first",
        403: "does not allow this key to read",
        404: "does not know what it was asked for",
        410: "does not have what it was asked for any more",
    }
    return NetworkError(
        f"{who} {reasons.get(status, 'refuses the question')} (HTTP {status}).", mend, in_slack=OPERATOR
    )


def limited(who: str, retry_at: datetime | None) -> TransientNetworkError:
    """The platform wants no further question before a moment."""
    when = f" before {retry_at:%Y-%m-%d %H:%M} UTC" if retry_at else " for now"
    error = TransientNetworkError(
        f"{who} answers no more questions{when}: its rate limit is reached.", _LATER, retry_at
    )
    error.status = 429
    return error


def tell_failure(failure: str, hint: str = "", retry_at: datetime | None = None) -> str:
    """A failure with what to do about it, and when the platform will be asked again if it named a moment."""
    moment = f"{retry_at:%Y-%m-%d %H:%M} UTC" if retry_at else ""
    again = f"It will be asked again after {moment}." if moment and moment not in failure else ""
    return " ".join(part for part in (failure, hint, again) if part)


def unreachable(who: str, is_slow: bool = False, mend: str = "") -> TransientNetworkError:
    """No answer at all; `mend` names the address that a person gave."""
    reason = "does not answer in time" if is_slow else "cannot be reached, or the connection broke off"
    return TransientNetworkError(f"{who} {reason}.", f"{mend} {_LATER}".strip(), in_slack=_LATER)


def unreadable(who: str, content_type: str = "", mend: str = "") -> NetworkError:
    """An answer that is no JSON: a web page in its place is most often a wrong address, the rest broke on its way."""
    if "html" in content_type.lower():
        hint = f"{mend} It may also be a page of maintenance. {_LATER}".strip()
        return NetworkError(f"{who} answers with a web page instead of JSON.", hint, in_slack=_LATER)
    return TransientNetworkError(f"{who} answers with something that is no whole JSON.", _LATER)


def find_posts(who: str, body: object, field: str) -> list[object]:
    """The posts of an answer. Raises NetworkError when it holds none by this name.

    An answer in another shape must not pass for silence, and still less for posts that are gone.
    """
    found = body.get(field) if isinstance(body, Mapping) else None
    if not isinstance(found, list):
        hint = "The platform may have changed its API: update Earshot."
        raise NetworkError(f"{who} answers in a way that Earshot does not understand.", hint)
    return found


class RefusedError(NetworkError):
    """A platform surely did not take what was sent, for a reason of its own that a person should read."""


def refused(message: str, hint: str, status: int = 400, in_slack: str | None = None) -> RefusedError:
    """The error for a refusal whose reason is known; `status` is the HTTP status that it amounts to."""
    error = RefusedError(message, hint, in_slack=in_slack)
    error.status = status
    return error


def not_installed(who: str, extra: str) -> NetworkError:
    """The SDK of a network is not there."""
    return NetworkError(
        f"Reading {who} needs a package that is not installed.", f"pip install 'earshot[{extra}]'", in_slack=OPERATOR
    )


@contextmanager
def translated_http(who: str) -> Iterator[None]:
    """Turn httpx's errors into ours; their texts may hold addresses with keys and are left out."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise unreachable(who, is_slow=True) from error
    except httpx.TooManyRedirects as error:
        raise TransientNetworkError(f"{who} redirects without end.", f"Check its address. {_LATER}") from error
    except ForbiddenAddressError as error:
        raise NetworkError(f"{who} leads into our own network.", "Check where it redirects to.") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise unreachable(who) from error


def read_retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Read when the platform wants the next request: seconds, a date or a Unix time, at most a day ahead."""
    known = {name.lower(): value for name, value in headers.items()}
    found = (_read_moment(known[name].strip(), now) for name in _RESET_HEADERS if name in known)
    moment = next((moment for moment in found if moment), None)
    return min(max(moment, now), now + _LONGEST_WAIT) if moment else None


def _read_moment(text: str, now: datetime) -> datetime | None:
    try:
        number = float(text)
        if number > _EPOCH_SECONDS:
            return datetime.fromtimestamp(number, UTC)
        return now + timedelta(seconds=min(number, _LONGEST_WAIT.total_seconds()))
    except (ValueError, OverflowError, OSError):
        return _read_date(text)


def _read_date(text: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except (ValueError, TypeError, IndexError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
