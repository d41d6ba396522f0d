"""Whether an address can be that of a reply to a post: of its site, and of its thread where addresses tell."""

import re
from urllib.parse import SplitResult, parse_qs, urlsplit

from assistant.domain import Mention
from assistant.errors import InputError

_ALIASES = {"twitter.com": "x.com", "youtu.be": "youtube.com", "redd.it": "reddit.com", "fb.com": "facebook.com"}
_PREFIX = re.compile(r"^(?:www|m|mobile|old|new|np)\.")
# The part of a path that a post's address shares with those of its replies.
_THREADS = {
    "reddit": re.compile(r"/comments/([^/]+)"),
    "discourse": re.compile(r"/t/(?:[^/]+/)?(\d+)"),
    "instagram": re.compile(r"/(?:p|reel|tv)/([^/]+)"),
}
_HINT = "Open your reply, copy its address from the browser, or leave the field empty."


def check_reply_address(mention: Mention, url: str) -> None:
    """Raises InputError that says what is wrong with the address of a reply to this post."""
    site = _read_site(url)
    if not site:
        raise InputError("That isn't a web address.", _HINT)
    if not mention.url:
        return
    if site != _read_site(mention.url):
        raise InputError(f"That address is on {site}, and the post is on {_read_site(mention.url)}.", _HINT)
    if _plain(url) == _plain(mention.url):
        raise InputError("That is the customer's post, not your reply.", _HINT)
    kind = mention.network.partition(":")[0]
    thread = _read_thread(kind, mention.url)
    if thread and _read_thread(kind, url) != thread:
        raise InputError("That address is in another thread than the post.", _HINT)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url.strip())
    except ValueError:  # brackets that hold no address
        return urlsplit("")


def _read_site(url: str) -> str:
    parts = _split(url)
    host = (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    plain = _PREFIX.sub("", host.lower())
    return _ALIASES.get(plain, plain)


def _read_thread(kind: str, url: str) -> str:
    parts = _split(url)
    if kind == "youtube":
        return next(iter(parse_qs(parts.query).get("v", [])), parts.path.strip("/"))
    found = _THREADS[kind].search(parts.path) if kind in _THREADS else None
    return found[1] if found else ""


def _plain(url: str) -> tuple[str, str, str, str]:
    parts = _split(url)
    return _read_site(url), parts.path.rstrip("/"), parts.query, parts.fragment
