"""Kinds of document that pandoc reads, a program of its own beside Earshot: reStructuredText, AsciiDoc, Org, EPUB, …

It runs in its sandbox (no file, no network), for a bounded time and in bounded memory.
"""

import re
import shutil
import subprocess
from functools import lru_cache

from assistant.errors import SourceError
from assistant.knowledge.ingest.converted import Converted, refuse_unreadable
from assistant.knowledge.ingest.front_matter import MARKS
from assistant.knowledge.ingest.html_pages import read_html

FORMATS = {
    ".rst": "rst",
    ".rest": "rst",
    ".adoc": "asciidoc",
    ".asciidoc": "asciidoc",
    ".org": "org",
    ".wiki": "mediawiki",
    ".mediawiki": "mediawiki",
    ".ipynb": "ipynb",
    ".epub": "epub",
    ".odt": "odt",
    ".rtf": "rtf",
}
WRITTEN = frozenset({"rst", "asciidoc", "org", "mediawiki"})
"""Those that are plain text, in whatever encoding."""

_TIMEOUT_SECONDS = 120
_OPTIONS = (
    "--sandbox",
    "--to=html",
    "--standalone",
    "--wrap=none",
    "--track-changes=accept",
    "--no-highlight",
    "--shift-heading-level-by=1",
)
_MEMORY = ("+RTS", "-M1500M", "-RTS")
_MARK = re.compile(rf"^(?::|#\+)({'|'.join(MARKS)}):[ \t]*(\S.*)$", re.IGNORECASE)
_FIRST_LINES = 40
_EXTENSION = re.compile(r"\[[^\]\n]{0,200}\]|={4,}|\*{4,}|--|\+|[^\s:][^:\n]{0,60}::")
_MISSING = "needs pandoc, which is not installed: pip install 'earshot[documents]'"


@lru_cache(maxsize=1)
def find_pandoc() -> str | None:
    """The program: that of the package, else one on the PATH."""
    try:
        import pypandoc
    except ImportError:
        return shutil.which("pandoc")
    try:
        return str(pypandoc.get_pandoc_path())
    except OSError:
        return None


def read_by_pandoc(content: bytes, suffix: str) -> Converted:
    """Convert a file of one of FORMATS. Raises SourceError."""
    pandoc = find_pandoc()
    if pandoc is None:
        raise SourceError(_MISSING)
    html = _run(pandoc, FORMATS[suffix], content)
    if html is None and FORMATS[suffix] == "asciidoc":
        html = _run(pandoc, FORMATS[suffix], _simplify(content))
    if html is None:
        raise refuse_unreadable(suffix)
    # Where a title is missing, pandoc writes a dash.
    found = read_html(html.replace("<title>-</title>", ""))
    marks = {**found.marks, **(_read_marks(content.decode()) if FORMATS[suffix] in WRITTEN else {})}
    marks.pop("generator", None)
    return Converted(found.text, found.title, marks)


def _simplify(content: bytes) -> bytes:
    """AsciiDoc without what extensions such as tabs add to it."""
    lines = content.decode("utf-8", errors="replace").split("\n")
    return "\n".join(line for line in lines if not _EXTENSION.fullmatch(line.rstrip())).encode()


def _run(pandoc: str, kind: str, content: bytes) -> str | None:
    """The HTML; None where pandoc does not understand the file."""
    command = [pandoc, f"--from={kind}", *_OPTIONS, *_MEMORY]
    try:
        done = subprocess.run(  # noqa: S603  # the program is pandoc, and no option comes from outside
            command, input=content, capture_output=True, timeout=_TIMEOUT_SECONDS, check=False, env={"LANG": "C.UTF-8"}
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"takes pandoc more than {_TIMEOUT_SECONDS} seconds to read") from error
    except OSError as error:
        raise SourceError(_MISSING) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", errors="replace")
        if any(word in said.lower() for word in ("heap", "memory")):
            raise SourceError("takes more memory to read than a document needs")
        return None
    return done.stdout.decode("utf-8", errors="replace")


def _read_marks(text: str) -> dict[str, str]:
    """`:audience: internal` and `#+OWNER: Ann`, as these formats say such things in their first lines."""
    found = (_MARK.match(line.strip()) for line in text.split("\n", _FIRST_LINES)[:_FIRST_LINES])
    return {mark[1].lower(): mark[2].strip() for mark in found if mark}
