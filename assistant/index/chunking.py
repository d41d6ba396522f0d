"""Cuts a Document's Markdown into pieces of about a paragraph or two, each with its path of headings."""

import re

from langchain_text_splitters import MarkdownHeaderTextSplitter, RecursiveCharacterTextSplitter

_LEVELS = [("#" * level, str(level)) for level in range(1, 7)]
_CHUNK_CHARACTERS = 900
_OVERLAP_CHARACTERS = 0
_SEPARATORS = ["\n\n", "\n", ". ", "? ", "! ", " ", ""]


def split_document(text: str) -> list[tuple[str, str]]:
    """(heading path like `Plans > City`, text) for each piece, in order; nothing but white space gives none."""
    sections = MarkdownHeaderTextSplitter(_LEVELS, strip_headers=True).split_text(text)
    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        chunk_size=_CHUNK_CHARACTERS,
        chunk_overlap=_OVERLAP_CHARACTERS,
        keep_separator="end",
    )
    pieces = []
    for section in sections:
        heading = " > ".join(_plain(section.metadata[level]) for _, level in _LEVELS if level in section.metadata)
        pieces += [(heading, piece.strip()) for piece in splitter.split_text(section.page_content) if piece.strip()]
    return pieces


def _plain(heading: str) -> str:
    return re.sub(r"[*_`#]+", "", heading).strip()
