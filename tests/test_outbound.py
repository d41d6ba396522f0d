"""Servers that we do not trust can neither hold us nor lead us into our own network."""

import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from fakes import LocalServer, Served

from assistant.core import outbound
from assistant.core.outbound import ForbiddenAddressError, stream
from assistant.errors import NetworkError, SourceError
from assistant.knowledge.ingest.web import fetch_page
from assistant.listening.networks.rss import RssNetwork


@pytest.fixture
def server() -> Iterator[LocalServer]:
    server = LocalServer()
    yield server
    server.close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What names resolve to, beside the real ones."""
    known: dict[str, str] = {}
    real = socket.getaddrinfo

    def resolve(host: str, *rest: object, **named: object) -> object:
        return real(known.get(host, host), *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


class Dripping:
    """A server that sends a byte of its answer at a time, as often as it takes."""

    def __init__(self, head: bytes) -> None:
        self._head = head
        self._closing = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with connection:
            connection.sendall(self._head)
            while not self._closing.wait(0.05):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    def close(self) -> None:
        """Stop sending."""
        self._closing.set()
        self._socket.close()


def _load(url: str, deadline_seconds: float = 20) -> bytes:
    with stream("GET", url, headers={}, follow_redirects=True, deadline_seconds=deadline_seconds) as response:
        return b"".join(response.iter_raw())


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nX-Drip: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"], ids=["head", "body"]
)
def test_headers_and_bodies_that_come_byte_by_byte_end_with_the_deadline(head: bytes) -> None:
    server = Dripping(head)
    began = time.monotonic()
    with pytest.raises(httpx.ReadTimeout):
        _load(server.url, deadline_seconds=0.4)
    assert time.monotonic() - began < 10
    server.close()


def test_the_address_that_a_person_gave_may_be_in_our_own_network(server: LocalServer) -> None:
    assert _load(server.put("/wiki", Served(b"ours"))) == b"ours"


def test_it_may_redirect_within_that_network(server: LocalServer) -> None:
    server.put("/new", Served(b"ours"))
    url = server.put(
        "/old", Served(status=302, headers={"Location": server.url.replace("127.0.0.1", "localhost") + "/new"})
    )
    assert _load(url) == b"ours"


LEAD_TO_THIS_MACHINE = ["127.0.0.1", "0.0.0.0", "::1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::1"]
HAND_OUT_KEYS = ["169.254.169.254", "64:ff9b::169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254"]


@pytest.mark.parametrize("inside", [*LEAD_TO_THIS_MACHINE, *HAND_OUT_KEYS])
def test_a_public_name_that_leads_to_this_machine_or_to_its_clouds_keys_is_refused(
    inside: str, names: dict[str, str]
) -> None:
    names["feeds.larkspur.example"] = inside
    with pytest.raises(ForbiddenAddressError):
        _load("http://feeds.larkspur.example/feed")


def test_a_redirect_from_outside_into_our_network_is_refused_in_plain_words(
    server: LocalServer, names: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = server.put("/admin", Served(b"<rss>SECRET</rss>"))
    url = server.put("/feed", Served(status=302, headers={"Location": secret.replace("127.0.0.1", "inside.example")}))
    outside = url.replace("127.0.0.1", "outside.example")
    names |= {"outside.example": "127.0.0.1", "inside.example": "127.0.0.1"}
    # The server of this test stands in for one outside: only its name counts as public.
    monkeypatch.setattr("assistant.core.outbound._is_allowed_when_given", lambda host, address: True)
    monkeypatch.setattr("assistant.core.outbound._is_public", _Once())
    with pytest.raises(SourceError, match="leads into our own network"):
        fetch_page(outside, 10_000)
    monkeypatch.setattr("assistant.core.outbound._is_public", _Once())
    with pytest.raises(NetworkError, match="leads into our own network"):
        RssNetwork(outside, lambda: None).read("")  # type: ignore[arg-type, return-value]
    assert [path for path, _ in server.requests] == ["/feed", "/feed"]


@pytest.mark.parametrize("inside", ["64:ff9b::10.0.0.7", "2002:a00:7::1", "::10.0.0.7", "fec0::7", "168.63.129.16"])
def test_a_redirect_in_another_spelling_of_a_private_address_is_refused(
    inside: str, server: LocalServer, names: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.put("/feed", Served(status=302, headers={"Location": "http://inside.example/"}))
    names |= {"outside.example": "127.0.0.1", "inside.example": inside}
    is_public = outbound._is_public
    # The server of this test stands in for one outside.
    monkeypatch.setattr(outbound, "_is_allowed_when_given", lambda host, address: True)
    monkeypatch.setattr(outbound, "_is_public", lambda address: address == "127.0.0.1" or is_public(address))
    with pytest.raises(ForbiddenAddressError):
        _load(url.replace("127.0.0.1", "outside.example"))


def test_a_public_address_is_public_also_behind_a_gateway_to_ipv4() -> None:
    # Networks of IPv6 alone reach all of IPv4 by such addresses.
    assert outbound._is_public("64:ff9b::93.184.215.14")
    assert outbound._is_public("93.184.215.14")


class _Once:
    """Takes the first address for a public one, and each after it for what it is."""

    def __init__(self) -> None:
        self._asked = 0

    def __call__(self, address: str) -> bool:
        self._asked += 1
        return self._asked == 1
