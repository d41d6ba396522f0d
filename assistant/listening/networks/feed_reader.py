"""Feeds read by feedparser, in a child process.

Some of feedparser's patterns are quadratic and hold the interpreter: 1 MB in an <author> would stop every other thread
for hours.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from time import struct_time
from typing import Any
from xml.sax import SAXException

from assistant.core.apart import run_apart
from assistant.errors import NetworkError, UnreadableError

_SECONDS = 20
_MOST_ENTRIES = 1_000
_DATES = ("published_parsed", "updated_parsed")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8}){0,2}")


@dataclass(frozen=True)
class FeedEntry:
    """An entry as it stands in its feed, texts as HTML; `date` is (year, month, day, hour, minute, second) in UTC."""

    key: str
    link: str
    title: str
    body: str
    author: str
    lang: str | None
    date: tuple[int, ...] | None


@dataclass(frozen=True)
class Feed:
    """A feed's newest entries; `version` is empty for what is no feed, `is_broken` for XML that ends too soon."""

    version: str
    is_broken: bool
    entries: tuple[FeedEntry, ...]


def read_feed(who: str, content: bytes, headers: dict[str, str]) -> Feed:
    """Read a feed in a child process. Raises NetworkError for one that takes too much time or memory."""
    try:
        return run_apart(_SECONDS, parse_feed, content, headers)
    except UnreadableError as error:
        mend = "It may be damaged, or made to hold up its readers: remove it, or ask its owner."
        raise NetworkError(f"{who} {error.message}.", mend) from error


def parse_feed(content: bytes, headers: dict[str, str]) -> Feed:
    """Read a feed in this process."""
    import feedparser

    # As a stream: feedparser takes bare bytes for the name of a local file and would open it.
    parsed = feedparser.parse(io.BytesIO(content), response_headers=headers)
    return Feed(
        version=str(parsed.get("version") or ""),
        is_broken=isinstance(parsed.get("bozo_exception"), SAXException),  # and not just served with a wrong type
        entries=tuple(_to_plain(entry, _read_language(parsed.feed)) for entry in parsed.entries[:_MOST_ENTRIES]),
    )


def _read_language(feed: Any) -> str | None:
    """The feed's own language, where it is one: `en-GB`."""
    said = str(feed.get("language") or "").strip()
    return said if _LANGUAGE.fullmatch(said) else None


def _read_author(entry: Any) -> str:
    """The name; RSS asks for `ann@example.com (Ann)`, and an address is not for showing."""
    detail = entry.get("author_detail") or {}
    return str(detail.get("name") or entry.get("author") or "")


def _read_key(entry: Any) -> str:
    """Its id; without one its link and when it came out, else its title: several reviews may have one page."""
    if own := str(entry.get("id") or ""):
        return own
    link, published = str(entry.get("link") or ""), entry.get("published_parsed")
    told = "-".join(map(str, published[:6])) if published else str(entry.get("title") or "")
    return f"{link}#{hashlib.sha256(told.encode()).hexdigest()[:8]}" if link else ""


def _to_plain(entry: Any, language: str | None) -> FeedEntry:
    contents = entry.get("content") or []
    stamp: struct_time | None = next((entry[name] for name in _DATES if name in entry), None)
    return FeedEntry(
        key=_read_key(entry),
        link=str(entry.get("link") or ""),
        title=str(entry.get("title") or ""),
        body=str(contents[0].get("value", "")) if contents else str(entry.get("summary") or ""),
        author=_read_author(entry),
        lang=(entry.get("title_detail") or {}).get("language") or language,
        date=tuple(stamp[:6]) if stamp else None,
    )
