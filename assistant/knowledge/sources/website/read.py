"""A website: the pages that its sitemap lists, else those that its pages link to, all below one address."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from assistant.core.apart import run_apart
from assistant.domain import Audience
from assistant.errors import ConfigError, GoneError, NetworkError, SourceError
from assistant.knowledge.ingest import web
from assistant.knowledge.sources.page.read import offer_page
from assistant.knowledge.sources.protocol import SourceContent, SourceDocument, SourcePage
from assistant.knowledge.sources.website.listing import find_links, normalize, read_moment, read_sitemap
from assistant.knowledge.sources.website.site import VisitedSite

_SECONDS = 60
_MOST_SITEMAPS = 500
_MOST_OFFERED = 200  # at once, so that answers know the first pages before the last are read
_SETTLED = timedelta(days=2)  # a day alone says nothing of what happens on it later, in whatever time zone


class WebsiteSource:
    """Reads in rounds: each page of a round has links to the next ones, where there is no sitemap."""

    def __init__(
        self,
        root: str,
        site: VisitedSite,
        audience: Audience | None = None,
        sitemap: str = "",
        most_pages: int = 10_000,
    ) -> None:
        self.root = root
        self._site = site
        self._audience = audience
        self._sitemap = sitemap
        self._most_pages = most_pages
        self._waiting: dict[str, str] = {}  # what is still to be offered, with its last change
        self._seen: set[str] = set()
        self._aliases: set[str] = set()
        self._is_linked = False
        self._has_failed = False

    def read(self, cursor: str) -> SourcePage:
        """The next pages; an empty cursor, or one of another run, begins anew."""
        if not cursor or not self._seen:
            self._begin()
        batch = {url: self._waiting.pop(url) for url in list(self._waiting)[:_MOST_OFFERED]}
        documents = tuple(self._offer(url, modified) for url, modified in batch.items())
        # Pages that are still to be read may lead to others: only the page after them can be the last.
        is_last = not documents
        if is_last:
            self._site.close()
        # The links of a page that could not be read are not known: then nothing counts as no longer listed.
        listed = None if not is_last or (self._is_linked and self._has_failed) else self._list_seen()
        return SourcePage(documents, next="" if is_last else "on", is_last=is_last, listed=listed)

    def list_ids(self) -> frozenset[str]:
        """The pages of the sitemap; of a site without one they are known only by reading them."""
        self._begin()
        while self._waiting and self._is_linked:
            for url in list(self._waiting):
                self._waiting.pop(url)
                try:
                    self._load(url, "", "")
                except GoneError:
                    continue
        return self._list_seen()

    def claim(self, url: str) -> str:
        """The id here of a page that was read by hand before; empty where it lies elsewhere."""
        return _name(url) if self._site.is_below(url) else ""

    def _list_seen(self) -> frozenset[str]:
        return frozenset(_name(url) for url in self._seen - self._aliases)

    def _begin(self) -> None:
        self._site.require_start()
        listed = self._read_sitemaps()
        self._is_linked = listed is None
        self._waiting, self._seen, self._aliases, self._has_failed = {}, set(), set(), False
        for url, modified in (listed or {self._site.start: ""}).items():
            self._discover(url, modified)

    def _discover(self, url: str, modified: str = "") -> None:
        if url in self._seen or not self._site.holds(url):
            return
        if len(self._seen) >= self._most_pages:
            raise ConfigError(
                f"{self._site.start} has more than {self._most_pages} pages.", "Raise most_pages, or name a part of it."
            )
        self._seen.add(url)
        self._waiting[url] = modified

    def _offer(self, url: str, modified: str) -> SourceDocument:
        load = partial(self._load, url, modified)
        return SourceDocument(_name(url), load, _to_stamp(modified), is_exact=False, place=url)

    def _load(self, url: str, modified: str, validator: str) -> SourceContent | None:
        try:
            # Without a sitemap the links of each page are needed, also of one that did not change.
            fetched = self._site.fetch(url, "" if self._is_linked else validator)
        except GoneError as error:
            self._aliases.add(url)
            if self._is_linked and url == self._site.start:
                raise NetworkError(f"{url} {error.message}.", "Check its address.") from error
            raise
        except SourceError as error:
            if "HTTP 401" in error.message or "HTTP 403" in error.message:
                self._aliases.add(url)
                raise GoneError(f"is not open to everybody any more: it {error.message}") from error
            self._has_failed = True
            raise
        return self._take(url, modified, fetched) if fetched else None

    def _take(self, url: str, modified: str, fetched: web.FetchedPage) -> SourceContent:
        links = run_apart(_SECONDS, find_links, fetched.content, fetched.url)
        own = self._find_own(url, fetched.url, links.canonical)
        if self._is_linked:
            for link in links.links:
                self._discover(link)
        if own != url and _name(own) != _name(url):
            self._aliases.add(url)
            self._discover(own)
            raise GoneError(f"is the same page as {own}")
        content = offer_page(self.root, _name(url), url, fetched, self._audience)
        return replace(content, changed_at=read_moment(modified) or content.changed_at)

    def _find_own(self, url: str, final: str, canonical: str) -> str:
        """The address that a page names as its own, else where its server led to; if that is ours to read."""
        found = (normalize(one) for one in (canonical, final) if one)
        return next((one for one in found if one and self._site.holds(one)), url)

    def _read_sitemaps(self) -> Mapping[str, str] | None:
        """Address -> last change of every page that the sitemaps list; None for a site without one.

        Raises NetworkError where one of them cannot be read: a part must not pass for all.
        """
        named = [self._sitemap] if self._sitemap else list(self._site.robots.sitemaps)
        found: dict[str, str] = {}
        waiting = dict.fromkeys(named or [f"{self._site.origin}/sitemap.xml"])
        done: set[str] = set()
        while waiting and len(done) < _MOST_SITEMAPS:
            url = next(iter(waiting))
            del waiting[url]
            done.add(url)
            status, content = self._site.get(url)
            if status in (404, 410) and not named:
                return None
            if status != 200:
                raise NetworkError(f"The sitemap {url} answers with HTTP {status}.", "Check its address.")
            try:
                part = run_apart(_SECONDS, read_sitemap, content, url)
            except SourceError as error:
                if not named and not found:
                    return None  # a page that says in words that there is nothing here
                raise NetworkError(f"The sitemap {url} {error.message}.", "Check its address.") from error
            found |= {page: modified for loc, modified in part.pages if (page := normalize(loc))}
            waiting |= dict.fromkeys(one for one in part.sitemaps if one not in done)
        return found


def _name(url: str) -> str:
    return web.split_url(url)[1]


def _to_stamp(modified: str) -> str:
    """What tells whether a page changed: a moment does, and a day that is over."""
    if not modified or read_moment(modified):
        return modified
    try:
        day = datetime.fromisoformat(modified).replace(tzinfo=UTC)
    except ValueError:
        return ""
    return modified if day < datetime.now(UTC) - _SETTLED else ""
