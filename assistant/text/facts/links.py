"""Links and mail addresses as they stand in raw text: the writer never makes one up."""

import re
import unicodedata

# Whatever a Markdown link points to is an address, also one that does not look like it.
_TARGET = re.compile(r"\]\(\s*+<?((?:(?!\]\()[^\s)>])*+)>?(?:(?!\]\()[^)])*+\)")
_END = r"[^\s<>|)\]\"“”»`*]"
_URL = re.compile(rf"(?:\w[\w+.-]*://|www\.|mailto:){_END}+", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# `Done.Then` lacks a space, but `larkspur-claims.com` is a place to be sent to.
COMMON_ENDINGS = "com|org|net|info|biz|io|co|app|dev|me|eu|de|uk|fr|es|it|nl|pl|pt|ru|ch|at|us|shop|site|online|xyz"
_OTHER_ENDINGS = (
    "рф|рус|укр|бел|срб|мкд|бг|ею|ком|орг|онлайн|сайт|москва|ελ|გე|ישראל|السعودية|امارات|مصر|عرب|شبكة|موقع|भारत|ไทย"
    "|中国|中國|公司|网络|网址|在线|香港|台湾|한국"
)
_DOMAIN = re.compile(
    rf"(?<![\w@.-])(?<!\w/)(?:[^\W_][\w-]*\.)+(?:[a-z]{{2,}}|[A-Z]{{2,}}|xn--\w+|{_OTHER_ENDINGS})"
    rf"(?![\w@])(?:[/:?#]{_END}*)?"
)
_ANY = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in (_MAIL, _DOMAIN)))
_USER = re.compile(r"^https?://[^/?#]*@", re.IGNORECASE)  # `https://ours.example@evil.example` leads to evil.example
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
    address = _USER.sub("https://", address)
    host, slash, path = _PREFIX.sub("", address.rstrip(".,;:!?'’")).partition("/")
    return (host.lower() + slash + path).rstrip("/")
