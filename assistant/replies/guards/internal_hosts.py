"""Hosts and addresses that lead inside: by their ending, a private number, or as only internal documents have them."""

import re
from collections.abc import Iterable
from ipaddress import ip_address

from assistant.domain import Audience
from assistant.domain.replies import Effect, Objection
from assistant.knowledge.tables.documents import DocumentTables
from assistant.replies.guards.guards import Candidate
from assistant.replies.guards.lookalikes import spell_both_ways
from assistant.replies.guards.private_words import PrivateWords
from assistant.text.facts.links import find_addresses

# RFC 6762 appendix G and RFC 8375, and what companies use.
_ENDINGS = (
    "internal",
    "local",
    "corp",
    "lan",
    "intranet",
    "home.arpa",
    "localdomain",
    "localhost",
    "private",
    "intern",
)
_INSIDE = re.compile(rf"(?<![\w.@-])(?:[\w-]+\.)*[\w-]+\.(?:{'|'.join(map(re.escape, _ENDINGS))})(?![\w-]|\.\w)")
_NUMBER = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\w)|\[?[0-9a-f]*:[0-9a-f:]+:[0-9a-f]*\]?")
_NAMED = re.compile(r"(?<=://)[\w-]+(?=[:/]|$)|(?<![\w.])localhost(?!\w)")
_MEND = "customers can't open it and shouldn't know it: leave it out"


class InternalHostFinder:
    """Looks for places that are ours alone."""

    def __init__(self, private: PrivateWords, documents: DocumentTables) -> None:
        self._private = private
        self._documents = documents

    def check(self, candidate: Candidate) -> list[Objection]:
        """Each place once."""
        found: dict[str, str] = {}
        for folded in spell_both_ways(candidate.text):
            found |= dict.fromkeys(_find_inside(folded.text), "is an internal address")
            hosts = {_to_host(address) for address in find_addresses(folded.text)}
            found |= dict.fromkeys(filter(self._is_listed, hosts), "is an internal host")
            found |= dict.fromkeys(filter(self._is_only_internal, hosts), "is in internal documents only")
        return [self._tell(candidate.text, place, why) for place, why in found.items() if place]

    def _tell(self, text: str, place: str, why: str) -> Objection:
        return Objection("audience", place, f"“{place}” {why}; {_MEND}.", Effect.BLOCK, text.lower().find(place))

    def _is_listed(self, host: str) -> bool:
        return any(host == one or host.endswith(f".{one}") for one in self._private.hosts)

    def _is_only_internal(self, host: str) -> bool:
        return self._stands_in(Audience.INTERNAL, host) and not self._stands_in(Audience.PUBLIC, host)

    def _stands_in(self, audience: Audience, host: str) -> bool:
        whole = re.compile(rf"(?<![\w-]){re.escape(host)}(?![\w-]|\.\w)", re.IGNORECASE)
        return any(whole.search(text) for text in self._documents.texts_with(audience, host))


def _find_inside(text: str) -> Iterable[str]:
    yield from _INSIDE.findall(text)
    yield from _NAMED.findall(text)
    yield from (found for found in _NUMBER.findall(text) if _is_private(found.strip("[]")))


def _is_private(number: str) -> bool:
    try:
        return ip_address(number).is_private
    except ValueError:
        return False


def _to_host(address: str) -> str:
    """The host of an address; a mail address stays whole: its host may well be public."""
    return re.split(r"[/?#:]", address, maxsplit=1)[0]
