"""HTML as Markdown: what a browser shows of the page's own text, with its footnotes, merged cells and code."""

from __future__ import annotations  # bs4 is imported only where a page is read

import re
from typing import TYPE_CHECKING, Any

from assistant.knowledge.ingest.converted import Converted
from assistant.knowledge.ingest.properties import read_html_marks
from assistant.knowledge.ingest.visible import drop_hidden

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_BLANK_LINES = re.compile(r"\n{3,}")
_WRITTEN_NUMBER = re.compile(r"\s*\[?\d{0,5}\]?\s*")
_LANGUAGE = re.compile(r"(?:language-|lang-|highlight-|sourceCode )([\w+#-]{1,30})")
_ONE_WORD = re.compile(r"([\w+#-]{1,30})")
_VERSIONS = {"versionadded": "New in version", "versionchanged": "Changed in version", "deprecated": "Deprecated since"}
_ROLES_OF_PROSE = frozenset("doc ref term abbr numref download any".split())
_TARGET = re.compile(r"^(.{1,300}?)\s*<[^<>]{1,300}>$", re.DOTALL)


def read_html(html: str) -> Converted:
    """The page's Markdown, its title and the marks of its head."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(_close(html), "html.parser")
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    drop_hidden(soup)
    for element in soup.find_all(["head", "title"]):
        element.extract()
    body = _find_main(soup)
    for change in (_join_footnotes, _spread_definitions, _plain_roles, _name_admonitions, _name_rows):
        change(body)
    return Converted(_write(body), " ".join(title.split()) or None, read_html_marks(html))


def _close(html: str) -> str:
    """The page with what follows its last tag as text: the parser looks for the end of each tag in all that follows."""
    end = html.rfind(">") + 1
    return html[:end] + html[end:].replace("<", "&lt;")


def show_visible(html: str) -> str:
    """The page's HTML without what a browser hides."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(_close(html), "html.parser")
    drop_hidden(soup)
    return str(soup)


def _find_main(soup: BeautifulSoup) -> Tag:
    """The part that the page calls its main one, where it is the only one and has text."""
    found = soup.find_all(_is_main)
    return found[0] if len(found) == 1 and found[0].get_text(strip=True) else soup


def _is_main(element: Tag) -> bool:
    return element.name == "main" or element.get("role") == "main"


def _join_footnotes(body: Tag) -> None:
    """A link to a note that leads back is a footnote: its text stays with what cites it."""
    notes = {str(element["id"]): element for element in body.find_all(["li", "p", "div", "aside"], id=True)}
    for number, link in enumerate(body.find_all("a", href=True), start=1):
        note = notes.get(str(link["href"]).removeprefix("#")) if str(link["href"]).startswith("#") else None
        back = _find_way_back(note, link) if note else None
        if note is None or back is None:
            continue
        back.extract()
        holders = note.find_parents(["ol", "section", "ul"])
        outer = link.parent if link.parent is not None and link.parent.name in ("sup", "span") else link
        outer.replace_with(f"[^{number}]")
        said = " ".join(note.get_text().split())
        note.extract()
        body.append(_paragraph(f"[^{number}]: {said}"))
        for holder in holders:
            if not holder.get_text(strip=True):
                holder.extract()


def _find_way_back(note: Tag, link: Tag) -> Tag | None:
    names = {str(element.get("id")) for element in (link, *link.parents) if element.get("id")}
    back = note.find_all("a", href=True)
    return next((one for one in back if str(one["href"]).removeprefix("#") in names), None)


def _paragraph(text: str, is_bold: bool = False) -> Tag:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup("", "html.parser")
    paragraph = soup.new_tag("p")
    holder = soup.new_tag("b") if is_bold else paragraph
    holder.string = text
    if is_bold:
        paragraph.append(holder)
    return paragraph


def _spread_definitions(body: Tag) -> None:
    """A term and what it means on one line, as `**Deposit:** 25 pounds`; a summary above what it opens."""
    for term in body.find_all("dt"):
        name = term.get_text(" ", strip=True)
        following = term.find_next_sibling()
        if following is None or following.name != "dd" or following.find(["p", "ul", "ol", "table", "pre", "dl"]):
            term.replace_with(_paragraph(name, is_bold=True))
            continue
        paragraph = _paragraph(name.rstrip(":") + ":", is_bold=True)
        paragraph.append(" ")
        paragraph.extend(list(following.contents))
        following.extract()
        term.replace_with(paragraph)
    for element in body.find_all(["dl", "dd"]):
        element.unwrap()
    for summary in body.find_all("summary"):
        summary.replace_with(_paragraph(summary.get_text(" ", strip=True), is_bold=True))


def _plain_roles(body: Tag) -> None:
    """What Sphinx's roles show: `:doc:` the words of a link, `:func:` a name as code."""
    for code in body.find_all("code", class_="interpreted-text"):
        text = code.get_text()
        found = _TARGET.match(text)
        shown = found[1] if found else text
        if shown.startswith("~"):
            shown = shown.rpartition(".")[2].lstrip("~")
        if code.get("role") in _ROLES_OF_PROSE:
            code.replace_with(shown if found else shown.strip("/").replace("-", " ").replace("_", " "))
        else:
            code.string = shown.lstrip("!")


def _name_rows(body: Tag) -> None:
    """Rows below the others are rows."""
    for part in body.find_all("tbody"):
        if not part.find("tr"):
            part.extract()
    for foot in body.find_all("tfoot"):
        foot.name = "tbody"


def _name_admonitions(body: Tag) -> None:
    for title in body.select("div.title"):
        title.replace_with(_paragraph(title.get_text(" ", strip=True), is_bold=True))
    for contents in body.select("div.toctree, div.contents, div.only"):
        if "only" not in (contents.get("class") or []):
            contents.extract()
    for name, said in _VERSIONS.items():
        for element in body.select(f"div.{name}"):
            element.insert(0, f"{said} ")


def _write(body: Tag) -> str:
    from markdownify import MarkdownConverter

    class MarkdownWriter(MarkdownConverter):
        """Keeps addresses of links, drops pictures that are written out in the page itself."""

        def convert_img(self, el: Tag, text: str, parent_tags: Any) -> str:
            return str(el.get("alt") or "").replace("\n", " ")

        def convert_a(self, el: Tag, text: str, parent_tags: Any) -> str:
            target = str(el.get("href") or "")
            if not text.strip() or not target.startswith(("http://", "https://", "mailto:", "/", ".", "tel:")):
                return text
            return f"[{text.strip()}]({target})" if text.strip() != target else target

    writer = MarkdownWriter(
        heading_style="ATX",
        bullets="-",
        strong_em_symbol="*",
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
        code_language_callback=_find_language,
    )
    written = str(writer.convert_soup(body)).replace("\xa0", " ")
    lines = (line.rstrip() for line in written.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _find_language(element: Tag) -> str:
    named = [element, *element.find_all("code", recursive=False)]
    classes = " ".join(name for one in named for name in (one.get("class") or []))
    found = _LANGUAGE.search(classes) or _ONE_WORD.fullmatch(classes)
    return found[1] if found else ""
