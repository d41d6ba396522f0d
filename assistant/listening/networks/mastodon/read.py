"""Mastodon through Mastodon.py: mentions of our account, hashtags, and a full-text search where the server has one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from assistant.domain import Mention
from assistant.errors import NetworkError
from assistant.listening.networks.base.errors import (
    explain_status,
    find_posts,
    limited,
    not_installed,
    read_retry_at,
    unreachable,
    unreadable,
)
from assistant.listening.networks.base.pages import Fetch, ListingReader, Slice, add_parents, compare, read_listings
from assistant.listening.networks.base.payload import (
    MaybeCount,
    MaybeId,
    MaybeLink,
    MaybeMoment,
    MaybeText,
    Moment,
    PostId,
    Text,
    add_up,
    check,
    read_markup,
)
from assistant.listening.networks.base.protocol import PRIVATE, MentionPage
from assistant.listening.networks.base.sdk import build_session

if TYPE_CHECKING:
    from mastodon import Mastodon

_WHO = "Mastodon"
_MEND = "Check server: and access_token: under mastodon: in networks.yaml; the token needs the scope read."
_PAGE = 40
_PUBLIC = ("public", "unlisted")
_TIMEOUT_SECONDS = 30
_VERSION = "4.3.0"  # the first that gives several statuses at once


class _Account(BaseModel):
    id: MaybeId = None
    acct: Text = ""
    followers_count: MaybeCount = None


class _Status(BaseModel):
    id: PostId
    created_at: Moment
    edited_at: MaybeMoment = None
    content: Text = ""
    spoiler_text: Text = ""
    visibility: Text
    language: MaybeText = None
    url: MaybeLink = None
    in_reply_to_id: MaybeId = None
    replies_count: MaybeCount = None
    reblogs_count: MaybeCount = None
    favourites_count: MaybeCount = None
    account: _Account


def to_mention(payload: object) -> Mention | str:
    """A status, or the notification that brought it, as a Mention, or why not."""
    if isinstance(payload, dict) and isinstance(payload.get("status"), dict):
        payload = payload["status"]
    if not isinstance(payload, dict) or "visibility" not in payload:
        return "is no status"
    if payload.get("reblog"):
        return "is a boost"
    status = check(_Status, payload)
    if isinstance(status, str):
        return status
    if status.visibility not in _PUBLIC:
        return PRIVATE
    text = "\n".join(part for part in (status.spoiler_text, read_markup(status.content)) if part)
    if not text:
        return "has no text"
    return Mention(
        mention_id=f"mastodon:{status.id}",
        network="mastodon",
        external_id=status.id,
        author=status.account.acct,
        text=text,
        created_at=status.created_at,
        lang=status.language,
        url=status.url,
        in_reply_to=status.in_reply_to_id,
        followers=status.account.followers_count,
        engagement=add_up(status.favourites_count, status.reblogs_count, status.replies_count),
        edited_at=status.edited_at,
        author_id=status.account.id,
    )


class MastodonNetwork:
    """One account on one server. `terms` are searched for; servers without full-text search find only hashtags."""

    name = "mastodon"
    recheck_limit = 20

    def __init__(
        self,
        server: str,
        find_token: Callable[[], str],
        terms: Sequence[str],
        hashtags: Sequence[str],
        ours: frozenset[str],
        now: Callable[[], datetime],
        timeout_seconds: float = _TIMEOUT_SECONDS,
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._server = server
        self._find_token = find_token
        self._terms = terms
        self._hashtags = hashtags
        self._ours = ours
        self._now = now
        self._client: Mastodon | None = None

    def read(self, cursor: str) -> MentionPage:
        """See Network: notifications of mentions, each hashtag's timeline, and a search for each term."""
        client = self.connect()
        page = read_listings(self._list(client), cursor, self._build_reading())
        return add_parents(page, self.recheck_limit, self._look_up, to_mention)

    def recheck(self, external_ids: Sequence[str]) -> MentionPage:
        """See Recheck. What a list leaves out is asked for by itself: the SDK makes an empty list of any answer."""
        page = compare(external_ids, self._look_up(external_ids), _find_id, self._build_reading())
        return replace(page, removed=tuple(post_id for post_id in page.removed if self._is_gone(post_id)))

    def _is_gone(self, external_id: str) -> bool:
        from mastodon.errors import MastodonNotFoundError

        client = self.connect()
        try:
            with self.translated(client):
                client.status(external_id)
        except NetworkError as error:
            if isinstance(error.__cause__, MastodonNotFoundError):
                return True
            raise
        return False

    def _look_up(self, external_ids: Sequence[str]) -> list[object]:
        client = self.connect()
        with self.translated(client):
            return find_list(client.statuses(list(external_ids)))

    def _list(self, client: "Mastodon") -> dict[str, Fetch]:
        def follow(ask: Callable[..., Any], **params: Any) -> Fetch:
            def fetch(token: str, _since: datetime) -> Slice:
                with self.translated(client):
                    found = find_list(ask(limit=_PAGE, max_id=token or None, **params))
                return Slice(found, _find_token(found))

            return fetch

        listings = {"mentions": follow(client.notifications, types=["mention"])}
        for hashtag in self._hashtags:
            listings[f"#{hashtag}"] = follow(client.timeline_hashtag, hashtag=hashtag)
        for term in self._terms:
            listings[f"search {term}"] = self._search(client, term)
        return listings

    def _search(self, client: "Mastodon", term: str) -> Fetch:
        def fetch(token: str, _since: datetime) -> Slice:
            offset = int(token) if token.isdigit() else 0
            with self.translated(client):
                answer = client.search_v2(
                    f'"{term}"', resolve=False, result_type="statuses", offset=offset or None, limit=_PAGE
                )
            found = find_posts(_WHO, answer, "statuses")
            return Slice(found, str(offset + len(found)) if len(found) == _PAGE else "")

        return fetch

    def _build_reading(self) -> ListingReader:
        return ListingReader(self._now(), to_mention, self._ours)

    def connect(self) -> "Mastodon":
        """The client, built once. Raises NetworkError."""
        if self._client is None:
            try:
                from mastodon import Mastodon
            except ModuleNotFoundError as error:
                raise not_installed(_WHO, "mastodon") from error
            self._client = Mastodon(
                access_token=self._find_token(),
                api_base_url=self._server,
                ratelimit_method="throw",
                session=build_session(self._timeout_seconds),
                user_agent="Earshot",
                # Otherwise it asks the server for its version, and without an answer it calls itself for ever.
                mastodon_version=_VERSION,
            )
        return self._client

    @contextmanager
    def translated(self, client: "Mastodon") -> Iterator[None]:
        """Turn the SDK's errors into ours."""
        import requests
        from mastodon import errors

        mend = f"Check server: {self._server} under mastodon: in networks.yaml."
        try:
            yield
        except errors.MastodonRatelimitError as error:
            headers = {"x-ratelimit-reset": str(client.ratelimit_reset or "")}
            raise limited(_WHO, read_retry_at(headers, self._now())) from error
        except errors.MastodonNetworkError as error:
            raise unreachable(_WHO, isinstance(error.__context__, requests.Timeout), mend) from error
        except errors.MastodonAPIError as error:
            raise self._explain(error.args) from error

    def _explain(self, parts: tuple[object, ...]) -> NetworkError:
        """Mastodon.py tells an error's status as its second part, and a body that is no JSON in the first."""
        if len(parts) > 1 and isinstance(parts[1], int):
            return explain_status(_WHO, parts[1], {}, self._now(), _MEND)
        return unreadable(_WHO, "html" if "<html" in str(parts[:1]).lower() else "", _MEND)


def _find_id(payload: object) -> object:
    found = payload.get("id") if isinstance(payload, Mapping) else None
    return None if found is None else str(found)


def _find_token(found: Sequence[object]) -> str:
    """The next page holds what is older than the last of this one; a page that is not full is the last."""
    return str(_find_id(found[-1])) if len(found) >= _PAGE else ""


def find_list(answer: object) -> list[object]:
    """The posts of an answer. Raises NetworkError when it is no list."""
    return find_posts(_WHO, {"posts": answer}, "posts")
