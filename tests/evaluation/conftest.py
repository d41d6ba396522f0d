"""The pages as a folder and as a corpus to be asked about."""

import json
from pathlib import Path

import pytest
from cli.conftest import RunJson, assistant, run, run_json, settings  # noqa: F401  # fixtures
from evaluation.pages import PAGES, Write, quiet
from fakes import FakeEmbedder

from assistant.app import Assistant
from assistant.core.config import Settings
from evals.corpus import Corpus, prepare


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pages."""
    for name, text in PAGES.items():
        path = tmp_path / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "pages"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write lines of JSONL to a file with this name."""

    def write_lines(name: str, *lines: object) -> Path:
        path = tmp_path / name
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
        return path

    return write_lines


@pytest.fixture
def corpus(settings: Settings, folder: Path) -> Corpus:  # noqa: F811
    """The three pages, ready to be asked about; the threshold lies between sense and nonsense for this embedder."""
    strict = settings.model_copy(update={"answer_confidence": 4.0})
    return prepare(Assistant(strict, embedder=FakeEmbedder()), folder, None, quiet)
