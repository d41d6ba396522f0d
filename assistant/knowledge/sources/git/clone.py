"""A copy of a branch of somebody's repository. Nothing that the repository names is ever run.

Links are not followed out of the folder that is read; submodules and large files elsewhere are not fetched.
"""

import base64
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.errors import ConfigError, NetworkError, SourceError, TransientNetworkError

_SECONDS = 900
_PROTOCOLS = "https:http:ssh:file"
_CONFIG = (
    *("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.protectNTFS=true"),
    *("safe.directory=*", "http.followRedirects=false", "gc.auto=0", "fetch.recurseSubmodules=false"),
    *("credential.helper=", "transfer.fsckObjects=true", "fetch.fsckObjects=true"),
)
_SSH = "ssh -o BatchMode=yes -o ConnectTimeout=30"
_DENIED = ("authentication failed", "permission denied", "could not read username", "access denied", "403", "401")
_UNKNOWN = ("not found", "does not exist", "does not appear to be a git repository", "couldn't find remote ref")
_BY_SSH = re.compile(r"(?:ssh://)?(?:[\w.-]+@)?([\w.-]+)(?::\d+/|[:/])([^\s:/][^\s:]*)")
_HEAD = "refs/earshot/head"


@dataclass(frozen=True)
class RepositoryAddress:
    """Where a repository is, its branch (its own main one if empty), and what it is opened with."""

    url: str
    branch: str = ""
    user: str = ""
    token: str = ""
    ssh_key: str = ""


class Clone:
    """Raises ConfigError and NetworkError that say what to look at, and never an address with a key in it."""

    def __init__(self, folder: Path, address: RepositoryAddress) -> None:
        self.folder = folder
        self._address = address

    def find_head(self) -> tuple[str, str]:
        """(commit, branch) at the source now."""
        branch = self._address.branch
        asked = f"refs/heads/{branch}" if branch else "HEAD"
        lines = self._ask("ls-remote", "--symref", "--", self._address.url, asked).decode(errors="replace").splitlines()
        pairs = [line.partition("\t")[::2] for line in lines]
        head = next((said for said, name in pairs if said.startswith("ref: refs/heads/")), "")
        commit = next((said for said, name in pairs if name == asked and not said.startswith("ref:")), "")
        if not commit:
            raise NetworkError(f"The repository has no branch {branch or 'yet'}.", "Check its name.")
        return commit, branch or head.removeprefix("ref: refs/heads/")

    def is_open(self) -> bool:
        """Return whether everybody can read it, asked over https without a key; a path of this machine counts as so."""
        url = find_open_url(self._address.url)
        if not url:
            return True
        asked = Clone(self.folder, RepositoryAddress(url, self._address.branch))
        try:
            asked.find_head()
        except TransientNetworkError:
            raise
        except NetworkError:
            return False
        return True

    def fetch(self, branch: str) -> str:
        """Bring the copy to the branch as it is now; returns its commit."""
        if self._try("rev-parse", "--git-dir", place=self.folder).stdout.strip() != b".git":
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            self._run("init", "--quiet", "--template=")
        self._ask(
            "fetch", "--quiet", "--no-tags", "--", self._address.url, f"+refs/heads/{branch}:{_HEAD}", place=self.folder
        )
        commit = self._run("rev-parse", "--verify", f"{_HEAD}^{{commit}}").decode().strip()
        self._run("checkout", "--quiet", "--force", "--detach", commit)
        self._run("clean", "-ffdxq")
        return commit

    def knows(self, commit: str) -> bool:
        """Return whether a commit that was read before is still in the copy."""
        found = self._try("cat-file", "-e", f"{commit}^{{commit}}", place=self.folder)
        return found.returncode == 0

    def list_changes(self, before: str, now: str, folder: str) -> tuple[frozenset[str], frozenset[str]]:
        """(changed or new, deleted) paths below a folder between two commits."""
        listed = self._run("diff", "--name-status", "-z", "--no-renames", before, now, "--", folder or ".")
        parts = listed.rstrip(b"\0").split(b"\0") if listed else []
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
        changed = frozenset(os.fsdecode(path) for kind, path in pairs if kind != b"D")
        return changed, frozenset(os.fsdecode(path) for kind, path in pairs if kind == b"D")

    def find_time(self, commit: str) -> datetime | None:
        """When a commit was made."""
        try:
            return datetime.fromisoformat(self._run("log", "-1", "--format=%cI", commit).decode().strip())
        except ValueError:
            return None

    def _ask(self, *arguments: str, place: Path | None = None) -> bytes:
        """Git over the network; its errors as ours."""
        done = self._try(*arguments, place=place)
        if done.returncode == 0:
            return done.stdout
        said = done.stderr.decode("utf-8", errors="replace").lower()
        who = f"The repository {self._address.url}"
        if any(sign in said for sign in _DENIED):
            raise NetworkError(f"{who} does not let us in.", "Check token or ssh_key, and what they may read.")
        if any(sign in said for sign in _UNKNOWN):
            raise NetworkError(f"{who}, or this branch of it, is not there.", "Check url and branch.")
        raise TransientNetworkError(f"{who} cannot be reached, or the connection broke off.", "Earshot tries again.")

    def _run(self, *arguments: str) -> bytes:
        """Git on the copy alone."""
        done = self._try(*arguments, place=self.folder)
        if done.returncode != 0:
            raise SourceError(f"The copy of {self._address.url} is damaged.", f"Remove {self.folder}: it is made anew.")
        return done.stdout

    def _try(self, *arguments: str, place: Path | None = None) -> subprocess.CompletedProcess[bytes]:
        git = shutil.which("git")
        if not git:
            raise ConfigError("Repositories are read by git, which is not installed.", "Install git.")
        settings = [word for setting in _CONFIG for word in ("-c", setting)]
        within = ["-C", str(place)] if place else []
        try:
            return subprocess.run(  # noqa: S603  # a fixed program, without a shell; addresses stand behind `--`
                [git, *within, "--no-pager", "--literal-pathspecs", *settings, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=self._build_environment(),
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TransientNetworkError(f"{self._address.url} takes too long.", "Earshot tries again.") from error

    def _build_environment(self) -> dict[str, str]:
        """Nothing of ours, which holds secrets. The token stands here and not in the command, which others can see."""
        key = f" -i '{self._address.ssh_key}' -o IdentitiesOnly=yes" if self._address.ssh_key else ""
        environment = {
            "HOME": str(Path.home()),
            "PATH": os.defpath,
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ALLOW_PROTOCOL": _PROTOCOLS,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_SSH_COMMAND": _SSH + key,
            "GIT_LFS_SKIP_SMUDGE": "1",
        }
        if self._address.token:
            pair = f"{self._address.user or 'x-access-token'}:{self._address.token}".encode()
            header = f"Authorization: Basic {base64.b64encode(pair).decode()}"
            environment |= {
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "http.extraHeader",
                "GIT_CONFIG_VALUE_0": header,
            }
        return environment


def find_open_url(url: str) -> str:
    """Where everybody would find a repository; empty for a path of this machine."""
    if url.startswith(("https://", "http://")):
        return url
    found = _BY_SSH.fullmatch(url)
    return f"https://{found[1]}/{found[2]}" if found else ""
