"""The address of a post to the post, read through its network."""

import re
from collections.abc import Sequence

from assistant.domain import Mention
from assistant.listening.networks.base.protocol import Network, Recheck

# Only networks whose addresses hold the id by which a post can be asked for.
_PATTERNS = (
    ("x", r"(?:x|twitter)\.com/[^/]+/status/(?P<id>\d+)", "{id}"),
    ("reddit", r"reddit\.com/r/[^/]+/comments/\w+/[^/]*/(?P<id>\w+)", "t1_{id}"),
    ("reddit", r"reddit\.com/r/[^/]+/comments/(?P<id>\w+)", "t3_{id}"),
    ("hackernews", r"news\.ycombinator\.com/item\?(?:.*&)?id=(?P<id>\d+)", "{id}"),
    ("youtube", r"youtube\.com/watch\?(?:.*&)?lc=(?P<id>[\w.-]+)", "{id}"),
    ("discourse:{host}", r"(?P<host>[\w.-]+)/t/[^/]+/(?P<id>\d+/\d+)", "{id}"),
)


def parse_address(address: str) -> tuple[str, str] | None:
    """Network and id on it, as mentions have them; None for an address of another kind."""
    plain = re.sub(r"^(?:https?://)?(?:(?:www|old|m|mobile)\.)?", "", address.strip(), flags=re.IGNORECASE)
    for network, pattern, external_id in _PATTERNS:
        found = re.match(pattern, plain, re.IGNORECASE)
        if found:
            parts = found.groupdict()
            return network.format(**parts), external_id.format(**parts)
    return None


def read_post(address: str, networks: Sequence[Network]) -> Mention | None:
    """The post as its network shows it now; None where no configured network can be asked, or shows none.

    Raises NetworkError.
    """
    parsed = parse_address(address)
    if parsed is None:
        return None
    name, external_id = parsed
    for network in networks:
        if network.name == name and isinstance(network, Recheck):
            found = network.recheck([external_id]).mentions
            return next((mention for mention in found if mention.external_id == external_id), None)
    return None
