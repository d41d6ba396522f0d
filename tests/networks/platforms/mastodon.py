"""Mastodon, as far as replies go."""

from typing import Any

from networks import payloads
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
    read_number,
)

from assistant.listening.networks.mastodon.read import MastodonNetwork
from assistant.listening.networks.mastodon.reply import MastodonPosts


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
            return 200, show(next(kept for kept in state.replies if kept.number == read_number(request)))
        case "DELETE", _:
            return (200, {}) if state.drop(read_number(request)) else GONE
    return GONE


PLATFORM = Platform(
    "mastodon",
    build_mention("mastodon", "1"),
    lambda url: MastodonPosts(MastodonNetwork(url, hush, [], [], OURS, clock, TIMEOUT_SECONDS)),
    is_request("POST", "/api/v1/statuses"),
    _serve_mastodon,
)
