"""YouTube's Data API: comments on our videos and on chosen ones, with the replies to them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from assistant.domain import Mention
from assistant.errors import OPERATOR, NetworkError
from assistant.listening.networks.base.errors import find_posts, limited
from assistant.listening.networks.base.http import Site
from assistant.listening.networks.base.pages import Fetch, ListingReader, Slice, compare, read_listings
from assistant.listening.networks.base.payload import (
    MaybeCount,
    MaybeId,
    MaybeMoment,
    MaybeText,
    Moment,
    PostId,
    Text,
    add_up,
    check,
    read_markup,
)
from assistant.listening.networks.base.protocol import MentionPage

_WHO = "YouTube"
_MEND = "Check api_key: under youtube: in networks.yaml; YouTube Data API v3 must be enabled for it."
_API = "https://www.googleapis.com/youtube/v3"
_PAGE = 100
_MOST_LOOKED_UP = 50
_QUOTA_ZONE = "America/Los_Angeles"  # where a day of the quota begins


class _Channel(BaseModel):
    value: MaybeId = None


class _Snippet(BaseModel):
    publishedAt: Moment  # noqa: N815  # YouTube's names
    updatedAt: MaybeMoment = None  # noqa: N815
    textOriginal: MaybeText = None  # noqa: N815
    textDisplay: Text = ""  # noqa: N815
    authorDisplayName: Text = ""  # noqa: N815
    authorChannelId: _Channel | None = None  # noqa: N815
    videoId: MaybeId = None  # noqa: N815
    parentId: MaybeId = None  # noqa: N815
    likeCount: MaybeCount = None  # noqa: N815


class _Comment(BaseModel):
    id: PostId
    snippet: _Snippet


class _ThreadSnippet(BaseModel):
    topLevelComment: _Comment  # noqa: N815
    videoId: MaybeId = None  # noqa: N815
    totalReplyCount: MaybeCount = None  # noqa: N815


class _Thread(BaseModel):
    snippet: _ThreadSnippet


def to_mention(payload: object) -> Mention | str:
    """A comment, or a thread by its first comment, as a Mention, or why not."""
    if isinstance(payload, dict) and "topLevelComment" in _get_snippet(payload):
        thread = check(_Thread, payload)
        if isinstance(thread, str):
            return thread
        snippet = thread.snippet
        return _build(snippet.topLevelComment, snippet.videoId, snippet.totalReplyCount)
    if not isinstance(payload, dict) or not {"textDisplay", "textOriginal"} & set(_get_snippet(payload)):
        return "is no comment"
    comment = check(_Comment, payload)
    return comment if isinstance(comment, str) else _build(comment, None, None)


def _build(comment: _Comment, video_id: str | None, replies: int | None) -> Mention | str:
    snippet = comment.snippet
    text = snippet.textOriginal or read_markup(snippet.textDisplay)
    if not text:
        return "has no text"
    video_id = snippet.videoId or video_id
    is_edited = bool(snippet.updatedAt and snippet.updatedAt > snippet.publishedAt)
    return Mention(
        mention_id=f"youtube:{comment.id}",
        network="youtube",
        external_id=comment.id,
        author=snippet.authorDisplayName,
        text=text,
        created_at=snippet.publishedAt,
        url=f"https://www.youtube.com/watch?v={video_id}&lc={comment.id}" if video_id else None,
        in_reply_to=snippet.parentId,
        conversation_id=snippet.parentId or comment.id,
        engagement=add_up(snippet.likeCount, replies),
        edited_at=snippet.updatedAt if is_edited else None,
        author_id=snippet.authorChannelId.value if snippet.authorChannelId else None,
    )


class YouTubeNetwork:
    """Comments of whole channels (all their videos) and of single videos."""

    name = "youtube"
    recheck_limit = _MOST_LOOKED_UP

    def __init__(
        self,
        find_key: Callable[[], str],
        channels: Sequence[str],
        videos: Sequence[str],
        ours: frozenset[str],
        now: Callable[[], datetime],
        base_url: str = _API,
    ) -> None:
        self._find_key = find_key
        self.channels = channels
        self._videos = videos
        self._ours = ours
        self._now = now
        self._base_url = base_url or _API

    def read(self, cursor: str) -> MentionPage:
        """See Network. New replies are found while their thread is among the newest."""
        wanted = [("allThreadsRelatedToChannelId", channel) for channel in self.channels]
        wanted += [("videoId", video) for video in self._videos]
        site = self.build_site()
        listings = {name: _follow(site, field, name) for field, name in wanted}
        return read_listings(listings, cursor, self._build_reading())

    def recheck(self, external_ids: Sequence[str]) -> MentionPage:
        """See Recheck."""
        body = self.build_site().fetch(
            "/comments", {"part": "snippet", "id": ",".join(external_ids), "textFormat": "plainText"}
        )
        return compare(external_ids, find_posts(_WHO, body, "items"), _find_id, self._build_reading())

    def build_site(self, headers: Mapping[str, str] | None = None, mend: str = _MEND) -> Site:
        """The API, with the key that reads unless other headers say who asks."""
        headers = headers or {"X-Goog-Api-Key": self._find_key()}
        return Site(_WHO, self._base_url, self._now, mend, headers, self._explain)

    def _build_reading(self) -> ListingReader:
        return ListingReader(self._now(), to_mention, self._ours)

    def _explain(self, status: int, _headers: Mapping[str, str], body: object) -> NetworkError | None:
        reasons = _find_reasons(body)
        if reasons & {"quotaExceeded", "dailyLimitExceeded"}:
            return limited(f"{_WHO} (its quota of the day is used up)", self._find_next_day())
        if reasons & {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}:
            return limited(_WHO, None)
        if "commentsDisabled" in reasons:
            return NetworkError(
                f"A video on {_WHO} has its comments switched off.", "Take it out of networks.yaml.", in_slack=OPERATOR
            )
        if reasons & {"keyInvalid", "API_KEY_INVALID", "badRequest"} and status == 400:
            return NetworkError(
                f"{_WHO} does not accept the key, or a channel or video is no id of its.", _MEND, in_slack=OPERATOR
            )
        return None

    def _find_next_day(self) -> datetime:
        there = self._now().astimezone(ZoneInfo(_QUOTA_ZONE))
        midnight = there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return midnight.astimezone(self._now().tzinfo)


def _follow(site: Site, field: str, name: str) -> Fetch:
    def fetch(token: str, _since: datetime) -> Slice:
        place = {"pageToken": token} if token else {}
        kind: dict[str, str | int] = {"part": "snippet,replies", "order": "time", "textFormat": "plainText"}
        body = site.fetch("/commentThreads", {**kind, "maxResults": _PAGE, field: name, **place})
        token = body.get("nextPageToken", "") if isinstance(body, dict) else ""
        return Slice([part for item in find_posts(_WHO, body, "items") for part in _flatten(item)], str(token))

    return fetch


def _flatten(thread: object) -> list[object]:
    """A thread after the replies that came with it: a page ends with the post that its order goes by."""
    replies = thread.get("replies") if isinstance(thread, dict) else None
    comments = replies.get("comments") if isinstance(replies, dict) else None
    return [*(comments if isinstance(comments, list) else []), thread]


def _find_id(payload: object) -> object:
    return payload.get("id") if isinstance(payload, dict) else None


def _get_snippet(payload: dict[str, object]) -> dict[str, object]:
    snippet = payload.get("snippet")
    return snippet if isinstance(snippet, dict) else {}


def _find_reasons(body: object) -> set[str]:
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return set()
    lists = (error.get(name) for name in ("errors", "details"))
    parts = [part for found in lists if isinstance(found, list) for part in found if isinstance(part, dict)]
    return {str(part.get("reason")) for part in parts}
