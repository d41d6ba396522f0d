"""The body of an answer over HTTP, decompressed piece by piece: a kilobyte may hold gigabytes."""

import zlib
from collections.abc import Iterator

import httpx

# Of what httpx would offer besides, a piece of the network's size can decompress to gigabytes at once.
ACCEPTED = {"Accept-Encoding": "gzip"}
_PIECE_BYTES = 65_536
_ANY_ZLIB = zlib.MAX_WBITS | 32  # with gzip's head or zlib's own
_KNOWN = ("", "identity", "gzip", "x-gzip")


def read_pieces(response: httpx.Response) -> Iterator[bytes]:
    """The body in pieces of at most 64 kB, so that whoever counts them can stop. Raises httpx.DecodingError."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _KNOWN:
        raise httpx.DecodingError("the answer is compressed in a way that was not asked for", request=response.request)
    if encoding in ("", "identity"):
        yield from response.iter_raw(_PIECE_BYTES)
        return
    try:
        yield from _decompress(response.iter_raw(_PIECE_BYTES))
    except zlib.error as error:
        raise httpx.DecodingError("the answer is compressed and damaged", request=response.request) from error


def _decompress(parts: Iterator[bytes]) -> Iterator[bytes]:
    unpacking = zlib.decompressobj(_ANY_ZLIB)
    for part in parts:
        left = part
        while left:
            if unpacking.eof:  # a body may be several files of gzip one after the other
                unpacking = zlib.decompressobj(_ANY_ZLIB)
            yield unpacking.decompress(left, _PIECE_BYTES)
            left = unpacking.unused_data if unpacking.eof else unpacking.unconsumed_tail
    while piece := unpacking.decompress(unpacking.unconsumed_tail, _PIECE_BYTES):
        yield piece
