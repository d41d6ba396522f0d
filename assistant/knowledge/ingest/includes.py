"""Pages that take in others: includes, snippets and partials are put where they stand.

Only what lies below the folder that is ingested is taken in, each within bounds.
"""

import os
import re
from pathlib import Path

from assistant.knowledge.ingest.front_matter import split_front_matter
from assistant.knowledge.ingest.visible import decode_text

_MOST_BYTES, _MOST_INCLUDES, _DEEPEST = 1_000_000, 200, 5
_LINES = (
    re.compile(r"[ \t]*include::([^\[\]\n]{1,300})\[[^\]\n]{0,300}\][ \t]*"),  # AsciiDoc
    re.compile(r"[ \t]*\.\. include::[ \t]+(\S{1,300})[ \t]*"),  # reStructuredText
    re.compile(r"[ \t]*-{1,3}8<-{1,3}[ \t]+[\"']([^\"'\n]{1,300})[\"'][ \t]*"),  # MkDocs
    re.compile(r"[ \t]*\{\{#include[ \t]+([^}\s:]{1,300})[^}\n]{0,100}\}\}[ \t]*"),  # mdBook
    re.compile(r"[ \t]*\{!([^!{}\n]{1,300})!\}[ \t]*"),  # markdown-include
    re.compile(r"[ \t]*\[!INCLUDE(?: |\[)[^\]\n]{0,200}\]\(([^)\s]{1,300})\)\]?[ \t]*", re.IGNORECASE),  # Microsoft
    re.compile(r"[ \t]*\{%-?[ \t]*include(?:_relative)?[ \t]+([\w./-]{1,300})[^%\n]{0,300}%\}[ \t]*"),  # Jekyll
    re.compile(r"[ \t]*<!--[ \t]*@include:[ \t]*([^\s<>]{1,300})[ \t]*-->[ \t]*"),  # VitePress
)
_IMPORT = re.compile(r"^import\s+(\w{1,60})\s+from\s+['\"]([^'\"\n]{1,300}\.mdx?)['\"];?[ \t]*$", re.MULTILINE)
_SHOWN = re.compile(r"<([A-Z]\w{0,60})(?:\s[^<>]{0,500})?/>")
_ANTORA = re.compile(r"(?:[\w.@-]{0,60}:)?(?:([\w-]{1,60}):)?(partial|example)\$(.{1,300})")
_TAGGED = re.compile(r"\[[^\]\n]{0,100}?tags?=([\w-]{1,60})")
_TAG_LINE = re.compile(r"(?:tag|end)::[\w-]{1,60}\[\]")
_PLACES = ("", "_includes", "includes", "partials", "snippets", "_snippets", "docs", "docs/partials")
_PARTIALS = frozenset(
    {"_includes", "includes", "partials", "snippets", "_snippets", "examples"}
)  # no pages by themselves
KINDS = frozenset({".md", ".markdown", ".mdx", ".rst", ".adoc", ".asciidoc"})
_HINTS = (b"include", b"8<", b"{!", b"import ", b"INCLUDE")


def take_in(content: bytes, path: Path, root: Path) -> tuple[bytes, tuple[str, ...]]:
    """The page with what it takes in, and what is not there; as it is where it takes in nothing."""
    if not any(hint in content for hint in _HINTS):
        return content, ()
    text = decode_text(content)
    includes = _Includes(root if root.is_dir() else path.parent, path)
    whole = includes.expand(text, path, 0)
    missing = tuple(dict.fromkeys(includes.missing))
    return content if whole == text else whole.encode("utf-8", errors="replace"), missing


def _choose_tagged(text: str, line: str) -> str:
    """The part of a file that an AsciiDoc page names: what stands between `tag::x[]` and `end::x[]`."""
    named = _TAGGED.search(line)
    lines = text.split("\n")
    if named and (begin := _find_line(lines, f"tag::{named[1]}[]")) is not None:
        lines = lines[begin + 1 : _find_line(lines, f"end::{named[1]}[]")]
    return "\n".join(one for one in lines if not _TAG_LINE.search(one))


def _find_line(lines: list[str], sign: str) -> int | None:
    return next((number for number, line in enumerate(lines) if sign in line), None)


class _Includes:
    def __init__(self, root: Path, page: Path) -> None:
        self._root = Path(os.path.realpath(root))
        self._folders = _find_folders(page.parent, root)
        self._left = _MOST_INCLUDES
        self.missing: list[str] = []

    def expand(self, text: str, path: Path, depth: int) -> str:
        if depth > _DEEPEST:
            return text
        if path.suffix.lower() == ".mdx" or "import " in text:
            text = self._expand_components(text, path, depth)
        return "\n".join(self._expand_line(line, path, depth) for line in text.split("\n"))

    def _expand_line(self, line: str, path: Path, depth: int) -> str:
        if "include" not in line.lower() and "8<" not in line and "{!" not in line:
            return line
        for pattern in _LINES:
            if found := pattern.fullmatch(line):
                taken = self._read(found[1], path, depth)
                if taken is None:
                    self.missing.append(found[1])
                return _choose_tagged(taken or "", line)
        return line

    def _expand_components(self, text: str, path: Path, depth: int) -> str:
        """`import Steps from './_steps.mdx'` and then `<Steps />`."""
        partials = dict(_IMPORT.findall(text))
        if not partials:
            return text

        def show(found: re.Match[str]) -> str:
            taken = self._read(partials[found[1]], path, depth) if found[1] in partials else None
            return found[0] if taken is None else f"\n{taken}\n"

        return _SHOWN.sub(show, text)

    def _read(self, name: str, path: Path, depth: int) -> str | None:
        """The text of what is taken in; None where there is none that may be."""
        found = self._find(name.strip(), path)
        if found is None or self._left <= 0:
            return None
        self._left -= 1
        try:
            text, marks = split_front_matter(decode_text(found.read_bytes()))
        except OSError:
            return None
        if str(marks.get("audience") or "public").strip().lower() != "public":
            return None  # the page that takes it in may be public
        return self.expand(text.strip("\n"), found, depth + 1)

    def _find(self, name: str, path: Path) -> Path | None:
        name = name.removeprefix("@site/").removeprefix("~/")
        if antora := _ANTORA.fullmatch(name):
            return self._find_above(Path(antora[1] or ".", f"{antora[2]}s", antora[3].lstrip("/")), path)
        bases = [path.parent, *(self._root / place for place in _PLACES)]
        return next((found for base in bases if (found := self._check(base / name, path))), None)

    def _find_above(self, below: Path, path: Path) -> Path | None:
        return next((found for base in path.parents if (found := self._check(base / below, path))), None)

    def _check(self, place: Path, path: Path) -> Path | None:
        real = Path(os.path.realpath(place))
        try:
            is_fit = real.is_relative_to(self._root) and real.is_file() and real.stat().st_size <= _MOST_BYTES
            is_fit = is_fit and (real.stat().st_nlink == 1 or "internal" in self._folders)
        except (OSError, ValueError):
            return None
        return real if is_fit and self._may_show(real) and real != Path(os.path.realpath(path)) else None

    def _may_show(self, real: Path) -> bool:
        """Whether the page may show this file: one below `public` only what is public too, or a part of pages."""
        if "internal" in self._folders:
            return True
        folders = _find_folders(real.parent, self._root)
        is_open = "public" in folders or not _PARTIALS.isdisjoint(folders)
        return "internal" not in folders and (is_open or "public" not in self._folders)


def _find_folders(folder: Path, root: Path) -> frozenset[str]:
    """The names above a file that say who may read it, in small letters: every `internal`, and `public` at the top."""
    names = [name.lower() for name in folder.parts]
    below = [name.lower() for name in folder.relative_to(root).parts] if folder.is_relative_to(root) else []
    top = {"public"}.intersection((root.name.lower(), *below[:1]))
    return frozenset(name for name in names if name != "public") | top
