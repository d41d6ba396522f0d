"""A small answer of a web server cannot grow to gigabytes here."""

import gzip
import zlib
from collections.abc import Iterator

import httpx
import pytest
from fakes import LocalServer, Served

from assistant.core.bodies import read_pieces
from assistant.errors import SourceError
from assistant.knowledge.ingest.web import fetch_page


@pytest.fixture
def server() -> Iterator[LocalServer]:
    server = LocalServer()
    yield server
    server.close()


def _answer(content: bytes, encoding: str) -> httpx.Response:
    request = httpx.Request("GET", "https://larkspur.example")
    return httpx.Response(
        200, headers={"Content-Encoding": encoding}, stream=httpx.ByteStream(content), request=request
    )


@pytest.mark.parametrize(("encoding", "pack"), [("", bytes), ("identity", bytes), ("gzip", gzip.compress)])
def test_a_body_is_read_as_it_was_packed(encoding: str, pack: type[bytes]) -> None:
    content = bytes(range(256)) * 2_000
    assert b"".join(read_pieces(_answer(pack(content), encoding))) == content


def test_a_bomb_comes_in_small_pieces_that_can_be_counted() -> None:
    packed = gzip.compress(b" " * 50_000_000)
    pieces = read_pieces(_answer(packed, "gzip"))
    assert all(len(next(pieces)) <= 65_536 for _ in range(100))


def test_several_files_of_gzip_are_one_body() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    assert b"".join(read_pieces(_answer(packed, "gzip"))) == b"one two"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br"])
def test_what_was_not_asked_for_is_refused_before_it_is_unpacked(encoding: str) -> None:
    with pytest.raises(httpx.DecodingError, match="not asked for"):
        list(read_pieces(_answer(b"anything", encoding)))


def test_a_damaged_body_is_told_as_that() -> None:
    with pytest.raises(httpx.DecodingError, match="damaged"):
        list(read_pieces(_answer(b"no gzip at all", "gzip")))


def test_a_page_that_unpacks_to_too_much_is_refused_in_plain_words(server: LocalServer) -> None:
    packed = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    body = packed.compress(b" " * 50_000_000) + packed.flush()
    url = server.put("/", Served(body, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"}))
    with pytest.raises(SourceError, match="larger than MAX_DOCUMENT_MB"):
        fetch_page(url, 1_000_000)
    assert server.requests[0][1]["accept-encoding"] == "gzip"
