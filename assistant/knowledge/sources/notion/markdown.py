"""Notion's own Markdown as everybody's: what its tags show stays, the tags go."""

import re

from assistant.domain.outside import DOCUMENT, bound
from assistant.errors import EmptyDocumentError
from assistant.knowledge.ingest.converted import Converted, count, list_unread
from assistant.knowledge.ingest.html_pages import read_html
from assistant.knowledge.ingest.markdown import read_markdown

_FENCE = re.compile(r"[ \t]*```")
_TABLE_START, _TABLE_END = re.compile(r"\s*<table\b"), re.compile(r"</table>")
_ATTRIBUTES = re.compile(r"[ \t]*\{(?:color|toggle|underline)=[^{}\n]{0,100}\}")
_FILE = re.compile(r"<(?:file|pdf|audio|video)\b[^<>\n]{0,4000}>")
_SUMMARY = re.compile(r"<summary[^<>\n]{0,200}>(.{0,2000}?)</summary>")
_BREAK = re.compile(r"<br ?/?>")
_TAG = re.compile(
    r"</?(?:audio|callout|column|columns|database|data-source|details|empty-block|file|image|meeting-notes"
    r"|mention-[a-z-]{1,20}|notes|page|pdf|span|summary|synced_block|synced_block_reference|table_of_contents"
    r"|transcript|unknown|video)\b[^<>\n]{0,4000}>"
)
_PICTURE = re.compile(r"!\[([^\]\n]{0,1000})\]\([^)\n]{0,4000}\)")
_ESCAPED = re.compile(r"\\([\\*~`$\[\]<>{}|^])")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}\.) ")


def read_notion(content: bytes) -> Converted:
    """A page's Markdown. Raises EmptyDocumentError."""
    text = bound(content.decode("utf-8", errors="replace"), DOCUMENT)
    files = len(_FILE.findall(text))
    unknown = text.count("<unknown")
    written = read_markdown("\n".join(_clean(text.split("\n"))), False).strip()
    if not written:
        raise EmptyDocumentError("has no text in it")
    return Converted(written, unread=list_unread(count(files, "file"), count(unknown, "part that Notion keeps back")))


def _clean(lines: list[str]) -> list[str]:
    cleaned: list[str] = []
    table: list[str] = []
    is_code = False
    for line in lines:
        if not is_code and (table or _TABLE_START.match(line)):
            table.append(line)
            if _TABLE_END.search(line):
                cleaned += ["", *read_html("\n".join(table)).text.split("\n"), ""]
                table = []
            continue
        if _FENCE.match(line):
            is_code = not is_code
            cleaned.append(line.lstrip("\t"))
        else:
            cleaned.append(line if is_code else _clean_line(line))
    return cleaned + table


def _clean_line(line: str) -> str:
    """One line without tags; what is indented is no code, and only an item of a list keeps its place."""
    plain = line.lstrip("\t")
    depth = len(line) - len(plain)
    for pattern, shown in ((_ATTRIBUTES, ""), (_SUMMARY, r"**\1**"), (_PICTURE, r"\1"), (_BREAK, " "), (_TAG, "")):
        plain = pattern.sub(shown, plain)
    plain = _ESCAPED.sub(r"\1", plain).strip()
    if _ITEM.match(plain):
        return "  " * depth + plain
    # Notion sets one block on each line, Markdown joins lines to a paragraph.
    return f"{plain}\n" if plain and not plain.startswith((">", "|")) else plain
