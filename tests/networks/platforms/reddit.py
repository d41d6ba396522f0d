"""Reddit, as far as replies go."""

from typing import Any

from networks import cases, payloads
from networks.cases import KEYS
from networks.payloads import HUSH
from networks.platforms.playing import (
    ASKED,
    GONE,
    OURS,
    QUESTION,
    TIMEOUT_SECONDS,
    Kept,
    Platform,
    Request,
    State,
    Told,
    build_mention,
    clock,
    is_request,
)

from assistant.listening.networks.base.sender import PostClient
from assistant.listening.networks.reddit.read import RedditKeys, RedditNetwork
from assistant.listening.networks.reddit.reply import RedditPosts

_POST_URL = "https://www.reddit.com/r/bikes/comments/p/_/c1/"


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


def _build_reddit(url: str) -> PostClient:
    keys = RedditKeys(KEYS.client_id, HUSH, "larkspurbikes", HUSH)
    network = RedditNetwork(lambda: keys, [], [], OURS, clock, url, TIMEOUT_SECONDS)
    return RedditPosts(network, "larkspurbikes")


PLATFORM = Platform(
    "reddit",
    build_mention("reddit", "t1_c1", conversation_id="t3_p", url=_POST_URL),
    _build_reddit,
    is_request("POST", "/api/comment"),
    _serve_reddit,
)
