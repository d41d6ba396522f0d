"""Instagram's Graph API: comments on our media, and media of others in which our account is tagged."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from assistant.domain import Mention
from assistant.listening.networks.base.errors import find_posts
from assistant.listening.networks.base.http import Site
from assistant.listening.networks.base.meta_graph import build_site, find_data, follow_edge, follow_nested, look_up
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

_WHO = "Instagram"
_MEND = (
    "Check account: and access_token: under instagram: in networks.yaml; the token needs instagram_basic and "
    "instagram_manage_comments."
)
_MEDIA = 25
_COMMENT = "id,text,timestamp,username,from,like_count,parent_id"
_COMMENTS = f"{_COMMENT},replies.limit(50){{{_COMMENT}}}"
_POST = "id,caption,timestamp,username,permalink,like_count,comments_count"


class _Media(BaseModel):
    id: MaybeId = None
    permalink: MaybeLink = None


class _From(BaseModel):
    id: MaybeId = None


class _Post(BaseModel):
    id: PostId
    timestamp: Moment
    text: Text = ""
    caption: Text = ""
    username: Text = ""
    sender: _From | None = Field(None, alias="from")
    permalink: MaybeLink = None
    like_count: MaybeCount = None
    comments_count: MaybeCount = None
    parent_id: MaybeId = None
    media: _Media | None = None


def to_mention(payload: object) -> Mention | str:
    """A comment, or a medium with its caption, as a Mention, or why not. `media` is what a comment is below."""
    post = check(_Post, payload)
    if isinstance(post, str):
        return post
    text = post.text or post.caption
    if not text:
        return "has no text"
    media = post.media or _Media()
    return Mention(
        mention_id=f"instagram:{post.id}",
        network="instagram",
        external_id=post.id,
        author=post.username,
        text=text,
        created_at=post.timestamp,
        url=post.permalink or media.permalink,
        in_reply_to=post.parent_id or media.id,
        conversation_id=media.id or post.id,
        engagement=add_up(post.like_count, post.comments_count),
        author_id=post.sender.id if post.sender else None,
    )


class InstagramNetwork:
    """One professional account. Comments are found below its newest 25 media."""

    name = "instagram"
    recheck_limit = 10

    def __init__(
        self,
        find_token: Callable[[], str],
        account: str,
        ours: frozenset[str],
        now: Callable[[], datetime],
        base_url: str = "",
    ) -> None:
        self._find_token = find_token
        self._account = account
        self._ours = ours
        self._now = now
        self._base_url = base_url

    def read(self, cursor: str) -> MentionPage:
        """See Network."""
        site = self.build_site()
        fields = f"{_POST},comments.limit(50){{{_COMMENTS}}}"
        answer = site.fetch(f"/{self._account}/media", {"fields": fields, "limit": _MEDIA})
        media = find_posts(_WHO, answer, "data")
        listings: dict[str, Fetch] = {"tags": follow_edge(site, f"/{self._account}/tags", _POST, _MEDIA)}
        for medium in media:
            listings[str(get_field(medium, "id"))] = _list_comments(site, medium)
        ours = self._ours | {str(get_field(medium, "username") or "").lower() for medium in media} - {""}
        page = read_listings(listings, cursor, self._build_reading(ours))
        answered = {mention.in_reply_to for mention in page.mentions}
        return with_parents(page, [to_mention(medium) for medium in media if get_field(medium, "id") in answered])

    def recheck(self, external_ids: Sequence[str]) -> MentionPage:
        """See Recheck."""
        found, gone = look_up(self.build_site(), external_ids, _COMMENT)
        mentions, _ = translate(found, self._build_reading(self._ours))
        return MentionPage(mentions, (), "", removed=gone)

    def _build_reading(self, ours: frozenset[str]) -> ListingReader:
        return ListingReader(self._now(), to_mention, ours)

    def build_site(self) -> Site:
        """The Graph API with the account's token."""
        return build_site(_WHO, self._find_token(), self._now, _MEND, self._base_url)


def _list_comments(site: Site, medium: object) -> Fetch:
    above = {"id": get_field(medium, "id"), "permalink": get_field(medium, "permalink")}

    def fill(comment: object) -> object:
        return {**comment, "media": above} if isinstance(comment, Mapping) else comment

    nested = follow_nested(site, get_field(medium, "comments"), f"/{above['id']}/comments", _COMMENTS, fill)

    def fetch(token: str, since: datetime) -> Slice:
        below = nested(token, since)
        return Slice([part for comment in below.payloads for part in _flatten(comment, fill)], below.next_token)

    return fetch


def _flatten(comment: object, fill: Callable[[object], object]) -> list[object]:
    """A comment after its replies: a page ends with the comment that its order goes by."""
    parent = {"parent_id": get_field(comment, "id")}
    replies = (
        fill({**parent, **reply}) for reply in find_data(get_field(comment, "replies")) if isinstance(reply, Mapping)
    )
    return [*replies, comment]
