"""Competitors' names are searched for wherever a network can be searched, apart from ours, and on X only if wanted."""

import pytest
from fakes_api import ApiServer
from networks import cases, payloads
from networks.cases import KEYS
from networks.payloads import HUSH, OURS, at, clock

from assistant.listening.networks.reddit.read import RedditNetwork
from assistant.listening.networks.registry import build_networks
from assistant.listening.networks.settings import parse_listening
from assistant.listening.networks.x.read import XNetwork


def test_reddit_is_asked_for_competitors_in_a_listing_of_their_own(api: ApiServer) -> None:
    about_us = payloads.reddit_post(1, at(1))
    api.put(
        "/search",
        payloads.reddit_listing(about_us),
        payloads.reddit_listing(payloads.reddit_post(2, at(2), text="Pedal Post is late"), about_us),
    )
    network = RedditNetwork(lambda: KEYS, ["Larkspur"], [], OURS, clock, api.url, competitors=["Pedal Post", "Velo"])
    found = [mention.external_id for mention in network.read("").mentions]
    assert found == ["t1_c1", "t1_c2"], "one that both searches find comes once"
    assert [query["q"] for query in api.queries("/search")] == ['"Larkspur"', '"Pedal Post" OR "Velo"']


def test_competitors_do_not_change_what_x_is_asked_about_us(api: ApiServer) -> None:
    path = "/2/tweets/search/recent"
    api.put(path, payloads.tweets())
    XNetwork(lambda: HUSH, "", ["Larkspur"], OURS, clock, api.url, competitors=["Pedal Post"]).read("")
    asked = [query["query"] for query in api.queries(path)]
    assert asked == [
        '("Larkspur") -is:retweet -from:larkspurbikes',
        '("Pedal Post") -is:retweet -from:larkspurbikes',
    ], "else the cursor of the first would be lost, and six days paid for once more"


@pytest.mark.parametrize(("line", "searches"), [("", 1), ("  competitors: true\n", 2), ("  competitors: false\n", 1)])
def test_x_which_is_paid_by_the_post_is_asked_only_where_the_file_says_so(
    line: str, searches: int, api: ApiServer
) -> None:
    text = f"brands: [Larkspur]\ncompetitors: [Pedal Post]\nx:\n  bearer_token: X_TOKEN\n{line}"
    (network,) = build_networks(parse_listening(text, "networks.yaml"), [], lambda name: HUSH, clock)
    assert isinstance(network, XNetwork)
    network._base_url = api.url
    api.put("/2/tweets/search/recent", payloads.tweets())
    network.read("")
    assert len(api.queries("/2/tweets/search/recent")) == searches


SEARCHED = [
    ("mastodon:\n  server: URL\n  access_token: M_TOKEN\n", "/api/v2/search"),
    ("bluesky:\n  handle: l.example\n  app_password: B_PASSWORD\n  server: URL\n", "/xrpc/app.bsky.feed.searchPosts"),
    ("discourse:\n  - url: URL\n", "/search.json"),
]


@pytest.mark.parametrize(("section", "path"), SEARCHED)
def test_every_other_network_with_a_search_is_asked_for_them(section: str, path: str, api: ApiServer) -> None:
    cases.serve_login(api)
    api.put("/xrpc/app.bsky.notification.listNotifications", {"notifications": []})
    api.put("/api/v1/notifications", [])
    api.put(path, {"posts": [], "statuses": []})
    text = "brands: [Larkspur]\ncompetitors: [Pedal Post]\n" + section.replace("URL", api.url)
    (network,) = build_networks(parse_listening(text, "networks.yaml"), [], lambda name: HUSH, clock)
    network.read("")
    asked = " ".join(query["q"] for query in api.queries(path))
    assert '"Larkspur"' in asked
    assert '"Pedal Post"' in asked
