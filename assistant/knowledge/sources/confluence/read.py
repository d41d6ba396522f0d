"""Pages, blog posts and attachments of a space of Confluence, as everybody in the company can read them there."""

from functools import partial
from urllib.parse import quote

from pydantic import Field

from assistant.domain import Audience
from assistant.errors import GoneError
from assistant.knowledge.sources.base.platform import Payload
from assistant.knowledge.sources.base.written import PlatformDocument, find_audience, offer_written, wrap_html
from assistant.knowledge.sources.confluence.space import SpaceState, WikiContent, WikiSpace, find_suffix
from assistant.knowledge.sources.protocol import SourceContent, SourceDocument, SourcePage

_MOST_BODY = 20_000_000


class _View(Payload):
    value: str


class _Body(Payload):
    shown: _View = Field(alias="export_view")


class _Page(Payload):
    status: str = "current"
    body: _Body


class ConfluenceSource:
    """Documents are named by the platform's own numbers, which stay when a page is moved or renamed."""

    def __init__(self, root: str, space: WikiSpace, max_bytes: int, audience: Audience | None = None) -> None:
        self.root = root
        self._space = space
        self._max_bytes = max_bytes
        self._audience = audience

    def read(self, cursor: str) -> SourcePage:
        """All of them: whether one changed, its version says."""
        state = self._list()
        documents = tuple(self._offer(one, state) for one in state.readable.values())
        return SourcePage(documents, state.outside, listed=frozenset(state.readable), closed=state.closed)

    def list_ids(self) -> frozenset[str]:
        """What can be read now."""
        return frozenset(self._list().readable)

    def find_gone(self, document_ids: frozenset[str]) -> frozenset[str]:
        """Those that are not there: a list that is read part by part, or by a search, may miss some."""
        return frozenset(one for one in document_ids if not self._space.is_there(one))

    def close(self) -> None:
        """Close its connections."""
        self._space.platform.close()

    def _list(self) -> SpaceState:
        return self._space.list_all(self._audience is Audience.PUBLIC)

    def _offer(self, listed: WikiContent, state: SpaceState) -> SourceDocument:
        is_public = listed.id in state.public
        stamp = f"{listed.version.number} {listed.title} {is_public} {self._space.find_url(listed)}"
        return SourceDocument(listed.id, partial(self._load, listed, is_public), stamp, place=listed.title)

    def _load(self, listed: WikiContent, is_public: bool, _validator: str) -> SourceContent:
        audience, remarks = find_audience(self._audience, is_public)
        is_file = listed.type == "attachment"
        content = self._load_file(listed) if is_file else self._load_body(listed)
        return offer_written(
            PlatformDocument(
                self.root,
                listed.id,
                listed.title,
                self._space.find_url(listed),
                audience,
                content,
                find_suffix(listed.title) if is_file else ".html",
                listed.author,
                listed.version.when,
                remarks,
            )
        )

    def _load_body(self, listed: WikiContent) -> bytes:
        kind = "blogposts" if listed.type == "blogpost" else "pages"
        path = (
            f"/api/v2/{kind}/{quote(listed.id)}?body-format=export_view"
            if self._space.is_cloud
            else f"/rest/api/content/{quote(listed.id)}?expand=body.export_view"
        )
        page = self._space.platform.load_form(path, _Page, _MOST_BODY)
        if page.status != "current":
            raise GoneError(f"is {page.status} there")
        return wrap_html(page.body.shown.value)

    def _load_file(self, listed: WikiContent) -> bytes:
        page = listed.container.id if listed.container else ""
        path = (
            f"/rest/api/content/{quote(page)}/child/attachment/{quote(listed.id)}/download"
            if self._space.is_cloud
            else listed.links.download
        )
        return self._space.platform.load(path, self._max_bytes)
