"""Mentions from RSS and Atom feeds: blogs, alerts, forums."""

import calendar
import hashlib
import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx

from assistant.core.outbound import DEADLINE_SECONDS, stream
from assistant.domain import Mention
from assistant.domain.outside import drop_steering
from assistant.errors import OPERATOR, NetworkError, TransientNetworkError
from assistant.listening.networks.base.errors import read_retry_at, translated_http
from assistant.listening.networks.base.http import load_body
from assistant.listening.networks.base.pages import date_by
from assistant.listening.networks.base.payload import to_utc
from assistant.listening.networks.base.protocol import MentionPage, Rejected
from assistant.listening.networks.feed_reader import FeedEntry, read_feed

_MEND = "Check its address in networks.yaml or RSS_FEEDS."
_MOST_BYTES = 2_000_000
_MOST_ID_CHARACTERS = 300
_SECRET = re.compile(
    r"(?:^|[&_-])(?:api|auth|key|token|secret|sig|signature|pass|password|session)[^&=]*=", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]+>")


@dataclass(frozen=True)
class _Answer:
    """What the feed's server sent, as a whole."""

    status_code: int
    headers: dict[str, str]
    content: bytes


class RssNetwork:
    """One feed. The cursor keeps the feed's ETag and date, so that an unchanged feed is not sent again."""

    def __init__(self, url: str, now: Callable[[], datetime], deadline_seconds: float = DEADLINE_SECONDS) -> None:
        shown = name_feed(url)
        self.name = f"rss:{shown}"
        self._who = f"The feed {shown}"
        self._url = url
        self._now = now
        self._deadline_seconds = deadline_seconds

    def read(self, cursor: str) -> MentionPage:
        """The entries the feed shows now. Raises NetworkError; TransientNetworkError when trying later may help."""
        seen: dict[str, str] = json.loads(cursor) if cursor else {}
        response = self._fetch(seen)
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return MentionPage((), (), cursor)
        feed = read_feed(self._who, response.content, response.headers)
        if not feed.entries and (feed.is_broken or not feed.version):
            raise NetworkError(
                f"{self._who} is no RSS or Atom feed.", f"Open it in a browser. {_MEND}", in_slack=OPERATOR
            )
        mentions, rejected = [], []
        for place, entry in enumerate(feed.entries, start=1):
            found = to_mention(self.name, entry, self._now())
            if isinstance(found, Mention):
                mentions.append(date_by(found, self._now()))
            else:
                rejected.append(Rejected(f"entry {place}", found))
        # A broken feed may have lost entries on its way: it is fetched again, whatever its ETag says.
        kept = () if feed.is_broken else ("etag", "last-modified")
        headers = {name: response.headers[name] for name in kept if name in response.headers}
        return MentionPage(tuple(mentions), tuple(rejected), json.dumps(headers))

    def _fetch(self, seen: dict[str, str]) -> _Answer:
        headers = {"User-Agent": "Earshot (feed reader)"}
        if "etag" in seen:
            headers["If-None-Match"] = seen["etag"]
        if "last-modified" in seen:
            headers["If-Modified-Since"] = seen["last-modified"]
        with (
            translated_http(self._who),
            stream(
                "GET", self._url, headers=headers, follow_redirects=True, deadline_seconds=self._deadline_seconds
            ) as response,
        ):
            self._check_status(response)
            content = load_body(self._who, response, _MEND, _MOST_BYTES)
            return _Answer(response.status_code, dict(response.headers), content)

    def _check_status(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == 429 or status >= 500:
            retry_at = read_retry_at(response.headers, self._now())
            raise TransientNetworkError(f"{self._who} answers with HTTP {status} for now.", retry_at=retry_at)
        if status not in (200, 304):
            raise NetworkError(f"{self._who} answers with HTTP {status}.", _MEND, in_slack=OPERATOR)


def name_feed(url: str) -> str:
    """The feed's address; one with a password or key by its place and a hash, as names are in ids and exports."""
    parts = urlsplit(url)
    if not (parts.username or parts.password or _SECRET.search(parts.query)):
        return url
    place = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
    return f"{place}#{hashlib.sha256(url.encode()).hexdigest()[:8]}"


def to_mention(network: str, entry: FeedEntry, now: datetime) -> Mention | str:
    """Turn a feed's entry into a Mention, or say why not. Without a date it counts from when it was first seen."""
    text = _plain("\n".join(filter(None, (entry.title, entry.body))))
    key = entry.key
    if not 0 < len(key) <= _MOST_ID_CHARACTERS:
        key = hashlib.sha256((key or text).encode()).hexdigest()[:32]
    if not text:
        return "has no text"
    return Mention(
        mention_id=f"{network}:{key}",
        network=network,
        external_id=key,
        author=_plain(entry.author),
        text=text,
        created_at=_created_at(entry) or now,
        lang=entry.lang,
        url=entry.link if entry.link.startswith(("https://", "http://")) else None,
    )


def _created_at(entry: FeedEntry) -> datetime | None:
    try:
        return to_utc(datetime.fromtimestamp(calendar.timegm((*entry.date, 0, 0, 0)), UTC)) if entry.date else None
    except (ValueError, OverflowError, OSError):  # a year that no calendar has, or no post
        return None


def _plain(markup: str) -> str:
    return " ".join(drop_steering(html.unescape(_TAG.sub(" ", markup))).split())
