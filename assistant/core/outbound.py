"""One HTTP request to a server that we do not trust: one deadline over all of it, and no way into our own network."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from assistant.core.bodies import ACCEPTED

DEADLINE_SECONDS = 120.0
_READ_SECONDS = 30.0
_LOCAL_NAMES = ("localhost", ".localhost")
# Where clouds hand out a machine's keys, as far as these are not link-local: Azure, Alibaba, Oracle, AWS, Google.
_KEYS_OF_CLOUDS = frozenset(
    map(ipaddress.ip_address, ("168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"))
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class ForbiddenAddressError(httpx.ConnectError):
    """A redirect, or the name of a public server, leads to an address of our own network."""


@contextmanager
def stream(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    follow_redirects: bool,
    deadline_seconds: float = DEADLINE_SECONDS,
    **arguments: Any,
) -> Iterator[httpx.Response]:
    """Send a request and yield its response, as httpx.stream does. Raises httpx.HTTPError, httpx.InvalidURL.

    The deadline counts connecting, redirects, headers and body. A redirect may not lead to a private, loopback or
    link-local address, unless the address that was given is one itself.
    """
    with (
        closing(Visit(url)) as visit,
        visit.stream(
            method,
            url,
            headers=headers,
            follow_redirects=follow_redirects,
            deadline_seconds=deadline_seconds,
            **arguments,
        ) as response,
    ):
        yield response


class Visit:
    """Several requests to the server of one address, one after the other, over connections that are kept."""

    def __init__(self, url: str) -> None:
        self._deadline = _Deadline()
        self._client = httpx.Client(transport=_Transport(httpx.URL(url), self._deadline), timeout=_READ_SECONDS)

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        follow_redirects: bool,
        deadline_seconds: float = DEADLINE_SECONDS,
        **arguments: Any,
    ) -> Iterator[httpx.Response]:
        """See `stream`."""
        self._deadline.moment = time.monotonic() + deadline_seconds
        sent = {**ACCEPTED, **headers}
        with self._client.stream(method, url, headers=sent, follow_redirects=follow_redirects, **arguments) as response:
            yield response

    def close(self) -> None:
        """Close its connections."""
        self._client.close()


class _Deadline:
    """The moment at which a request has to have ended, on the monotonic clock."""

    moment = 0.0

    def limit(self, timeout: float | None, error: type[Exception]) -> float:
        """The seconds that are left, at most `timeout`. Raises `error` where none are."""
        left = self.moment - time.monotonic()
        if left <= 0:
            raise error("the server takes too long")
        return left if timeout is None else min(timeout, left)


class _Transport(httpx.HTTPTransport):
    """httpx's own transport over a pool whose connections know the deadline."""

    def __init__(self, given: httpx.URL, deadline: _Deadline) -> None:
        super().__init__()
        proxy = _find_proxy(given)
        context = _share_context()
        # Behind a proxy it is the proxy that resolves names, and that has to say where they may lead.
        backend = _Backend("" if proxy else given.host, deadline, is_proxy=bool(proxy))
        self._pool = (
            httpcore.HTTPProxy(proxy_url=proxy, ssl_context=context, network_backend=backend)
            if proxy
            else httpcore.ConnectionPool(ssl_context=context, network_backend=backend)
        )


class _Backend(httpcore.NetworkBackend):
    """Connects to the very address that was looked at, so that a name cannot mean another one a moment later."""

    def __init__(self, given_host: str, deadline: _Deadline, is_proxy: bool) -> None:
        self._given_host = given_host
        self._deadline = deadline
        self._is_proxy = is_proxy
        self._is_given_private = False
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers. Raises httpcore.ConnectError."""
        try:
            found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} is not known") from error
        addresses = sorted(found, key=lambda one: ":" in one)
        if not self._is_proxy:
            self._check(host, addresses)
        return self._connect(addresses, port, timeout, local_address, socket_options)

    def _connect(self, addresses: list[str], port: int, timeout: float | None, *rest: Any) -> httpcore.NetworkStream:
        for number, address in enumerate(addresses, start=1):
            left = self._deadline.limit(timeout, httpcore.ConnectTimeout)
            try:
                return _Stream(self._inner.connect_tcp(address, port, left, *rest), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise httpcore.ConnectError("the name has no address")

    def _check(self, host: str, addresses: list[str]) -> None:
        if host == self._given_host:
            self._is_given_private = not all(_is_public(address) for address in addresses)
            if all(_is_allowed_when_given(host, address) for address in addresses):
                return
        elif self._is_given_private or all(_is_public(address) for address in addresses):
            return
        raise ForbiddenAddressError(f"{host} leads into the network of this machine, which no outside server may use")

    def sleep(self, seconds: float) -> None:
        """Wait between two tries to connect."""
        self._inner.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    """A connection none of whose reads, writes and handshakes goes beyond the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come. Raises httpcore.ReadTimeout."""
        return self._inner.read(max_bytes, self._deadline.limit(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of a buffer. Raises httpcore.WriteTimeout."""
        self._inner.write(buffer, self._deadline.limit(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Continue over TLS; the certificate must be for the name. Raises httpcore.ConnectError."""
        left = self._deadline.limit(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """Tell about the connection, see httpcore."""
        return self._inner.get_extra_info(info)


@lru_cache(1)
def _share_context() -> ssl.SSLContext:
    """Made once: it reads every certificate that is trusted, which takes longer than a request."""
    return httpx.create_ssl_context()


def _is_public(address: str) -> bool:
    meant = _find_meant(address)
    is_special = meant.is_multicast or meant.is_reserved or getattr(meant, "is_site_local", False)
    return meant.is_global and not is_special and meant not in _KEYS_OF_CLOUDS


def _find_meant(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address itself, or that of IPv4 which it stands for: a gateway on the way would lead there."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv4Address):
        return found
    translated = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF) if found in _NAT64 else None
    return found.ipv4_mapped or found.sixtofour or translated or found


def _is_allowed_when_given(host: str, address: str) -> bool:
    """Say whether a person who gave this host can have meant this address.

    A wiki of the company is at a private address. A name that leads to this machine itself, or to the metadata of a
    cloud, was set by whoever owns the name: only localhost, or the bare address, means that.
    """
    meant = _find_meant(address)
    if not (meant.is_loopback or meant.is_link_local or meant.is_unspecified or meant in _KEYS_OF_CLOUDS):
        return True
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host.lower().rstrip(".").endswith(_LOCAL_NAMES)
    return True


def _find_proxy(url: httpx.URL) -> str | None:
    proxies = getproxies()
    if not proxies or proxy_bypass(url.host):
        return None
    found = proxies.get(url.scheme) or proxies.get("all")
    return found if found and found.startswith(("http://", "https://")) else None
