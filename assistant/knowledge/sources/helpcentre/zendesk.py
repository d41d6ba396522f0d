"""Articles of a help centre of Zendesk: drafts are none, and who may see one, its user segments say."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from urllib.parse import quote

from pydantic import Field

from assistant.domain import Audience
from assistant.errors import NetworkError
from assistant.knowledge.sources.base.listed import ListedDocument, ListedSource
from assistant.knowledge.sources.base.platform import Payload, Platform, PlatformReply
from assistant.knowledge.sources.base.written import PlatformDocument, wrap_html


class _Article(Payload):
    id: int
    title: str = ""
    body: str | None = None
    draft: bool = False
    html_url: str | None = None
    updated_at: datetime | None = None
    segment: int | None = Field(None, alias="user_segment_id")
    segments: tuple[int, ...] = Field((), alias="user_segment_ids")

    @property
    def readers(self) -> frozenset[int]:
        """The segments that may read it; none for everybody."""
        return frozenset({*self.segments, *((self.segment,) if self.segment is not None else ())})


class _Segment(Payload):
    id: int
    is_built_in: bool = Field(False, alias="built_in")


class _Links(Payload):
    next: str | None = None


class _More(Payload):
    has_more: bool = False


class _Articles(Payload):
    articles: tuple[_Article, ...]
    links: _Links = _Links()
    meta: _More = _More()


class _Segments(Payload):
    segments: tuple[_Segment, ...] = Field(alias="user_segments")
    links: _Links = _Links()
    meta: _More = _More()


def build_zendesk(root: str, platform: Platform, locale: str, audience: Audience | None) -> ListedSource:
    """The source of a help centre; without a locale articles are read in the one that each was written in."""
    top = f"/api/v2/help_center/{quote(locale)}/articles" if locale else "/api/v2/help_center/articles"
    listing = partial(_list_all, root, platform, f"{top}.json?page[size]=100", audience)
    return ListedSource(root, platform, listing, lambda key: f"{top}/{quote(key)}.json", audience)


def _list_all(root: str, platform: Platform, path: str, audience: Audience | None) -> Iterator[ListedDocument]:
    articles = list(_list(platform, path))
    # A segment that people made themselves leaves somebody out; the built-in ones are all staff, and all who sign in.
    known = _list_built_in(platform) if any(article.readers for article in articles) else frozenset()
    public = _list_public(platform, path) if audience is Audience.PUBLIC else frozenset()
    for article in articles:
        document = PlatformDocument(
            root,
            str(article.id),
            article.title,
            article.html_url,
            Audience.INTERNAL,
            wrap_html(article.body or ""),
            ".html",
            changed_at=article.updated_at,
        )
        is_open = article.id in public and not article.readers
        yield ListedDocument(document, article.draft, not article.readers <= known, partial(bool, is_open))


def _list(platform: Platform, path: str) -> Iterator[_Article]:
    for page in platform.list_pages(path, _Articles, _find_next):
        yield from page.articles


def _list_built_in(platform: Platform) -> frozenset[int]:
    pages = platform.list_pages("/api/v2/help_center/user_segments.json?page[size]=100", _Segments, _find_next)
    return frozenset(segment.id for page in pages for segment in page.segments if segment.is_built_in)


def _list_public(platform: Platform, path: str) -> frozenset[int]:
    plain = platform.without_key()
    try:
        return frozenset(article.id for article in _list(plain, path))
    except NetworkError as error:
        if error.status in (401, 403, 404):
            return frozenset()
        raise
    finally:
        plain.close()


def _find_next(page: _Articles | _Segments, _reply: PlatformReply) -> str:
    return page.links.next or "" if page.meta.has_more else ""
