"""Facebook, as far as replies go."""

from typing import Any

from networks import payloads
from networks.platforms.playing import (
    ASKED,
    GONE,
    NO_SUCH,
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
)

from assistant.listening.networks.facebook.read import FacebookNetwork
from assistant.listening.networks.facebook.reply import FacebookPosts


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
            return NO_SUCH if state.is_post_gone else (200, post)
        case "DELETE", _:
            return (200, {"success": True}) if state.drop(int(request.path.rpartition("_")[2])) else NO_SUCH
    return GONE


PLATFORM = Platform(
    "facebook",
    build_mention("facebook", "900_1", in_reply_to="42_900"),
    lambda url: FacebookPosts(FacebookNetwork(hush, "42", OURS, clock, url), "42"),
    is_request("POST", "/900_1/comments"),
    _serve_facebook,
)
