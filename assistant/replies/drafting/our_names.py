"""Our own names in a post: every page has them, so that they lead a search anywhere."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from assistant.domain import Analysis
from assistant.replies.drafting.case import Passages

_COMMON = frozenset("www help docs support blog shop status com co org net".split())
_LEAST_LETTERS = 3


def find_our_names(found: Analysis, passages: Passages) -> frozenset[str]:
    """The brands of ours that a post names, and the name that our pages' addresses have: `acme` of docs.acme.com."""
    brands = {brand.name.casefold().lstrip("@#") for brand in found.brands if brand.is_ours}
    hosts = {urlsplit(result.chunk.url).hostname or "" for result in passages.results if result.chunk.url}
    labels = {label for host in hosts for label in host.split(".")[:-1]} - _COMMON
    return frozenset(name for name in brands | labels if len(name) >= _LEAST_LETTERS)


def names_any(text: str, names: Collection[str]) -> bool:
    """Return whether a text has one of the names, also as the beginning of a handle or a hashtag."""
    return bool(names) and re.search(rf"(?<!\w){_any_of(names)}", text, re.IGNORECASE) is not None


def names_handle(text: str, names: Collection[str]) -> bool:
    """Return whether a text has a handle that begins with one of the names."""
    return bool(names) and re.search(rf"(?<!\w)@{_any_of(names)}", text, re.IGNORECASE) is not None


def without_names(text: str, names: Collection[str]) -> str:
    """The text without the names; the text itself where nothing else is left."""
    if not names:
        return text
    rest = re.sub(rf"(?<!\w){_any_of(names)}(?:['’]s)?(?!\w)", " ", text, flags=re.IGNORECASE)
    return " ".join(rest.split()) if re.search(r"\w", rest) else text


def _any_of(names: Collection[str]) -> str:
    return f"(?:{'|'.join(re.escape(name) for name in sorted(names, key=len, reverse=True))})"
