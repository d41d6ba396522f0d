"""`earshot sources`: what is read by itself, by command."""

from pathlib import Path

import pytest
from cli.conftest import Run, RunJson

from assistant.core.config import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A sources.yaml of its own."""
    return Settings.model_validate({"earshot_home": tmp_path / "home", "sources_file": tmp_path / "sources.yaml"})


def test_a_folder_is_added_checked_read_listed_and_removed(run: Run, documents: Path, tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n")
    assert "earshot sources check docs" in run("sources", "add", "folder", str(documents), "--name", "docs")
    assert run("sources", "check", "docs").startswith("docs answers: 2 documents.")
    assert run("sources", "check") == run("sources", "check", "docs")
    assert "docs  folder  0" in run("sources", "list")
    assert "2 documents read, 2 chunks" in run("sources", "sync")
    listed = run("sources", "list")
    assert "docs  folder  2          read just now" in listed
    assert "read by hand" not in listed
    assert "2 documents removed." in run("sources", "remove", "docs", "--yes")
    assert (tmp_path / "sources.yaml").read_text() == "sources:\n"
    assert "No documents yet" in run("sources", "list")


def test_what_is_gone_there_leaves_after_yes(run: Run, run_json: RunJson, documents: Path, tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n")
    run("sources", "add", "folder", str(documents), "--name", "docs", "--set", "every=2 hours")
    run("sources", "sync")
    for page in documents.rglob("*.md"):
        page.unlink()
    assert "they stay until you say so. earshot sources sync docs --yes" in run("sources", "sync", "docs")
    [kept] = run_json("sources", "list")["kept"]
    assert (kept["held"], kept["documents"], kept["name"]) == (2, 2, "docs")
    assert "2 removed" in run("sources", "sync", "docs", "--yes")


def test_doctor_says_what_cannot_be_read(run: Run, documents: Path, tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n")
    assert "none is read by itself" in run("doctor")
    run("sources", "add", "folder", str(documents), "--name", "docs")
    run("sources", "sync")
    assert "docs: read just now" in run("doctor")
    documents.rename(tmp_path / "away")
    run("sources", "sync")
    assert "can't be read since" in run("doctor")


def test_no_reply_has_to_be_recalled_at_first(run: Run) -> None:
    assert "No reply rests on what was changed since." in run("sources", "recalls")
