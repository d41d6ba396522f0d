"""Servers that SDKs ask can neither hold them, nor fill our memory, nor lead them elsewhere."""

import gzip
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from fakes import LocalServer, Served
from networks.cases import KEYS, hush
from networks.payloads import HUSH, OURS, clock
from test_outbound import Dripping

from assistant.errors import NetworkError
from assistant.listening.networks.base.protocol import Network
from assistant.listening.networks.base.sdk import send
from assistant.listening.networks.bluesky.read import BlueskyNetwork
from assistant.listening.networks.mastodon.read import MastodonNetwork
from assistant.listening.networks.reddit.read import RedditNetwork
from assistant.listening.networks.x.read import XNetwork

BUILD: dict[str, Callable[[str], Network]] = {
    "mastodon": lambda url: MastodonNetwork(url, hush, ["Larkspur"], [], OURS, clock, 0.5),
    "bluesky": lambda url: BlueskyNetwork("l.example", hush, [], OURS, clock, url, 0.5),
    "x": lambda url: XNetwork(hush, "", ["Larkspur"], OURS, clock, url, 0.5),
    "reddit": lambda url: RedditNetwork(lambda: KEYS, ["Larkspur"], [], OURS, clock, url, 1),
}


@pytest.fixture
def server() -> Iterator[LocalServer]:
    server = LocalServer()
    yield server
    server.close()


@pytest.mark.parametrize("name", BUILD)
def test_a_server_that_sends_a_byte_now_and_then_is_left_at_the_deadline(name: str) -> None:
    server = Dripping(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n[")
    began = time.monotonic()
    with pytest.raises(NetworkError, match=r"not answer in time|cannot be reached"):
        BUILD[name](server.url.rstrip("/")).read("")
    assert time.monotonic() - began < 30, "it would be four minutes"
    server.close()


def test_an_answer_that_unpacks_without_end_is_left(server: LocalServer) -> None:
    packed = gzip.compress(b"\0" * 100_000_000)
    url = server.put("/", Served(packed, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(httpx.DecodingError, match="more than 20 MB"):
        send("GET", url, {"Accept-Encoding": "gzip, br, zstd"}, None, 20)


def test_a_key_is_not_sent_on_to_another_server(server: LocalServer) -> None:
    other = LocalServer()
    away = other.put("/", Served(b"{}")).replace("127.0.0.1", "localhost")
    url = server.put("/", Served(status=302, headers={"Location": away}))
    assert send("GET", url, {"Authorization": f"Bearer {HUSH}"}, None, 20).status_code == 200
    assert HUSH not in str(other.requests)
    other.close()
