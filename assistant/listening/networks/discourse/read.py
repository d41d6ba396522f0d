"""Discourse forums: everything new in our own, or what a search finds in another's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from pydantic import BaseModel

from assistant.domain import Mention
from assistant.listening.networks.base.errors import find_posts
from assistant.listening.networks.base.http import Site
from assistant.listening.networks.base.pages import Fetch, ListingReader, Slice, read_listings
from assistant.listening.networks.base.payload import (
    MaybeCount,
    MaybeId,
    MaybeText,
    Moment,
    PostId,
    Text,
    add_up,
    check,
    get_field,
    read_markup,
)
from assistant.listening.networks.base.protocol import GONE, MentionPage

_PAGE = 50


class _Post(BaseModel):
    id: PostId
    created_at: Moment
    username: Text = ""
    user_id: MaybeId = None
    raw: Text = ""
    cooked: Text = ""
    blurb: Text = ""
    topic_id: PostId
    topic_slug: MaybeText = None
    post_number: int
    reply_to_post_number: int | None = None
    like_count: MaybeCount = None
    reply_count: MaybeCount = None
    user_deleted: bool | None = None
    hidden: bool | None = None
    deleted_at: MaybeText = None


def to_mention(payload: object, host: str) -> Mention | str:
    """A post of a forum as a Mention, or why not. Its id is `topic/number`, by which replies name their parent."""
    post = check(_Post, payload)
    if isinstance(post, str):
        return post
    if post.user_deleted or post.deleted_at or post.hidden:
        return GONE
    text = post.raw or read_markup(post.cooked) or post.blurb
    if not text:
        return "has no text"
    network = f"discourse:{host}"
    external_id = f"{post.topic_id}/{post.post_number}"
    above = post.reply_to_post_number or (1 if post.post_number > 1 else None)
    return Mention(
        mention_id=f"{network}:{external_id}",
        network=network,
        external_id=external_id,
        author=post.username,
        text=text,
        created_at=post.created_at,
        url=f"https://{host}/t/{post.topic_slug or '-'}/{external_id}",
        in_reply_to=f"{post.topic_id}/{above}" if above else None,
        conversation_id=post.topic_id,
        engagement=add_up(post.like_count, post.reply_count),
        author_id=post.user_id,
    )


@dataclass(frozen=True)
class Forum:
    """A forum: `reads_everything` for our own, else only what the terms find. The key is for closed ones."""

    url: str
    reads_everything: bool = False
    username: str = ""
    find_key: Callable[[], str] = lambda: ""


class DiscourseNetwork:
    """One forum. There is no cheap way to ask for single posts again: edits come with the newest posts only."""

    def __init__(self, forum: Forum, terms: Sequence[str], ours: frozenset[str], now: Callable[[], datetime]) -> None:
        self._host = urlsplit(forum.url).netloc
        self.name = f"discourse:{self._host}"
        self.who = f"The forum {self._host}"
        self.url = forum.url
        self._forum = forum
        self._terms = terms
        self._ours = ours
        self._now = now

    def read(self, cursor: str) -> MentionPage:
        """See Network."""
        site = self.build_site()
        if self._forum.reads_everything:
            listings: dict[str, Fetch] = {"latest": _follow_latest(site)}
        else:
            listings = {term: _follow_search(site, term) for term in self._terms}
        reading = ListingReader(self._now(), self.to_mention, self._ours)
        return read_listings(listings, cursor, reading)

    def to_mention(self, payload: object) -> Mention | str:
        """A post of this forum as a Mention, or why not."""
        return to_mention(payload, self._host)

    def build_site(self) -> Site:
        """The forum's API, with the key if there is one."""
        mend = "Check url: and api_key: under discourse: in networks.yaml."
        key = self._forum.find_key()
        headers = {"Api-Key": key, "Api-Username": self._forum.username or "system"} if key else None
        return Site(self.who, self._forum.url, self._now, mend, headers)


def _follow_latest(site: Site) -> Fetch:
    def fetch(token: str, _since: datetime) -> Slice:
        body = site.fetch("/posts.json", {"before": token} if token else None)
        posts = find_posts(site.who, body, "latest_posts")
        lowest = get_field(posts[-1], "id") if posts else None
        return Slice(posts, str(lowest - 1) if isinstance(lowest, int) and lowest > 1 else "")

    return fetch


def _follow_search(site: Site, term: str) -> Fetch:
    def fetch(token: str, since: datetime) -> Slice:
        number = int(token) if token.isdigit() else 1
        body = site.fetch("/search.json", {"q": f'"{term}" after:{since:%Y-%m-%d} order:latest', "page": number})
        has_more = get_field(get_field(body, "grouped_search_result"), "more_full_page_results")
        slugs = {get_field(topic, "id"): get_field(topic, "slug") for topic in _get_list(body, "topics")}
        posts = [
            {"topic_slug": slugs.get(post.get("topic_id")), **post} if isinstance(post, dict) else post
            for post in find_posts(site.who, body, "posts")
        ]
        return Slice(posts, str(number + 1) if has_more else "")

    return fetch


def _get_list(body: object, field: str) -> list[object]:
    found = get_field(body, field)
    return found if isinstance(found, list) else []
