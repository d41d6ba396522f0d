"""What files without front matter say of themselves: the head of an HTML page, the properties of Office and PDF."""

import re
import zipfile
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser

_NAMES = {"author": "owner", "dcterms.date": "updated", "date": "updated"}
_PROPERTY = re.compile(r"<(?:dc|dcterms):(title|creator|modified|description)\b[^>]*>([^<]*)<")
_PROPERTY_BYTES = 100_000
_GENERIC_TITLES = frozenset({"powerpoint presentation", "word document", "untitled", "document"})
_SENTENCES = {  # what a PDF's subject or an Office file's comment may say
    "updated": re.compile(r"\bupdated:? (\d{4}-\d\d-\d\d)", re.IGNORECASE),
    "review_by": re.compile(r"\breview by:? (\d{4}-\d\d-\d\d)", re.IGNORECASE),
    "url": re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;)])"),
    "audience": re.compile(r"\baudience:? (\w+)", re.IGNORECASE),
    "status": re.compile(r"\bstatus:? (\w+)", re.IGNORECASE),
}


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


def read_html_marks(html: str) -> dict[str, str]:
    """Owner (or author), updated, review_by, audience and the canonical address."""
    head = _Head()
    head.feed(html)
    return head.marks


def read_office_marks(package: zipfile.ZipFile) -> dict[str, str]:
    """The core properties of an Office file; nothing when there are none."""
    if "docProps/core.xml" not in package.namelist():
        return {}
    with package.open("docProps/core.xml") as part:
        xml = part.read(_PROPERTY_BYTES).decode("utf-8", errors="replace")
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
