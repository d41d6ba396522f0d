"""Takes Markdown's and HTML's marks away, so that words and meaning are read from what a person reads."""

import re

_COMMENT = ("<!--", "-->")
_TEMPLATES = (("{%", "%}"), ("{{", "}}"), ("{:", "}"))  # Liquid, which static sites leave in their pages
_PATTERNS = (
    (re.compile(r"!?\[([^\]]{0,300})\](?:\([^)]{0,2000}\)|\[[^\]]{0,300}\])"), r"\1"),
    (re.compile(r"</?(?:tr|p|li|div|br|h\d)\b[^<>]*+>"), "\n"),
    (re.compile(r"</?[a-zA-Z][^<>]*+>"), " "),
    (re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)"), ""),
    (re.compile(r"^(?=[^\n|]*\|)[ \t:|-]{2,}+$", re.MULTILINE), ""),
)


def strip_markup(text: str) -> str:
    """The text without links' addresses, emphasis, tags, template code and table rules; lines stay lines."""
    text = strip_comments(text, " ")
    for begin, end in _TEMPLATES:
        text = _cut_out(text, begin, end, " ")
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text.strip()


def strip_comments(text: str, replacement: str = "") -> str:
    """The text without HTML's comments, which its readers do not see."""
    return _cut_out(text, *_COMMENT, replacement)


def _cut_out(text: str, begin: str, end: str, replacement: str) -> str:
    """Replace all from `begin` to `end`; one that is never closed stays. A pattern would look for its end each time."""
    kept: list[str] = []
    place = 0
    while (start := text.find(begin, place)) >= 0 and (stop := text.find(end, start + len(begin))) >= 0:
        kept += [text[place:start], replacement]
        place = stop + len(end)
    return "".join([*kept, text[place:]])
