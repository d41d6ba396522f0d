"""Owners of files that name none themselves: from CODEOWNERS, else the last author.

Asks git who wrote files last. What a repository's own configuration names is never run, and nothing is fetched.
"""

import logging
import os
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from codeowners import CodeOwners

from assistant.knowledge.ingest.front_matter import is_nobody, to_date

_TIMEOUT_SECONDS = 20
_log = logging.getLogger(__name__)

# A repository can name programs to run: a monitor, a pager, a diff driver, a signature checker, a transport.
_CONFIG = ("core.fsmonitor=false", "log.showSignature=false", "safe.bareRepository=explicit")
_LOG = (
    *("log", "-z", "--name-only", "--format=%x00%as %aN <%aE>", "--encoding=UTF-8"),
    *("--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-color"),
    *("--no-renames", "--no-relative", "--no-diff-merges"),
)


@dataclass(frozen=True)
class WorkTree:
    """A git work tree; a shallow one does not know who wrote what its oldest commits hold."""

    top: Path
    is_shallow: bool


def find_work_tree(folder: Path) -> WorkTree | None:
    """The work tree that holds a folder. None without one, without git, and where git distrusts its owner."""
    found = os.fsdecode(_run_git(folder, "rev-parse", "--is-shallow-repository", "--show-toplevel"))
    is_shallow, _, top = found.removesuffix("\n").partition("\n")
    if not top or not folder.is_relative_to(top):
        return None
    return WorkTree(Path(top), is_shallow == "true")


@dataclass(frozen=True)
class LastChange:
    """The last person who changed a file, if any did, and the day of its last change, whoever made it."""

    author: str
    day: date | None


def read_last_changes(tree: WorkTree, start: Path) -> dict[Path, LastChange]:
    """Path -> its last change, for all files at or below `start`; as authors, bots are passed over.

    One pass over the history; empty when that takes too long. The .mailmap of the work tree counts.
    """
    show_root = f"log.showRoot={'false' if tree.is_shallow else 'true'}"
    place = start.relative_to(tree.top).as_posix()
    listed = _run_git(tree.top, "-c", show_root, *_LOG, "--", place)
    return {tree.top / os.fsdecode(name): change for name, change in _read_log(listed).items()}


def _read_log(listed: bytes) -> dict[bytes, LastChange]:
    """An empty part announces a change, whose files follow, the first of them behind a line break."""
    changes: dict[bytes, LastChange] = {}
    said, is_first = LastChange("", None), False
    parts = iter(listed.split(b"\0"))
    for part in parts:
        if not part:
            said, is_first = _read_change(next(parts, b"")), True
            continue
        name, is_first = part[1:] if is_first else part, False
        known = changes.setdefault(name, said)
        if not known.author:
            changes[name] = LastChange(said.author, known.day)
    return changes


def _read_change(written: bytes) -> LastChange:
    """A line like `2026-03-01 Ann <ann@x.example>`."""
    day, _, person = written.decode("utf-8", errors="replace").partition(" ")
    name, _, address = person.rpartition("<")
    author = " ".join(name.split()) or address.removesuffix(">")
    is_person = not is_nobody(author) and not is_nobody(address.removesuffix(">"))
    return LastChange(author if is_person else "", to_date(day))


def _run_git(folder: Path, *arguments: str) -> bytes:
    """What git prints; nothing when it is not there, fails, or takes too long."""
    git = shutil.which("git")
    if not git:
        return b""
    settings = [word for setting in _CONFIG for word in ("-c", setting)]
    command = [git, "-C", str(folder), "--no-pager", "--literal-pathspecs", *settings, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command, without a shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_build_environment(),
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _log.warning("git took more than %d seconds: owners are read without it", _TIMEOUT_SECONDS)
        return b""
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""


def _build_environment() -> dict[str, str]:
    """Nothing of ours, which holds secrets; the home, where people say which repositories of others they trust.

    `GIT_ALLOW_PROTOCOL` wins over a repository's own word: a partial clone would fetch what it lacks.
    """
    return {
        "HOME": str(Path.home()),
        "PATH": os.defpath,
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


CODEOWNERS_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")  # in the order in which GitHub looks
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
        change = self._changes.get(real)
        return self._find_in_rules(real) or (change.author if change and change.author else None)

    def find_date(self, path: Path) -> date | None:
        """The day of a file's last change in git; None where git does not know it."""
        change = self._changes.get(Path(os.path.realpath(path)))
        return change.day if change else None

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
            for place in CODEOWNERS_PLACES:
                text = _read_text(base, place)
                if text is not None:
                    return base, parse_rules(text)
        return None

    @cached_property
    def _changes(self) -> dict[Path, LastChange]:
        return read_last_changes(self._work_tree, self._start) if self._work_tree else {}


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
