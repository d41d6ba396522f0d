"""Cuts a chunk into what can be quoted by itself: a sentence, a list with its lead-in, a row with its header."""

import re
from dataclasses import dataclass

from assistant.text.sentences import split_sentences, to_plain

_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s")
_ROW = re.compile(r"^\s*\|")
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|[\s:|-]*$")
_ENDS = re.compile(r"[.!?…][)\"”’*_]*$")
_MOST_LIST_CHARACTERS = 700


@dataclass(frozen=True)
class Unit:
    """`quote` stands in the chunk word for word; `text` is how a person reads it, a list item a line."""

    quote: str
    text: str


def split_units(chunk: str) -> list[Unit]:
    """The units of a chunk in order. A heading, a table's header and a lead-in without its list are none."""
    sentences = split_sentences(chunk)
    units: list[Unit] = []
    place = 0
    while place < len(sentences):
        items = _count_items(sentences, place + 1)
        if items and not _ITEM.match(sentences[place]) and _is_lead_in(sentences[place]):
            units += _join_list(chunk, sentences[place : place + 1 + items])
            place += 1 + items
        elif _ROW.match(sentences[place]):
            rows = _count_rows(sentences, place)
            units += _read_table(chunk, sentences[place : place + rows])
            place += rows
        elif run := _count_items(sentences, place):
            units += _join_list(chunk, sentences[place : place + run])
            place += run
        else:
            units += [Unit(sentences[place], to_plain(sentences[place]))] * bool(_ENDS.search(sentences[place]))
            place += 1
    return units


def _is_lead_in(sentence: str) -> bool:
    return not _ENDS.search(sentence) or sentence.rstrip("*_ ").endswith(":")


def _count_items(sentences: list[str], start: int) -> int:
    end = start
    while end < len(sentences) and _ITEM.match(sentences[end]):
        end += 1
    return end - start


def _count_rows(sentences: list[str], start: int) -> int:
    end = start
    while end < len(sentences) and _ROW.match(sentences[end]):
        end += 1
    return end - start


def _join_list(chunk: str, sentences: list[str]) -> list[Unit]:
    """A list stays whole while it is short; of a long one each item stands for itself."""
    whole = _span(chunk, sentences)
    if len(whole) <= _MOST_LIST_CHARACTERS:
        return [Unit(whole, "\n".join(_show_item(sentence) for sentence in sentences))]
    return [Unit(sentence, _show_item(sentence)) for sentence in sentences if _ITEM.match(sentence)]


def _show_item(sentence: str) -> str:
    found = _ITEM.match(sentence)
    if not found:
        return to_plain(sentence)
    mark = found[0].strip()
    return f"{mark if mark[0].isdigit() else '•'} {to_plain(sentence)}"


def _read_table(chunk: str, rows: list[str]) -> list[Unit]:
    """Each row under its header's words; where the header stands in another chunk, the row's cells alone."""
    has_header = len(rows) > 1 and _RULE.search(_after(chunk, rows[0])) is not None
    if not has_header:
        return [Unit(row, to_plain(row)) for row in rows]
    header = _cells(rows[0])
    return [Unit(row, _show_row(header, _cells(row))) for row in rows[1:]]


def _show_row(header: list[str], cells: list[str]) -> str:
    named = [f"{name}: {cell}" if name else cell for name, cell in zip(header, cells, strict=False) if cell]
    return "; ".join(named)


def _cells(row: str) -> list[str]:
    return [to_plain(cell) for cell in row.strip().strip("|").split("|")]


def _after(chunk: str, line: str) -> str:
    return chunk[chunk.find(line) + len(line) :].lstrip("\n").split("\n", 1)[0]


def _span(chunk: str, sentences: list[str]) -> str:
    """From the first sentence to the end of the last, as it stands in the chunk."""
    start = chunk.find(sentences[0])
    end = start
    for sentence in sentences:
        end = chunk.find(sentence, end) + len(sentence)
    return chunk[start:end]
