"""Documents from web pages: fetches one page and keeps its main text."""

import codecs
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from assistant.core.bodies import read_pieces
from assistant.core.outbound import ForbiddenAddressError, Visit
from assistant.domain import Audience, Document
from assistant.errors import EmptyDocumentError, GoneError, SourceError, UnavailableError
from assistant.knowledge.ingest.converted import Converted
from assistant.knowledge.ingest.front_matter import to_date
from assistant.knowledge.ingest.html_pages import show_visible
from assistant.knowledge.ingest.properties import read_html_marks
from assistant.knowledge.ingest.reader_names import find_readers
from assistant.knowledge.ingest.visible import decode_html, decode_text

AGENT = "Earshot"
_HEADERS = {"User-Agent": f"{AGENT} (knowledge ingest)", "Accept": "text/html"}
_LONGEST_VALIDATOR = 300


@dataclass(frozen=True)
class FetchedPage:
    """A page's HTML, the address that it came from in the end, and what its server calls this state of it."""

    content: bytes
    url: str
    validator: str = ""
    changed_at: datetime | None = None


def is_url(text: str) -> bool:
    """Return whether a command's argument is a web address rather than a path."""
    return text.lower().startswith(("http://", "https://"))


def split_url(url: str) -> tuple[str, str]:
    """(source, document_id) of a page: its site, and its path with the query. Raises SourceError."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise SourceError(f"is no valid address: {error}") from error
    path = parts.path.strip("/") or "index"
    return f"{parts.scheme}://{parts.netloc}", f"{path}?{parts.query}" if parts.query else path


def fetch_page(url: str, max_bytes: int) -> bytes:
    """The page's HTML. Raises GoneError on 404 and 410, SourceError on everything else that is no page."""
    fetched = fetch(url, max_bytes)
    return fetched.content if fetched else b""


def fetch(url: str, max_bytes: int, validator: str = "", visit: Visit | None = None) -> FetchedPage | None:
    """A page, or None where it is as it was when it had this validator. Raises as `fetch_page` does."""
    try:
        going = visit or Visit(url)
        try:
            with going.stream("GET", url, headers=_ask(validator), follow_redirects=True) as response:
                return None if validator and response.status_code == 304 else _take(response, max_bytes)
        finally:
            if visit is None:
                going.close()
    except ForbiddenAddressError as error:
        raise SourceError(f"leads into our own network: {error}") from error
    except httpx.HTTPError as error:
        raise UnavailableError(f"cannot be fetched: {error}") from error
    except httpx.InvalidURL as error:
        raise SourceError(f"is no valid address: {error}") from error


def _ask(validator: str) -> dict[str, str]:
    tag, _, modified = validator.partition("\n")
    asked = {"If-None-Match": tag} if tag else {"If-Modified-Since": modified} if modified else {}
    return {**_HEADERS, **asked}


def _take(response: httpx.Response, max_bytes: int) -> FetchedPage:
    if response.status_code in (404, 410):
        raise GoneError(f"is not there (HTTP {response.status_code})")
    if response.status_code in (408, 429) or response.status_code >= 500:
        raise UnavailableError(f"answers with HTTP {response.status_code}")
    if response.status_code != 200:
        raise SourceError(f"answers with HTTP {response.status_code}")
    kind = response.headers.get("content-type", "html")
    if "html" not in kind.lower():
        raise SourceError(f"is no web page but {kind}")
    content = _read_up_to(response, max_bytes)
    charset = response.charset_encoding
    if charset is not None and charset.lower() not in ("utf-8", "utf8"):
        # The header wins over the page's own word, as in browsers; so does a byte order mark.
        content = codecs.BOM_UTF8 + decode_text(content, charset).encode()
    tag, modified = (response.headers.get(name, "") for name in ("etag", "last-modified"))
    validator = f"{tag}\n{modified}" if (tag or modified) and len(tag + modified) < _LONGEST_VALIDATOR else ""
    return FetchedPage(content, str(response.url), validator, _read_time(modified))


def _read_time(header: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def convert_page(url: str, content: bytes) -> Converted:
    """A page's main text. Raises EmptyDocumentError."""
    import trafilatura

    whole = decode_html(content)
    html = show_visible(whole)
    found = trafilatura.extract(html, url=url, output_format="json", with_metadata=True, include_tables=True)
    text = trafilatura.extract(html, url=url, output_format="markdown", include_tables=True, include_links=False)
    if not found or not text:
        raise EmptyDocumentError("has no readable text")
    metadata, marks = json.loads(found), read_html_marks(whole)
    return Converted(text, metadata.get("title"), {"updated": metadata.get("date"), **marks})


def build_page(
    root: str, document_id: str, url: str, digest: str, audience: Audience | None, converted: Converted
) -> Document:
    """A page as a Document; public only when the caller says so and the page does not object."""
    marks = converted.marks
    is_marked_internal = str(marks.get("audience") or "").lower() == Audience.INTERNAL
    return Document(
        source=root,
        document_id=document_id,
        title=converted.title or document_id,
        text=converted.text,
        audience=Audience.INTERNAL if is_marked_internal else audience or Audience.INTERNAL,
        content_hash=digest,
        url=url,
        owner=marks.get("owner"),
        updated_on=to_date(marks.get("updated")),
        review_by=to_date(marks.get("review_by")),
        readers=find_readers(marks),
    )


def read_page(url: str, content: bytes, audience: Audience | None) -> Document:
    """Keep a page's main text as a Document. Raises SourceError."""
    return build_page(*split_url(url), url, hash_page(content, audience), audience, convert_page(url, content))


def hash_page(content: bytes, audience: Audience | None) -> str:
    """Tells whether a page, or the audience asked for it, changed."""
    return hashlib.sha256(str(audience).encode() + b"|" + content).hexdigest()


def _read_up_to(response: httpx.Response, max_bytes: int) -> bytes:
    content = bytearray()
    for part in read_pieces(response):
        content += part
        if len(content) > max_bytes:
            raise SourceError(f"is larger than MAX_DOCUMENT_MB allows ({max_bytes / 1e6:.0f})")
    return bytes(content)
