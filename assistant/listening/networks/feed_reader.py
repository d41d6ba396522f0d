"""Feeds read by feedparser in a process of its own, which ends with its time or memory.

Some of feedparser's patterns are quadratic and hold the interpreter: 1 MB in an <author> would stop every other thread
for hours.
"""

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from time import struct_time
from typing import Any
from xml.sax import SAXException

from assistant.errors import NetworkError

_SECONDS = 20
_MEMORY_BYTES = 1_000_000_000
_MOST_ENTRIES = 1_000
_DATES = ("published_parsed", "updated_parsed")


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
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", __name__],
            input=json.dumps(headers).encode() + b"\n" + content,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise NetworkError(
            f"{who} cannot be read within {_SECONDS} seconds and {_MEMORY_BYTES // 10**9} GB of memory.",
            "It may be damaged, or made to hold up its readers: remove it, or ask its owner.",
        ) from error
    found = json.loads(done.stdout)
    entries = (FeedEntry(**{**one, "date": tuple(one["date"]) if one["date"] else None}) for one in found["entries"])
    return Feed(found["version"], found["is_broken"], tuple(entries))


def parse_feed(content: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """Read a feed in this process, as plain values for JSON."""
    import feedparser

    # As a stream: feedparser takes bare bytes for the name of a local file and would open it.
    parsed = feedparser.parse(io.BytesIO(content), response_headers=headers)
    return {
        "version": str(parsed.get("version") or ""),
        "is_broken": isinstance(parsed.get("bozo_exception"), SAXException),  # and not just served with a wrong type
        "entries": [_to_plain(entry) for entry in parsed.entries[:_MOST_ENTRIES]],
    }


def _to_plain(entry: Any) -> dict[str, Any]:
    contents = entry.get("content") or []
    stamp: struct_time | None = next((entry[name] for name in _DATES if name in entry), None)
    return {
        "key": str(entry.get("id") or entry.get("link") or ""),
        "link": str(entry.get("link") or ""),
        "title": str(entry.get("title") or ""),
        "body": str(contents[0].get("value", "")) if contents else str(entry.get("summary") or ""),
        "author": str(entry.get("author") or ""),
        "lang": (entry.get("title_detail") or {}).get("language"),
        "date": tuple(stamp[:6]) if stamp else None,
    }


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


if __name__ == "__main__":
    _limit_memory()
    head, _, rest = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.write(json.dumps(parse_feed(rest, json.loads(head))))
