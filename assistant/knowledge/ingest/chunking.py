"""Cuts a Document's Markdown into pieces of about a paragraph or two, each with its path of headings."""

import re
from collections.abc import Iterator

from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.text.tokens import strip_markup

_CHUNK_CHARACTERS = 500
_IN_ROW = r"(?![^\n]{0,600}\|[ \t]*(?:\n|$))"
# Paragraphs first, then list items and sentences, then lines, and words only where nothing else is left.
_SEPARATORS = [
    r"\n\s*\n",
    r"\n(?=\s*(?:[-+*]|\d+[.)])\s)",
    rf"(?<=[.!?])\s+(?=[A-Z\"'(]){_IN_ROW}",
    r"\n",
    " ",
    "",
]
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t](.*))?")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")


def split_document(text: str, title: str = "") -> list[tuple[str, str]]:
    """(heading path like `Plans > City`, text) for each piece, in order; nothing but white space gives none.

    Each text stands in the document word for word, and has at most 500 characters that a person reads: links'
    addresses and other markup do not count. A heading that repeats the document's title is left out of the path.
    """
    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        is_separator_regex=True,
        chunk_size=_CHUNK_CHARACTERS,
        chunk_overlap=0,
        keep_separator="end",
        length_function=lambda piece: len(strip_markup(piece)),
    )
    return [
        (heading, piece.strip())
        for heading, section in _split_sections(text, title)
        for piece in splitter.split_text(section)
        if strip_markup(piece)
    ]


def _split_sections(text: str, document_title: str) -> Iterator[tuple[str, str]]:
    # Not langchain's MarkdownHeaderTextSplitter: it trims lines and drops blank ones and characters that cannot be
    # printed, so its sections are no longer the document's own text.
    path: dict[int, str] = {}
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        heading = None if fence else _HEADING.fullmatch(line)
        if heading:
            yield _join(path, document_title), "\n".join(lines)
            level = len(heading[1])
            path = {above: title for above, title in path.items() if above < level}
            path[level] = _plain(heading[2] or "")
            lines = []
        else:
            fence = _follow_fence(fence, line)
            lines.append(line)
    yield _join(path, document_title), "\n".join(lines)


def _follow_fence(fence: str, line: str) -> str:
    """The mark that closes the block of code after this line; empty outside of one, where `#` begins a heading."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return found[1]
    is_closed = found[1].startswith(fence) and not line[found.end() :].strip()
    return "" if is_closed else fence


def _join(path: dict[int, str], document_title: str) -> str:
    return " > ".join(title for title in path.values() if title and title != document_title)


def _plain(heading: str) -> str:
    return re.sub(r"[*_`#]+", "", heading).strip()
