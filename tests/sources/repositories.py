"""Real git repositories for tests, made with nothing of the machine's own configuration."""

import os
import subprocess
from pathlib import Path

ANN, BEN = "Ann Ash <ann@x.example>", "Ben Birch <ben@x.example>"


class Repository:
    """A git work tree; commits follow each other by a minute."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self._minutes = 0
        top.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        """Run git in the work tree, as a committer of its own."""
        self._minutes += 1
        moment = f"2026-11-01T{9 + self._minutes // 60:02d}:{self._minutes % 60:02d}:00Z"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.top),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Committer",
            "GIT_AUTHOR_EMAIL": "committer@x.example",
            "GIT_COMMITTER_NAME": "Committer",
            "GIT_COMMITTER_EMAIL": "committer@x.example",
            "GIT_COMMITTER_DATE": moment,
            "GIT_AUTHOR_DATE": moment,
        }
        command = ["git", "-c", "protocol.file.allow=always", *arguments]
        done = subprocess.run(command, cwd=self.top, env=environment, check=True, capture_output=True)
        return os.fsdecode(done.stdout).strip()

    def write(self, name: str, text: str, author: str = ANN) -> Path:
        """Write a file and commit it."""
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.commit(author)
        return path

    def commit(self, author: str = ANN) -> None:
        """Commit all that is there."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=change", f"--author={author}")
