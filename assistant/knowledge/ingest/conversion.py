"""Turns the bytes of a file or page into Markdown and its marks: title, audience, owner, dates."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from assistant.domain.outside import DOCUMENT, bound
from assistant.errors import EmptyDocumentError, SourceError, UnexpectedError, edge
from assistant.knowledge.ingest.converted import Converted, refuse_unreadable
from assistant.knowledge.ingest.front_matter import find_owner, split_front_matter
from assistant.knowledge.ingest.html_pages import read_html
from assistant.knowledge.ingest.mail import read_eml, read_msg
from assistant.knowledge.ingest.markdown import find_code_lines, read_markdown
from assistant.knowledge.ingest.office import read_docx, read_pptx
from assistant.knowledge.ingest.pandoc import FORMATS, WRITTEN, read_by_pandoc
from assistant.knowledge.ingest.pdf_pages import read_pdf
from assistant.knowledge.ingest.pictures import PICTURES, read_picture
from assistant.knowledge.ingest.visible import (
    check_package,
    decode_html,
    decode_text,
    find_declared,
    guess_encoding,
    refuse_binary,
)
from assistant.knowledge.ingest.workbooks import read_separated, read_workbook
from assistant.text.tokens import strip_comments

_HEADING = re.compile(r"#{1,2}[ \t]+(\S.*)")
_TITLE_WITHIN = 20_000
# The folder inside the package that tells it from any other zip.
_PACKAGES = {".docx": "word/", ".pptx": "ppt/", ".xlsx": "xl/", ".xlsm": "xl/", ".odt": "content.xml", ".epub": ""}
_OFFICE = frozenset({".docx", ".pptx", ".xlsx", ".xlsm"})
_MARKDOWN = frozenset({".md", ".markdown", ".mdx"})
_SEPARATED = frozenset({".csv", ".tsv"})
_HTML = frozenset({".html", ".htm"})
_PANDOC_TEXTS = frozenset(suffix for suffix, kind in FORMATS.items() if kind in WRITTEN)
_TEXTS = _MARKDOWN | _SEPARATED | _HTML | _PANDOC_TEXTS | {".txt"}
_ENCRYPTED_OFFICE = b"\xd0\xcf\x11\xe0"  # an OLE container: password-protected Office files are wrapped in one
_CODECS = {"cp1252": "windows-1252"}

_READERS: Mapping[str, Callable[[bytes], Converted]] = {
    ".docx": read_docx,
    ".pptx": read_pptx,
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".pdf": read_pdf,
    ".eml": read_eml,
    ".msg": read_msg,
    **dict.fromkeys(_HTML, lambda content: read_html(decode_html(content))),
    **dict.fromkeys(PICTURES, read_picture),
}
SUFFIXES = frozenset(_READERS) | _TEXTS | frozenset(FORMATS)

# Everything that zipfile raises for a damaged package, which is more than BadZipFile: a directory that ends early, a
# stream that is no deflate, a method that nobody knows (a RuntimeError), a member that lies about its size.
_BAD_PACKAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError, ValueError, RuntimeError)


def convert(content: bytes, suffix: str) -> Converted:
    """Convert by file suffix. Raises SourceError whose message completes the sentence `skipped, because it …`."""
    if not content.strip():
        raise EmptyDocumentError("is empty")
    if suffix in _TEXTS:
        refuse_binary(content)
    if suffix in _PACKAGES:
        _refuse_foreign_package(content, suffix)
    if suffix in _MARKDOWN or suffix == ".txt":
        # Bounded before any pattern sees it: a word of megabytes would take them minutes.
        found = _convert_text(bound(decode_text(content), DOCUMENT), suffix)
    elif suffix in _SEPARATED:
        found = read_separated(decode_text(content), suffix)
    else:
        found = _convert_binary(content, suffix)
    return _finish(found, _name_guess(content, suffix))


def _finish(found: Converted, guess: tuple[str, ...]) -> Converted:
    text = strip_comments(bound(found.text.replace("\x00", ""), DOCUMENT))
    if not text.strip():
        has = f"; it has {', '.join(found.unread)}" if found.unread else ""
        raise EmptyDocumentError(f"has no text in it{has}")
    marks = found.marks
    if not marks.get("owner") and (owner := find_owner(text)):
        marks = {**marks, "owner": owner}
    title = " ".join((found.title or "").split()) or _first_heading(text)
    return replace(found, text=text, title=title, marks=marks, remarks=(*found.remarks, *guess))


def _name_guess(content: bytes, suffix: str) -> tuple[str, ...]:
    if suffix not in _TEXTS:
        return ()
    guessed = guess_encoding(content, find_declared(content) if suffix in _HTML else None)
    named = _CODECS.get(guessed, guessed.replace("_", "-"))
    return (f"does not say its encoding: it was read as {named}",) if guessed else ()


def _convert_text(text: str, suffix: str) -> Converted:
    body, marks = split_front_matter(text)
    body = strip_comments(body)  # what its readers cannot see must not be quoted
    if not body.strip():
        raise EmptyDocumentError("has no text below its front matter")
    return Converted(body if suffix == ".txt" else read_markdown(body, suffix == ".mdx"), None, marks)


def _refuse_foreign_package(content: bytes, suffix: str) -> None:
    if content.startswith(_ENCRYPTED_OFFICE) and suffix in _OFFICE:
        raise SourceError("is encrypted or from before Office 2007: save a copy without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            check_package(package)
            names = package.namelist()
    except _BAD_PACKAGE as error:
        raise refuse_unreadable(suffix) from error
    if not any(name.startswith(_PACKAGES[suffix]) for name in names):
        raise refuse_unreadable(suffix)


def _convert_binary(content: bytes, suffix: str) -> Converted:
    """Read by a library, whose every fault over a file is that the file cannot be read."""
    try:
        with edge(f"converting a {suffix} file"):
            try:
                return _read_by_library(content, suffix)
            except (*_BAD_PACKAGE, RecursionError) as error:
                raise refuse_unreadable(suffix) from error
    except UnexpectedError as error:
        raise refuse_unreadable(suffix) from error


def _read_by_library(content: bytes, suffix: str) -> Converted:
    if suffix not in FORMATS:
        return _READERS[suffix](content)
    if suffix not in _PANDOC_TEXTS:
        return read_by_pandoc(content, suffix)
    body, marks = split_front_matter(decode_text(content))
    found = read_by_pandoc(body.encode("utf-8", errors="replace"), suffix)
    return replace(found, marks={**found.marks, **marks})


def _first_heading(text: str) -> str | None:
    """The first heading that is no comment in code."""
    start = text[:_TITLE_WITHIN]
    code = find_code_lines(start)
    found = (_HEADING.match(line) for number, line in enumerate(start.split("\n")) if number not in code)
    title = next((heading[1] for heading in found if heading), "")
    return re.sub(r"[*_`]+", "", title.rstrip().rstrip("#")).strip() or None
