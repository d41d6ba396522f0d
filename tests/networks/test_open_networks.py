"""What Hacker News, forums and the App Store are asked, which anybody may read."""

from fakes_api import ApiServer
from networks import payloads
from networks.cases import hush
from networks.payloads import HUSH, OURS, at, clock

from assistant.listening.networks.appstore import AppStoreNetwork, StoreApp
from assistant.listening.networks.discourse.read import DiscourseNetwork, Forum
from assistant.listening.networks.hackernews import HackerNewsNetwork


def test_hacker_news_is_searched_page_by_page(api: ApiServer) -> None:
    api.put(
        "/search_by_date",
        {"hits": [payloads.hit(2, at(1))], "nbPages": 2},
        {"hits": [payloads.hit(1, at(2))], "nbPages": 2},
    )
    page = HackerNewsNetwork(["Larkspur Bikes"], OURS, clock, api.url).read("")
    assert [mention.external_id for mention in page.mentions] == ["2", "1"]
    asked = api.queries("/search_by_date")
    assert [query["page"] for query in asked] == ["0", "1"]
    assert (asked[0]["query"], asked[0]["typoTolerance"]) == ('"Larkspur Bikes"', "false")


def test_posts_on_hacker_news_that_are_gone_are_found(api: ApiServer) -> None:
    there = {"id": 1, "created_at": payloads.iso(at(9)), "author": "ann", "text": "<p>My bike</p>", "points": 2}
    api.put("/items/1", there)
    api.put("/items/2", {"id": 2, "created_at": payloads.iso(at(9)), "author": None, "text": None})
    page = HackerNewsNetwork([], OURS, clock, api.url).recheck(["1", "2", "3"])
    assert page.removed == ("2", "3")
    assert [mention.text for mention in page.mentions] == ["My bike"]


def test_another_forum_is_searched_page_by_page(api: ApiServer) -> None:
    found = {**payloads.forum_post(7, at(5)), "cooked": "", "blurb": "My bike is", "topic_slug": None}
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
        {"latest_posts": [payloads.forum_post(9, at(5)), payloads.forum_post(8, at(6))]},
        {"latest_posts": []},
    )
    network = DiscourseNetwork(Forum(api.url, True, "system", hush), [], OURS, clock)
    assert len(network.read("").mentions) == 2
    assert [query.get("before") for query in api.queries("/posts.json")] == [None, "7"]
    assert api.asked[0].headers["api-key"] == HUSH


def test_reviews_are_read_in_every_store_and_the_app_itself_is_none(api: ApiServer) -> None:
    start = {"im:name": {"label": "Larkspur"}, "id": {"label": "app"}}
    path = "/{}/rss/customerreviews/page={}/id=1/sortby=mostrecent/json"
    api.put(path.format("gb", 1), {"feed": {"entry": [start, payloads.review(1, at(5))]}})
    api.put(path.format("gb", 2), {"feed": {}})
    api.put(path.format("no", 1), {"feed": {"entry": payloads.review(2, at(6))}})
    api.put(path.format("no", 2), {"feed": {"entry": []}})
    page = AppStoreNetwork([StoreApp("1", ("gb", "no"))], clock, api.url).read("")
    assert ([mention.external_id for mention in page.mentions], page.rejected) == (["1", "2"], ())
