"""JSON over HTTP: nobody is waited for without end, nothing is read without end, and keys stay where they belong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fakes_api import Answer, ApiServer
from networks.payloads import HUSH, NOW, clock

from assistant.errors import NetworkError, TransientNetworkError
from assistant.listening.networks.base.errors import read_retry_at
from assistant.listening.networks.base.http import Site


@pytest.fixture
def api() -> Iterator[ApiServer]:
    api = ApiServer()
    yield api
    api.close()


def test_a_server_that_does_not_answer_is_not_waited_for(api: ApiServer) -> None:
    api.put("/slow", Answer({}, delay_seconds=3))
    with pytest.raises(TransientNetworkError, match="does not answer in time"):
        Site("The site", api.url, clock, timeout_seconds=0.3).fetch("/slow")


def test_an_answer_without_end_is_refused(api: ApiServer) -> None:
    api.put("/much", b" " * 20_000_001)
    with pytest.raises(NetworkError, match="more than 20 MB"):
        Site("The site", api.url, clock).fetch("/much")


def test_a_redirect_is_followed_but_not_with_a_key(api: ApiServer) -> None:
    api.put("/old", Answer(None, 302, {"Location": "/new"}))
    api.put("/new", {"a": 1})
    assert Site("The site", api.url, clock).fetch("/old") == {"a": 1}
    with pytest.raises(NetworkError, match="HTTP 302"):
        Site("The site", api.url, clock, headers={"X-Key": HUSH}).fetch("/old")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://no-such-host.invalid", "http://[", "gopher://a", ""])
def test_an_address_that_leads_nowhere_is_told(url: str) -> None:
    with pytest.raises(TransientNetworkError, match="cannot be reached"):
        Site("The site", url, clock, headers={"X-Key": HUSH}).fetch("/")


@pytest.mark.parametrize(
    ("headers", "moment"),
    [
        ({}, None),
        ({"Retry-After": "60"}, NOW + timedelta(minutes=1)),
        ({"retry-after": "Mon, 16 Nov 2026 09:05:00 GMT"}, NOW + timedelta(minutes=5)),
        ({"X-RateLimit-Reset": "2026-11-16T09:10:00.000Z"}, NOW + timedelta(minutes=10)),
        ({"x-rate-limit-reset": str(int(NOW.timestamp()) + 900)}, NOW + timedelta(minutes=15)),
        ({"x-ratelimit-reset": "53"}, NOW + timedelta(seconds=53)),
        ({"Retry-After": "-5"}, NOW),
        ({"Retry-After": "9999999"}, NOW + timedelta(days=1)),
        ({"Retry-After": "soon", "ratelimit-reset": "60"}, NOW + timedelta(minutes=1)),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": ""}, None),
    ],
)
def test_when_to_come_back_is_read_in_every_way_that_platforms_write_it(
    headers: dict[str, str], moment: datetime | None
) -> None:
    assert read_retry_at(headers, NOW) == moment
    assert moment is None or moment.tzinfo is UTC
