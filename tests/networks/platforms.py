"""Platforms that can be answered, as a real HTTP server plays them: what they accept stays, and every step may fail."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from networks import cases, payloads
from networks.cases import KEYS
from networks.payloads import HUSH, iso

from assistant.domain import Attempt, Mention
from assistant.networks.bluesky import BlueskyNetwork
from assistant.networks.discourse import DiscourseNetwork, Forum
from assistant.networks.eligibility import Standing
from assistant.networks.facebook import FacebookNetwork
from assistant.networks.instagram import InstagramNetwork
from assistant.networks.mastodon import MastodonNetwork
from assistant.networks.posts.bluesky import BlueskyPosts
from assistant.networks.posts.discourse import DiscoursePosts
from assistant.networks.posts.facebook import FacebookPosts
from assistant.networks.posts.instagram import InstagramPosts
from assistant.networks.posts.mastodon import MastodonPosts
from assistant.networks.posts.reddit import RedditPosts
from assistant.networks.posts.x import XKeys, XPosts
from assistant.networks.posts.youtube import YouTubeKeys, YouTubePosts
from assistant.networks.reddit import RedditKeys, RedditNetwork
from assistant.networks.replying import Posts, ReplySender
from assistant.networks.x import XNetwork
from assistant.networks.youtube import YouTubeNetwork

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
ASKED = NOW - timedelta(hours=2)
OURS = frozenset({"larkspurbikes"})
STANDING = Standing(handles=OURS, welcome=frozenset({"bikes"}), has_ai_approval=True)
QUESTION = "@larkspurbikes How do I pause my plan?"
SLOW_SECONDS = 2.5
TIMEOUT_SECONDS = 1
FindAttempt = Callable[[str], Attempt]


@dataclass(frozen=True)
class Kept:
    """A reply that a platform has."""

    number: int
    text: str
    at: datetime


@dataclass
class State:
    """What stands on the platform under the post, and what was asked."""

    replies: list[Kept] = field(default_factory=list)
    sends: int = 0
    keys: dict[str, Kept] = field(default_factory=dict)
    is_post_gone: bool = False
    is_locked: bool = False

    def accept(self, text: str, key: str = "") -> Kept:
        """Keep a reply, once under each key."""
        if key in self.keys:
            return self.keys[key]
        kept = Kept(100 + len(self.replies), text, NOW + timedelta(seconds=10))
        self.replies.append(kept)
        if key:
            self.keys[key] = kept
        return kept

    def drop(self, number: int) -> bool:
        """Take a reply away; whether it was there."""
        before = len(self.replies)
        self.replies = [kept for kept in self.replies if kept.number != number]
        return len(self.replies) < before


@dataclass(frozen=True)
class Request:
    """A request as it came in; `values` is its JSON or its form."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    values: dict[str, Any]


Told = tuple[int, Any]
Serve = Callable[[State, Request], Told]
GONE: Told = (404, {"error": "not found"})


@dataclass(frozen=True)
class Platform:
    """One platform: the post that is answered, its API, and the sender that is tested."""

    name: str
    mention: Mention
    build: Callable[[str], Posts]
    is_send: Callable[[Request], bool]
    serve: Serve

    def build_sender(self, url: str, find_attempt: FindAttempt) -> ReplySender:
        """The sender, over a fresh connection."""
        return ReplySender(self.build(url), find_attempt)


def _clock() -> datetime:
    return NOW


def _hush() -> str:
    return HUSH


def _mention(network: str, external_id: str, **more: Any) -> Mention:
    return Mention(f"{network}:{external_id}", network, external_id, "ann", QUESTION, ASKED, "en", **more)


def _is(method: str, path: str) -> Callable[[Request], bool]:
    return lambda request: (request.method, request.path) == (method, path)


def _number(request: Request) -> int:
    return int("".join(filter(str.isdigit, request.path.rpartition("/")[2])) or 0)


def _serve_mastodon(state: State, request: Request) -> Told:
    def show(kept: Kept) -> Any:
        status = payloads.status(kept.number, kept.at, author="larkspurbikes", text="")
        return {
            **status,
            "content": f"<p>{kept.text}</p>",
            "in_reply_to_id": "1",
            "account": {"id": "99", "acct": "us"},
        }

    post = {**payloads.status(1, ASKED), "content": QUESTION}
    match request.method, request.path:
        case "POST", "/api/v1/statuses":
            key = request.headers.get("idempotency-key", "")
            return 200, show(state.accept(request.values["status"], key))
        case "GET", "/api/v1/accounts/verify_credentials":
            return 200, {"id": "99", "acct": "larkspurbikes"}
        case "GET", "/api/v1/accounts/99/statuses":
            return 200, [show(kept) for kept in reversed(state.replies)]
        case "GET", "/api/v1/statuses/1/context":
            return 200, {"ancestors": [], "descendants": [show(kept) for kept in state.replies]}
        case "GET", "/api/v1/statuses/1":
            return GONE if state.is_post_gone else (200, post)
        case "GET", _:
            return 200, show(next(kept for kept in state.replies if kept.number == _number(request)))
        case "DELETE", _:
            return (200, {}) if state.drop(_number(request)) else GONE
    return GONE


_SKY = "at://did:plc:us/app.bsky.feed.post"
_SKY_POST = {**payloads.sky_post(1, ASKED), "record": {"text": QUESTION, "createdAt": iso(ASKED)}}


def _serve_bluesky(state: State, request: Request) -> Told:
    method = request.path.removeprefix("/xrpc/com.atproto.").removeprefix("/xrpc/app.bsky.")
    values, key = request.values, request.query.get("rkey", "")
    match method:
        case "server.createSession":
            token = cases.build_token()
            return 200, {"accessJwt": token, "refreshJwt": token, "handle": "l.example", "did": "did:plc:us"}
        case "repo.createRecord":
            if values["rkey"] in state.keys:
                return 400, {"error": "InvalidRequest", "message": "there is one"}
            state.accept(values["record"]["text"], values["rkey"])
            return 200, {"uri": f"{_SKY}/{values['rkey']}", "cid": "c"}
        case "repo.getRecord":
            if key not in state.keys:
                return 400, {"error": "RecordNotFound", "message": "none"}
            kept = state.keys[key]
            return 200, {"uri": f"{_SKY}/{key}", "cid": "c", "value": {"text": kept.text, "createdAt": iso(kept.at)}}
        case "repo.deleteRecord":
            state.drop(state.keys.pop(values["rkey"]).number if values["rkey"] in state.keys else 0)
            return 200, {}
        case "feed.getPosts":
            return 200, {"posts": [_SKY_POST]}
        case "feed.getPostThread":
            if state.is_post_gone:
                return 400, {"error": "NotFound", "message": "none"}
            below = [_show_sky(key, kept) for key, kept in state.keys.items()]
            post = {**_SKY_POST, "viewer": {"replyDisabled": state.is_locked}}
            return 200, {"thread": {"post": post, "replies": [{"post": reply} for reply in below]}}
    return GONE


def _show_sky(key: str, kept: Kept) -> Any:
    view = payloads.sky_post(1, kept.at, author="l.example")
    author = {"did": "did:plc:us", "handle": "l.example"}
    return {**view, "uri": f"{_SKY}/{key}", "author": author, "record": {"text": kept.text, "createdAt": iso(kept.at)}}


_TWEET = payloads.tweet_id(1, ASKED)


def _serve_x(state: State, request: Request) -> Told:
    def show(kept: Kept) -> Any:
        tweet = payloads.tweet(kept.number, kept.at, author="larkspurbikes", text=kept.text)
        return {**tweet, "conversation_id": _TWEET, "referenced_tweets": [{"type": "replied_to", "id": _TWEET}]}

    shown = [show(kept) for kept in state.replies]
    post = {**payloads.tweet(1, ASKED, text=QUESTION), "reply_settings": "everyone"}
    match request.method, request.path:
        case "POST", "/2/tweets":
            return 201, {"data": {"id": show(state.accept(request.values["text"]))["id"], "text": "x"}}
        case "GET", "/2/users/8/tweets" | "/2/tweets/search/recent":
            return 200, payloads.tweets(*reversed(shown))
        case "GET", "/2/tweets":
            fault = {"value": _TWEET, "type": "https://api.twitter.com/2/problems/resource-not-found"}
            return 200, {"errors": [fault]} if state.is_post_gone else payloads.tweets(post)
        case "DELETE", _:
            number = request.path.rpartition("/")[2]
            there = [kept for kept in state.replies if show(kept)["id"] == number]
            return 200, {"data": {"deleted": state.drop(there[0].number) if there else False}}
    return GONE


def _serve_reddit(state: State, request: Request) -> Told:
    def show(kept: Kept) -> Any:
        thing = payloads.reddit_post(kept.number, kept.at, "larkspurbikes", kept.text)
        return {**thing, "data": {**thing["data"], "parent_id": "t1_c1"}}

    shown = [show(kept) for kept in state.replies]
    post = payloads.reddit_post(1, ASKED, text="[deleted]" if state.is_post_gone else QUESTION)
    below = {"replies": payloads.reddit_listing(*shown), "locked": state.is_locked}
    match request.method, request.path:
        case "POST", cases.TOKEN:
            return 200, {"access_token": HUSH, "expires_in": 3600, "scope": "*", "token_type": "bearer"}
        case "POST", "/api/comment":
            if state.is_locked:
                return 200, {"json": {"errors": [["THREAD_LOCKED", HUSH, "parent"]]}}
            return 200, {"json": {"errors": [], "data": {"things": [show(state.accept(request.values["text"]))]}}}
        case "POST", "/api/del":
            state.drop(int(request.values["id"].removeprefix("t1_c")))
            return 200, {}
        case "GET", "/user/larkspurbikes/comments":
            return 200, payloads.reddit_listing(*reversed(shown))
        case "GET", "/comments/p":
            link = payloads.reddit_listing()
            return 200, [link, payloads.reddit_listing({**post, "data": {**post["data"], **below}})]
    return GONE


def _serve_youtube(state: State, request: Request) -> Told:
    def show(kept: Kept) -> Any:
        comment = payloads.video_comment(kept.number, kept.at, "larkspurbikes", kept.text)["snippet"]["topLevelComment"]
        own = {"parentId": "y1", "authorChannelId": {"value": "UC1"}}
        return {**comment, "id": f"y1.{kept.number}", "snippet": {**comment["snippet"], **own}}

    post = payloads.video_comment(1, ASKED, text=QUESTION)
    match request.method, request.path:
        case "POST", "/token":
            return 200, {"access_token": HUSH, "expires_in": 3600}
        case "POST", "/comments":
            return 200, show(state.accept(request.values["snippet"]["textOriginal"]))
        case "GET", "/channels":
            return 200, {"items": [{"id": "UC1"}]}
        case "GET", "/commentThreads":
            return 200, {"items": [{**post, "snippet": {**post["snippet"], "canReply": not state.is_locked}}]}
        case "GET", "/comments" if "parentId" in request.query:
            return 200, {"items": [show(kept) for kept in state.replies]}
        case "GET", "/comments":
            return 200, {"items": [] if state.is_post_gone else [post["snippet"]["topLevelComment"]]}
        case "DELETE", "/comments":
            return (204, None) if state.drop(int(request.query["id"].rpartition(".")[2])) else GONE
    return GONE


_NO_SUCH: Told = (400, {"error": {"code": 100, "error_subcode": 33}})


def _serve_facebook(state: State, request: Request) -> Told:
    def show(kept: Kept) -> Any:
        return {**payloads.page_comment(kept.number, kept.at, text=kept.text), "from": {"id": "42", "name": "Larkspur"}}

    match request.method, request.path:
        case "POST", "/900_1/comments":
            return 200, {"id": show(state.accept(request.values["message"]))["id"]}
        case "GET", "/900_1/comments":
            return 200, {"data": [show(kept) for kept in reversed(state.replies)]}
        case "GET", "/900_1":
            post = {**payloads.page_comment(1, ASKED, text=QUESTION), "can_comment": not state.is_locked}
            return _NO_SUCH if state.is_post_gone else (200, post)
        case "DELETE", _:
            return (200, {"success": True}) if state.drop(int(request.path.rpartition("_")[2])) else _NO_SUCH
    return GONE


def _serve_instagram(state: State, request: Request) -> Told:
    match request.method, request.path:
        case "POST", "/i1/replies":
            return 200, {"id": f"i{state.accept(request.values['message']).number}"}
        case "GET", "/i1/replies":
            found = [payloads.media_comment(kept.number, kept.at, "LarkspurBikes", kept.text) for kept in state.replies]
            return 200, {"data": found}
        case "GET", "/17":
            return 200, {"username": "LarkspurBikes", "id": "17"}
        case "GET", "/i1":
            media = {"id": "m1", "is_comment_enabled": not state.is_locked}
            return (
                _NO_SUCH
                if state.is_post_gone
                else (
                    200,
                    {**payloads.media_comment(1, ASKED, text=QUESTION), "media": media},
                )
            )
        case "DELETE", _:
            return (200, {"success": True}) if state.drop(_number(request)) else _NO_SUCH
    return GONE


def _serve_discourse(state: State, request: Request) -> Told:
    def show(kept: Kept) -> Any:
        post = payloads.forum_post(kept.number, kept.at, "system", kept.text)
        return {**post, "raw": kept.text, "reply_to_post_number": 7}

    post = {**payloads.forum_post(7, ASKED, text=QUESTION), "raw": QUESTION}
    match request.method, request.path:
        case "POST", "/posts.json":
            return 200, show(state.accept(request.values["raw"]))
        case "GET", "/t/5.json":
            stream = [7, *(kept.number for kept in state.replies)]
            return 200, {"closed": state.is_locked, "archived": False, "post_stream": {"stream": stream}}
        case "GET", "/t/5/posts.json":
            return 200, {"post_stream": {"posts": [post, *(show(kept) for kept in state.replies)]}}
        case "GET", "/posts/by_number/5/7.json":
            return GONE if state.is_post_gone else (200, post)
        case "GET", _:
            there = [kept for kept in state.replies if kept.number == _number(request)]
            return (200, show(there[0])) if there else GONE
        case "DELETE", _:
            return (200, {}) if state.drop(_number(request)) else GONE
    return GONE


X_KEYS = XKeys("ck", HUSH, "at", HUSH)
YOUTUBE_KEYS = YouTubeKeys("id", HUSH, HUSH)


def _build_x(url: str) -> Posts:
    return XPosts(XNetwork(_hush, "8", [], OURS, _clock, url, TIMEOUT_SECONDS), "8", lambda: X_KEYS)


def _build_youtube(url: str) -> Posts:
    network = YouTubeNetwork(_hush, ["UC1"], [], OURS, _clock, url)
    return YouTubePosts(network, lambda: YOUTUBE_KEYS, _clock, url)


def _build_reddit(url: str) -> Posts:
    keys = RedditKeys(KEYS.client_id, HUSH, "larkspurbikes", HUSH)
    network = RedditNetwork(lambda: keys, [], [], OURS, _clock, url, TIMEOUT_SECONDS)
    return RedditPosts(network, "larkspurbikes")


def _build_bluesky(url: str) -> Posts:
    network = BlueskyNetwork("l.example", _hush, [], OURS, _clock, url, TIMEOUT_SECONDS)
    return BlueskyPosts(network, "l.example", _clock)


def _build_discourse(url: str) -> Posts:
    return DiscoursePosts(DiscourseNetwork(Forum(url, True, "system", _hush), [], OURS, _clock), "system")


_POST_URL = "https://www.reddit.com/r/bikes/comments/p/_/c1/"
PLATFORMS = {
    platform.name: platform
    for platform in (
        Platform(
            "mastodon",
            _mention("mastodon", "1"),
            lambda url: MastodonPosts(MastodonNetwork(url, _hush, [], [], OURS, _clock, TIMEOUT_SECONDS)),
            _is("POST", "/api/v1/statuses"),
            _serve_mastodon,
        ),
        Platform(
            "bluesky",
            _mention("bluesky", "at://did:plc:ann/app.bsky.feed.post/1"),
            _build_bluesky,
            _is("POST", "/xrpc/com.atproto.repo.createRecord"),
            _serve_bluesky,
        ),
        Platform("x", _mention("x", _TWEET, conversation_id=_TWEET), _build_x, _is("POST", "/2/tweets"), _serve_x),
        Platform(
            "reddit",
            _mention("reddit", "t1_c1", conversation_id="t3_p", url=_POST_URL),
            _build_reddit,
            _is("POST", "/api/comment"),
            _serve_reddit,
        ),
        Platform(
            "youtube",
            _mention("youtube", "y1", url="https://www.youtube.com/watch?v=v1&lc=y1"),
            _build_youtube,
            _is("POST", "/comments"),
            _serve_youtube,
        ),
        Platform(
            "facebook",
            _mention("facebook", "900_1", in_reply_to="42_900"),
            lambda url: FacebookPosts(FacebookNetwork(_hush, "42", OURS, _clock, url), "42"),
            _is("POST", "/900_1/comments"),
            _serve_facebook,
        ),
        Platform(
            "instagram",
            _mention("instagram", "i1", in_reply_to="m1", conversation_id="m1"),
            lambda url: InstagramPosts(InstagramNetwork(_hush, "17", OURS, _clock, url), "17"),
            _is("POST", "/i1/replies"),
            _serve_instagram,
        ),
        Platform(
            "discourse",
            _mention("discourse:forum.example", "5/7"),
            _build_discourse,
            _is("POST", "/posts.json"),
            _serve_discourse,
        ),
    )
}


@dataclass(frozen=True)
class Fault:
    """How a send fails: whether the platform keeps the reply, and what comes back (nothing: the line is cut)."""

    name: str
    is_kept: bool = False
    status: int = 0
    is_html: bool = False
    is_half: bool = False
    is_slow: bool = False
    headers: tuple[tuple[str, str], ...] = ()


class PlatformServer:
    """One platform at a time; `fault` strikes the next send only, `victim` is killed before or after it is kept."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.state = State()
        self.fault: Fault | None = None
        self.victim: tuple[int, str] | None = None
        self.is_down = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _build_handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop, so that its port refuses connections."""
        self._server.shutdown()
        self._server.server_close()


def _build_handler(server: PlatformServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            self.close_connection = True
            if self.path.startswith("/victim/"):
                _, _, pid, moment = self.path.split("/")
                server.victim, server.state = (int(pid), moment), State()
                self._tell(200, b"{}")
                return
            request = self._read()
            if server.platform.is_send(request):
                server.state.sends += 1
                if server.victim and server.victim[1] in ("before", "after"):
                    self._kill(request, *server.victim)
                    return
                if server.fault:
                    fault, server.fault = server.fault, None
                    self._fail(request, fault)
                    return
            status, body = (503, {}) if server.is_down else server.platform.serve(server.state, request)
            self._tell(status, b"" if body is None else json.dumps(body).encode())

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815

        def _read(self) -> Request:
            parts = urlsplit(self.path)
            query = {name: ",".join(values) for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            raw = self.rfile.read(int(headers.get("content-length", 0))).decode()
            is_json = "json" in headers.get("content-type", "")
            form = {name: values[0] for name, values in parse_qs(raw).items()}
            values = json.loads(raw) if is_json and raw else form
            return Request(self.command, parts.path, query, headers, values)

        def _kill(self, request: Request, pid: int, moment: str) -> None:
            if moment == "after":
                server.platform.serve(server.state, request)
            server.victim = None
            os.kill(pid, signal.SIGKILL)

        def _fail(self, request: Request, fault: Fault) -> None:
            status, body = server.platform.serve(server.state, request) if fault.is_kept else (200, {"error": HUSH})
            content = b"<!doctype html><html><body>Sorry</body></html>" if fault.is_html else json.dumps(body).encode()
            if fault.is_slow:
                time.sleep(SLOW_SECONDS)
            elif fault.is_half:
                self._tell(status, content[: len(content) // 2], len(content))
            elif fault.status:
                self._tell(fault.status, content, headers=fault.headers, is_html=fault.is_html)

        def _tell(
            self,
            status: int,
            content: bytes,
            length: int | None = None,
            headers: tuple[tuple[str, str], ...] = (),
            is_html: bool = False,
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if is_html else "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(content) if length is None else length))
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler
