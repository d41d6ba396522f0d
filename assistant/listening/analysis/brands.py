"""Brands in a post, ours or a competitor's, by the names in networks.yaml as whole words."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain import Brand, Mention
from assistant.listening.networks.settings import NetworkSettings

VERSION = "brands-1"
# What is written to us needs not name us: comments on our own pages, reviews of our own app.
_OWN_NETWORKS = frozenset(("facebook", "instagram", "youtube", "app_store"))
_TOKEN = re.compile(r"\w+|[^\w\s]")
_SQUEEZED = re.compile(r"[\W_]+")
_GAP = r"[\s_.\-'’]*"
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_LEAST_LETTERS = 3


@dataclass(frozen=True)
class Names:
    """All names that are listened for, ours and competitors'; everything on `own_networks` is said to us."""

    brands: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    own_networks: frozenset[str] = frozenset()


def list_names(listening: NetworkSettings) -> Names:
    """The names in networks.yaml; an account of ours on one network is a handle too."""
    accounts = [
        listening.bluesky.handle if listening.bluesky else "",
        listening.reddit.username if listening.reddit else "",
    ]
    forums = (f"discourse:{_find_host(forum.url)}" for forum in listening.discourse if forum.everything)
    return Names(
        brands=listening.brands,
        handles=tuple(dict.fromkeys(name for name in (*listening.handles, *accounts) if name)),
        hashtags=listening.hashtags,
        competitors=listening.competitors,
        own_networks=_OWN_NETWORKS | frozenset(forums),
    )


class BrandFinder:
    """The names as one pattern, the longest first: `Swift Cycles` is not `Swift`."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._main = names.brands[0] if names.brands else next((f"@{handle}" for handle in names.handles), "us")
        known = {pattern: brand for pattern, brand in self._list_patterns() if pattern}
        patterns = sorted(known, key=len, reverse=True)
        self._brands = [known[pattern] for pattern in patterns]
        self._pattern = re.compile("|".join(f"({pattern})" for pattern in patterns))

    @property
    def version(self) -> str:
        """Another one for other names; empty without competitors, as then nothing depends on it."""
        names = self.names
        # Not by repr of it all: the order of a frozenset changes with each start.
        told = (names.brands, names.handles, names.hashtags, names.competitors, sorted(names.own_networks))
        return f"{VERSION} {told}" if names.competitors else ""

    def names_competitor(self, text: str) -> bool:
        """Return whether a text names a competitor."""
        return any(not brand.is_ours for brand in self._find(text))

    def find_brands(self, mention: Mention, is_to_us: bool = False) -> tuple[Brand, ...]:
        """Find the brands in a post, each once. A post to us, on our page or as an answer to us, is about us too."""
        found = self._find(mention.text)
        if any(brand.is_ours for brand in found):
            return found
        is_to_us = is_to_us or mention.network in self.names.own_networks
        # The address of a post tells its place, as a subreddit with our name.
        if is_to_us or any(brand.is_ours for brand in self._find(mention.url or "")):
            return (Brand(self._main, is_ours=True), *found)
        return found

    def _find(self, text: str) -> tuple[Brand, ...]:
        if not self._brands:
            return ()
        matches = self._pattern.finditer(_fold(text))
        return tuple(dict.fromkeys(self._brands[match.lastindex - 1] for match in matches if match.lastindex))

    def _list_patterns(self) -> Iterator[tuple[str, Brand]]:
        # Ours last: a name that is in both lists is ours, also where only its gaps differ.
        names = self.names
        own = {_squeeze(name) for name in names.brands}
        others = (name for name in names.competitors if _squeeze(name) not in own)
        yield from ((_build_pattern(name), Brand(name, is_ours=False)) for name in others)
        yield from ((_build_pattern(f"@{name}"), self._find_owner(f"@{name}")) for name in names.handles)
        yield from ((_build_pattern(f"#{name}"), self._find_owner(f"#{name}")) for name in names.hashtags)
        yield from ((_build_pattern(name), Brand(name, is_ours=True)) for name in names.brands)

    def _find_owner(self, tag: str) -> Brand:
        """The brand whose letters a handle or hashtag holds, else the first."""
        letters = _squeeze(tag)
        held = (name for name in self.names.brands if _squeeze(name) and _squeeze(name) in letters)
        return Brand(next(held, self.names.brands[0] if self.names.brands else tag), is_ours=True)


def _build_pattern(name: str) -> str:
    """A name as a whole word, its parts with or without gaps; empty for a name without letters or digits."""
    tokens = _TOKEN.findall(_fold(name))
    while tokens and tokens[-1] in "!?." and len("".join(tokens[:-1])) >= _LEAST_LETTERS:
        tokens.pop()  # nobody writes the last sign of `Yahoo!`
    if not _squeeze(name):
        return ""
    parts = [re.escape(token) for token in tokens]
    if tokens[0] == "@":
        parts[:2] = [f"(?:@|(?<!\\w)u/){parts[1]}"]
    before = "" if _UNSPACED.match(tokens[0]) else r"(?<!\w)"
    after = "" if _UNSPACED.match(tokens[-1][-1]) else r"(?!\w)"
    return f"{before}{_GAP.join(parts)}{after}"


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _squeeze(name: str) -> str:
    return _SQUEEZED.sub("", _fold(name))


def _find_host(url: str) -> str:
    return url.split("://", 1)[-1].split("/", 1)[0]
