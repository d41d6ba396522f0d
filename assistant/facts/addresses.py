"""Links and mail addresses as they stand in raw text: the writer never makes one up."""

import re
import unicodedata

# Whatever a Markdown link points to is an address, also one that does not look like it.
_TARGET = re.compile(r"\]\(\s*<?([^\s)>]*)>?[^)]*\)")
_END = r"[^\s<>|)\]\"“”»`*]"
_URL = re.compile(rf"(?:\w[\w+.-]*://|www\.|mailto:){_END}+", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# `Done.Then` lacks a space, but `larkspur-claims.com` is a place to be sent to.
_DOMAIN = re.compile(rf"(?<![\w@./-])(?:[^\W_][\w-]*\.)+(?:[a-z]{{2,}}|[A-Z]{{2,}}|xn--\w+)(?![\w@])(?:[/:?#]{_END}*)?")
_ANY = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in (_MAIL, _DOMAIN)))
_PREFIX = re.compile(r"^(?:https?://|mailto:)?(?:www\.)?", re.IGNORECASE)


def find_addresses(text: str) -> set[str]:
    """Every address whole: `larkspur.example/help` is not `larkspur.example/help/refund`, and http counts as https."""
    text = unicodedata.normalize("NFKC", text)
    targets = _TARGET.findall(text)
    rest = _TARGET.sub("] ", text)
    urls = _URL.findall(rest)
    bare = [found[0] for found in _ANY.finditer(_URL.sub(" ", rest))]
    return {_shorten(address) for address in [*targets, *urls, *bare]}


def without_addresses(text: str) -> str:
    """The text without what find_addresses finds in it."""
    text = _TARGET.sub("] ", unicodedata.normalize("NFKC", text))
    return _ANY.sub(" ", _URL.sub(" ", text))


def _shorten(address: str) -> str:
    host, slash, path = _PREFIX.sub("", address.rstrip(".,;:!?'’")).partition("/")
    return (host.lower() + slash + path).rstrip("/")
