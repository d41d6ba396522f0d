"""YouTube, as far as replies go."""

from typing import Any

from networks import payloads
from networks.payloads import HUSH
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
)

from assistant.listening.networks.base.sender import PostClient
from assistant.listening.networks.youtube.read import YouTubeNetwork
from assistant.listening.networks.youtube.reply import YouTubeKeys, YouTubePosts

YOUTUBE_KEYS = YouTubeKeys("id", HUSH, HUSH)


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


def _build_youtube(url: str) -> PostClient:
    network = YouTubeNetwork(hush, ["UC1"], [], OURS, clock, url)
    return YouTubePosts(network, lambda: YOUTUBE_KEYS, clock, url)


PLATFORM = Platform(
    "youtube",
    build_mention("youtube", "y1", url="https://www.youtube.com/watch?v=v1&lc=y1"),
    _build_youtube,
    is_request("POST", "/comments"),
    _serve_youtube,
)
