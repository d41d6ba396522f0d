"""Every network that asks over HTTP, as tests read it: how it is built, where it asks, and a post in its own shape."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fakes_api import ApiServer
from networks.payloads import (
    HUSH,
    OURS,
    at,
    clock,
    feed,
    forum_post,
    hit,
    media,
    media_comment,
    page_comment,
    reddit_listing,
    reddit_post,
    review,
    sky_post,
    status,
    tweet,
    tweets,
    video_comment,
)

from assistant.listening.networks.appstore import AppStoreNetwork, StoreApp
from assistant.listening.networks.base.protocol import Network
from assistant.listening.networks.bluesky.read import BlueskyNetwork
from assistant.listening.networks.discourse.read import DiscourseNetwork, Forum
from assistant.listening.networks.facebook.read import FacebookNetwork
from assistant.listening.networks.hackernews import HackerNewsNetwork
from assistant.listening.networks.instagram.read import InstagramNetwork
from assistant.listening.networks.mastodon.read import MastodonNetwork
from assistant.listening.networks.reddit.read import RedditKeys, RedditNetwork
from assistant.listening.networks.x.read import XNetwork
from assistant.listening.networks.youtube.read import YouTubeNetwork


@dataclass(frozen=True)
class Case:
    """One network: `serve` puts posts (in its own shape, newest first) where it asks, `path` is where that is."""

    name: str
    build: Callable[[str], Network]
    post: Callable[..., Any]
    serve: Callable[[ApiServer, list[Any]], None]
    path: str
    spared: tuple[str, ...] = ()


def serve_login(server: ApiServer) -> None:
    """Let Reddit and Bluesky log in."""
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
        serve_login(server)
        server.put(path, wrap(*posts))

    return serve


def _serve_instagram(server: ApiServer, posts: list[Any]) -> None:
    server.put("/17/media", media(*posts))
    server.put("/17/tags", {"data": []})


TOKEN = "/api/v1/access_token"
LOGIN = "/xrpc/com.atproto.server.createSession"
REVIEWS = "/gb/rss/customerreviews/page=1/id=1/sortby=mostrecent/json"
KEYS = RedditKeys("id", HUSH)


def hush() -> str:
    """The key of every network."""
    return HUSH


def build_reddit(url: str, **more: Any) -> Network:
    """Reddit, with a search only."""
    return RedditNetwork(lambda: KEYS, ["Larkspur Bikes"], [], OURS, clock, url, **more)


def build_mastodon(url: str, **more: Any) -> Network:
    """Mastodon, with one hashtag only beside our mentions."""
    return MastodonNetwork(url, hush, [], [], OURS, clock, **more)


def build_bluesky(url: str, **more: Any) -> Network:
    """Bluesky, with a search beside our mentions."""
    return BlueskyNetwork("l.example", hush, [], OURS, clock, url, **more)


def build_x(url: str, **more: Any) -> Network:
    """X, with a search only."""
    return XNetwork(hush, "", ["Larkspur Bikes"], OURS, clock, url, **more)


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
        lambda url: YouTubeNetwork(hush, ["UC1"], [], OURS, clock, url),
        video_comment,
        _serve_at("/commentThreads", lambda *posts: {"items": list(posts)}),
        "/commentThreads",
    ),
    Case(
        "facebook",
        lambda url: FacebookNetwork(hush, "42", OURS, clock, url),
        page_comment,
        _serve_at("/42/feed", feed),
        "/42/feed",
    ),
    Case(
        "instagram",
        lambda url: InstagramNetwork(hush, "17", OURS, clock, url),
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
        lambda url: DiscourseNetwork(Forum(url, True, "system", hush), [], OURS, clock),
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
