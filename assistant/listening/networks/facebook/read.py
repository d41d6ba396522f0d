"""Facebook's Graph API: comments on our page's posts, and what visitors post there."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from assistant.domain import Mention
from assistant.listening.networks.base.errors import find_posts
from assistant.listening.networks.base.http import Site
from assistant.listening.networks.base.meta_graph import build_site, find_data, follow_nested, look_up
from assistant.listening.networks.base.pages import Fetch, ListingReader, Slice, read_listings, translate, with_parents
from assistant.listening.networks.base.payload import (
    MaybeCount,
    MaybeId,
    MaybeLink,
    Moment,
    PostId,
    Text,
    add_up,
    check,
    get_field,
)
from assistant.listening.networks.base.protocol import MentionPage

_WHO = "Facebook"
_MEND = (
    "Check page: and access_token: under facebook: in networks.yaml; the page's token needs pages_read_engagement "
    "and pages_read_user_content."
)
_POSTS = 25
_COMMENT = (
    "id,message,created_time,from{id,name},permalink_url,like_count,comment_count,"
    "parent{id,message,created_time,from{id,name}}"
)
_POST = "id,message,created_time,from{id,name},permalink_url,shares,reactions.limit(0).summary(true)"
_FEED = f"{_POST},comments.filter(stream).order(reverse_chronological).limit(50){{{_COMMENT}}}"


class _Id(BaseModel):
    id: MaybeId = None


class _From(BaseModel):
    id: MaybeId = None
    name: Text = ""


class _Total(BaseModel):
    total_count: MaybeCount = None


class _Reactions(BaseModel):
    summary: _Total | None = None


class _Shares(BaseModel):
    count: MaybeCount = None


class _Post(BaseModel):
    id: PostId
    created_time: Moment
    message: Text = ""
    sender: _From | None = Field(None, alias="from")
    permalink_url: MaybeLink = None
    like_count: MaybeCount = None
    comment_count: MaybeCount = None
    reactions: _Reactions | None = None
    shares: _Shares | None = None
    parent: _Id | None = None
    object: _Id | None = None


def to_mention(payload: object) -> Mention | str:
    """A comment, or a post on our page, as a Mention, or why not. `object` is the post that a comment is below."""
    if isinstance(payload, dict) and "id" not in payload:
        return "has no id: the token's owner needs the right to moderate the page"
    post = check(_Post, payload)
    if isinstance(post, str):
        return post
    if not post.message:
        return "has no text"
    above = post.object.id if post.object else None
    reactions = post.reactions.summary.total_count if post.reactions and post.reactions.summary else None
    return Mention(
        mention_id=f"facebook:{post.id}",
        network="facebook",
        external_id=post.id,
        author=post.sender.name if post.sender else "",
        text=post.message,
        created_at=post.created_time,
        url=post.permalink_url,
        in_reply_to=(post.parent.id if post.parent else None) or above,
        conversation_id=above or post.id,
        engagement=add_up(post.like_count, post.comment_count, reactions, post.shares.count if post.shares else None),
        author_id=post.sender.id if post.sender else None,
    )


class FacebookNetwork:
    """One page. Comments are found below its newest 25 posts."""

    name = "facebook"
    recheck_limit = 10

    def __init__(
        self,
        find_token: Callable[[], str],
        page: str,
        ours: frozenset[str],
        now: Callable[[], datetime],
        base_url: str = "",
    ) -> None:
        self._find_token = find_token
        self._page = page
        self._ours = ours
        self._now = now
        self._base_url = base_url

    def read(self, cursor: str) -> MentionPage:
        """See Network: one question for the posts with their newest comments, more only where there are many."""
        site = self.build_site()
        feed = site.fetch(f"/{self._page}/feed", {"fields": _FEED, "limit": _POSTS})
        posts = find_posts(_WHO, feed, "data")
        listings: dict[str, Fetch] = {"feed": self._list_visitors(posts)}
        for post in posts:
            listings[str(get_field(post, "id"))] = self._list_comments(site, post)
        page = read_listings(listings, cursor, self._build_reading())
        answered = {mention.in_reply_to for mention in page.mentions}
        parents = [
            *posts,
            *(get_field(comment, "parent") for post in posts for comment in find_data(get_field(post, "comments"))),
        ]
        return with_parents(page, [to_mention(parent) for parent in parents if get_field(parent, "id") in answered])

    def recheck(self, external_ids: Sequence[str]) -> MentionPage:
        """See Recheck."""
        found, gone = look_up(self.build_site(), external_ids, _COMMENT)
        mentions, _ = translate(found, self._build_reading())
        return MentionPage(mentions, (), "", removed=gone)

    def _list_visitors(self, posts: Sequence[object]) -> Fetch:
        return lambda token, since: Slice([post for post in posts if not self._is_ours(post)])

    def _list_comments(self, site: Site, post: object) -> Fetch:
        post_id = get_field(post, "id")

        def fill(comment: object) -> object:
            return {**comment, "object": {"id": post_id}} if isinstance(comment, Mapping) else comment

        nested = follow_nested(site, get_field(post, "comments"), f"/{post_id}/comments", _COMMENT, fill)

        def fetch(token: str, since: datetime) -> Slice:
            below = nested(token, since)
            return Slice([comment for comment in below.payloads if not self._is_ours(comment)], below.next_token)

        return fetch

    def _is_ours(self, post: object) -> bool:
        return get_field(get_field(post, "from"), "id") == self._page

    def _build_reading(self) -> ListingReader:
        return ListingReader(self._now(), to_mention, self._ours)

    def build_site(self) -> Site:
        """The Graph API with the page's token."""
        return build_site(_WHO, self._find_token(), self._now, _MEND, self._base_url)
