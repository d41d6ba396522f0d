"""What site generators leave in their pages: JSX, shortcodes, template tags, admonitions, anchors.

What a reader sees of them stays: an admonition's title, a tab's label. What a reader does not see leaves no trace.
"""

import re

_IMPORT = re.compile(r"(?:import\b(?=[\s{*\"'])|export\s+(?:const|let|default|function|async|\{)).*")
_STATEMENT_END = re.compile(r";\s*$|from\s+['\"][^'\"]+['\"]\s*$|^import\s+['\"][^'\"]+['\"]\s*$")
_COMPONENT = re.compile(r"</?[A-Z][\w.]{0,60}(?:\s[^<>{}]{0,2000})?/?>|</?>")
_SHOWN = re.compile(r"\s(?:title|label|summary|header|heading)=(?:\"([^\"]{1,300})\"|'([^']{1,300})')")
_SHORTCODE = re.compile(r"\{\{[<%]\s*(/?)\s*([\w/.-]{1,60})([^<>]{0,1000}?)/?\s*[>%]\}\}")
_QUOTED = re.compile(r"(?:title=|text=|name=|label=)?\"([^\"]{1,300})\"")
_NAMED_SHORTCODES = frozenset("tab details expand collapse button card notice callout tabpane".split())
_TEMPLATES = (("{%", "%}"), ("{{", "}}"), ("{#", "#}"))
_SAYING_TAG = re.compile(
    r"[-\s]{0,4}(\w{1,40})\s{1,4}(?:\"([^\"/\n]{1,60})\"|'([^'/\n]{1,60})')\s{0,4}(?:[\"'\w][^=]{0,80})?-?"
)
_SILENT_TAG = re.compile(
    r"if|for|end|set|assign|include|extends|block|import|from|load|raw|comment|layout|icon|ima?ge?|figure|asset|url|link"
    r"|page|video|youtube|gist|download|class|style|script|code|highlight|with|case|when|unless|render|call|macro",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"\.\w{2,5}$")
_ATTRIBUTES = re.compile(r"[ \t]{0,3}\{:?[ \t]{0,3}[#.][\w:. =\"'#-]{1,200}\}|\{:[^{}\n]{0,200}\}")
_CONTENTS = re.compile(r"[ \t]{0,3}(?:\[\[?_?toc_?\]?\]|<!-- toc -->|\$\{toc\})[ \t]{0,9}", re.IGNORECASE)
_CONTAINER = re.compile(
    r"([ \t]{0,12}):{3,6}[ \t]{0,3}\{?([\w-]{0,30})\}?(?:\[([^\]\n]{1,200})\])?[ \t]{0,3}(.{0,200})"
)
_MKDOCS = re.compile(
    r"([ \t]{0,12})(?:!!!|\?\?\?\+?|===!?)[ \t]{1,3}(?:([\w -]{1,60}?)[ \t]{0,3})?(?:\"([^\"]{0,200})\")?[ \t]{0,9}"
)
_ALERT = re.compile(r"(>[ \t]?)\[!(\w{1,20})\][ \t]{0,9}")
_EXPRESSION_TEXT = re.compile(r"\s{0,9}(?:\"([^\"]{0,300})\"|'([^']{0,300})'|`([^`$]{0,300})`)\s{0,9}")
_CODE = re.compile(r"(`{1,3})(?!`)[^\n]{1,500}?(?<!`)\1(?!`)")
_MASK = "\ue001"
_DEEPEST = 40


def drop_templates(text: str, code: set[int], is_mdx: bool) -> str:
    """The text with each line as its reader sees it; lines of code, by their numbers, stay as they are."""
    lines = text.split("\n")
    prose = _Prose(is_mdx)
    kept = [line if number in code else prose.read(line) for number, line in enumerate(lines)]
    return "\n".join(kept)


class _Prose:
    """Goes through lines that are no code: what one line opens may end in a later one."""

    def __init__(self, is_mdx: bool) -> None:
        self._is_mdx = is_mdx
        self._in_statement = False
        self._open = 0  # braces of an expression of MDX that are not closed
        self._indent = -1  # of the body of an admonition of MkDocs

    def read(self, line: str) -> str:
        """The line without its templates; code in backticks stays."""
        code = [found[0] for found in _CODE.finditer(line)]
        shown = self._read_masked(_CODE.sub(_MASK, line))
        for one in code:
            shown = shown.replace(_MASK, one, 1)
        return shown

    def _read_masked(self, line: str) -> str:
        if self._is_mdx and self._is_statement(line):
            return ""
        line = self._dedent(line)
        for change in (_read_container, _read_mkdocs, _read_alert, _read_shortcodes, _cut_templates):
            line = change(line)
        line = _COMPONENT.sub(_show_component, line)
        if self._is_mdx:
            line = self._cut_expressions(line)
        return _CONTENTS.sub("", _ATTRIBUTES.sub("", line)) if "{" in line or _CONTENTS.fullmatch(line) else line

    def _is_statement(self, line: str) -> bool:
        if not self._in_statement and not _IMPORT.match(line):
            return False
        self._in_statement = bool(line.strip()) and not _STATEMENT_END.search(line)
        return True

    def _dedent(self, line: str) -> str:
        found = _MKDOCS.fullmatch(line)
        if found and (found[2] or found[3]):
            self._indent = len(found[1]) + 4
            return line
        if self._indent < 0 or not line.strip():
            return line
        if len(line) - len(line.lstrip()) >= self._indent:
            return line[self._indent :]
        self._indent = -1
        return line

    def _cut_expressions(self, line: str) -> str:
        """`{…}` in MDX is code; a text in quotes within it is shown."""
        kept: list[str] = []
        start = 0
        for place, sign in enumerate(line):
            if sign == "{" and line[place - 1 : place] != "\\":
                if not self._open:
                    kept.append(line[start:place])
                    start = place + 1
                self._open = min(self._open + 1, _DEEPEST)
            elif sign == "}" and self._open:
                self._open -= 1
                if not self._open:
                    kept.append(_show_expression(line[start:place]))
                    start = place + 1
        return "".join(kept) if self._open else "".join([*kept, line[start:]])


def _show_expression(inside: str) -> str:
    found = _EXPRESSION_TEXT.fullmatch(inside)
    return (found[1] or found[2] or found[3] or "") if found else ""


def _show_component(found: re.Match[str]) -> str:
    shown = _SHOWN.search(found[0])
    said = (shown[1] or shown[2]) if shown else ""
    return f"**{said}** " if said else ""


def _read_container(line: str) -> str:
    """`:::tip Title` of Docusaurus and VitePress, `:::{note}` of MyST."""
    found = _CONTAINER.fullmatch(line)
    if not found:
        return line
    title = (found[3] or found[4] or found[2]).strip(" {}[]")
    return f"{found[1]}**{_capitalise(title)}**\n" if title else ""


def _read_mkdocs(line: str) -> str:
    """`!!! note "Title"`, and `=== "Tab"`."""
    found = _MKDOCS.fullmatch(line)
    if not found or not (found[2] or found[3]):
        return line
    title = found[3] if found[3] is not None else found[2]
    return f"{found[1]}**{_capitalise(title)}**\n" if title else ""


def _read_alert(line: str) -> str:
    """`> [!WARNING]` of GitHub."""
    found = _ALERT.fullmatch(line)
    return f"{found[1]}**{_capitalise(found[2])}**\n{found[1]}" if found else line


def _read_shortcodes(line: str) -> str:
    return _SHORTCODE.sub(_show_shortcode, line) if "{{" in line else line


def _show_shortcode(found: re.Match[str]) -> str:
    named = _QUOTED.search(found[3]) if found[2].lower() in _NAMED_SHORTCODES and not found[1] else None
    return f"**{named[1]}**" if named else ""


def _cut_templates(line: str) -> str:
    for begin, end in _TEMPLATES:
        place = 0
        kept: list[str] = []
        while (start := line.find(begin, place)) >= 0 and (stop := line.find(end, start + 2)) >= 0:
            kept += [line[place:start], _show_tag(line[:start], line[start + 2 : stop]) if begin == "{%" else ""]
            place = stop + 2
        line = "".join([*kept, line[place:]])
    return line


def _show_tag(before: str, tag: str) -> str:
    """What a tag says within a sentence: `Ask in {% channel "help-desk" %}.` names the channel."""
    found = _SAYING_TAG.fullmatch(tag)
    if not found or _SILENT_TAG.match(found[1]) or before.endswith("("):
        return ""
    said = (found[2] or found[3]).strip()
    if _FILE_NAME.search(said):
        return ""
    return f"#{said}" if "channel" in found[1].lower() and not said.startswith("#") else said


def _capitalise(title: str) -> str:
    return title[:1].upper() + (title[1:].lower() if title.isupper() else title[1:])
