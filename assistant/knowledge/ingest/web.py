"""Documents from web pages: fetches one page and keeps its main text."""

import codecs
import hashlib
import json
from urllib.parse import urlsplit

import httpx

from assistant.core.bodies import read_pieces
from assistant.core.outbound import ForbiddenAddressError, stream
from assistant.domain import Audience, Document
from assistant.errors import EmptyDocumentError, SourceError
from assistant.knowledge.ingest.conversion import read_html_marks, to_date
from assistant.knowledge.ingest.visible import decode_html, decode_text

_HEADERS = {"User-Agent": "Earshot (knowledge ingest)", "Accept": "text/html"}


class PageGoneError(SourceError):
    """The page is no longer there: what was kept of it goes too."""


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
    """The page's HTML. Raises PageGoneError on 404 and 410, SourceError on everything else that is no page."""
    try:
        with stream("GET", url, headers=_HEADERS, follow_redirects=True) as response:
            if response.status_code in (404, 410):
                raise PageGoneError(f"is not there (HTTP {response.status_code})")
            if response.status_code != 200:
                raise SourceError(f"answers with HTTP {response.status_code}")
            kind = response.headers.get("content-type", "html")
            if "html" not in kind.lower():
                raise SourceError(f"is no web page but {kind}")
            content = _read_up_to(response, max_bytes)
            charset = response.charset_encoding
            if charset is None or charset.lower() in ("utf-8", "utf8"):
                return content
            # The header wins over the page's own word, as in browsers; so does a byte order mark.
            return codecs.BOM_UTF8 + decode_text(content, charset).encode()
    except ForbiddenAddressError as error:
        raise SourceError(f"leads into our own network: {error}") from error
    except httpx.HTTPError as error:
        raise SourceError(f"cannot be fetched: {error}") from error
    except httpx.InvalidURL as error:
        raise SourceError(f"is no valid address: {error}") from error


def read_page(url: str, content: bytes, audience: Audience | None) -> Document:
    """Keep a page's main text as a Document; public only when the caller says so and the page does not object.

    Raises SourceError.
    """
    import trafilatura

    html = decode_html(content)
    found = trafilatura.extract(html, url=url, output_format="json", with_metadata=True, include_tables=True)
    text = trafilatura.extract(html, url=url, output_format="markdown", include_tables=True, include_links=False)
    if not found or not text:
        raise EmptyDocumentError("has no readable text")
    metadata, marks = json.loads(found), read_html_marks(content)
    is_marked_internal = marks.get("audience", "").lower() == Audience.INTERNAL
    source, document_id = split_url(url)
    return Document(
        source=source,
        document_id=document_id,
        title=metadata.get("title") or document_id,
        text=text,
        audience=Audience.INTERNAL if is_marked_internal else audience or Audience.INTERNAL,
        content_hash=hash_page(content, audience),
        url=url,
        owner=marks.get("owner"),
        updated_on=to_date(marks.get("updated") or metadata.get("date")),
        review_by=to_date(marks.get("review_by")),
    )


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
