"""Discourse, as far as replies go."""

from typing import Any

from networks import payloads
from networks.platforms.playing import (
    ASKED,
    GONE,
    OURS,
    QUESTION,
    Kept,
    Platform,
    Request,
    State,
    Told,
    build_mention,
    clock,
    hush,
    is_request,
    read_number,
)

from assistant.listening.networks.base.sender import PostClient
from assistant.listening.networks.discourse.read import DiscourseNetwork, Forum
from assistant.listening.networks.discourse.reply import DiscoursePosts


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
            there = [kept for kept in state.replies if kept.number == read_number(request)]
            return (200, show(there[0])) if there else GONE
        case "DELETE", _:
            return (200, {}) if state.drop(read_number(request)) else GONE
    return GONE


def _build_discourse(url: str) -> PostClient:
    return DiscoursePosts(DiscourseNetwork(Forum(url, True, "system", hush), [], OURS, clock), "system")


PLATFORM = Platform(
    "discourse",
    build_mention("discourse:forum.example", "5/7"),
    _build_discourse,
    is_request("POST", "/posts.json"),
    _serve_discourse,
)
