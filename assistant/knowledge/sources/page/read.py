"""Single web pages, by their addresses."""

from collections.abc import Mapping
from functools import partial

from assistant.domain import Audience
from assistant.knowledge.ingest import web
from assistant.knowledge.sources.protocol import SourceContent, SourceDocument, SourcePage


class PageSource:
    """Pages of these addresses, by their document ids."""

    def __init__(self, root: str, urls: Mapping[str, str], max_bytes: int, audience: Audience | None = None) -> None:
        self.root = root
        self._urls = urls
        self._max_bytes = max_bytes
        self._audience = audience

    def read(self, cursor: str) -> SourcePage:
        """All of them: whether one changed, its server says, or its content."""
        documents = (
            SourceDocument(name, partial(self._load, name, url), place=url) for name, url in self._urls.items()
        )
        return SourcePage(tuple(documents), listed=self.list_ids())

    def list_ids(self) -> frozenset[str]:
        """The ids of these pages."""
        return frozenset(self._urls)

    def claim(self, url: str) -> str:
        """The id here of a page that was read by hand before; empty where it is none of these."""
        return next((name for name, one in self._urls.items() if one.rstrip("/") == url.rstrip("/")), "")

    def _load(self, name: str, url: str, validator: str) -> SourceContent | None:
        fetched = web.fetch(url, self._max_bytes, validator)
        return offer_page(self.root, name, url, fetched, self._audience) if fetched else None


def name_page(url: str) -> str:
    """The document id of a page among pages of several sites: its address without the scheme. Raises SourceError."""
    site, path = web.split_url(url)
    return f"{site.partition('://')[2]}/{path}"


def offer_page(
    root: str, document_id: str, url: str, fetched: web.FetchedPage, audience: Audience | None
) -> SourceContent:
    """A fetched page as what a source gives."""
    digest = web.hash_page(fetched.content, audience)
    return SourceContent(
        digest,
        partial(web.convert_page, url, fetched.content),
        partial(web.build_page, root, document_id, url, digest, audience),
        fetched.validator,
        fetched.changed_at,
    )
