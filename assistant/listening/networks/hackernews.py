"""Hacker News through Algolia's public search: stories and comments that name us."""

from collections.abc import Callable, Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from assistant.domain import Mention
from assistant.errors import OPERATOR, NetworkError
from assistant.listening.networks.base.errors import find_posts
from assistant.listening.networks.base.http import Site
from assistant.listening.networks.base.pages import Fetch, ListingReader, Slice, read_listings, translate
from assistant.listening.networks.base.payload import (
    MaybeCount,
    MaybeId,
    MaybeMoment,
    Moment,
    PostId,
    Text,
    add_up,
    check,
    get_field,
    read_markup,
)
from assistant.listening.networks.base.protocol import GONE, MentionPage

_WHO = "Hacker News"
_API = "https://hn.algolia.com/api/v1"
_PAGE = 100
_NAME_BRANDS = "Write brands: into networks.yaml."


class _Hit(BaseModel):
    id: PostId = Field(validation_alias="objectID")
    created_at: Moment
    author: Text = ""
    title: Text = ""
    story_text: Text = ""
    comment_text: Text = ""
    points: MaybeCount = None
    num_comments: MaybeCount = None
    parent_id: MaybeId = None
    story_id: MaybeId = None
    updated_at: MaybeMoment = None


class _Item(BaseModel):
    id: PostId
    created_at: Moment
    author: Text = ""
    title: Text = ""
    text: Text = ""
    points: MaybeCount = None
    parent_id: MaybeId = None
    story_id: MaybeId = None


def to_mention(payload: object) -> Mention | str:
    """A hit of the search, or a single item, as a Mention, or why not."""
    if isinstance(payload, dict) and "objectID" not in payload and "id" in payload:
        item = check(_Item, payload)
        if isinstance(item, str):
            return item
        fields = {**item.model_dump(exclude={"id", "text"}), "comment_text": item.text, "objectID": item.id}
        return to_mention(fields) if item.author or item.text else GONE
    hit = check(_Hit, payload)
    if isinstance(hit, str):
        return hit
    parts = (hit.title, read_markup(hit.story_text), read_markup(hit.comment_text))
    text = "\n".join(part for part in parts if part)
    if not text:
        return "has no text"
    return Mention(
        mention_id=f"hackernews:{hit.id}",
        network="hackernews",
        external_id=hit.id,
        author=hit.author,
        text=text,
        created_at=hit.created_at,
        url=f"https://news.ycombinator.com/item?id={hit.id}",
        in_reply_to=hit.parent_id,
        conversation_id=hit.story_id or hit.id,
        engagement=add_up(hit.points, hit.num_comments),
    )


class HackerNewsNetwork:
    """Searches need no key."""

    name = "hackernews"
    recheck_limit = 10

    def __init__(
        self, terms: Sequence[str], ours: frozenset[str], now: Callable[[], datetime], base_url: str = _API
    ) -> None:
        self._terms = terms
        self._ours = ours
        self._now = now
        self._base_url = base_url or _API

    def read(self, cursor: str) -> MentionPage:
        """See Network."""
        if not self._terms:
            raise NetworkError(
                f"{_WHO} is searched for your brands, and none is named.", _NAME_BRANDS, in_slack=OPERATOR
            )
        listings = {term: _follow(self._build_site(), term) for term in self._terms}
        return read_listings(listings, cursor, self._build_reading())

    def recheck(self, external_ids: Sequence[str]) -> MentionPage:
        """See Recheck."""
        found, gone = [], []
        for external_id in external_ids:
            try:
                item = self._build_site().fetch(f"/items/{external_id}")
            except NetworkError as error:
                if error.is_transient or "404" not in error.message:
                    raise
                gone.append(external_id)
                continue
            found.append(item)
            gone += [external_id] if to_mention(item) == GONE else []
        mentions, _ = translate(found, self._build_reading())
        return MentionPage(mentions, (), "", removed=tuple(gone))

    def _build_reading(self) -> ListingReader:
        return ListingReader(self._now(), to_mention, self._ours)

    def _build_site(self) -> Site:
        return Site(_WHO, self._base_url, self._now)


def _follow(site: Site, term: str) -> Fetch:
    def fetch(token: str, since: datetime) -> Slice:
        number = int(token) if token.isdigit() else 0
        body = site.fetch(
            "/search_by_date",
            {
                "query": f'"{term}"',
                "advancedSyntax": "true",
                "typoTolerance": "false",
                "tags": "(story,comment)",
                "numericFilters": f"created_at_i>={int(since.timestamp())}",
                "hitsPerPage": _PAGE,
                "page": number,
            },
        )
        hits, pages = find_posts(_WHO, body, "hits"), get_field(body, "nbPages")
        has_more = isinstance(pages, int) and number + 1 < pages
        return Slice(hits, str(number + 1) if has_more else "")

    return fetch
