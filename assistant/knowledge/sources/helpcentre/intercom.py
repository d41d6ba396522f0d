"""Articles of a help centre of Intercom: drafts are none, and public is what its address shows to everybody."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote

from assistant.domain import Audience
from assistant.knowledge.sources.base.listed import ListedDocument, ListedSource
from assistant.knowledge.sources.base.platform import Payload, Platform, PlatformReply
from assistant.knowledge.sources.base.written import PlatformDocument, wrap_html
from assistant.knowledge.sources.page.open import is_open

VERSION = "2.11"
_PER_PAGE = 100


class _Article(Payload):
    id: str | int
    title: str | None = None
    description: str | None = None
    body: str | None = None
    state: str = "draft"
    url: str | None = None
    updated_at: int | None = None


class _Place(Payload):
    page: int = 1
    total_pages: int = 1


class _Articles(Payload):
    data: tuple[_Article, ...]
    pages: _Place | None = None


def build_intercom(root: str, platform: Platform, audience: Audience | None) -> ListedSource:
    """The source of a help centre."""
    return ListedSource(
        root, platform, partial(_list_all, root, platform), lambda key: f"/articles/{quote(key)}", audience
    )


def _list_all(root: str, platform: Platform) -> Iterator[ListedDocument]:
    for page in platform.list_pages(f"/articles?per_page={_PER_PAGE}&page=1", _Articles, _find_next):
        yield from (_take(root, article) for article in page.data)


def _take(root: str, article: _Article) -> ListedDocument:
    changed_at = datetime.fromtimestamp(article.updated_at, UTC) if article.updated_at else None
    document = PlatformDocument(
        root,
        str(article.id),
        article.title or "",
        article.url,
        Audience.INTERNAL,
        wrap_html(f"{article.body or ''}"),
        ".html",
        changed_at=changed_at,
    )
    opens = partial(is_open, article.url) if article.url else lambda: False
    return ListedDocument(document, is_away=article.state != "published", is_open=opens)


def _find_next(articles: _Articles, _reply: PlatformReply) -> str:
    place = articles.pages
    if place is None or place.page >= place.total_pages:
        return ""
    return f"/articles?per_page={_PER_PAGE}&page={place.page + 1}"
