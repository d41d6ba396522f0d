"""What sitemaps and pages say of other pages: pure functions over bytes of strangers, to be run apart."""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from assistant.errors import SourceError
from assistant.knowledge.ingest.visible import decode_html

_MOST_BYTES = 60_000_000  # unpacked; the format allows 50 MB
_MOST_URL = 2_000
_GZIP = b"\x1f\x8b"
_TRACKING = ("utm_", "gclid", "fbclid", "mc_cid", "mc_eid")


@dataclass(frozen=True)
class Sitemap:
    """The pages of one sitemap with what it says of their last change, and the other sitemaps that it names."""

    pages: tuple[tuple[str, str], ...]
    sitemaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageLinks:
    """The links of a page, and the address that it calls its own; empty where it names none."""

    links: tuple[str, ...]
    canonical: str = ""


def read_sitemap(content: bytes, url: str) -> Sitemap:
    """XML, packed or not, or one address a line. Raises SourceError for what is neither whole nor a sitemap."""
    from lxml import etree

    if content.startswith(_GZIP):
        content = _unpack(content)
    if not content.lstrip().startswith(b"<"):
        lines = content.decode("utf-8", errors="replace").split()
        return Sitemap(tuple((line, "") for line in lines if line.startswith("http")))
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise SourceError("is no whole sitemap") from error
    kind = etree.QName(root).localname if isinstance(root.tag, str) else ""
    if kind not in ("urlset", "sitemapindex"):
        raise SourceError("is no sitemap")
    found = tuple((urljoin(url, loc), modified) for loc, modified in map(_read_entry, root) if loc)
    return Sitemap((), tuple(loc for loc, _ in found)) if kind == "sitemapindex" else Sitemap(found)


def _read_entry(entry: object) -> tuple[str, str]:
    from lxml import etree

    texts = {etree.QName(part).localname: (part.text or "").strip() for part in entry if isinstance(part.tag, str)}  # type: ignore[attr-defined]
    return texts.get("loc", ""), texts.get("lastmod", "")[:40]


def _unpack(content: bytes) -> bytes:
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacking.decompress(content, _MOST_BYTES)
    except zlib.error as error:
        raise SourceError("is a damaged sitemap") from error
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise SourceError("is too large a sitemap, or breaks off")
    return unpacked


def find_links(content: bytes, url: str) -> PageLinks:
    """The links of a page in their order, each once, as whole addresses."""
    from lxml import etree, html

    try:
        page = html.document_fromstring(decode_html(content))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return PageLinks(())
    base = next(iter(page.xpath("//base/@href")), "")
    start = _join(url, base) or url
    canonical = next(iter(page.xpath("//link[@rel='canonical']/@href")), "")
    links = (_join(start, link) for link in page.xpath("//a/@href"))
    return PageLinks(tuple(dict.fromkeys(link for link in links if link)), _join(start, canonical) if canonical else "")


def _join(base: str, link: str) -> str:
    try:
        return normalize(urljoin(base, link.strip()))
    except ValueError:
        return ""


def normalize(url: str) -> str:
    """One address for what is one page: without fragment, default port and tracking; empty for what is no page's."""
    parts = urlsplit(url)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or len(url) > _MOST_URL:
        return ""
    scheme, host = parts.scheme.lower(), parts.hostname
    port = f":{parts.port}" if parts.port and parts.port != {"http": 80, "https": 443}[scheme] else ""
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if not name.lower().startswith(_TRACKING)]
    query = parts.query if len(kept) == len(parse_qsl(parts.query, True)) else urlencode(kept)
    return urlunsplit((scheme, host + port, parts.path or "/", query, ""))


def read_moment(modified: str) -> datetime | None:
    """When a sitemap says that a page was changed, if it says it to the minute."""
    if "T" not in modified:
        return None
    try:
        moment = datetime.fromisoformat(modified)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
