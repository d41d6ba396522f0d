"""A space as Confluence lists it: its pages and attachments, and which of them only some people may read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from pydantic import Field

from assistant.errors import CursorExpiredError, NetworkError, TransientNetworkError
from assistant.knowledge.ingest.conversion import SUFFIXES
from assistant.knowledge.sources.base.platform import Payload, Platform, PlatformReply

_PER_PAGE = 100
_EXPANDED = "version,ancestors"
_WITH_RESTRICTIONS = f"{_EXPANDED},restrictions.read.restrictions.user,restrictions.read.restrictions.group"
_KINDS = ("page", "blogpost")


class _Person(Payload):
    name: str = Field("", alias="displayName")
    email: str | None = None


class _Version(Payload):
    number: int
    when: datetime | None = None
    by: _Person | None = None


class _Reference(Payload):
    id: str


class _Names(Payload):
    results: tuple[Any, ...] = ()
    size: int = 0


class _Allowed(Payload):
    user: _Names
    group: _Names


class _Reading(Payload):
    restrictions: _Allowed


class _Restrictions(Payload):
    read: _Reading


class _Links(Payload):
    webui: str = ""
    download: str = ""
    next: str = ""
    base: str = ""


class WikiContent(Payload):
    """A page, blog post or attachment as it stands in a list."""

    id: str
    type: str
    title: str
    version: _Version
    ancestors: tuple[_Reference, ...] = ()
    restrictions: _Restrictions | None = None
    container: _Reference | None = None
    links: _Links = Field(_Links(), alias="_links")

    @property
    def is_open(self) -> bool:
        """Return whether the platform says that nobody is shut out; where it does not say, somebody may be."""
        if self.restrictions is None:
            return False
        allowed = self.restrictions.read.restrictions
        return not any(names.size or names.results for names in (allowed.user, allowed.group))

    @property
    def author(self) -> str:
        """Who last changed it: an e-mail address where it is shown, else the name."""
        by = self.version.by
        return (by.email or by.name) if by else ""


class _List(Payload):
    results: tuple[WikiContent, ...]
    links: _Links = Field(_Links(), alias="_links")


class _Key(Payload):
    key: str


class _Place(Payload):
    """A page or attachment by itself, in either edition."""

    status: str = "current"
    space: _Key | None = None
    space_id: str | None = Field(None, alias="spaceId")
    container: _Reference | None = None
    page_id: str | None = Field(None, alias="pageId")
    blog_id: str | None = Field(None, alias="blogPostId")


class _Spaces(Payload):
    results: tuple[_Reference, ...]


@dataclass(frozen=True)
class SpaceState:
    """All that a space has now: what is read, what is not meant, what is closed, and what everybody can open."""

    readable: Mapping[str, WikiContent]
    outside: frozenset[str]
    closed: Mapping[str, str]
    public: frozenset[str]
    address: str


class WikiSpace:
    """One space, or the tree below one of its pages."""

    def __init__(
        self, platform: Platform, key: str, top: str = "", is_cloud: bool = False, has_attachments: bool = True
    ) -> None:
        self.platform = platform
        self.is_cloud = is_cloud
        self._key = key
        self._top = top
        self._has_attachments = has_attachments
        self._address = platform.base_url

    def list_all(self, is_public_asked: bool) -> SpaceState:
        """Everything, from its first page to its last. Raises NetworkError; never gives a part for all."""
        try:
            return self._list_all(is_public_asked)
        except CursorExpiredError:
            pass
        try:
            return self._list_all(is_public_asked)
        except CursorExpiredError as error:
            raise TransientNetworkError(error.message, "Earshot tries again by itself.") from error

    def _list_all(self, is_public_asked: bool) -> SpaceState:
        listed = {page.id: page for page in self._list_contents(self.platform, _WITH_RESTRICTIONS)}
        closed = self._find_closed(listed)
        pages = {key: page for key, page in listed.items() if self._holds(page)}
        public = self._list_public() if is_public_asked else frozenset()
        all_files = self._list_files()
        files = [
            file
            for file in all_files
            if file.container and file.container.id in pages and find_suffix(file.title) in SUFFIXES
        ]
        found = {**pages, **{file.id: file for file in files}}
        shut = (closed & pages.keys()) | {file.id for file in files if file.container and file.container.id in closed}
        return SpaceState(
            {key: one for key, one in found.items() if key not in shut},
            self._find_outside(listed, all_files) - found.keys(),
            {key: found[key].title for key in shut},
            public | {file.id for file in files if file.container and file.container.id in public},
            self._address,
        )

    def is_there(self, content_id: str) -> bool:
        """Return whether a page or attachment is in the space now, whatever lists have."""
        if self.is_cloud:
            kinds = ("attachments",) if content_id.startswith("att") else ("pages", "blogposts")
            return any(self._is_there(f"/api/v2/{kind}/{quote(content_id)}") for kind in kinds)
        return self._is_there(f"/rest/api/content/{quote(content_id)}?expand=space,container")

    def _is_there(self, path: str) -> bool:
        try:
            found = self.platform.fetch(path, _Place)
        except NetworkError as error:
            if error.status in (403, 404, 410):
                return False
            raise
        if found.status != "current":
            return False
        if holder := found.page_id or found.blog_id or (found.container.id if found.container else None):
            return self.is_there(holder)
        if self.is_cloud:
            return found.space_id == self._space_id
        return found.space is not None and found.space.key == self._key

    @cached_property
    def _space_id(self) -> str:
        """The Cloud's own number of the space."""
        found = self.platform.fetch(f"/api/v2/spaces?{urlencode({'keys': self._key})}", _Spaces)
        return found.results[0].id if found.results else ""

    def find_url(self, listed: WikiContent) -> str:
        """Where staff open it."""
        return f"{self._address}{listed.links.webui}" if listed.links.webui else self._address

    def _find_outside(self, listed: Mapping[str, WikiContent], files: Sequence[WikiContent]) -> frozenset[str]:
        """What is in the space and not meant: beside the tree, hanging on that, or of a kind that nobody reads."""
        known = [file.id for file in files if file.container and file.container.id in listed]
        return frozenset((*listed, *known))

    def _holds(self, page: WikiContent) -> bool:
        return not self._top or self._top == page.id or any(one.id == self._top for one in page.ancestors)

    def _find_closed(self, pages: Mapping[str, WikiContent]) -> frozenset[str]:
        """Pages that only some may read, and all below them."""
        if not self.platform.has_key:
            return frozenset()  # what is seen without a key, everybody sees
        known: dict[str, bool] = {key: page.is_open for key, page in pages.items()}
        for page in pages.values():
            for one in page.ancestors:
                if one.id not in known:
                    known[one.id] = self._ask_is_open(one.id)
        return frozenset(
            key for key, page in pages.items() if not (known[key] and all(known[one.id] for one in page.ancestors))
        )

    def _ask_is_open(self, content_id: str) -> bool:
        """The same of what stands above and is in no list, such as a folder: closed unless it says otherwise."""
        path = f"/rest/api/content/{quote(content_id)}/restriction/byOperation/read"
        try:
            found = self.platform.fetch(f"{path}?expand=restrictions.user,restrictions.group", _Reading).restrictions
        except NetworkError as error:
            if error.is_transient or error.status == 401:
                raise
            return False
        return not any(names.size or names.results for names in (found.user, found.group))

    def _list_public(self) -> frozenset[str]:
        """What everybody sees, asked without a key."""
        plain = self.platform.without_key()
        try:
            return frozenset(page.id for page in self._list_contents(plain, _EXPANDED))
        except NetworkError as error:
            if error.status in (401, 403, 404):
                return frozenset()
            raise
        finally:
            plain.close()

    def _list_contents(self, platform: Platform, expanded: str) -> Iterator[WikiContent]:
        if self.is_cloud:
            yield from self._search(platform, f"type in ({', '.join(_KINDS)})", expanded)
            return
        for kind in _KINDS:
            asked = {"spaceKey": self._key, "type": kind, "status": "current", "expand": expanded}
            yield from self._list(platform, f"/rest/api/content?{urlencode({**asked, 'limit': _PER_PAGE})}")

    def _list_files(self) -> Sequence[WikiContent]:
        if not self._has_attachments:
            return ()
        return list(self._search(self.platform, "type = attachment", "version,container"))

    def _search(self, platform: Platform, what: str, expanded: str) -> Iterator[WikiContent]:
        asked = {"cql": f'space = "{self._key}" and {what}', "expand": expanded, "limit": _PER_PAGE}
        return self._list(platform, f"/rest/api/content/search?{urlencode(asked)}")

    def _list(self, platform: Platform, path: str) -> Iterator[WikiContent]:
        for page in platform.list_pages(path, _List, partial(_find_next, platform)):
            self._address = page.links.base or self._address
            yield from page.results


def _find_next(platform: Platform, page: _List, _reply: PlatformReply) -> str:
    """The next part of a list: it is said from the platform's own top, with or without the path that we have."""
    link = page.links.next
    if not link:
        return ""
    top = "/" + platform.base_url.partition("://")[2].partition("/")[2]
    whole = link if top == "/" or link.startswith((f"{top}/", "http")) else f"{top}{link}"
    return urljoin(platform.base_url, whole)


def find_suffix(name: str) -> str:
    """The end of a file's name, in small letters with its dot."""
    return f".{name.rpartition('.')[2].lower()}" if "." in name else ""
