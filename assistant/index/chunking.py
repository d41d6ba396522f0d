"""Cuts a Document's Markdown into pieces of about a paragraph or two, each with its path of headings."""

import re
from collections.abc import Iterator

from langchain_text_splitters import RecursiveCharacterTextSplitter

_CHUNK_CHARACTERS = 900
_OVERLAP_CHARACTERS = 0
_SEPARATORS = ["\n\n", "\n", ". ", "? ", "! ", " ", ""]
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t](.*))?")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")


def split_document(text: str) -> list[tuple[str, str]]:
    """(heading path like `Plans > City`, text) for each piece, in order; nothing but white space gives none.

    Each text stands in the document word for word.
    """
    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        chunk_size=_CHUNK_CHARACTERS,
        chunk_overlap=_OVERLAP_CHARACTERS,
        keep_separator="end",
    )
    return [
        (heading, piece.strip())
        for heading, section in _split_sections(text)
        for piece in splitter.split_text(section)
        if piece.strip()
    ]


def _split_sections(text: str) -> Iterator[tuple[str, str]]:
    # Not langchain's MarkdownHeaderTextSplitter: it trims lines and drops blank ones and characters that cannot be
    # printed, so its sections are no longer the document's own text.
    path: dict[int, str] = {}
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        heading = None if fence else _HEADING.fullmatch(line)
        if heading:
            yield _join(path), "\n".join(lines)
            level = len(heading[1])
            path = {above: title for above, title in path.items() if above < level}
            path[level] = _plain(heading[2] or "")
            lines = []
        else:
            fence = _follow_fence(fence, line)
            lines.append(line)
    yield _join(path), "\n".join(lines)


def _follow_fence(fence: str, line: str) -> str:
    """The mark that closes the block of code after this line; empty outside of one, where `#` begins a heading."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return found[1]
    is_closed = found[1].startswith(fence) and not line[found.end() :].strip()
    return "" if is_closed else fence


def _join(path: dict[int, str]) -> str:
    return " > ".join(title for title in path.values() if title)


def _plain(heading: str) -> str:
    return re.sub(r"[*_`#]+", "", heading).strip()
