"""Turns the bytes of a file or page into Markdown and its marks: title, audience, owner, dates.

What files without front matter say of themselves: the head of an HTML page, the properties of Office and PDF.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from html.parser import HTMLParser
from typing import Any

import frontmatter
import yaml

from assistant.errors import EmptyDocumentError, SourceError, UnexpectedError, edge
from assistant.knowledge.ingest.markdown import read_markdown
from assistant.knowledge.ingest.visible import (
    check_package,
    decode_html,
    decode_text,
    drop_hidden_html,
    drop_hidden_slides,
    refuse_binary,
)
from assistant.text.tokens import strip_comments

_NAMES = {"author": "owner"}
_PROPERTY = re.compile(r"<(?:dc|dcterms):(title|creator|modified|description)\b[^>]*>([^<]*)<")
_PROPERTY_BYTES = 100_000
_GENERIC_TITLES = frozenset({"powerpoint presentation", "word document", "untitled", "document"})
_SENTENCES = {  # what a PDF's subject or an Office file's comment may say
    "updated": re.compile(r"\bupdated:? (\d{4}-\d\d-\d\d)", re.IGNORECASE),
    "review_by": re.compile(r"\breview by:? (\d{4}-\d\d-\d\d)", re.IGNORECASE),
    "url": re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;)])"),
    "audience": re.compile(r"\baudience:? (\w+)", re.IGNORECASE),
}

# Everything that zipfile raises for a damaged package, which is more than BadZipFile: a directory that ends early, a
# stream that is no deflate, a method that nobody knows (a RuntimeError), a member that lies about its size.
_BAD_PACKAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError, ValueError, RuntimeError)


class _Head(HTMLParser):
    """Collects `<meta name=… content=…>` and `<link rel="canonical">`."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the first of each name."""
        found = {name: (value or "").strip() for name, value in attrs}
        name = found.get("name", "").lower()
        if tag == "meta" and name and found.get("content"):
            self.marks.setdefault(_NAMES.get(name, name), found["content"])
        elif tag == "link" and found.get("rel", "").lower() == "canonical":
            self.marks["url"] = found.get("href", "")


def read_html_marks(content: bytes) -> dict[str, str]:
    """Owner (or author), updated, review_by, audience and the canonical address."""
    head = _Head()
    head.feed(decode_html(content))
    return head.marks


def read_office_marks(content: bytes) -> dict[str, str]:
    """The core properties of a .docx or .pptx; nothing when there are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package, package.open("docProps/core.xml") as part:
            xml = part.read(_PROPERTY_BYTES).decode("utf-8", errors="replace")
    except _BAD_PACKAGE:
        return {}
    return read_properties({name: unescape(value) for name, value in _PROPERTY.findall(xml)})


def read_properties(properties: Mapping[str, str]) -> dict[str, str]:
    """Marks from `title`, `creator`, `modified` and `description`; the description's own dates win."""
    marks = {
        "title": "" if _is_generic(properties.get("title", "")) else properties["title"],
        "owner": properties.get("creator", ""),
        "updated": properties.get("modified", ""),
    }
    description = properties.get("description", "")
    marks |= {name: found[1] for name, pattern in _SENTENCES.items() if (found := pattern.search(description))}
    return {name: value.strip() for name, value in marks.items() if value.strip()}


def _is_generic(title: str) -> bool:
    return not title.strip() or title.strip().lower() in _GENERIC_TITLES


_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_MATTER_START = re.compile(r"\A\s*(?:---|\+\+\+)[ \t]*\n\s*[\w\"'-][\w \"'-]*[:=]")
_EMPTY_FRONT_MATTER = re.compile(r"\A\s*---\s*\n---[ \t]*(?:\n|\Z)")
_FIRST_HEADING = re.compile(r"^#{1,2}[ \t]+(\S.*)$", re.MULTILINE)
_OFFICE = {".docx": "word/", ".pptx": "ppt/"}  # the folder inside the package that tells them from any other zip
_HTML = {".html", ".htm"}
_ENCRYPTED_OFFICE = b"\xd0\xcf\x11\xe0"  # an OLE container: password-protected Office files are wrapped in one
TEXT_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
SUFFIXES = TEXT_SUFFIXES | _HTML | {".pdf"} | set(_OFFICE)


@dataclass(frozen=True)
class Converted:
    """Markdown text without its front matter, the title found in it, and the marks: names are in small letters.

    `unread` names what the document has besides, such as `2 hidden slides`.
    """

    text: str
    title: str | None
    marks: Mapping[str, Any]
    unread: tuple[str, ...] = ()


def convert(content: bytes, suffix: str) -> Converted:
    """Convert by file suffix. Raises SourceError whose message completes the sentence `skipped, because it …`."""
    if not content.strip():
        raise EmptyDocumentError("is empty")
    if suffix in TEXT_SUFFIXES:
        refuse_binary(content)
        return _convert_text(decode_text(content), suffix)
    if suffix in _OFFICE:
        _refuse_foreign_office(content, suffix)
        return _convert_binary(content, suffix, read_office_marks(content))
    if suffix == ".pdf":
        return _convert_binary(content, suffix, _read_pdf_marks(content))
    return _convert_binary(content, suffix, read_html_marks(content))


def to_date(value: object) -> date | None:
    """A date from front matter, whichever way YAML read it; None where it is no date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _convert_text(text: str, suffix: str) -> Converted:
    body, marks = _split_front_matter(text)
    body = strip_comments(body)  # what its readers cannot see must not be quoted
    if not body.strip():
        raise EmptyDocumentError("has no text below its front matter")
    if suffix != ".txt":
        body = read_markdown(body)
    return Converted(body, _first_heading(body), marks)


def _split_front_matter(text: str) -> tuple[str, dict[str, Any]]:
    try:
        post = frontmatter.loads(text)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        post = None
    if post is not None and post.metadata:
        return post.content, {str(name).strip().lower(): value for name, value in post.metadata.items()}
    if _FRONT_MATTER_START.match(text):
        # Broken front matter may have meant to say `audience: internal`, so the page is taken as internal wherever it
        # lies; its text is still worth finding.
        return _FRONT_MATTER.sub("", text), {"audience": "internal"}
    return _EMPTY_FRONT_MATTER.sub("", text), {}


def _refuse_foreign_office(content: bytes, suffix: str) -> None:
    if content.startswith(_ENCRYPTED_OFFICE):
        raise SourceError("is encrypted or from before Office 2007: save a copy without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            check_package(package)
            names = package.namelist()
    except _BAD_PACKAGE as error:
        raise _unreadable(suffix) from error
    if not any(name.startswith(_OFFICE[suffix]) for name in names):
        raise _unreadable(suffix)


def _read_pdf_marks(content: bytes) -> dict[str, str]:
    """The PDF's properties. Raises SourceError when it is encrypted or no PDF."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        with edge("opening a PDF"):
            try:
                reader = PdfReader(io.BytesIO(content))
                is_locked = reader.is_encrypted and not reader.decrypt("")
                properties = {} if is_locked else dict(reader.metadata or {})
            except (PyPdfError, DependencyError, ValueError, TypeError, LookupError, OSError, RecursionError) as error:
                raise _unreadable(".pdf") from error
    except UnexpectedError as error:
        raise _unreadable(".pdf") from error
    if is_locked:
        raise SourceError("is encrypted: save a copy without a password")
    return read_properties(
        {
            "title": str(properties.get("/Title") or ""),
            "creator": str(properties.get("/Author") or ""),
            "modified": re.sub(r"^D:(\d{4})(\d\d)(\d\d).*$", r"\1-\2-\3", str(properties.get("/ModDate") or "")),
            "description": str(properties.get("/Subject") or ""),
        }
    )


def _convert_binary(content: bytes, suffix: str, marks: Mapping[str, str]) -> Converted:
    try:
        with edge(f"converting a {suffix} file"):
            try:
                text, title, unread = _read_binary(content, suffix)
            except (ValueError, LookupError, OSError, RecursionError) as error:
                raise _unreadable(suffix) from error
    except UnexpectedError as error:
        raise _unreadable(suffix) from error
    text = strip_comments(text.replace("\x00", ""))
    if not text.strip():
        raise EmptyDocumentError("has no text in it (a scan? Earshot does not read pictures)")
    return Converted(text, " ".join(title.split()) or _first_heading(text), marks, unread)


def _read_binary(content: bytes, suffix: str) -> tuple[str, str, tuple[str, ...]]:
    """The file's Markdown, its title, and what it has besides."""
    from markitdown import MarkItDown, StreamInfo, converters

    unread: tuple[str, ...] = ()
    if suffix == ".pptx":
        content, unread = drop_hidden_slides(content)
    elif suffix in _HTML:
        content = drop_hidden_html(decode_html(content)).encode("utf-8", errors="replace")
    # Only the converter for the suffix: the others would make a text of a broken file's bytes.
    known = {".docx": converters.DocxConverter, ".pptx": converters.PptxConverter, ".pdf": converters.PdfConverter}
    markitdown = MarkItDown(enable_builtins=False, enable_plugins=False)
    markitdown.register_converter(known.get(suffix, converters.HtmlConverter)())
    result = markitdown.convert_stream(
        io.BytesIO(content), stream_info=StreamInfo(extension=suffix), escape_underscores=False
    )
    return result.markdown, result.title or "", unread


def _unreadable(suffix: str) -> SourceError:
    return SourceError(f"is not a readable {suffix[1:].upper()} file")


def _first_heading(text: str) -> str | None:
    found = _FIRST_HEADING.search(text)
    return re.sub(r"[*_`]+", "", found[1].rstrip().rstrip("#")).strip() or None if found else None
