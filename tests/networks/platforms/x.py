"""X, as far as replies go."""

from typing import Any

from networks import payloads
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
    hush,
    is_request,
)

from assistant.listening.networks.base.sender import PostClient
from assistant.listening.networks.x.read import XNetwork
from assistant.listening.networks.x.reply import XKeys, XPosts

X_KEYS = XKeys("ck", HUSH, "at", HUSH)
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


def _build_x(url: str) -> PostClient:
    return XPosts(XNetwork(hush, "8", [], OURS, clock, url, TIMEOUT_SECONDS), "8", lambda: X_KEYS)


PLATFORM = Platform(
    "x", build_mention("x", _TWEET, conversation_id=_TWEET), _build_x, is_request("POST", "/2/tweets"), _serve_x
)
