"""What Reddit, Mastodon, Bluesky and X are asked: pages in turn, searches in their language, parents, known posts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes_api import Answer, ApiServer
from fakes_reply import make_mention
from networks import cases, payloads
from networks.cases import KEYS, hush
from networks.payloads import HUSH, NOW, OURS, at, clock

from assistant.errors import NetworkError, TransientNetworkError
from assistant.listening.networks.bluesky.read import BlueskyNetwork
from assistant.listening.networks.bluesky.reply import BlueskyPosts
from assistant.listening.networks.mastodon.read import MastodonNetwork
from assistant.listening.networks.reddit.read import RedditKeys, RedditNetwork
from assistant.listening.networks.x.read import XNetwork, build_queries


def test_reddit_is_read_page_by_page_in_every_place(api: ApiServer) -> None:
    api.put(
        "/search",
        payloads.reddit_listing(payloads.reddit_post(3, at(1)), after="t1_c3"),
        payloads.reddit_listing(payloads.reddit_post(2, at(2))),
    )
    api.put("/r/bikes/new", payloads.reddit_listing())
    api.put("/r/bikes/comments", payloads.reddit_listing(payloads.reddit_post(1, at(3))))
    api.put("/message/mentions", payloads.reddit_listing(payloads.reddit_post(4, at(4))))
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
    api.put("/r/bikes/new", payloads.reddit_listing(payloads.reddit_post(1, at(3))))
    api.put("/r/bikes/comments", payloads.reddit_listing())
    page = RedditNetwork(lambda: KEYS, [], ["gone", "bikes"], OURS, clock, api.url).read("")
    assert len(page.mentions) == 1
    assert page.failure
    assert "HTTP 403" in page.failure.message


def test_reddit_is_left_alone_when_its_headers_say_that_nothing_remains(api: ApiServer) -> None:
    headers = {"x-ratelimit-remaining": "0.0", "x-ratelimit-used": "100", "x-ratelimit-reset": "240"}
    api.put("/search", Answer(payloads.reddit_listing(after="t1_x"), headers=headers))
    api.put("/search", Answer(payloads.reddit_listing(payloads.reddit_post(1, at(1)), after="t1_x"), headers=headers))
    with pytest.raises(TransientNetworkError, match="before 2026-11-16 09:04 UTC"):
        RedditNetwork(lambda: KEYS, ["a"], [], OURS, clock, api.url).read("")


def test_reddit_is_asked_again_once_its_window_is_over(api: ApiServer) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-used": "100", "x-ratelimit-reset": "1"}
    api.put("/search", Answer(payloads.reddit_listing(), headers=headers), payloads.reddit_listing())
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
    gone = payloads.reddit_post(1, at(9), author="[deleted]", text="[deleted]")
    edited = payloads.reddit_post(2, at(9), text="Other words")
    api.put("/api/info", payloads.reddit_listing(gone, edited))
    network = RedditNetwork(lambda: KEYS, [], [], OURS, clock, api.url)
    page = network.recheck(["t1_c1", "t1_c2", "t1_c3"])
    assert page.removed == ("t1_c1", "t1_c3")
    assert [mention.text for mention in page.mentions] == ["Other words"]


def test_mastodon_is_read_page_by_page_and_parents_come_along(api: ApiServer) -> None:
    full = [payloads.status(number, at(60)) for number in range(140, 100, -1)]
    reply = {**payloads.status(100, at(70)), "in_reply_to_id": "55"}
    api.put("/api/v1/notifications", [])
    api.put("/api/v1/timelines/tag/bikes", full, [reply])
    api.put("/api/v2/search", {"accounts": [], "hashtags": [], "statuses": [payloads.status(99, at(80))]})
    api.put("/api/v1/statuses", [payloads.status(55, at(90), text="The question")])
    page = MastodonNetwork(api.url, hush, ["Larkspur"], ["bikes"], OURS, clock).read("")
    assert len(page.mentions) == 42
    assert [query.get("max_id") for query in api.queries("/api/v1/timelines/tag/bikes")] == [None, "101"]
    assert api.queries("/api/v2/search")[0]["q"] == '"Larkspur"'
    assert [parent.text for parent in page.parents] == ["@us The question"]
    assert api.asked[0].headers["authorization"] == f"Bearer {HUSH}"


def test_statuses_that_are_gone_are_found(api: ApiServer) -> None:
    api.put("/api/v1/statuses", [{**payloads.status(1, at(9)), "edited_at": payloads.iso(at(2))}])
    page = MastodonNetwork(api.url, hush, [], [], OURS, clock).recheck(["1", "2"])
    assert (page.removed, page.mentions[0].edited_at) == (("2",), at(2))


def test_bluesky_says_whose_name_it_is_and_that_nobody_has_it(api: ApiServer) -> None:
    resolve = "/xrpc/com.atproto.identity.resolveHandle"
    network = _build_sky(api, [])
    api.put(resolve, {"did": "did:plc:fay"}, Answer({"error": "InvalidRequest", "message": "Unable"}, 400))
    assert network.find_account("fay2.test") == "did:plc:fay"
    assert network.find_account("fay3.test") is None


def test_x_says_whose_name_it_is(api: ApiServer) -> None:
    api.put("/2/users/by/username/fay2", {"data": {"id": "7", "username": "fay2"}}, {"errors": [{"value": "fay3"}]})
    network = XNetwork(hush, "", [], OURS, clock, api.url)
    assert network.find_account("fay2") == "7"
    assert network.find_account("fay2") is None


def _build_sky(api: ApiServer, terms: list[str]) -> BlueskyNetwork:
    token = cases.build_token()
    api.put(cases.LOGIN, {"accessJwt": token, "refreshJwt": token, "handle": "l.example", "did": "did:plc:us"})
    return BlueskyNetwork("l.example", hush, terms, OURS, clock, api.url)


def test_bluesky_logs_in_once_and_is_read_page_by_page(api: ApiServer) -> None:
    listing, search = "/xrpc/app.bsky.notification.listNotifications", "/xrpc/app.bsky.feed.searchPosts"
    reply = payloads.sky_post(2, at(2))
    reply["record"]["reply"] = {"root": {"uri": "at://r/p/1"}, "parent": {"uri": "at://r/p/1"}}
    notified = {**reply, "reason": "reply"}
    api.put(listing, {"notifications": [notified], "cursor": "more"}, {"notifications": []})
    api.put(search, {"posts": [payloads.sky_post(1, at(3))]})
    api.put("/xrpc/app.bsky.feed.getPosts", {"posts": [{**payloads.sky_post(0, at(9)), "uri": "at://r/p/1"}]})
    network = _build_sky(api, ["Larkspur Bikes"])
    page = network.read("")
    network.read(page.cursor)
    assert len(page.mentions) == 2
    assert [parent.external_id for parent in page.parents] == ["at://r/p/1"]
    assert [query.get("cursor") for query in api.queries(listing)][:2] == [None, "more"]
    assert api.queries(search)[0] == {"q": '"Larkspur Bikes"', "sort": "latest", "limit": "100"}
    assert len(api.queries(cases.LOGIN)) == 1


def test_posts_on_bluesky_that_are_gone_are_found(api: ApiServer) -> None:
    api.put("/xrpc/app.bsky.feed.getPosts", {"posts": [payloads.sky_post(1, at(9))]})
    known = payloads.sky_post(1, at(9))["uri"]
    assert _build_sky(api, []).recheck([known, "at://gone"]).removed == ("at://gone",)


def test_a_reply_on_bluesky_takes_the_threads_root_from_the_customers_own_record(api: ApiServer) -> None:
    """Also where the first post is gone, or its author blocks us."""
    root = {"uri": "at://did:plc:gone/app.bsky.feed.post/1", "cid": "root-cid"}
    post = payloads.sky_post(2, at(2))
    post["record"]["reply"] = {"root": root, "parent": root}
    api.put("/xrpc/app.bsky.feed.getPosts", {"posts": [post]}, {"posts": []})
    mention = replace(make_mention("2"), external_id=post["uri"], conversation_id=root["uri"])
    record = BlueskyPosts(_build_sky(api, []), "l.example", clock)._build_record(mention, "Hello.")
    assert record["reply"] == {"root": root, "parent": {"uri": post["uri"], "cid": "c"}}


def test_a_post_of_somebody_who_blocks_us_on_bluesky_is_locked_and_not_gone(api: ApiServer) -> None:
    blocked = {"$type": "app.bsky.feed.defs#blockedPost", "uri": "at://a/b/1", "blocked": True}
    api.put("/xrpc/app.bsky.feed.getPostThread", {"thread": blocked})
    mention = make_mention("1")
    now = BlueskyPosts(_build_sky(api, []), "l.example", clock).look(mention)
    assert (now.mention, now.is_locked) == (mention, True)


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
    above = payloads.tweet(1, at(90), text="The question")
    reply = {**payloads.tweet(2, at(1)), "referenced_tweets": [{"type": "replied_to", "id": above["id"]}]}
    api.put(path, payloads.tweets(reply, after="more", included=(above,)), payloads.tweets(payloads.tweet(3, at(2))))
    api.put("/2/users/8/mentions", payloads.tweets())
    page = XNetwork(hush, "8", ["Larkspur Bikes", "#bikes"], OURS, clock, api.url).read("")
    assert [mention.author for mention in page.mentions] == ["ann", "ann"]
    assert [parent.text for parent in page.parents] == ["The question"]
    asked = api.queries(path)
    assert [query.get("next_token") for query in asked] == [None, "more"]
    assert asked[0]["query"] == '("Larkspur Bikes" OR #bikes) -is:retweet -from:larkspurbikes'
    assert asked[0]["start_time"] == "2026-11-10T09:00:00Z"


def test_x_is_never_asked_for_more_than_seven_days(api: ApiServer) -> None:
    path = "/2/tweets/search/recent"
    api.put(path, payloads.tweets())
    network = XNetwork(hush, "", ["a"], OURS, clock, api.url)
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
    first, latest = payloads.tweet(1, at(60)), payloads.tweet(2, at(30), text="Other words")
    history = [first["id"], latest["id"]]
    gone = {"errors": [{"value": "5", "title": "Not Found Error"}]}
    api.put(
        "/2/tweets",
        {**payloads.tweets({**first, "edit_history_tweet_ids": history}), **gone},
        payloads.tweets({**latest, "edit_history_tweet_ids": history}),
    )
    page = XNetwork(hush, "", [], OURS, clock, api.url).recheck([first["id"], "5", "6"])
    assert page.removed == ("5",), "one that X says nothing of counts as being there"
    assert [(m.external_id, m.text, m.edited_at) for m in page.mentions] == [(first["id"], "Other words", at(30))]


def test_x_that_wants_to_be_paid_says_so(api: ApiServer) -> None:
    api.put("/2/tweets/search/recent", Answer({"title": "CreditsDepleted"}, 402))
    with pytest.raises(NetworkError, match="asks to be paid") as caught:
        XNetwork(hush, "", ["a"], OURS, clock, api.url).read("")
    assert "credits" in caught.value.hint
