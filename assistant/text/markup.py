"""Takes Markdown's and HTML's marks away, so that words and meaning are read from what a person reads."""

import re

_PATTERNS = (
    (re.compile(r"<!--.*?-->", re.DOTALL), " "),
    (re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{:.*?\}", re.DOTALL), " "),  # Liquid, which static sites leave in their pages
    (re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),
    (re.compile(r"</?(?:tr|p|li|div|br|h\d)\b[^>]*>"), "\n"),
    (re.compile(r"</?[a-zA-Z][^>]*>"), " "),
    (re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)"), ""),
    (re.compile(r"^[ \t]*\|?[ \t:|-]+\|[ \t:|-]*$", re.MULTILINE), ""),
)


def strip_markup(text: str) -> str:
    """The text without links' addresses, emphasis, tags, template code and table rules; lines stay lines."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text.strip()
