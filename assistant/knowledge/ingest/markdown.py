"""Markdown as its reader sees it: entities, tags and links of every form become plain ones; code stays as it is."""

import re
from html import unescape

from markdown_it import MarkdownIt

from assistant.knowledge.ingest.templates import drop_templates

# Blocks alone: what stands within a line is many times the work, and only fences are looked for.
_BLOCKS = MarkdownIt("commonmark").disable(["code", "html_block", "inline"])
_TICKS = re.compile("`+")
_DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)([^\]\n]{1,300})\]:[ \t]*<?(\S{1,2000}?)>?(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^)\n]*\)))?[ \t]*$"
)
_REFERENCE = re.compile(r"(?<![\]\\])\[([^\[\]\n]{1,300})\](?:\[([^\[\]\n]{0,300})\])?(?![(\[:])")
_NESTED_TARGET = re.compile(r"(?<=\]\()([^()\s]{0,1000})\(([^()\s]{0,200})\)([^()\s]{0,200})(?=[)\s])")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_BREAK = re.compile(r"[ \t]{0,9}<br\s{0,9}/?>[ \t]{0,9}", re.IGNORECASE)
_OPENING = re.compile(r"<([a-zA-Z]\w{0,30})(\s[^<>]{0,2000})>")
_HIDDEN = re.compile(r"\shidden(?=[\s=/]|\Z)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(
    r"\sstyle\s{0,9}=[^>]{0,500}?(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden)", re.IGNORECASE
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NEVER_CLOSED = frozenset("area br col embed hr img input link meta source wbr".split())
_TAGS = (
    "a abbr b big center cite code dd del details div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 i img ins kbd"
    " li mark ol p picture s section small source span strong sub summary sup u ul video"
)
_TAG = re.compile(rf"</?(?:{'|'.join(_TAGS.split())})\b[^<>]{{0,2000}}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ESCAPED = re.compile(r"(?<=\w)\\([_.\-#()&~+!])")


def read_markdown(text: str, is_mdx: bool = False) -> str:
    """The text with its markup made plain, line for line where it can be."""
    text = _drop_hidden(text)
    text = drop_templates(text, find_code_lines(text), is_mdx)
    code = find_code_lines(text)
    lines = text.split("\n")
    targets = {
        found[1].casefold(): found[2]
        for number, line in enumerate(lines)
        if number not in code and (found := _DEFINITION.match(line))
    }
    kept = ["" if number not in code and _DEFINITION.match(line) else line for number, line in enumerate(lines)]
    return "".join(
        run if is_code else _read_prose(run, targets) for is_code, run in _split_runs(kept, code)
    ).removesuffix("\n")


def find_code_lines(text: str) -> set[int]:
    """The numbers of the lines that are code between fences."""
    fences = (token.map for token in _BLOCKS.parse(text) if token.type == "fence" and token.map)
    return {number for first, last in fences for number in range(first, last)}


def _split_runs(lines: list[str], code: set[int]) -> list[tuple[bool, str]]:
    """Neighbouring lines of one kind as (whether they are code, their text)."""
    runs: list[tuple[bool, list[str]]] = []
    for number, line in enumerate(lines):
        if not runs or runs[-1][0] != (number in code):
            runs.append((number in code, []))
        runs[-1][1].append(line)
    return [(is_code, "\n".join(run) + "\n") for is_code, run in runs]


def _drop_hidden(text: str) -> str:
    """The text without elements that a browser hides; one that is never closed hides all that follows."""
    masked = _mask_code(text)
    kept, place = [], 0
    while (opening := _find_hidden(masked, place)) is not None:
        kept.append(text[place : opening.start()])
        place = _find_end(masked, opening)
    return "".join([*kept, text[place:]])


def _find_hidden(masked: str, place: int) -> re.Match[str] | None:
    for found in _OPENING.finditer(masked, place):
        is_hidden = _HIDDEN.search(_QUOTED.sub('""', found[2])) or _HIDDEN_STYLE.search(found[2])
        if is_hidden and found[1].lower() not in _NEVER_CLOSED and not found[2].endswith("/"):
            return found
    return None


def _find_end(masked: str, opening: re.Match[str]) -> int:
    depth = 1
    for tag in re.compile(rf"<(/?){opening[1]}\b[^<>]{{0,2000}}>", re.IGNORECASE).finditer(masked, opening.end()):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return len(masked)


def _mask_code(text: str) -> str:
    """The text with another sign for each sign of its code, so that places stay the same."""
    code = find_code_lines(text)
    lines = ["\x01" * len(line) if number in code else line for number, line in enumerate(text.split("\n"))]
    masked, kept, place = "\n".join(lines), [], 0
    for start, end in _find_inline_code(masked):
        kept += [masked[place:start], "\x01" * (end - start)]
        place = end
    return "".join([*kept, masked[place:]])


def _find_inline_code(text: str) -> list[tuple[int, int]]:
    """Where code in backticks begins and ends; as many close it as opened it, in the same paragraph."""
    ticks = list(_TICKS.finditer(text))
    closing: dict[int, int] = {}  # place of a run of backticks -> place of the next run of its length
    following: dict[int, int] = {}
    for place in range(len(ticks) - 1, -1, -1):
        if place + 1 < len(ticks) and text.find("\n\n", ticks[place].end(), ticks[place + 1].start()) >= 0:
            following.clear()
        length = len(ticks[place][0])
        if length in following:
            closing[place] = following[length]
        following[length] = place
    spans, place = [], 0
    while place < len(ticks):
        end = closing.get(place)
        if end is not None:
            spans.append((ticks[place].start(), ticks[end].end()))
        place = (place if end is None else end) + 1
    return spans


def _read_prose(text: str, targets: dict[str, str]) -> str:
    kept, place = [], 0
    for start, end in _find_inline_code(text):
        kept += [_read_inline(text[place:start], targets), text[start:end]]
        place = end
    return "".join([*kept, _read_inline(text[place:], targets)])


def _read_inline(text: str, targets: dict[str, str]) -> str:
    text = _REFERENCE.sub(lambda found: _to_link(found, targets), text)
    text = _NESTED_TARGET.sub(r"\1%28\2%29\3", text)
    text = _AUTOLINK.sub(lambda found: found[1].removeprefix("mailto:"), text)
    text = "\n".join(_read_line(line) for line in text.split("\n"))
    return _ENTITY.sub(_read_entity, text)


def _read_line(line: str) -> str:
    is_row = line.count("|") > 1
    return _ESCAPED.sub(r"\1", _TAG.sub("", _BREAK.sub(", " if is_row else "\n", line)))


def _to_link(found: re.Match[str], targets: dict[str, str]) -> str:
    target = targets.get((found[2] or found[1]).casefold())
    return f"[{found[1]}]({target})" if target else found[0]


def _read_entity(found: re.Match[str]) -> str:
    """The sign; one that would be markup stays written out."""
    sign = unescape(found[0]).replace("\xa0", " ")
    return found[0] if sign in ("<", "|", "*", "_", "`", "[", "]") else sign
