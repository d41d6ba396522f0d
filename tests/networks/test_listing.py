"""Long listings: read down to where the last read began, stopped at a cap, and taken up again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from networks.payloads import NOW

from assistant.domain import Mention
from assistant.errors import NetworkError, TransientNetworkError
from assistant.listening.networks.base.pages import Fetch, ListingReader, Slice, compare, read_listings
from assistant.listening.networks.base.protocol import GONE, MentionPage

_PAGE = 10


class Forum:
    """A listing of numbered posts, a minute apart, newest first; the token is the number below which to go on."""

    def __init__(self, newest: int) -> None:
        self.newest = newest
        self.tokens: list[str] = []
        self.fault: NetworkError | None = None

    def fetch(self, token: str, since: datetime) -> Slice:
        """A page of ten."""
        self.tokens.append(token)
        if self.fault:
            raise self.fault
        top = int(token) if token else self.newest
        numbers = [number for number in range(top, top - _PAGE, -1) if number > 0]
        return Slice(numbers, str(numbers[-1] - 1) if numbers and numbers[-1] > 1 else "")


def _to_mention(payload: object) -> Mention | str:
    if not isinstance(payload, int):
        return GONE if payload == "gone" else "is no number"
    return Mention(f"f:{payload}", "f", str(payload), "ann", "Hi", NOW - timedelta(minutes=1000 - payload))


def _read(listings: dict[str, Fetch], cursor: str = "", most_pages: int = 3) -> MentionPage:
    return read_listings(listings, cursor, ListingReader(NOW, _to_mention, most_pages=most_pages))


def _numbers(page: MentionPage) -> list[int]:
    return [int(mention.external_id) for mention in page.mentions]


def test_a_read_that_stops_at_its_cap_is_taken_up_below_it_and_then_goes_on_at_the_top() -> None:
    forum = Forum(newest=55)
    first = _read({"a": forum.fetch})
    assert (_numbers(first), first.is_capped) == (list(range(55, 25, -1)), True)
    forum.newest = 58
    second = _read({"a": forum.fetch}, first.cursor)
    assert (_numbers(second), second.is_capped) == (list(range(25, 0, -1)), False)
    third = _read({"a": forum.fetch}, second.cursor)
    assert _numbers(third)[:3] == [58, 57, 56], "what came meanwhile is not lost"


def test_a_read_ends_where_the_last_one_began_but_looks_a_little_further() -> None:
    forum = Forum(newest=900)
    cursor = _read({"a": forum.fetch}, most_pages=200).cursor
    forum.newest, forum.tokens = 905, []
    assert _numbers(_read({"a": forum.fetch}, cursor)) == list(range(905, 889, -1))
    assert forum.tokens == ["", "895"]


def test_a_read_that_goes_on_asks_the_same_question() -> None:
    forum, asked = Forum(newest=900), []

    def fetch(token: str, since: datetime) -> Slice:
        asked.append(since)
        return forum.fetch(token, since)

    cursor = _read({"a": fetch}, most_pages=200).cursor
    forum.newest = 990
    asked.clear()
    for _ in range(3):
        cursor = _read({"a": fetch}, cursor).cursor
    assert len(set(asked)) == 1


def test_a_page_that_the_platform_knows_no_more_is_read_from_the_top() -> None:
    forum = Forum(newest=55)
    cursor = _read({"a": forum.fetch}).cursor
    asked: list[str] = []

    def forgetful(token: str, since: datetime) -> Slice:
        asked.append(token)
        if token == "25":
            raise NetworkError("There is no such page.")
        return forum.fetch(token, since)

    assert _numbers(_read({"a": forgetful}, cursor))[0] == 55
    assert asked[:2] == ["25", ""]


def test_one_broken_listing_does_not_stop_the_others_and_keeps_its_place() -> None:
    good, broken = Forum(newest=5), Forum(newest=5)
    cursor = _read({"good": good.fetch, "broken": broken.fetch}).cursor
    good.newest = broken.newest = 7
    broken.fault = NetworkError("There is no such subreddit.")
    page = _read({"broken": broken.fetch, "good": good.fetch}, cursor)
    assert page.failure is broken.fault
    assert _numbers(page)[:2] == [7, 6]
    broken.fault = None
    assert 6 in _numbers(_read({"broken": broken.fetch}, page.cursor))


def test_a_platform_in_trouble_is_not_asked_further() -> None:
    first, second = Forum(newest=5), Forum(newest=5)
    first.fault = TransientNetworkError("It is down.")
    with pytest.raises(TransientNetworkError):
        _read({"first": first.fetch, "second": second.fetch})
    assert second.tokens == []


def test_when_every_listing_fails_the_network_fails() -> None:
    forum = Forum(newest=5)
    forum.fault = NetworkError("No.")
    with pytest.raises(NetworkError, match="No"):
        _read({"a": forum.fetch, "b": forum.fetch})


@pytest.mark.parametrize("cursor", ["", "no json", "[]", '{"a": 5}', '{"a": {"mark": "soon"}}'])
def test_a_cursor_that_makes_no_sense_means_the_last_days(cursor: str) -> None:
    assert _numbers(_read({"a": Forum(newest=5).fetch}, cursor)) == [5, 4, 3, 2, 1]


def test_the_first_read_goes_back_six_days() -> None:
    def fetch(token: str, since: datetime) -> Slice:
        assert since == NOW - timedelta(days=6)
        return Slice([900, -9_100])

    assert _numbers(_read({"a": fetch})) == [900]


def _compare(payloads: Sequence[object]) -> MentionPage:
    return compare(["1", "2", "3"], payloads, str, ListingReader(NOW, _to_mention))


def test_what_an_answer_leaves_out_or_calls_deleted_is_gone() -> None:
    assert _compare([1, "gone", 3]).removed == ("2",)
    assert _compare([]).removed == ("1", "2", "3")


def test_a_payload_that_cannot_be_read_removes_nothing() -> None:
    assert _compare(["1", "2", "3"]).removed == ()
    reading = ListingReader(NOW, _to_mention)
    assert compare(["1", "2"], [{"identity": 1}], lambda payload: None, reading).removed == ()
