"""Instagram, as far as replies go."""

from networks import payloads
from networks.platforms.playing import (
    ASKED,
    GONE,
    NO_SUCH,
    OURS,
    QUESTION,
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

from assistant.listening.networks.instagram.read import InstagramNetwork
from assistant.listening.networks.instagram.reply import InstagramPosts


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
                NO_SUCH
                if state.is_post_gone
                else (
                    200,
                    {**payloads.media_comment(1, ASKED, text=QUESTION), "media": media},
                )
            )
        case "DELETE", _:
            return (200, {"success": True}) if state.drop(read_number(request)) else NO_SUCH
    return GONE


PLATFORM = Platform(
    "instagram",
    build_mention("instagram", "i1", in_reply_to="m1", conversation_id="m1"),
    lambda url: InstagramPosts(InstagramNetwork(hush, "17", OURS, clock, url), "17"),
    is_request("POST", "/i1/replies"),
    _serve_instagram,
)
