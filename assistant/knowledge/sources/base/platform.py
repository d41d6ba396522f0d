"""Answers of a platform over HTTP: as they should be, or as an error that says what to look at.

Nothing of a key, and nothing of what a platform says of an error, gets into a message.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.core.bodies import read_pieces
from assistant.core.outbound import ForbiddenAddressError, Visit
from assistant.errors import (
    CursorExpiredError,
    GoneError,
    NetworkError,
    SourceError,
    TransientNetworkError,
    UnavailableError,
)

_LATER = "Earshot tries again by itself."
_MOST_JSON = 50_000_000
_MOST_PAGES = 5_000
_MOST_TRIES = 4
_LONGEST_WAIT = 30.0
_MOST_FAILURES = 5
_BUSY = (429, 503)


class Payload(BaseModel):
    """A part of what a platform answers; what it says besides is left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


Form = TypeVar("Form", bound=Payload)


@dataclass(frozen=True)
class PlatformReply:
    """An answer: its status, its headers in small letters, and its body."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def next(self) -> str:
        """The next page that a Link header names; empty for none."""
        links = httpx.Response(200, headers={"Link": self.headers.get("link", "")}).links
        return str(links.get("next", {}).get("url", ""))


class Platform:
    """A platform's API below `base_url`. `who` is what people are told it is, `mend` what they can do about it."""

    def __init__(
        self,
        who: str,
        base_url: str,
        headers: Mapping[str, str],
        mend: str,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.who = who
        self.base_url = base_url.rstrip("/")
        self._headers = headers
        self._mend = mend
        self._wait = wait
        self._failures = 0
        self._visit: Visit | None = None

    @property
    def has_key(self) -> bool:
        """Return whether it is asked with a key."""
        return "Authorization" in self._headers

    def without_key(self) -> "Platform":
        """The same platform as everybody sees it."""
        plain = {name: value for name, value in self._headers.items() if name != "Authorization"}
        return Platform(self.who, self.base_url, plain, self._mend, self._wait)

    def close(self) -> None:
        """Close its connections; a later request opens new ones."""
        if self._visit:
            self._visit.close()
        self._visit = None

    def list_pages(
        self, path: str, form: type[Form], find_next: Callable[[Form, PlatformReply], str]
    ) -> Iterator[Form]:
        """Every page of a list. Raises NetworkError, and CursorExpiredError where the way to the next is lost."""
        seen: set[str] = set()
        while path:
            if path in seen or len(seen) >= _MOST_PAGES:
                raise NetworkError(f"The list of {self.who} does not end.", self._mend)
            try:
                reply = self.ask("GET", path)
            except NetworkError as error:
                if seen and error.status in (400, 404, 410):
                    raise CursorExpiredError(f"The list of {self.who} broke off.") from error
                raise
            seen.add(path)
            page = self.parse(reply, form)
            yield page
            path = find_next(page, reply)

    def fetch(self, path: str, form: type[Form], **arguments: Any) -> Form:
        """An answer that a list or a check needs. Raises NetworkError, with its status."""
        method = "POST" if "json" in arguments else "GET"
        return self.parse(self.ask(method, path, **arguments), form)

    def load(self, path: str, max_bytes: int) -> bytes:
        """The bytes of one document. Raises GoneError, SourceError; NetworkError where all of them would fail alike."""
        try:
            content = self.ask("GET", path, most_bytes=max_bytes).content
        except NetworkError as error:
            raise self._to_document_error(error) from error
        self._failures = 0
        return content

    def load_form(self, path: str, form: type[Form], most_bytes: int = _MOST_JSON) -> Form:
        """The same as the form that one document has. Raises as `load` does."""
        content = self.load(path, most_bytes)
        try:
            return self.parse_content(content, form)
        except NetworkError as error:
            raise UnavailableError(f"cannot be read: {error.message}") from error

    def parse(self, reply: PlatformReply, form: type[Form]) -> Form:
        """An answer in its form. Raises NetworkError."""
        return self.parse_content(reply.content, form)

    def parse_content(self, content: bytes, form: type[Form]) -> Form:
        """The same of bytes: a list that is no object counts as its `items`."""
        try:
            found = json.loads(content)
            return form.model_validate({"items": found} if isinstance(found, list) else found)
        except (ValueError, RecursionError, ValidationError):
            raise NetworkError(f"{self.who} answers with something else than it should.", self._mend) from None

    def is_there(self, path: str) -> bool:
        """Return whether somebody may open an address: False for what is not there, or asks for a key."""
        try:
            self.ask("GET", path)
        except NetworkError as error:
            if error.status in (401, 403, 404, 410):
                return False
            raise
        return True

    def ask(self, method: str, path: str, most_bytes: int = _MOST_JSON, **arguments: Any) -> PlatformReply:
        """One answer of 2xx; where the platform wants a moment's rest it gets it. Raises NetworkError."""
        url = self.place(path)
        for tries in range(1, _MOST_TRIES + 1):
            reply = self._send(method, url, most_bytes, arguments)
            rest = _read_rest(reply)
            if rest is None or rest > _LONGEST_WAIT or tries == _MOST_TRIES:
                break
            self._wait(rest)
        if not 200 <= reply.status < 300:
            raise self._explain(429 if _is_spent(reply) else reply.status)
        return reply

    def place(self, path: str) -> str:
        """A whole address; one that leads to another server than the platform's gets no key. Raises NetworkError."""
        if path.startswith("/"):
            path = f"{self.base_url}{path}"
        url = urljoin(f"{self.base_url}/", path)
        if urlsplit(url)[:2] != urlsplit(self.base_url)[:2]:
            raise NetworkError(f"{self.who} leads to another server.", self._mend)
        return url

    def _send(self, method: str, url: str, most_bytes: int, arguments: Mapping[str, Any]) -> PlatformReply:
        self._visit = self._visit or Visit(self.base_url)
        headers = {"User-Agent": "Earshot", "Accept": "application/json, */*;q=0.5", **self._headers}
        try:
            # httpx takes the key out of a request that is led to another server.
            with self._visit.stream(method, url, headers=headers, follow_redirects=method == "GET", **arguments) as got:
                content = bytearray()
                for piece in read_pieces(got):
                    content += piece
                    if len(content) > most_bytes:
                        raise NetworkError(f"{self.who} answers with more than {most_bytes // 1_000_000} MB.", "")
                return PlatformReply(got.status_code, dict(got.headers), bytes(content))
        except ForbiddenAddressError as error:
            raise NetworkError(f"{self.who} leads into our own network.", self._mend) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            message = f"{self.who} cannot be reached, or the connection broke off."
            raise TransientNetworkError(message, _LATER) from error

    def _explain(self, status: int) -> NetworkError:
        error: NetworkError
        if status == 401:
            error = NetworkError(f"{self.who} does not take the key.", self._mend)
        elif status == 403:
            error = NetworkError(f"{self.who} does not let us read this.", self._mend)
        elif status in (404, 410):
            error = NetworkError(f"{self.who} has no such place.", self._mend)
        elif status == 429:
            error = TransientNetworkError(f"{self.who} wants no more questions for a while.", _LATER)
        elif status >= 500 or status == 408:
            error = TransientNetworkError(f"{self.who} answers with HTTP {status}.", _LATER)
        else:
            error = NetworkError(f"{self.who} answers with HTTP {status}.", self._mend)
        error.status = status
        return error

    def _to_document_error(self, error: NetworkError) -> Exception:
        if error.status in (403, 404, 410):
            return GoneError(f"is not there, or closed to us (HTTP {error.status})")
        if error.status in (401, 429):
            return error
        if isinstance(error, TransientNetworkError):
            self._failures += 1
            if self._failures >= _MOST_FAILURES:
                return error
            return UnavailableError(f"cannot be had now: {error.message}")
        return SourceError(f"cannot be read: {error.message}")


def _is_spent(reply: PlatformReply) -> bool:
    """Say whether a refusal means that there were too many questions, which GitHub says with HTTP 403."""
    is_counted = reply.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in reply.headers
    return reply.status == 403 and is_counted


def _read_rest(reply: PlatformReply) -> float | None:
    """The seconds that a platform wants to rest; None where it does not say so."""
    if reply.status not in _BUSY:
        return None
    try:
        return max(float(reply.headers.get("retry-after", "")), 0.0)
    except ValueError:
        return None
