"""Kept posts by their address on the web, however it was copied."""

import re
from urllib.parse import parse_qsl, urlsplit

from assistant.core.database import Store

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S+")
_TELLING = frozenset(("v", "lc", "id", "comment_id", "fbid", "story_fbid"))


class AddressTables:
    """Reads addresses of mentions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, address: str) -> str | None:
        """The id of the kept mention at this address; None when there is none."""
        wanted = flatten_address(address)
        words = re.findall(r"[\w-]{4,}", wanted.partition("/")[2])
        if not words:
            return None
        # The longest part of the path narrows the rows down; their addresses are compared whole.
        sql = "select mention_id, url from mentions where removed_at is null and instr(url, ?)"
        rows = self._store.rows(sql, max(words, key=len))
        return next((str(row["mention_id"]) for row in rows if flatten_address(row["url"]) == wanted), None)


def is_address(text: str) -> bool:
    """Whether a text is the address of something on the web, and nothing else."""
    return bool(_ADDRESS.fullmatch(text.strip()))


def flatten_address(address: str) -> str:
    """Host and path, and of the query what names a post: without scheme, `www.`, marks of where it was copied."""
    try:
        parts = urlsplit(address.strip() if "//" in address else f"//{address.strip()}")
    except ValueError:
        return ""
    host = re.sub(r"^(?:www|mobile|m|old)\.", "", (parts.netloc or "").lower())
    host = "x.com" if host == "twitter.com" else host
    query = "&".join(f"{name}={value}" for name, value in sorted(parse_qsl(parts.query)) if name in _TELLING)
    return f"{host}{parts.path.rstrip('/')}{'?' if query else ''}{query}"
