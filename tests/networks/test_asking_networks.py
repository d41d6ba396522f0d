"""What each network is asked: pages in turn, searches in its own language, parents, and single posts again."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fakes_api import Answer, ApiServer
from networks import cases
from networks.cases import HUSH, KEYS, NOW, OURS, at, clock

from assistant.errors import NetworkError, TransientNetworkError
from assistant.networks.appstore import AppStoreNetwork, StoreApp
from assistant.networks.bluesky import BlueskyNetwork
from assistant.networks.discourse import DiscourseNetwork, Forum
from assistant.networks.facebook import FacebookNetwork
from assistant.networks.hackernews import HackerNewsNetwork
from assistant.networks.instagram import InstagramNetwork
from assistant.networks.mastodon import MastodonNetwork
from assistant.networks.network import Recheck
from assistant.networks.reddit import RedditKeys, RedditNetwork
from assistant.networks.x import XNetwork, build_queries
from assistant.networks.youtube import YouTubeNetwork

_TOKEN = {"access_token": "t", "expires_in": 3600, "scope": "*", "token_type": "bearer"}


@pytest.fixture
def api() -> Iterator[ApiServer]:
    api = ApiServer()
    api.put(cases.TOKEN, _TOKEN)
    yield api
    api.close()


def _hush() -> str:
    return HUSH


def test_reddit_is_read_page_by_page_in_every_place(api: ApiServer) -> None:
    api.put(
        "/search",
        cases.reddit_listing(cases.reddit_post(3, at(1)), after="t1_c3"),
        cases.reddit_listing(cases.reddit_post(2, at(2))),
    )
    api.put("/r/bikes/new", cases.reddit_listing())
    api.put("/r/bikes/comments", cases.reddit_listing(cases.reddit_post(1, at(3))))
    api.put("/message/mentions", cases.reddit_listing(cases.reddit_post(4, at(4))))
    network = RedditNetwork(
        lambda: RedditKeys("id", HUSH, "larkspurbikes", HUSH), ["Larkspur Bikes", "x"], ["bikes"], OURS, clock, api.url
    )
    found = {mention.external_id for mention in network.read("").mentions}
    assert found == {"t1_c1", "t1_c2", "t1_c3", "t1_c4"}
    assert [query.get("after") for query in api.queries("/search")] == [None, "t1_c3"]
    assert api.queries("/search")[0]["q"] == '"Larkspur Bikes" OR "x"'


def test_a_subreddit_that_is_not_there_does_not_stop_the_others(api: ApiServer) -> None:
    for path in ("/r/gone/new", "/r/gone/comments"):
        api.put(path, Answer({"reason": "private"}, 403))
    api.put("/r/bikes/new", cases.reddit_listing(cases.reddit_post(1, at(3))))
    api.put("/r/bikes/comments", cases.reddit_listing())
    page = RedditNetwork(lambda: KEYS, [], ["gone", "bikes"], OURS, clock, api.url).read("")
    assert len(page.mentions) == 1
    assert page.failure
    assert "HTTP 403" in page.failure.message


def test_reddit_is_left_alone_when_its_headers_say_that_nothing_remains(api: ApiServer) -> None:
    headers = {"x-ratelimit-remaining": "0.0", "x-ratelimit-used": "100", "x-ratelimit-reset": "240"}
    api.put("/search", Answer(cases.reddit_listing(after="t1_x"), headers=headers))
    api.put("/search", Answer(cases.reddit_listing(cases.reddit_post(1, at(1)), after="t1_x"), headers=headers))
    with pytest.raises(TransientNetworkError, match="before 2026-11-16 09:04 UTC"):
        RedditNetwork(lambda: KEYS, ["a"], [], OURS, clock, api.url).read("")


def test_reddit_is_asked_again_once_its_window_is_over(api: ApiServer) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-used": "100", "x-ratelimit-reset": "1"}
    api.put("/search", Answer(cases.reddit_listing(), headers=headers), cases.reddit_listing())
    moments = iter([NOW] * 4)
    network = RedditNetwork(lambda: KEYS, ["a"], [], OURS, lambda: next(moments, NOW + timedelta(seconds=9)), api.url)
    network.read("")
    list(moments)
    assert network.read("").mentions == ()
    assert len(api.queries("/search")) == 2


def test_reddit_tells_a_wrong_password(api: ApiServer) -> None:
    api.put(cases.TOKEN, {"error": "invalid_grant"})
    network = RedditNetwork(lambda: RedditKeys("id", HUSH, "us", HUSH), ["a"], [], OURS, clock, api.url)
    with pytest.raises(NetworkError, match="name and password") as caught:
        network.read("")
    assert HUSH not in str(caught.value)


def test_posts_on_reddit_that_are_gone_are_found_and_edits_too(api: ApiServer) -> None:
    gone = cases.reddit_post(1, at(9), author="[deleted]", text="[deleted]")
    edited = cases.reddit_post(2, at(9), text="Other words")
    api.put("/api/info", cases.reddit_listing(gone, edited))
    network = RedditNetwork(lambda: KEYS, [], [], OURS, clock, api.url)
    page = network.recheck(["t1_c1", "t1_c2", "t1_c3"])
    assert page.removed == ("t1_c1", "t1_c3")
    assert [mention.text for mention in page.mentions] == ["Other words"]


def test_mastodon_is_read_page_by_page_and_parents_come_along(api: ApiServer) -> None:
    full = [cases.status(number, at(60)) for number in range(140, 100, -1)]
    reply = {**cases.status(100, at(70)), "in_reply_to_id": "55"}
    api.put("/api/v1/notifications", [])
    api.put("/api/v1/timelines/tag/bikes", full, [reply])
    api.put("/api/v2/search", {"accounts": [], "hashtags": [], "statuses": [cases.status(99, at(80))]})
    api.put("/api/v1/statuses", [cases.status(55, at(90), text="The question")])
    page = MastodonNetwork(api.url, _hush, ["Larkspur"], ["bikes"], OURS, clock).read("")
    assert len(page.mentions) == 42
    assert [query.get("max_id") for query in api.queries("/api/v1/timelines/tag/bikes")] == [None, "101"]
    assert api.queries("/api/v2/search")[0]["q"] == '"Larkspur"'
    assert [parent.text for parent in page.parents] == ["@us The question"]
    assert api.asked[0].headers["authorization"] == f"Bearer {HUSH}"


def test_statuses_that_are_gone_are_found(api: ApiServer) -> None:
    api.put("/api/v1/statuses", [{**cases.status(1, at(9)), "edited_at": cases.iso(at(2))}])
    page = MastodonNetwork(api.url, _hush, [], [], OURS, clock).recheck(["1", "2"])
    assert (page.removed, page.mentions[0].edited_at) == (("2",), at(2))


def _build_sky(api: ApiServer, terms: list[str]) -> BlueskyNetwork:
    token = cases.build_token()
    api.put(cases.LOGIN, {"accessJwt": token, "refreshJwt": token, "handle": "l.example", "did": "did:plc:us"})
    return BlueskyNetwork("l.example", _hush, terms, OURS, clock, api.url)


def test_bluesky_logs_in_once_and_is_read_page_by_page(api: ApiServer) -> None:
    listing, search = "/xrpc/app.bsky.notification.listNotifications", "/xrpc/app.bsky.feed.searchPosts"
    reply = cases.sky_post(2, at(2))
    reply["record"]["reply"] = {"root": {"uri": "at://r/p/1"}, "parent": {"uri": "at://r/p/1"}}
    notified = {**reply, "reason": "reply"}
    api.put(listing, {"notifications": [notified], "cursor": "more"}, {"notifications": []})
    api.put(search, {"posts": [cases.sky_post(1, at(3))]})
    api.put("/xrpc/app.bsky.feed.getPosts", {"posts": [{**cases.sky_post(0, at(9)), "uri": "at://r/p/1"}]})
    network = _build_sky(api, ["Larkspur Bikes"])
    page = network.read("")
    network.read(page.cursor)
    assert len(page.mentions) == 2
    assert [parent.external_id for parent in page.parents] == ["at://r/p/1"]
    assert [query.get("cursor") for query in api.queries(listing)][:2] == [None, "more"]
    assert api.queries(search)[0] == {"q": '"Larkspur Bikes"', "sort": "latest", "limit": "100"}
    assert len(api.queries(cases.LOGIN)) == 1


def test_posts_on_bluesky_that_are_gone_are_found(api: ApiServer) -> None:
    api.put("/xrpc/app.bsky.feed.getPosts", {"posts": [cases.sky_post(1, at(9))]})
    known = cases.sky_post(1, at(9))["uri"]
    assert _build_sky(api, []).recheck([known, "at://gone"]).removed == ("at://gone",)


def test_a_session_that_bluesky_ended_is_begun_anew(api: ApiServer) -> None:
    listing = "/xrpc/app.bsky.notification.listNotifications"
    api.put(listing, Answer({"error": "ExpiredToken", "message": HUSH}, 400), {"notifications": []})
    network = _build_sky(api, [])
    with pytest.raises(TransientNetworkError, match="ended our session"):
        network.read("")
    network.read("")
    assert len(api.queries(cases.LOGIN)) == 2


def test_x_is_read_page_by_page_with_authors_and_parents(api: ApiServer) -> None:
    path = "/2/tweets/search/recent"
    above = cases.tweet(1, at(90), text="The question")
    reply = {**cases.tweet(2, at(1)), "referenced_tweets": [{"type": "replied_to", "id": above["id"]}]}
    api.put(path, cases.tweets(reply, after="more", included=(above,)), cases.tweets(cases.tweet(3, at(2))))
    api.put("/2/users/8/mentions", cases.tweets())
    page = XNetwork(_hush, "8", ["Larkspur Bikes", "#bikes"], OURS, clock, api.url).read("")
    assert [mention.author for mention in page.mentions] == ["ann", "ann"]
    assert [parent.text for parent in page.parents] == ["The question"]
    asked = api.queries(path)
    assert [query.get("next_token") for query in asked] == [None, "more"]
    assert asked[0]["query"] == '("Larkspur Bikes" OR #bikes) -is:retweet -from:larkspurbikes'
    assert asked[0]["start_time"] == "2026-11-10T09:00:00Z"


def test_x_is_never_asked_for_more_than_seven_days(api: ApiServer) -> None:
    path = "/2/tweets/search/recent"
    api.put(path, cases.tweets())
    network = XNetwork(_hush, "", ["a"], OURS, clock, api.url)
    old = network.read("").cursor.replace("2026-11-10", "2026-10-01")
    network.read(old)
    assert api.queries(path)[-1]["start_time"] == "2026-11-09T09:05:00Z"


def test_searches_on_x_keep_within_its_limit() -> None:
    queries = build_queries([f"A rather long name of a product {number}" for number in range(40)], OURS)
    assert len(queries) > 2
    assert max(map(len, queries)) <= 512
    assert sum(query.count(" product ") for query in queries) == 40
    assert build_queries([], OURS) == []


def test_posts_on_x_that_are_gone_or_edited_are_found(api: ApiServer) -> None:
    first, latest = cases.tweet(1, at(60)), cases.tweet(2, at(30), text="Other words")
    history = [first["id"], latest["id"]]
    gone = {"errors": [{"value": "5", "title": "Not Found Error"}]}
    api.put(
        "/2/tweets",
        {**cases.tweets({**first, "edit_history_tweet_ids": history}), **gone},
        cases.tweets({**latest, "edit_history_tweet_ids": history}),
    )
    page = XNetwork(_hush, "", [], OURS, clock, api.url).recheck([first["id"], "5", "6"])
    assert page.removed == ("5",), "one that X says nothing of counts as being there"
    assert [(m.external_id, m.text, m.edited_at) for m in page.mentions] == [(first["id"], "Other words", at(30))]


def test_x_that_wants_to_be_paid_says_so(api: ApiServer) -> None:
    api.put("/2/tweets/search/recent", Answer({"title": "CreditsDepleted"}, 402))
    with pytest.raises(NetworkError, match="asks to be paid") as caught:
        XNetwork(_hush, "", ["a"], OURS, clock, api.url).read("")
    assert "credits" in caught.value.hint


def test_youtube_is_read_page_by_page_with_its_replies(api: ApiServer) -> None:
    thread = cases.video_comment(3, at(5))
    reply = {**thread["snippet"]["topLevelComment"], "id": "y3.r"}
    api.put(
        "/commentThreads",
        {"items": [{**thread, "replies": {"comments": [reply]}}], "nextPageToken": "more"},
        {"items": [cases.video_comment(2, at(6))]},
    )
    network = YouTubeNetwork(_hush, ["UC1"], [], OURS, clock, api.url)
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
        YouTubeNetwork(_hush, [], ["v1"], OURS, clock, api.url).read("")
    if reason == "quotaExceeded":
        assert isinstance(caught.value, TransientNetworkError)
        assert str(caught.value.retry_at) == "2026-11-17 08:00:00+00:00", "midnight in California"


def test_comments_on_youtube_that_are_gone_are_found(api: ApiServer) -> None:
    api.put("/comments", {"items": [cases.video_comment(1, at(9))["snippet"]["topLevelComment"]]})
    assert YouTubeNetwork(_hush, [], [], OURS, clock, api.url).recheck(["y1", "y2"]).removed == ("y2",)


def test_facebook_is_read_deeper_where_a_post_has_many_comments(api: ApiServer) -> None:
    api.put("/42/feed", cases.feed(cases.page_comment(2, at(1)), after="more"))
    api.put("/42_900/comments", {"data": [cases.page_comment(1, at(2))]})
    page = FacebookNetwork(_hush, "42", OURS, clock, api.url).read("")
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
        network(_hush, "42", OURS, clock, api.url).read("")
    assert caught.value.is_transient is is_transient
    assert HUSH not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    ("network", "post", "path"),
    [
        (FacebookNetwork, cases.page_comment(1, at(9)), "/900_1"),
        (InstagramNetwork, cases.media_comment(1, at(9)), "/i1"),
    ],
)
def test_comments_on_metas_networks_that_are_gone_are_found(network: Any, post: Any, path: str, api: ApiServer) -> None:
    api.put(path, post)
    api.put("/gone", Answer({"error": {"code": 100, "error_subcode": 33}}, 400))
    page = network(_hush, "42", OURS, clock, api.url).recheck([path[1:], "gone"])
    assert page.removed == ("gone",)
    assert len(page.mentions) == 1


def test_instagram_replies_and_tagged_media_are_read(api: ApiServer) -> None:
    comment = {**cases.media_comment(1, at(9)), "replies": {"data": [cases.media_comment(2, at(8), text="Me too")]}}
    api.put("/17/media", cases.media(comment))
    tagged = {"id": "m9", "caption": "With @larkspurbikes", "timestamp": "2026-11-16T08:30:00+0000", "username": "bo"}
    api.put("/17/tags", {"data": [{**tagged, "permalink": "https://www.instagram.com/p/9/"}]})
    page = InstagramNetwork(_hush, "17", OURS, clock, api.url).read("")
    assert {mention.external_id: mention.in_reply_to for mention in page.mentions} == {
        "m9": None,
        "i2": "i1",
        "i1": "m1",
    }
    assert page.mentions[-1].url == "https://www.instagram.com/p/1/"


RECHECKED = [
    ("/api/info", lambda url: cases.build_reddit(url)),
    ("/api/v1/statuses", lambda url: cases.build_mastodon(url)),
    ("/xrpc/app.bsky.feed.getPosts", lambda url: cases.build_bluesky(url)),
    ("/2/tweets", lambda url: cases.build_x(url)),
    ("/comments", lambda url: YouTubeNetwork(_hush, [], [], OURS, clock, url)),
]


@pytest.mark.parametrize("body", [{}, {"posts": {}}, {"error": "later"}, 5, None])
@pytest.mark.parametrize(("path", "build"), RECHECKED)
def test_an_answer_in_another_shape_removes_nothing(path: str, build: Any, body: object, api: ApiServer) -> None:
    _build_sky(api, [])
    api.put(path, body)
    api.put("/api/v1/statuses/1", cases.status(1, at(9)))
    api.put("/api/v1/statuses/2", Answer({"error": "later"}, 503))
    removed: tuple[str, ...] = ()
    with contextlib.suppress(NetworkError):
        removed = build(api.url).recheck(["1", "2"]).removed
    assert removed == ()


def test_hacker_news_is_searched_page_by_page(api: ApiServer) -> None:
    api.put(
        "/search_by_date",
        {"hits": [cases.hit(2, at(1))], "nbPages": 2},
        {"hits": [cases.hit(1, at(2))], "nbPages": 2},
    )
    page = HackerNewsNetwork(["Larkspur Bikes"], OURS, clock, api.url).read("")
    assert [mention.external_id for mention in page.mentions] == ["2", "1"]
    asked = api.queries("/search_by_date")
    assert [query["page"] for query in asked] == ["0", "1"]
    assert (asked[0]["query"], asked[0]["typoTolerance"]) == ('"Larkspur Bikes"', "false")


def test_posts_on_hacker_news_that_are_gone_are_found(api: ApiServer) -> None:
    there = {"id": 1, "created_at": cases.iso(at(9)), "author": "ann", "text": "<p>My bike</p>", "points": 2}
    api.put("/items/1", there)
    api.put("/items/2", {"id": 2, "created_at": cases.iso(at(9)), "author": None, "text": None})
    page = HackerNewsNetwork([], OURS, clock, api.url).recheck(["1", "2", "3"])
    assert page.removed == ("2", "3")
    assert [mention.text for mention in page.mentions] == ["My bike"]


def test_another_forum_is_searched_page_by_page(api: ApiServer) -> None:
    found = {**cases.forum_post(7, at(5)), "cooked": "", "blurb": "My bike is", "topic_slug": None}
    more = {"grouped_search_result": {"more_full_page_results": True}}
    api.put("/search.json", {"posts": [found], "topics": [{"id": 5, "slug": "colours"}], **more}, {"posts": []})
    page = DiscourseNetwork(Forum(api.url), ["Larkspur Bikes"], OURS, clock).read("")
    assert [(mention.external_id, mention.text) for mention in page.mentions] == [("5/7", "My bike is")]
    assert page.mentions[0].in_reply_to == "5/1"
    assert [query["page"] for query in api.queries("/search.json")] == ["1", "2"]
    assert api.queries("/search.json")[0]["q"] == '"Larkspur Bikes" after:2026-11-10 order:latest'


def test_our_own_forum_is_read_page_by_page_with_its_key(api: ApiServer) -> None:
    api.put(
        "/posts.json",
        {"latest_posts": [cases.forum_post(9, at(5)), cases.forum_post(8, at(6))]},
        {"latest_posts": []},
    )
    network = DiscourseNetwork(Forum(api.url, True, "system", _hush), [], OURS, clock)
    assert len(network.read("").mentions) == 2
    assert [query.get("before") for query in api.queries("/posts.json")] == [None, "7"]
    assert api.asked[0].headers["api-key"] == HUSH


def test_reviews_are_read_in_every_store_and_the_app_itself_is_none(api: ApiServer) -> None:
    start = {"im:name": {"label": "Larkspur"}, "id": {"label": "app"}}
    path = "/{}/rss/customerreviews/page={}/id=1/sortby=mostrecent/json"
    api.put(path.format("gb", 1), {"feed": {"entry": [start, cases.review(1, at(5))]}})
    api.put(path.format("gb", 2), {"feed": {}})
    api.put(path.format("no", 1), {"feed": {"entry": cases.review(2, at(6))}})
    api.put(path.format("no", 2), {"feed": {"entry": []}})
    page = AppStoreNetwork([StoreApp("1", ("gb", "no"))], clock, api.url).read("")
    assert ([mention.external_id for mention in page.mentions], page.rejected) == (["1", "2"], ())


def test_a_network_without_single_posts_is_never_asked_for_them() -> None:
    assert not isinstance(AppStoreNetwork([], clock), Recheck)


SDKS = [
    ("praw", "reddit", lambda: cases.build_reddit("http://127.0.0.1:1")),
    ("mastodon", "mastodon", lambda: cases.build_mastodon("http://127.0.0.1:1")),
    ("atproto_client", "bluesky", lambda: cases.build_bluesky("http://127.0.0.1:1")),
    ("tweepy", "x", lambda: cases.build_x("http://127.0.0.1:1")),
]


@pytest.mark.parametrize(("module", "extra", "build"), SDKS)
def test_a_package_that_is_not_installed_is_named_with_the_command(
    module: str, extra: str, build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(NetworkError, match="a package that is not installed") as caught:
        build().read("")
    assert caught.value.hint == f"pip install 'earshot[{extra}]'"


def test_no_package_is_loaded_before_its_network_is_read() -> None:
    program = (
        "import sys; from pathlib import Path; from networks.cases import CASES; import assistant.networks.building;"
        "[case.build('http://127.0.0.1:1') for case in CASES];"
        "print([name for name in ('praw', 'mastodon', 'atproto_client', 'tweepy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True)
    assert done.stdout.decode().strip() == "[]", done.stderr.decode()[-500:]
