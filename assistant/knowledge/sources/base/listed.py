"""Sources whose lists hold the text of each document: one list is all that a round asks for."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from assistant.domain import Audience
from assistant.errors import CursorExpiredError, TransientNetworkError
from assistant.knowledge.sources.base.platform import Platform
from assistant.knowledge.sources.base.written import PlatformDocument, find_audience, offer_written
from assistant.knowledge.sources.protocol import SourceContent, SourceDocument, SourcePage


@dataclass(frozen=True)
class ListedDocument:
    """A document from a list: one that `is_away` is a draft, `is_closed` one that only some may read.

    `is_open` says whether everybody can.
    """

    document: PlatformDocument
    is_away: bool = False
    is_closed: bool = False
    is_open: Callable[[], bool] = lambda: False


class ListedSource:
    """`list_all` gives all documents, and `find_address` where one is asked for by itself."""

    def __init__(
        self,
        root: str,
        platform: Platform,
        list_all: Callable[[], Iterable[ListedDocument]],
        find_address: Callable[[str], str],
        audience: Audience | None = None,
    ) -> None:
        self.root = root
        self._platform = platform
        self._list_all = list_all
        self._find_address = find_address
        self._audience = audience

    def read(self, cursor: str) -> SourcePage:
        """All of them: whether one changed, its text says."""
        found = self._list()
        away = frozenset(one.document.document_id for one in found if one.is_away)
        closed = {one.document.document_id: one.document.title for one in found if one.is_closed and not one.is_away}
        documents = tuple(self._offer(one) for one in found if not (one.is_closed or one.is_away))
        return SourcePage(documents, away, listed=frozenset(one.document_id for one in documents), closed=closed)

    def list_ids(self) -> frozenset[str]:
        """What can be read now."""
        return frozenset(one.document.document_id for one in self._list() if not (one.is_closed or one.is_away))

    def find_gone(self, document_ids: frozenset[str]) -> frozenset[str]:
        """Those that are not there: a list that is read part by part may miss some."""
        return frozenset(one for one in document_ids if not self._platform.is_there(self._find_address(one)))

    def close(self) -> None:
        """Close its connections."""
        self._platform.close()

    def _list(self) -> list[ListedDocument]:
        try:
            return list(self._list_all())
        except CursorExpiredError:
            pass
        try:
            return list(self._list_all())
        except CursorExpiredError as error:
            raise TransientNetworkError(error.message, "Earshot tries again by itself.") from error

    def _offer(self, listed: ListedDocument) -> SourceDocument:
        document = listed.document
        said = repr((document.title, document.url, document.owner, document.content)).encode()
        is_public = self._audience is Audience.PUBLIC
        # At night it is proven again that everybody can open it.
        return SourceDocument(
            document.document_id,
            partial(self._load, listed),
            hashlib.sha256(said).hexdigest(),
            is_exact=not is_public,
            place=document.title,
        )

    def _load(self, listed: ListedDocument, _validator: str) -> SourceContent:
        audience, remarks = find_audience(self._audience, self._audience is Audience.PUBLIC and listed.is_open())
        document = listed.document
        return offer_written(replace(document, audience=audience, remarks=(*document.remarks, *remarks)))
