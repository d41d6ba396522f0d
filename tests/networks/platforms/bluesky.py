"""Bluesky, as far as replies go."""

from typing import Any

from networks import cases, payloads
from networks.payloads import iso
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
from assistant.listening.networks.bluesky.read import BlueskyNetwork
from assistant.listening.networks.bluesky.reply import BlueskyPosts

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


def _build_bluesky(url: str) -> PostClient:
    network = BlueskyNetwork("l.example", hush, [], OURS, clock, url, TIMEOUT_SECONDS)
    return BlueskyPosts(network, "l.example", clock)


PLATFORM = Platform(
    "bluesky",
    build_mention("bluesky", "at://did:plc:ann/app.bsky.feed.post/1"),
    _build_bluesky,
    is_request("POST", "/xrpc/com.atproto.repo.createRecord"),
    _serve_bluesky,
)
