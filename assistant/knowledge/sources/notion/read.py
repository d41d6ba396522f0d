"""Pages of Notion that are shared with a connection, rows of databases among them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from pydantic import Field

from assistant.domain import Audience
from assistant.errors import (
    CursorExpiredError,
    GoneError,
    NetworkError,
    SourceError,
    TransientNetworkError,
    UnavailableError,
)
from assistant.knowledge.sources.base.platform import Payload, Platform
from assistant.knowledge.sources.base.written import PlatformDocument, find_audience, offer_written
from assistant.knowledge.sources.notion.markdown import read_notion
from assistant.knowledge.sources.notion.properties import find_title, tell_fields
from assistant.knowledge.sources.page.open import is_open
from assistant.knowledge.sources.protocol import SourceContent, SourceDocument, SourcePage

VERSION = "2025-09-03"
_SETTLED = timedelta(minutes=2)  # Notion tells the minute of a change: another one may follow within it
_MOST_LISTED = 5_000
_MOST_PARTS = 200


class NotionPage(Payload):
    """A page as it stands in a list."""

    id: str
    last_edited_time: datetime
    in_trash: bool = False
    is_archived: bool = Field(False, alias="archived")
    url: str | None = None
    public_url: str | None = None
    properties: Mapping[str, Any] = {}

    @property
    def is_away(self) -> bool:
        """Return whether it lies in the trash."""
        return self.in_trash or self.is_archived


class _List(Payload):
    results: tuple[NotionPage, ...]
    has_more: bool = False
    next_cursor: str | None = None


class _Text(Payload):
    markdown: str
    is_cut: bool = Field(False, alias="truncated")
    unknown: tuple[str, ...] = Field((), alias="unknown_block_ids")


class NotionSource:
    """Documents are named by Notion's ids, which stay when a page is moved or renamed."""

    def __init__(
        self, root: str, platform: Platform, now: Callable[[], datetime], audience: Audience | None = None
    ) -> None:
        self.root = root
        self._platform = platform
        self._now = now
        self._audience = audience

    def read(self, cursor: str) -> SourcePage:
        """All of them: whether one changed, the time of its last edit says."""
        listed = self._list()
        return SourcePage(tuple(map(self._offer, listed.values())), listed=frozenset(listed))

    def list_ids(self) -> frozenset[str]:
        """What is shared now."""
        return frozenset(self._list())

    def find_gone(self, document_ids: frozenset[str]) -> frozenset[str]:
        """Those that are in the trash, or not shared any more: a search does not promise to find all that there is."""
        return frozenset(one for one in document_ids if not self._is_there(one))

    def close(self) -> None:
        """Close its connections."""
        self._platform.close()

    def _is_there(self, page_id: str) -> bool:
        try:
            return not self._platform.fetch(f"/v1/pages/{quote(page_id)}", NotionPage).is_away
        except NetworkError as error:
            if error.status in (403, 404):
                return False
            raise

    def _list(self) -> dict[str, NotionPage]:
        try:
            return self._list_once()
        except CursorExpiredError:
            pass
        try:
            return self._list_once()
        except CursorExpiredError as error:
            raise TransientNetworkError(error.message, "Earshot tries again by itself.") from error

    def _list_once(self) -> dict[str, NotionPage]:
        found: dict[str, NotionPage] = {}
        asked: dict[str, Any] = {
            "filter": {"property": "object", "value": "page"},
            "sort": {"timestamp": "last_edited_time", "direction": "ascending"},
            "page_size": 100,
        }
        for _ in range(_MOST_LISTED):
            page = self._search(asked)
            found |= {one.id: one for one in page.results if not one.is_away}
            if not (page.has_more and page.next_cursor):
                return found
            asked["start_cursor"] = page.next_cursor
        raise NetworkError("The list of Notion does not end.", "Share less with the connection.")

    def _search(self, asked: Mapping[str, Any]) -> _List:
        try:
            return self._platform.fetch("/v1/search", _List, json=dict(asked))
        except NetworkError as error:
            if "start_cursor" in asked and error.status in (400, 404):
                raise CursorExpiredError("The list of Notion broke off.") from error
            raise

    def _offer(self, listed: NotionPage) -> SourceDocument:
        edited = listed.last_edited_time
        is_settled = edited < self._now() - _SETTLED
        stamp = f"{edited.isoformat()} {listed.public_url or ''} {listed.url or ''}" if is_settled else ""
        title = find_title(listed.properties)
        return SourceDocument(listed.id, partial(self._load, listed, title), stamp, place=title or listed.id)

    def _load(self, listed: NotionPage, title: str, _validator: str) -> SourceContent:
        text, left = self._load_text(listed.id)
        is_public = self._audience is Audience.PUBLIC and bool(listed.public_url) and is_open(listed.public_url or "")
        audience, remarks = find_audience(self._audience, is_public)
        if left:
            remarks = (*remarks, f"was read without {left} of its parts, which Notion does not give us")
        fields = tell_fields(listed.properties)
        content = "\n\n".join(filter(None, (fields, text))).encode()
        url = listed.public_url if is_public else listed.url
        written = PlatformDocument(
            self.root, listed.id, title, url, audience, content, ".md", "", listed.last_edited_time, remarks
        )
        return offer_written(written, read_notion)

    def _load_text(self, page_id: str) -> tuple[str, int]:
        """A page's text with the parts that Notion gives only by themselves, and how many of them it keeps back."""
        texts: list[str] = []
        waiting, seen, left = [page_id], {page_id}, 0
        while waiting and len(seen) <= _MOST_PARTS:
            one = waiting.pop(0)
            try:
                part = self._platform.load_form(f"/v1/pages/{quote(one)}/markdown", _Text)
            except SourceError as error:
                if one == page_id or isinstance(error, UnavailableError):
                    raise
                left += 1
                continue
            texts.append(part.markdown)
            fresh = [block for block in part.unknown if block not in seen]
            seen.update(fresh)
            waiting += fresh
        if not texts:
            raise GoneError("is not there any more")
        return "\n\n".join(texts), left + len(waiting)
