"""Cuts Markdown into sentences that can be quoted word for word: list items, table rows and steps stay whole."""

import re
from collections.abc import Iterable, Iterator

from sentencex import segment

_BREAK = re.compile(r"\n\s*\n")
_LINE_BLOCK = re.compile(r"^\s*(?:[-*+]\s|\d+[.)]\s|\||>)")
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_MARKS = re.compile(r"(?<!\w)(\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_CLOSING = re.compile(r"(?:\[\^[^\]\s]{1,40}\]|[*_`\"”’)\]])+(?=\s|$)")
_LEAD = re.compile(r"^\s*(?:[-*+]\s+|\d+[.)]\s+|>\s*|#{1,6}\s+)")
_CLOSING_SIGNS = ')"”’」』）*_'
_WIDE_ENDS = "。！？｡．"  # no space follows these
_ENDS = re.compile(r"[.!?…。！？｡．।॥؟۔։።][)\"”’»」』）*_]*(?:\[\^[^\]\s]{1,40}\])*\s*$")


def split_sentences(text: str, language: str = "en") -> list[str]:
    """The sentences of a piece of Markdown in order, each a verbatim part of it without white space at its ends."""
    return [sentence for block in _BREAK.split(text) for sentence in _split_block(block, language) if sentence]


def ends_sentence(text: str) -> bool:
    """Return whether the text ends as a sentence does, in any script."""
    return bool(_ENDS.search(text))


def to_plain(markdown: str) -> str:
    """A sentence as a person reads it: links as their text, no emphasis marks, no list mark, cells set apart."""
    text = _LINK.sub(r"\1", _LEAD.sub("", markdown))
    text = _MARKS.sub(r"\2", text)
    if text.strip().startswith("|"):
        text = " · ".join(cell.strip() for cell in text.strip().strip("|").split("|") if cell.strip())
    return " ".join(text.split())


def _split_block(block: str, language: str) -> Iterator[str]:
    for part in _join_paragraph_lines(block):
        if _LINE_BLOCK.match(part):
            if not _TABLE_RULE.match(part):
                yield part.strip()
        else:
            yield from (sentence.strip() for sentence in _give_marks_back(_undo_cuts(segment(language, part))))


def _undo_cuts(sentences: Iterable[str]) -> list[str]:
    """`needs .NET 8` is one sentence: where no space follows a dot, none ends, but in scripts that use no spaces."""
    kept: list[str] = []
    for sentence in sentences:
        is_cut = kept and not kept[-1][-1:].isspace() and not sentence[:1].isspace()
        if is_cut and sentence[:1].isalnum() and not kept[-1].rstrip(_CLOSING_SIGNS).endswith(tuple(_WIDE_ENDS)):
            kept[-1] += sentence
        else:
            kept.append(sentence)
    return kept


def _give_marks_back(sentences: Iterable[str]) -> list[str]:
    """`**Do not ride.** Choose` is cut before the marks that close it: they belong to what stands before them."""
    kept: list[str] = []
    for sentence in sentences:
        closing = _CLOSING.match(sentence)
        if kept and closing and not kept[-1][-1:].isspace():
            kept[-1] += closing[0]
            sentence = sentence[closing.end() :]
        kept.append(sentence)
    return kept


def _join_paragraph_lines(block: str) -> list[str]:
    """Wrapped lines belong to the paragraph or list item above them; a new item or row begins a part of its own."""
    parts: list[str] = []
    for line in block.split("\n"):
        is_table_row = bool(parts) and parts[-1].lstrip().startswith("|")
        if not parts or _LINE_BLOCK.match(line) or is_table_row:
            parts.append(line)
        else:
            parts[-1] += "\n" + line
    return parts
