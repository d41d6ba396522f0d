"""Bluesky through atproto: posts that mention, answer or quote us, and a search for each term."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from assistant.domain import Mention
from assistant.errors import OPERATOR, NetworkError, TransientNetworkError
from assistant.listening.networks.base.errors import explain_status, find_posts, not_installed, unreachable, unreadable
from assistant.listening.networks.base.pages import Fetch, ListingReader, Slice, add_parents, compare, read_listings
from assistant.listening.networks.base.payload import (
    MaybeCount,
    MaybeId,
    MaybeMoment,
    Moment,
    PostId,
    Text,
    add_up,
    check,
)
from assistant.listening.networks.base.protocol import MentionPage
from assistant.listening.networks.base.sdk import GuardedTransport

if TYPE_CHECKING:
    from atproto_client import Client

_WHO = "Bluesky"
_MEND = "Check handle: and app_password: under bluesky: in networks.yaml; make an app password in Bluesky's settings."
_SERVER = "https://bsky.social"
_PAGE = 100
_MOST_LOOKED_UP = 25
_REASONS = ["mention", "reply", "quote"]
_TIMEOUT_SECONDS = 30.0


class _Author(BaseModel):
    handle: Text = ""
    did: MaybeId = None


class _Link(BaseModel):
    uri: PostId


class _Reply(BaseModel):
    root: _Link
    parent: _Link


class _Record(BaseModel):
    text: Text = ""
    createdAt: MaybeMoment = None  # noqa: N815  # Bluesky's name
    langs: list[str] | None = None
    reply: _Reply | None = None


class _View(BaseModel):
    uri: PostId
    indexedAt: Moment  # noqa: N815
    author: _Author
    record: _Record
    replyCount: MaybeCount = None  # noqa: N815
    repostCount: MaybeCount = None  # noqa: N815
    likeCount: MaybeCount = None  # noqa: N815
    quoteCount: MaybeCount = None  # noqa: N815


def to_mention(payload: object) -> Mention | str:
    """A post view, or the notification that brought it, as a Mention, or why not."""
    if isinstance(payload, dict) and payload.get("reason", "mention") not in _REASONS:
        return "is no post about us"
    view = check(_View, payload)
    if isinstance(view, str):
        return view
    if not view.record.text:
        return "has no text"
    reply = view.record.reply
    # A post's own date is whatever its program says: it is never younger than when Bluesky first saw it.
    created_at = min(view.record.createdAt or view.indexedAt, view.indexedAt)
    return Mention(
        mention_id=f"bluesky:{view.uri}",
        network="bluesky",
        external_id=view.uri,
        author=view.author.handle,
        text=view.record.text,
        created_at=created_at,
        lang=next(iter(view.record.langs or ()), None),
        url=_find_url(view),
        in_reply_to=reply.parent.uri if reply else None,
        conversation_id=reply.root.uri if reply else view.uri,
        engagement=add_up(view.likeCount, view.repostCount, view.quoteCount, view.replyCount),
        author_id=view.author.did,
    )


def _find_url(view: _View) -> str | None:
    key = view.uri.rpartition("/")[2]
    return f"https://bsky.app/profile/{view.author.handle}/post/{key}" if view.author.handle else None


class BlueskyGoneError(NetworkError):
    """A record that was deleted, or that never was."""


class BlueskyNetwork:
    """One account. It logs in once and stays so: Bluesky allows 300 log-ins a day."""

    name = "bluesky"
    recheck_limit = _MOST_LOOKED_UP

    def __init__(
        self,
        handle: str,
        find_password: Callable[[], str],
        terms: Sequence[str],
        ours: frozenset[str],
        now: Callable[[], datetime],
        server: str = _SERVER,
        timeout_seconds: float = _TIMEOUT_SECONDS,
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._handle = handle
        self._find_password = find_password
        self._terms = terms
        self._ours = ours
        self._now = now
        self._server = server or _SERVER
        self._client: Client | None = None

    def read(self, cursor: str) -> MentionPage:
        """See Network."""
        page = read_listings(self._list(), cursor, self._build_reading())
        return add_parents(page, _MOST_LOOKED_UP, self._look_up, to_mention)

    def recheck(self, external_ids: Sequence[str]) -> MentionPage:
        """See Recheck."""
        return compare(external_ids, self._look_up(external_ids), _find_id, self._build_reading())

    def find_account(self, name: str) -> str | None:
        """See KnowsAccounts. A name that nobody has is refused as a wrong question."""
        try:
            found = self.ask("com.atproto.identity.resolveHandle", handle=name).get("did")
        except NetworkError as error:
            if error.status == 400:
                return None
            raise
        return found if isinstance(found, str) else None

    def _look_up(self, external_ids: Sequence[str]) -> list[object]:
        return find_posts(_WHO, self.ask("app.bsky.feed.getPosts", uris=list(external_ids)), "posts")

    def _list(self) -> dict[str, Fetch]:
        def follow(method: str, field: str, **params: Any) -> Fetch:
            def fetch(token: str, _since: datetime) -> Slice:
                place = {"cursor": token} if token else {}
                body = self.ask(method, limit=_PAGE, **params, **place)
                cursor = body.get("cursor")
                return Slice(find_posts(_WHO, body, field), cursor if isinstance(cursor, str) else "")

            return fetch

        listings = {"mentions": follow("app.bsky.notification.listNotifications", "notifications", reasons=_REASONS)}
        for term in self._terms:
            listings[f"search {term}"] = follow("app.bsky.feed.searchPosts", "posts", q=f'"{term}"', sort="latest")
        return listings

    def _build_reading(self) -> ListingReader:
        return ListingReader(self._now(), to_mention, self._ours, _find_indexed_at)

    def ask(self, method: str, **params: Any) -> dict[str, object]:
        """The JSON of a query. Raises NetworkError."""
        from_sdk = self.connect()
        with self._translated():
            from atproto_client.models.dot_dict import DotDict

            response = from_sdk.invoke_query(method, params=DotDict(params), output_encoding="application/json")
        return _read_content(response)

    def call(self, method: str, data: dict[str, object]) -> dict[str, object]:
        """The JSON of a procedure, which changes something. Raises NetworkError."""
        from_sdk = self.connect()
        with self._translated():
            from atproto_client.models.dot_dict import DotDict

            response = from_sdk.invoke_procedure(
                method, data=DotDict(data), input_encoding="application/json", output_encoding="application/json"
            )
        return _read_content(response)

    @property
    def did(self) -> str:
        """Our account's lasting name. Raises NetworkError."""
        session = self.connect()._session
        return str(session.did) if session else ""

    def connect(self) -> "Client":
        """The client, logged in. Raises NetworkError."""
        if self._client is None:
            try:
                from atproto_client import Client
                from atproto_client.request import Request
            except ModuleNotFoundError as error:
                raise not_installed(_WHO, "bluesky") from error
            client = Client(self._server, request=Request(transport=GuardedTransport(self._timeout_seconds)))
            with self._translated():
                client.login(self._handle, self._find_password(), fetch_bsky_profile=False)
            self._client = client
        return self._client

    @contextmanager
    def _translated(self) -> Iterator[None]:
        import httpx
        from atproto_client.exceptions import InvokeTimeoutError, ModelError, RequestErrorBase
        from atproto_core.exceptions import AtProtocolError

        try:
            yield
        except RequestErrorBase as error:
            if error.response is None:
                raise unreachable(_WHO, isinstance(error, InvokeTimeoutError), self._name_server()) from error
            raise self._explain(error.response) from error
        except httpx.HTTPError as error:
            raise unreachable(_WHO, mend=self._name_server()) from error
        except (ModelError, AtProtocolError, ValueError) as error:
            raise unreadable(_WHO) from error

    def _name_server(self) -> str:
        named = f"Check server: {self._server} under bluesky: in networks.yaml."
        return "" if self._server == _SERVER else named

    def _explain(self, response: Any) -> NetworkError:
        """A session that ran out is forgotten, so that the next read logs in again."""
        mend = f"{self._name_server()} {_MEND}".strip()
        error = explain_status(_WHO, response.status_code, response.headers, self._now(), mend)
        name = getattr(response.content, "error", None)
        if name in ("ExpiredToken", "InvalidToken"):
            self._client = None
            ended = TransientNetworkError(f"{_WHO} has ended our session.", "Earshot logs in again by itself.")
            ended.status = response.status_code
            return ended
        if name == "RecordNotFound":
            return BlueskyGoneError(f"{_WHO} has no such post.", _MEND, in_slack="")
        if name == "AuthenticationRequired" and self._client is None:
            return NetworkError(f"{_WHO} does not accept the handle and its app password.", _MEND, in_slack=OPERATOR)
        return error


def _read_content(response: Any) -> dict[str, object]:
    if not isinstance(response.content, dict):
        raise unreadable(_WHO, str(response.headers.get("content-type", "")), _MEND)
    return response.content


def _find_id(payload: object) -> object:
    return payload.get("uri") if isinstance(payload, Mapping) else None


def _find_indexed_at(payload: object) -> datetime | None:
    view = check(_View, payload)
    return view.indexedAt if isinstance(view, _View) else None
