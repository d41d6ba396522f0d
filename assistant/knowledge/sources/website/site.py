"""One website: what robots.txt allows, and its answers, never faster than it may be asked."""

import time
from functools import cached_property
from urllib.parse import urlsplit

import httpx
from protego import Protego

from assistant.core.bodies import read_pieces
from assistant.core.outbound import ForbiddenAddressError, Visit
from assistant.errors import ConfigError, NetworkError, TransientNetworkError, UnavailableError
from assistant.knowledge.ingest import web
from assistant.knowledge.sources.website.listing import normalize

_MOST_TEXT = 50_000_000
_MOST_ROBOTS = 500_000  # of which the standard asks to read so much
_LONGEST_DELAY = 30.0
_MOST_FAILURES = 5
_LATER = "Earshot tries again by itself."


class VisitedSite:
    """The pages below an address. Raises NetworkError where the site as a whole cannot be read."""

    def __init__(self, url: str, pages_a_second: float, max_bytes: int) -> None:
        self.start = normalize(url) or url
        parts = urlsplit(self.start)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self._prefix = parts.path if parts.path.endswith("/") else f"{parts.path}/"
        self._pause_seconds = 1 / pages_a_second
        self._max_bytes = max_bytes
        self._next_at = 0.0
        self._failures = 0

    @cached_property
    def _visit(self) -> Visit:
        return Visit(self.origin)

    @cached_property
    def robots(self) -> Protego:
        """What the site allows; where it has no robots.txt, everything."""
        status, content = self.get(f"{self.origin}/robots.txt", _MOST_ROBOTS)
        if status >= 500 or status == 429:
            raise TransientNetworkError(f"{self.origin}/robots.txt answers with HTTP {status}.", _LATER)
        text = content.decode("utf-8", errors="replace") if status == 200 else ""
        robots = Protego.parse(text)
        if delay := robots.crawl_delay(web.AGENT):
            self._pause_seconds = max(self._pause_seconds, min(delay, _LONGEST_DELAY))
        return robots

    def is_below(self, url: str) -> bool:
        """Return whether an address is the site's, or below it."""
        path = url.removeprefix(self.origin)
        return path != url and (path.startswith(self._prefix) or path == self._prefix[:-1])

    def holds(self, url: str) -> bool:
        """Return whether an address is below the site's, and may be read."""
        return self.is_below(url) and bool(self.robots.can_fetch(url, web.AGENT))

    def close(self) -> None:
        """Close its connections; a later request opens new ones."""
        self._visit.close()
        del self._visit

    def require_start(self) -> None:
        """Raise ConfigError where robots.txt does not allow the site's own address."""
        if not self.robots.can_fetch(self.start, web.AGENT):
            raise ConfigError(f"The robots.txt of {self.origin} does not allow {self.start}.", "Ask whoever runs it.")

    def get(self, url: str, most_bytes: int = _MOST_TEXT) -> tuple[int, bytes]:
        """(status, body) of what is no page: robots.txt, a sitemap. Raises NetworkError."""
        self._wait()
        headers = {"User-Agent": f"{web.AGENT} (knowledge ingest)", "Accept": "*/*"}
        try:
            with self._visit.stream("GET", url, headers=headers, follow_redirects=True) as response:
                content = bytearray()
                for piece in read_pieces(response):
                    content += piece
                    if len(content) > most_bytes:
                        raise NetworkError(f"{url} has more than {most_bytes // 1_000_000} MB.", "")
                return response.status_code, bytes(content)
        except ForbiddenAddressError as error:
            raise NetworkError(f"{url} leads into our own network.", "Check where it redirects to.") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            message = f"{self.origin} cannot be reached, or the connection broke off."
            raise TransientNetworkError(message, _LATER) from error

    def fetch(self, url: str, validator: str) -> web.FetchedPage | None:
        """See web.fetch. Raises NetworkError where one page after the other cannot be had: then it is the site."""
        self._wait()
        try:
            fetched = web.fetch(url, self._max_bytes, validator, self._visit)
        except UnavailableError as error:
            self._failures += 1
            if self._failures >= _MOST_FAILURES:
                raise TransientNetworkError(f"{self.origin}: page after page {error.message}.", _LATER) from error
            raise
        self._failures = 0
        return fetched

    def _wait(self) -> None:
        now = time.monotonic()
        if now < self._next_at:
            time.sleep(self._next_at - now)
        self._next_at = max(now, self._next_at) + self._pause_seconds
