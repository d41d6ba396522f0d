"""Runs the program's own commands in this process, with a quick embedder and a home of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder

from assistant.app import Assistant
from assistant.cli.app import build_app
from assistant.core.config import Settings

Run = Callable[..., str]
RunJson = Callable[..., Any]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Default settings over an empty home."""
    return Settings.model_validate({"earshot_home": tmp_path / "home", "undo_seconds": 0})


@pytest.fixture
def assistant(settings: Settings) -> Assistant:
    """The parts behind the commands."""
    return Assistant(settings, embedder=FakeEmbedder())


@pytest.fixture
def run(assistant: Assistant, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as a person would type it; gives what it printed."""

    def run_command(*words: str) -> str:
        capsys.readouterr()
        build_app()(list(words), obj=assistant, standalone_mode=False)
        return capsys.readouterr().out

    return run_command


@pytest.fixture
def run_json(run: Run) -> RunJson:
    """Run a command with --json; gives the document."""
    return lambda *words: json.loads(run(*words, "--json"))


@pytest.fixture
def approve_seen(run: Run) -> Run:
    """Approve a draft as it is shown: by the hash that `review show` prints; further words follow."""

    def approve(draft_id: str, *words: str) -> str:
        shown = json.loads(run("review", "show", draft_id, "--json"))
        return run("review", "approve", draft_id, "--hash", shown["hash"], *words)

    return approve


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A public and an internal document."""
    folder = tmp_path / "documents"
    for audience, text in (
        ("public", "# Pausing\n\nCustomers pause their plan in the app for up to three months.\n"),
        (
            "internal",
            "# Goodwill\n\nAgents may grant goodwill credits up to 25 pounds without asking the shift lead.\n",
        ),
    ):
        (folder / audience).mkdir(parents=True)
        (folder / audience / f"{audience}.md").write_text(text)
    return folder


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """Two good posts and a broken line between them."""
    good = {"source": "file", "author": "ann", "created_at": "2026-11-11T12:00:00Z"}
    lines = [
        json.dumps({"id": "1", "text": "How do customers pause their plan?", **good}),
        '{"id": "2", "text": ',
        json.dumps({"id": "3", "text": "I love the new bike, thank you!", **good}),
    ]
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(lines))
    return path
