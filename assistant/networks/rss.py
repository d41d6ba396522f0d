"""Mentions from RSS and Atom feeds: blogs, alerts, forums."""

import calendar
import hashlib
import html
import json
import re
from datetime import UTC, datetime
from typing import Any

import feedparser
import httpx

from assistant.domain import Mention
from assistant.errors import NetworkError, TransientNetworkError
from assistant.networks.network import Page, Rejected

_TIMEOUT_SECONDS = 30
_MOST_BYTES = 20_000_000
_TAG = re.compile(r"<[^>]+>")


class RssNetwork:
    """One feed. The cursor keeps the feed's ETag and date, so that an unchanged feed is not sent again."""

    def __init__(self, url: str, now: Any) -> None:
        self.name = f"rss:{url}"
        self._url = url
        self._now = now

    def read(self, cursor: str) -> Page:
        """The entries the feed shows now. Raises NetworkError; TransientNetworkError when trying later may help."""
        seen: dict[str, str] = json.loads(cursor) if cursor else {}
        response = self._fetch(seen)
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return Page((), (), cursor)
        parsed = feedparser.parse(response.content, response_headers=dict(response.headers))
        if not parsed.entries and (parsed.bozo or not parsed.version):
            raise NetworkError(f"{self._url} is no RSS or Atom feed.", "Open it in a browser; mend RSS_FEEDS.")
        mentions, rejected = [], []
        for place, entry in enumerate(parsed.entries, start=1):
            found = to_mention(self.name, entry, self._now())
            if isinstance(found, Mention):
                mentions.append(found)
            else:
                rejected.append(Rejected(f"entry {place}", found))
        headers = {name: response.headers[name] for name in ("etag", "last-modified") if name in response.headers}
        return Page(tuple(mentions), tuple(rejected), json.dumps(headers))

    def _fetch(self, seen: dict[str, str]) -> httpx.Response:
        headers = {"User-Agent": "Earshot (feed reader)"}
        if "etag" in seen:
            headers["If-None-Match"] = seen["etag"]
        if "last-modified" in seen:
            headers["If-Modified-Since"] = seen["last-modified"]
        try:
            response = httpx.get(self._url, headers=headers, follow_redirects=True, timeout=_TIMEOUT_SECONDS)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TransientNetworkError(f"The feed {self._url} cannot be reached: {error}.") from error
        status = response.status_code
        if status == 429 or status >= 500:
            raise TransientNetworkError(f"The feed {self._url} answers with HTTP {status} for now.")
        if status not in (200, 304):
            raise NetworkError(f"The feed {self._url} answers with HTTP {status}.", "Check its address in RSS_FEEDS.")
        if len(response.content) > _MOST_BYTES:
            raise NetworkError(f"The feed {self._url} is larger than {_MOST_BYTES // 1_000_000} MB.")
        return response


def to_mention(network: str, entry: Any, now: datetime) -> Mention | str:
    """A feed entry as a Mention, or why not. An entry without a date counts from when it was first seen."""
    text = _plain("\n".join(filter(None, (entry.get("title"), _body(entry)))))
    key = entry.get("id") or entry.get("link") or (hashlib.sha256(text.encode()).hexdigest()[:32] if text else "")
    if not text:
        return "has no text"
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    link = entry.get("link") or ""
    return Mention(
        mention_id=f"{network}:{key}",
        network=network,
        external_id=key,
        author=_plain(entry.get("author") or ""),
        text=text,
        created_at=datetime.fromtimestamp(calendar.timegm(stamp), UTC) if stamp else now,
        lang=(entry.get("title_detail") or {}).get("language"),
        url=link if link.startswith(("https://", "http://")) else None,
    )


def _body(entry: Any) -> str:
    contents = entry.get("content") or []
    return str(contents[0].get("value", "")) if contents else str(entry.get("summary") or "")


def _plain(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())
