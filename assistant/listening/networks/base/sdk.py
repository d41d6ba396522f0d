"""What the platforms' own SDKs send, over our guarded client: one deadline a request, a bounded body, no way inside.

Their own clients limit each read alone: a server that sends a byte now and then would hold them for ever.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx

from assistant.core.bodies import read_pieces
from assistant.core.outbound import stream

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session

_MOST_BYTES = 20_000_000
_OURS = frozenset({"accept-encoding", "connection", "content-length", "host", "transfer-encoding"})
_READ = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class GuardedTransport(httpx.BaseTransport):
    """For SDKs over httpx."""

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read its answer whole. Raises httpx.HTTPError."""
        return send(request.method, str(request.url), request.headers, request.read(), self._timeout_seconds)


def send(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | str | None,
    timeout_seconds: float,
    follows: bool = True,
) -> httpx.Response:
    """Send a request. Raises httpx.HTTPError.

    Redirects are followed here, where it is known which address was given, and by no SDK: it is not told of any, but
    for one that wants to see them and `follows` none.
    """
    sent = {name: value for name, value in headers.items() if name.lower() not in _OURS}
    with stream(
        method,
        url,
        headers=sent,
        follow_redirects=follows and method == "GET",
        deadline_seconds=timeout_seconds,
        content=body or None,
    ) as answer:
        content = bytearray()
        for piece in read_pieces(answer):
            content += piece
            if len(content) > _MOST_BYTES:
                raise httpx.DecodingError(f"more than {_MOST_BYTES // 1_000_000} MB", request=answer.request)
        left = _READ | {"location"} if follows else _READ
        kept = [(name, value) for name, value in answer.headers.multi_items() if name.lower() not in left]
        return httpx.Response(answer.status_code, headers=kept, content=bytes(content), request=answer.request)


def build_session(timeout_seconds: float, moved: tuple[str, str] = ("", ""), follows: bool = True) -> "Session":
    """A session for SDKs over requests; see `send`.

    `moved` are the beginning of addresses that an SDK knows alone, and what stands in its place.
    """
    import requests
    from requests.adapters import BaseAdapter

    class Adapter(BaseAdapter):
        def send(self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any) -> requests.Response:
            url = (request.url or "").replace(*moved, 1) if moved[0] else request.url or ""
            headers, body = {str(name): str(value) for name, value in request.headers.items()}, request.body
            content = body if isinstance(body, bytes | str) else None
            try:
                answer = send(request.method or "GET", url, headers, content, timeout_seconds, follows)
            except httpx.TimeoutException as error:
                raise requests.Timeout(request=request) from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise requests.ConnectionError(request=request) from error
            return _to_response(request, answer)

        def close(self) -> None:
            """Nothing is kept open."""

    session = requests.Session()
    session.trust_env = False  # proxies are read by the guarded client, and .netrc by nobody
    for scheme in ("https://", "http://"):
        session.mount(scheme, Adapter())
    return session


def _to_response(request: "PreparedRequest", answer: httpx.Response) -> "Response":
    import requests

    response = requests.Response()
    response.status_code = answer.status_code
    response.headers.update(answer.headers)
    response.reason = answer.reason_phrase
    response.encoding = requests.utils.get_encoding_from_headers(response.headers)
    response.url, response.request = str(answer.url), request
    response._content = answer.content
    response._content_consumed = True
    return response
