"""Every network that asks over HTTP, as tests read it: how it is built, where it asks, and a post in its own shape."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fakes_api import ApiServer

from assistant.networks.appstore import AppStoreNetwork, StoreApp
from assistant.networks.bluesky import BlueskyNetwork
from assistant.networks.discourse import DiscourseNetwork, Forum
from assistant.networks.facebook import FacebookNetwork
from assistant.networks.hackernews import HackerNewsNetwork
from assistant.networks.instagram import InstagramNetwork
from assistant.networks.mastodon import MastodonNetwork
from assistant.networks.network import Network
from assistant.networks.reddit import RedditKeys, RedditNetwork
from assistant.networks.x import XNetwork
from assistant.networks.youtube import YouTubeNetwork

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
HUSH = "hush-hush-key"  # whatever happens, this must never be told
OURS = frozenset({"larkspurbikes"})


def clock() -> datetime:
    """The moment at which tests happen."""
    return NOW


def at(minutes_ago: int) -> datetime:
    """A moment before now."""
    return datetime.fromtimestamp(NOW.timestamp() - 60 * minutes_ago, UTC)


def iso(moment: datetime) -> str:
    """As most platforms write a time."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def reddit_post(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """A comment of a listing."""
    path = f"/r/bikes/comments/p/_/c{number}/"
    data = {"name": f"t1_c{number}", "author": author, "body": text, "created_utc": moment.timestamp()}
    return {"kind": "t1", "data": {**data, "permalink": path, "link_id": "t3_p", "score": 3, "edited": False}}


def reddit_listing(*posts: Any, after: str | None = None) -> Any:
    """A listing's page."""
    return {"kind": "Listing", "data": {"children": list(posts), "after": after}}


def status(number: int, moment: datetime, author: str = "ann@other.example", text: str = "My bike") -> Any:
    """A Mastodon status."""
    return {
        "id": str(number),
        "created_at": iso(moment),
        "edited_at": None,
        "visibility": "public",
        "spoiler_text": "",
        "language": "en",
        "content": f'<p><a href="https://m.example/@u">@<span>us</span></a> {text}</p>',
        "url": f"https://other.example/@ann/{number}",
        "in_reply_to_id": None,
        "favourites_count": 2,
        "reblogs_count": 1,
        "replies_count": 0,
        "reblog": None,
        "account": {"id": "7", "acct": author, "followers_count": 12},
    }


def sky_post(number: int, moment: datetime, author: str = "ann.example", text: str = "My bike") -> Any:
    """A Bluesky post view."""
    return {
        "uri": f"at://did:plc:ann/app.bsky.feed.post/{number}",
        "cid": "c",
        "author": {"did": "did:plc:ann", "handle": author},
        "record": {"$type": "app.bsky.feed.post", "text": text, "createdAt": iso(moment), "langs": ["en"]},
        "indexedAt": iso(moment),
        "likeCount": 2,
        "repostCount": 1,
        "replyCount": 0,
    }


def tweet_id(number: int, moment: datetime) -> str:
    """X puts the time into the id."""
    return str(((int(moment.timestamp() * 1000) - 1288834974657) << 22) + number)


def tweet(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """An X post; its author is user 7, or 8 for us."""
    post_id = tweet_id(number, moment)
    return {
        "id": post_id,
        "text": text,
        "author_id": "8" if author == "larkspurbikes" else "7",
        "created_at": iso(moment),
        "lang": "en",
        "conversation_id": post_id,
        "edit_history_tweet_ids": [post_id],
        "public_metrics": {"like_count": 2, "retweet_count": 1, "reply_count": 0, "quote_count": 0},
    }


USERS: list[dict[str, Any]] = [
    {"id": "7", "username": "ann", "location": "Leeds", "public_metrics": {"followers_count": 12}},
    {"id": "8", "username": "LarkspurBikes"},
]


def tweets(*posts: Any, after: str | None = None, included: tuple[Any, ...] = ()) -> Any:
    """A page of X."""
    meta = {"result_count": len(posts), **({"next_token": after} if after else {})}
    return {"data": list(posts), "includes": {"users": USERS, "tweets": list(included)}, "meta": meta}


def video_comment(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """A YouTube comment thread."""
    snippet = {
        "videoId": "v1",
        "textDisplay": text,
        "textOriginal": text,
        "authorDisplayName": author,
        "likeCount": 2,
        "publishedAt": iso(moment),
        "updatedAt": iso(moment),
    }
    comment = {"kind": "youtube#comment", "id": f"y{number}", "snippet": snippet}
    return {
        "kind": "youtube#commentThread",
        "id": f"y{number}",
        "snippet": {"videoId": "v1", "topLevelComment": comment, "totalReplyCount": 1},
    }


def page_comment(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """A comment on a Facebook page's post."""
    return {
        "id": f"900_{number}",
        "message": text,
        "created_time": moment.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "from": {"id": "555", "name": author},
        "permalink_url": f"https://www.facebook.com/900/posts/1?comment_id={number}",
        "like_count": 2,
        "comment_count": 1,
    }


def feed(*comments: Any, after: str | None = None) -> Any:
    """A Facebook page's feed: one post of ours with comments."""
    paging = (
        {"paging": {"cursors": {"after": after}, "next": f"https://g.example/?access_token={HUSH}"}} if after else {}
    )
    post = {
        "id": "42_900",
        "message": "New colours",
        "created_time": "2026-11-15T09:00:00+0000",
        "from": {"id": "42", "name": "Larkspur Bikes"},
        "comments": {"data": list(comments), **paging},
    }
    return {"data": [post]}


def media_comment(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """An Instagram comment."""
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {"id": f"i{number}", "text": text, "timestamp": stamp, "username": author, "like_count": 2}


def media(*comments: Any) -> Any:
    """Our Instagram media."""
    medium = {
        "id": "m1",
        "caption": "New colours",
        "timestamp": "2026-11-15T09:00:00+0000",
        "username": "LarkspurBikes",
    }
    return {"data": [{**medium, "permalink": "https://www.instagram.com/p/1/", "comments": {"data": list(comments)}}]}


def hit(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """A hit of Hacker News's search."""
    return {
        "objectID": str(number),
        "created_at": iso(moment),
        "author": author,
        "comment_text": f"<p>{text}</p>",
        "parent_id": 1,
        "story_id": 1,
        "points": 3,
    }


def forum_post(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """A Discourse post."""
    return {
        "id": number,
        "username": author,
        "created_at": iso(moment),
        "cooked": f"<p>{text}</p>",
        "topic_id": 5,
        "topic_slug": "colours",
        "post_number": number,
        "reply_to_post_number": None,
    }


def review(number: int, moment: datetime, author: str = "ann", text: str = "My bike") -> Any:
    """An App Store review."""
    return {
        "author": {"name": {"label": author}, "uri": {"label": "https://itunes.example/1"}},
        "updated": {"label": moment.strftime("%Y-%m-%dT%H:%M:%S-00:00")},
        "im:rating": {"label": "2"},
        "im:version": {"label": "3.1"},
        "id": {"label": str(number)},
        "title": {"label": ""},
        "content": {"label": text, "attributes": {"type": "text"}},
        "link": {"attributes": {"rel": "related", "href": "https://itunes.example/review"}},
        "im:voteCount": {"label": "4"},
    }


@dataclass(frozen=True)
class Case:
    """One network: `serve` puts posts (in its own shape, newest first) where it asks, `path` is where that is."""

    name: str
    build: Callable[[str], Network]
    post: Callable[..., Any]
    serve: Callable[[ApiServer, list[Any]], None]
    path: str
    spared: tuple[str, ...] = ()


def _serve_login(server: ApiServer) -> None:
    token = {"access_token": HUSH, "expires_in": 3600, "scope": "*", "token_type": "bearer"}
    server.put("/api/v1/access_token", token)
    session = {"accessJwt": build_token(), "refreshJwt": build_token(), "handle": "l.example", "did": "did:plc:us"}
    server.put(LOGIN, session)


def build_token() -> str:
    """A session token as Bluesky gives it."""
    parts = ({"alg": "none"}, {"exp": 4102444800, "iat": 1, "sub": "did:plc:us", "aud": "us", "scope": "all"})
    return ".".join([*(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts), "sign"])


def _serve_at(path: str, wrap: Callable[..., Any]) -> Callable[[ApiServer, list[Any]], None]:
    def serve(server: ApiServer, posts: list[Any]) -> None:
        _serve_login(server)
        server.put(path, wrap(*posts))

    return serve


def _serve_instagram(server: ApiServer, posts: list[Any]) -> None:
    server.put("/17/media", media(*posts))
    server.put("/17/tags", {"data": []})


TOKEN = "/api/v1/access_token"
LOGIN = "/xrpc/com.atproto.server.createSession"
REVIEWS = "/gb/rss/customerreviews/page=1/id=1/sortby=mostrecent/json"
KEYS = RedditKeys("id", HUSH)


def _hush() -> str:
    return HUSH


def build_reddit(url: str, **more: Any) -> Network:
    """Reddit, with a search only."""
    return RedditNetwork(lambda: KEYS, ["Larkspur Bikes"], [], OURS, clock, url, **more)


def build_mastodon(url: str, **more: Any) -> Network:
    """Mastodon, with one hashtag only beside our mentions."""
    return MastodonNetwork(url, _hush, [], [], OURS, clock, **more)


def build_bluesky(url: str, **more: Any) -> Network:
    """Bluesky, with a search beside our mentions."""
    return BlueskyNetwork("l.example", _hush, [], OURS, clock, url, **more)


def build_x(url: str, **more: Any) -> Network:
    """X, with a search only."""
    return XNetwork(_hush, "", ["Larkspur Bikes"], OURS, clock, url, **more)


def _wrap_notifications(*posts: Any) -> Any:
    return [{"id": f"n{n}", "type": "mention", "status": post} for n, post in enumerate(posts)]


def _wrap_sky(*posts: Any) -> Any:
    return {"notifications": [{**post, "reason": "mention"} for post in posts]}


CASES = (
    Case("reddit", build_reddit, reddit_post, _serve_at("/search", reddit_listing), "/search", (TOKEN,)),
    Case(
        "mastodon",
        build_mastodon,
        status,
        _serve_at("/api/v1/notifications", _wrap_notifications),
        "/api/v1/notifications",
    ),
    Case(
        "bluesky",
        build_bluesky,
        sky_post,
        _serve_at("/xrpc/app.bsky.notification.listNotifications", _wrap_sky),
        "/xrpc/app.bsky.notification.listNotifications",
        (LOGIN,),
    ),
    Case("x", build_x, tweet, _serve_at("/2/tweets/search/recent", tweets), "/2/tweets/search/recent"),
    Case(
        "youtube",
        lambda url: YouTubeNetwork(_hush, ["UC1"], [], OURS, clock, url),
        video_comment,
        _serve_at("/commentThreads", lambda *posts: {"items": list(posts)}),
        "/commentThreads",
    ),
    Case(
        "facebook",
        lambda url: FacebookNetwork(_hush, "42", OURS, clock, url),
        page_comment,
        _serve_at("/42/feed", feed),
        "/42/feed",
    ),
    Case(
        "instagram",
        lambda url: InstagramNetwork(_hush, "17", OURS, clock, url),
        media_comment,
        _serve_instagram,
        "/17/media",
    ),
    Case(
        "hackernews",
        lambda url: HackerNewsNetwork(["Larkspur Bikes"], OURS, clock, url),
        hit,
        _serve_at("/search_by_date", lambda *posts: {"hits": list(posts), "nbPages": 1}),
        "/search_by_date",
    ),
    Case(
        "discourse",
        lambda url: DiscourseNetwork(Forum(url, True, "system", _hush), [], OURS, clock),
        forum_post,
        _serve_at("/posts.json", lambda *posts: {"latest_posts": [*posts, forum_post(1, at(60 * 24 * 9))]}),
        "/posts.json",
    ),
    Case(
        "app_store",
        lambda url: AppStoreNetwork([StoreApp("1", ("gb",))], clock, url),
        review,
        _serve_at(REVIEWS, lambda *posts: {"feed": {"entry": [*posts, review(1, at(60 * 24 * 9))]}}),
        REVIEWS,
    ),
)
