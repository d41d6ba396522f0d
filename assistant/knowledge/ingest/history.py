"""Asks git who wrote files last. What a repository's own configuration names is never run, and nothing is fetched."""

import logging
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_TIMEOUT_SECONDS = 20
_log = logging.getLogger(__name__)

# A repository can name programs to run: a monitor, a pager, a diff driver, a signature checker, a transport.
_CONFIG = ("core.fsmonitor=false", "log.showSignature=false", "safe.bareRepository=explicit")
_LOG = (
    *("log", "-z", "--name-only", "--format=%x00%aN <%aE>", "--encoding=UTF-8"),
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


def read_last_authors(tree: WorkTree, start: Path) -> dict[Path, str]:
    """Path -> name of the last person who changed it, for all files at or below `start`; bots are passed over.

    One pass over the history; empty when that takes too long. The .mailmap of the work tree counts.
    """
    show_root = f"log.showRoot={'false' if tree.is_shallow else 'true'}"
    place = start.relative_to(tree.top).as_posix()
    listed = _run_git(tree.top, "-c", show_root, *_LOG, "--", place)
    return {tree.top / os.fsdecode(name): author for name, author in _read_log(listed).items()}


def _read_log(listed: bytes) -> dict[bytes, str]:
    """An empty part announces an author, whose files follow, the first of them behind a line break."""
    authors: dict[bytes, str] = {}
    author, is_first = "", False
    parts = iter(listed.split(b"\0"))
    for part in parts:
        if not part:
            author, is_first = _read_author(next(parts, b"")), True
            continue
        name, is_first = part[1:] if is_first else part, False
        if not author.endswith("[bot]"):
            authors.setdefault(name, author)
    return authors


def _read_author(written: bytes) -> str:
    name, _, address = written.decode("utf-8", errors="replace").rpartition("<")
    return " ".join(name.split()) or address.removesuffix(">")


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
