"""Who may know more about a file that names no owner itself: its CODEOWNERS, else whoever wrote it last."""

import os
import re
import stat
from functools import cached_property
from pathlib import Path

from codeowners import CodeOwners

from assistant.knowledge.ingest.history import WorkTree, find_work_tree, read_last_authors

_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")  # in the order in which GitHub looks
_MOST_BYTES = 3_000_000  # GitHub's limit
_COMMENT = re.compile(r"(?:^|(?<!\\)[ \t])#.*")
# The library puts slashes where a path has spaces, so that `*` would not match `a b.md`: a sign that no path has.
_SPACE = "\ue000"


class Owners:
    """The owners of the files at or below `start`, read when they are first asked for.

    A CODEOWNERS of the git work tree counts before one of `root`, the folder (or single file) that is ingested.
    """

    def __init__(self, root: Path, start: Path) -> None:
        self._folder = root if root.is_dir() else root.parent
        self._start = start

    def find(self, path: Path) -> str | None:
        """Names and addresses as they stand there, separated by commas. A link's owner is that of what it leads to."""
        real = Path(os.path.realpath(path))
        return self._find_in_rules(real) or self._authors.get(real)

    def _find_in_rules(self, path: Path) -> str | None:
        if not self._rules or not path.is_relative_to(self._rules[0]):
            return None
        base, rules = self._rules
        name = path.relative_to(base).as_posix().replace(" ", _SPACE)
        return ", ".join(dict.fromkeys(owner for _, owner in rules.of(name))) or None

    @cached_property
    def _work_tree(self) -> WorkTree | None:
        return find_work_tree(self._folder)

    @cached_property
    def _rules(self) -> tuple[Path, CodeOwners] | None:
        bases = [self._work_tree.top] if self._work_tree else []
        for base in [*bases, self._folder]:
            for place in _PLACES:
                text = _read_text(base, place)
                if text is not None:
                    return base, parse_rules(text)
        return None

    @cached_property
    def _authors(self) -> dict[Path, str]:
        return read_last_authors(self._work_tree, self._start) if self._work_tree else {}


def parse_rules(text: str) -> CodeOwners:
    """The rules of a CODEOWNERS file; a line that is no rule is left out, as GitHub does."""
    lines = [_COMMENT.sub("", line).replace("\\ ", _SPACE) for line in text.splitlines()]
    return CodeOwners("\n".join(line for line in lines if _is_rule(line)))


def _is_rule(line: str) -> bool:
    try:
        CodeOwners(line)
    except (ValueError, re.error):  # brackets, which stand for nothing in this format
        return False
    return True


def _read_text(base: Path, place: str) -> str | None:
    real = Path(os.path.realpath(base / place))
    try:
        status = real.stat()
        is_fit = stat.S_ISREG(status.st_mode) and status.st_size <= _MOST_BYTES and real.is_relative_to(base)
        return real.read_text(encoding="utf-8-sig", errors="replace") if is_fit else None
    except OSError:
        return None
