"""JSON over HTTP for platforms without an SDK that is worth its weight."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import httpx

from assistant.core.bodies import read_pieces
from assistant.core.outbound import stream
from assistant.errors import NetworkError
from assistant.listening.networks.base.errors import explain_status, translated_http, unreadable

TIMEOUT_SECONDS = 60.0
_MOST_BYTES = 20_000_000

Explain = Callable[[int, Mapping[str, str], object], NetworkError | None]


@dataclass(frozen=True)
class Site:
    """A platform's API: who it is in messages, its base URL, its headers (keys belong here, not into the address).

    `explain` may know more about an error than its status tells; it gets the status, the headers, and the error's JSON.
    """

    who: str
    base_url: str
    now: Callable[[], datetime]
    mend: str = ""
    headers: Mapping[str, str] | None = None
    explain: Explain = lambda status, headers, body: None
    timeout_seconds: float = TIMEOUT_SECONDS

    def fetch(self, path: str, params: Mapping[str, str | int] | None = None) -> object:
        """The JSON at a path below the base URL. Raises NetworkError, without anything of the address or the keys."""
        return self._ask("GET", path, params or {}, None)

    def post(self, path: str, body: Mapping[str, object], params: Mapping[str, str | int] | None = None) -> object:
        """Send JSON to a path once and give the JSON that comes back. Raises NetworkError."""
        return self._ask("POST", path, params or {}, body)

    def delete(self, path: str, params: Mapping[str, str | int] | None = None) -> None:
        """Delete what is at a path; what it answers is not read. Raises NetworkError."""
        self._ask("DELETE", path, params or {}, None)

    def _ask(
        self, method: str, path: str, params: Mapping[str, str | int], body: Mapping[str, object] | None
    ) -> object:
        with (
            translated_http(self.who),
            stream(
                method,
                self.base_url.rstrip("/") + path,
                params=dict(params),
                json=body,
                headers={"User-Agent": "Earshot", "Accept": "application/json", **(self.headers or {})},
                deadline_seconds=self.timeout_seconds,
                follow_redirects=method == "GET" and not self.headers,  # keys stay with the platform
            ) as response,
        ):
            content = load_body(self.who, response, self.mend)
        if response.is_success:
            return None if method == "DELETE" else self._parse(content, response)
        raise self._tell(response, content)

    def _tell(self, response: httpx.Response, content: bytes) -> NetworkError:
        known = self.explain(response.status_code, response.headers, _parse_error(content))
        error = known or explain_status(self.who, response.status_code, response.headers, self.now(), self.mend)
        error.status = error.status or response.status_code
        return error

    def _parse(self, content: bytes, response: httpx.Response) -> object:
        try:
            parsed: object = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise unreadable(self.who, response.headers.get("content-type", ""), self.mend) from error
        return parsed


def load_body(who: str, response: httpx.Response, mend: str = "", most_bytes: int = _MOST_BYTES) -> bytes:
    """Load the body of an answer. Raises NetworkError for one that is too large."""
    content = bytearray()
    for part in read_pieces(response):
        content += part
        if len(content) > most_bytes:
            raise NetworkError(f"{who} answers with more than {most_bytes // 1_000_000} MB.", mend)
    return bytes(content)


def _parse_error(content: bytes) -> object:
    try:
        parsed: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return parsed
