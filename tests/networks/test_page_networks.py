"""What YouTube, Facebook and Instagram are asked about our own pages: pages in turn, replies, single comments again."""

from typing import Any

import pytest
from fakes_api import Answer, ApiServer
from networks import payloads
from networks.cases import hush
from networks.payloads import HUSH, OURS, at, clock

from assistant.errors import NetworkError, TransientNetworkError
from assistant.listening.networks.facebook.read import FacebookNetwork
from assistant.listening.networks.instagram.read import InstagramNetwork
from assistant.listening.networks.youtube.read import YouTubeNetwork


def test_youtube_is_read_page_by_page_with_its_replies(api: ApiServer) -> None:
    thread = payloads.video_comment(3, at(5))
    reply = {**thread["snippet"]["topLevelComment"], "id": "y3.r"}
    api.put(
        "/commentThreads",
        {"items": [{**thread, "replies": {"comments": [reply]}}], "nextPageToken": "more"},
        {"items": [payloads.video_comment(2, at(6))]},
    )
    network = YouTubeNetwork(hush, ["UC1"], [], OURS, clock, api.url)
    assert {mention.external_id for mention in network.read("").mentions} == {"y3", "y3.r", "y2"}
    assert [query.get("pageToken") for query in api.queries("/commentThreads")] == [None, "more"]
    assert api.asked[0].headers["x-goog-api-key"] == HUSH
    assert HUSH not in str(api.queries("/commentThreads")), "an address ends in logs"


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        (403, "quotaExceeded", "quota of the day is used up"),
        (403, "commentsDisabled", "comments switched off"),
        (400, "keyInvalid", "does not accept the key"),
    ],
)
def test_youtube_says_what_it_does_not_like(status: int, reason: str, words: str, api: ApiServer) -> None:
    error = {"error": {"code": status, "message": HUSH, "errors": [{"reason": reason}]}}
    api.put("/commentThreads", Answer(error, status))
    with pytest.raises(NetworkError, match=words) as caught:
        YouTubeNetwork(hush, [], ["v1"], OURS, clock, api.url).read("")
    if reason == "quotaExceeded":
        assert isinstance(caught.value, TransientNetworkError)
        assert str(caught.value.retry_at) == "2026-11-17 08:00:00+00:00", "midnight in California"


def test_comments_on_youtube_that_are_gone_are_found(api: ApiServer) -> None:
    api.put("/comments", {"items": [payloads.video_comment(1, at(9))["snippet"]["topLevelComment"]]})
    assert YouTubeNetwork(hush, [], [], OURS, clock, api.url).recheck(["y1", "y2"]).removed == ("y2",)


def test_facebook_is_read_deeper_where_a_post_has_many_comments(api: ApiServer) -> None:
    api.put("/42/feed", payloads.feed(payloads.page_comment(2, at(1)), after="more"))
    api.put("/42_900/comments", {"data": [payloads.page_comment(1, at(2))]})
    page = FacebookNetwork(hush, "42", OURS, clock, api.url).read("")
    assert [mention.external_id for mention in page.mentions] == ["900_2", "900_1"]
    assert [query["after"] for query in api.queries("/42_900/comments")] == ["more"]
    assert [parent.text for parent in page.parents] == ["New colours"]
    assert api.asked[0].headers["authorization"] == f"Bearer {HUSH}"
    assert HUSH not in page.cursor


GRAPH_ERRORS = [
    (400, 190, "no longer valid", False),
    (403, 200, "permission", False),
    (400, 100, "no such post or page", False),
    (400, 32, "before 2026-11-16 09:20 UTC", True),
    (400, 80001, "before 2026-11-16 09:20 UTC", True),
    (400, 999, "HTTP 400", False),
]


@pytest.mark.parametrize(("status", "code", "words", "is_transient"), GRAPH_ERRORS)
@pytest.mark.parametrize("network", [FacebookNetwork, InstagramNetwork])
def test_meta_says_what_it_does_not_like(
    network: Any, status: int, code: int, words: str, is_transient: bool, api: ApiServer
) -> None:
    usage = '{"42": [{"type": "pages", "estimated_time_to_regain_access": 20}]}'
    body = {"error": {"message": HUSH, "type": "OAuthException", "code": code, "fbtrace_id": "x"}}
    api.break_down(Answer(body, status, {"X-Business-Use-Case-Usage": usage}))
    with pytest.raises(NetworkError, match=words) as caught:
        network(hush, "42", OURS, clock, api.url).read("")
    assert caught.value.is_transient is is_transient
    assert HUSH not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    ("network", "post", "path"),
    [
        (FacebookNetwork, payloads.page_comment(1, at(9)), "/900_1"),
        (InstagramNetwork, payloads.media_comment(1, at(9)), "/i1"),
    ],
)
def test_comments_on_metas_networks_that_are_gone_are_found(network: Any, post: Any, path: str, api: ApiServer) -> None:
    api.put(path, post)
    api.put("/gone", Answer({"error": {"code": 100, "error_subcode": 33}}, 400))
    page = network(hush, "42", OURS, clock, api.url).recheck([path[1:], "gone"])
    assert page.removed == ("gone",)
    assert len(page.mentions) == 1


def test_instagram_replies_and_tagged_media_are_read(api: ApiServer) -> None:
    comment = {
        **payloads.media_comment(1, at(9)),
        "replies": {"data": [payloads.media_comment(2, at(8), text="Me too")]},
    }
    api.put("/17/media", payloads.media(comment))
    tagged = {"id": "m9", "caption": "With @larkspurbikes", "timestamp": "2026-11-16T08:30:00+0000", "username": "bo"}
    api.put("/17/tags", {"data": [{**tagged, "permalink": "https://www.instagram.com/p/9/"}]})
    page = InstagramNetwork(hush, "17", OURS, clock, api.url).read("")
    assert {mention.external_id: mention.in_reply_to for mention in page.mentions} == {
        "m9": None,
        "i2": "i1",
        "i1": "m1",
    }
    assert page.mentions[-1].url == "https://www.instagram.com/p/1/"
