"""What a reader of a page or deck sees: hidden parts are dropped, encodings recognised, packages bounded."""

from __future__ import annotations  # bs4 is imported only where a page is read

import codecs
import re
import zipfile
from copy import copy
from typing import TYPE_CHECKING

from assistant.errors import SourceError

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_MOST_UNPACKED = 400_000_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_LATIN = frozenset({"iso8859-1", "ascii"})  # browsers read both as windows-1252, and so do their authors
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NEVER_SHOWN = frozenset({"script", "style", "template", "noscript", "nav"})
_ASIDE = frozenset({"navigation", "search", "banner", "contentinfo"})
_WAYS = frozenset({"breadcrumb", "breadcrumbs", "pagination", "skip to main content"})
_ANCHORS = frozenset({"headerlink", "hash-link", "anchor", "anchor-link", "header-anchor", "skip-link"})
_MOST_SPAN = 100


def decode_text(content: bytes, declared: str | None = None) -> str:
    """The text in the encoding of its byte order mark, else the declared one, else UTF-8, else the likeliest."""
    return _decode(content, declared)[0]


def guess_encoding(content: bytes, declared: str | None = None) -> str:
    """The encoding that had to be guessed, as `cp1252`; empty where it was not."""
    return _decode(content, declared)[1]


def _decode(content: bytes, declared: str | None) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _clean(content.decode(encoding, errors="replace")), ""
    for codec in (_find_codec(declared), "utf-8"):
        try:
            if codec:
                return _clean(content.decode(codec)), ""
        except UnicodeDecodeError:
            continue
    guessed = _guess_encoding(content)
    return _clean(content.decode(guessed, errors="replace")), guessed


def refuse_binary(content: bytes) -> None:
    """Raise SourceError for bytes that are no text in any encoding that people save in."""
    if b"\x00" in content and not content.startswith(tuple(mark for mark, _ in _BOMS)):
        try:
            content.decode()
        except UnicodeDecodeError as error:
            raise SourceError("is no text, or in an encoding that cannot be told: save it as UTF-8") from error


def decode_html(content: bytes, declared: str | None = None) -> str:
    """A page's text in the encoding that its server or its head names."""
    return decode_text(content, declared or find_declared(content))


def find_declared(content: bytes) -> str | None:
    """The encoding that a page names in its head."""
    found = _DECLARED.search(content[:4096])
    return found[1].decode("ascii", "replace") if found else None


def drop_hidden(soup: BeautifulSoup) -> None:
    """Take out what a browser hides and what surrounds the page's text; merged cells are filled."""
    from bs4 import Comment

    for element in soup.find_all(_is_unseen):
        element.extract()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for table in soup.find_all("table"):
        _fill_spans(table)


def check_package(package: zipfile.ZipFile) -> None:
    """Refuse a package that unpacks to more than any document needs. Raises SourceError."""
    size = sum(member.file_size for member in package.infolist())
    if size > _MOST_UNPACKED:
        raise SourceError(f"unpacks to {size / 1e6:.0f} MB, more than a document needs ({_MOST_UNPACKED / 1e6:.0f})")


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def _find_codec(name: str | None) -> str | None:
    try:
        found = codecs.lookup(name).name if name else None
    except LookupError:
        return None
    return "cp1252" if found in _LATIN else found


def _guess_encoding(content: bytes) -> str:
    """Western text in one byte a sign is windows-1252, which detectors take for rarer encodings when it is short."""
    from charset_normalizer import from_bytes

    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    letters = [sign for sign in text if ord(sign) > 127]
    if letters and sum(sign in "€äöüßÄÖÜéèêëàâçñóíúáîïôûùœæøåÉÈÀÇÑ£§°–—’‘“”„…«»\xa0" for sign in letters) >= 0.8 * len(
        letters
    ):
        return "cp1252"
    best = from_bytes(content).best()
    return best.encoding if best else "cp1252"


def _is_unseen(element: Tag) -> bool:
    """True for what a browser hides and for navigation around the text."""
    if element.name in _NEVER_SHOWN or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if element.get("role") in _ASIDE or str(element.get("aria-label") or "").lower() in _WAYS:
        return True
    if element.name == "a" and _ANCHORS.intersection(element.get("class") or ()):
        return True
    if element.name == "footer":
        return element.find_parent(["article", "main", "blockquote", "figure"]) is None
    return bool(_HIDDEN_STYLE.search(str(element.get("style") or "")))


def _fill_spans(table: Tag) -> None:
    """Give every row all of its cells: a merged cell's text stands in each of its places."""
    waiting: dict[int, tuple[int, Tag]] = {}
    for row in table.find_all("tr"):
        if row.find_parent("table") is not table:
            continue
        filled: list[Tag] = []
        for cell in row.find_all(["td", "th"], recursive=False):
            _take_waiting(waiting, filled)
            down, across = _take_span(cell, "rowspan"), _take_span(cell, "colspan")
            for _ in range(across):
                if down > 1:
                    waiting[len(filled)] = (down - 1, cell)
                filled.append(cell)
        _take_waiting(waiting, filled)
        row.clear()
        row.extend([copy(cell) for cell in filled])


def _take_waiting(waiting: dict[int, tuple[int, Tag]], filled: list[Tag]) -> None:
    while (found := waiting.pop(len(filled), None)) is not None:
        left, cell = found
        if left > 1:
            waiting[len(filled)] = (left - 1, cell)
        filled.append(cell)


def _take_span(cell: Tag, name: str) -> int:
    written = str(cell.attrs.pop(name, "1"))
    return min(max(int(written), 1), _MOST_SPAN) if written.isascii() and written.isdecimal() else 1
