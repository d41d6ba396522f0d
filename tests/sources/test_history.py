"""Asking git: the last person who changed each file, in one pass, and never a program that a repository names."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sources.repositories import ANN, BEN, Repository

from assistant.knowledge.ingest import owners as history
from assistant.knowledge.ingest.owners import find_work_tree, read_last_changes


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def _read(folder: Path, start: Path | None = None) -> dict[str, str]:
    tree = find_work_tree(folder)
    changes = read_last_changes(tree, start or folder) if tree else {}
    return {path.relative_to(folder).as_posix(): one.author for path, one in changes.items() if one.author}


def test_the_last_person_who_changed_a_file_is_its_author(repository: Repository) -> None:
    repository.write("a.md", "a", ANN)
    repository.write("b.md", "b", ANN)
    repository.write("b.md", "c", BEN)
    assert _read(repository.top) == {"a.md": "Ann Ash", "b.md": "Ben Birch"}


NAMES = ["a b.md", "é 🚲.md", 'say "a".md', "line\nbreak.md", "\nfirst.md", "-rf.md", ":(top)x.md"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_may_have_any_name(repository: Repository, name: str) -> None:
    repository.write("other.md", "other", ANN)
    repository.write(name, "text", BEN)
    assert _read(repository.top) == {"other.md": "Ann Ash", name: "Ben Birch"}
    assert _read(repository.top, repository.top / name) == {name: "Ben Birch"}


def test_a_name_that_is_no_utf8_is_found_by_its_bytes(repository: Repository) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    repository.write(name, "text", BEN)
    assert _read(repository.top) == {name: "Ben Birch"}


def test_whoever_renamed_a_file_changed_it_last(repository: Repository) -> None:
    repository.write("old.md", "a page of text", ANN)
    repository.git("mv", "old.md", "new.md")
    repository.commit(BEN)
    assert _read(repository.top)["new.md"] == "Ben Birch"


def test_only_the_folder_that_is_asked_for_is_read(repository: Repository) -> None:
    repository.write("a.md", "a", ANN)
    repository.write("pages/*.md", "b", BEN)
    repository.write("pages/c.md", "b", BEN)
    assert _read(repository.top / "pages") == {"*.md": "Ben Birch", "c.md": "Ben Birch"}
    assert _read(repository.top / "pages", repository.top / "pages" / "*.md") == {"*.md": "Ben Birch"}


def test_merges_and_empty_commits_change_no_file(repository: Repository) -> None:
    repository.write("a.md", "a", ANN)
    repository.git("checkout", "--quiet", "-b", "side")
    repository.write("b.md", "b", BEN)
    repository.git("checkout", "--quiet", "main")
    repository.write("c.md", "c", ANN)
    repository.git("merge", "--quiet", "--message=merge", "side")
    repository.git("commit", "--quiet", "--allow-empty", "--message=empty", f"--author={BEN}")
    assert _read(repository.top) == {"a.md": "Ann Ash", "b.md": "Ben Birch", "c.md": "Ann Ash"}


def test_a_bot_knows_nothing_and_the_mailmap_knows_todays_names(repository: Repository) -> None:
    repository.write("a.md", "a", "Ann Elder <old@x.example>")
    repository.write("a.md", "b", "dependabot[bot] <1+dependabot[bot]@users.noreply.example>")
    repository.write(".mailmap", "Ann Ash <ann@x.example> <old@x.example>")
    assert _read(repository.top)["a.md"] == "Ann Ash"


def test_an_author_without_a_name_is_known_by_the_address(repository: Repository) -> None:
    repository.write("a.md", "a", ANN)
    _rewrite(repository, lambda text: text.replace("author Ann Ash <", "author <"))
    assert _read(repository.top) == {"a.md": "ann@x.example"}


def test_a_submodule_is_a_repository_of_its_own(repository: Repository, tmp_path: Path) -> None:
    inner = Repository(tmp_path / "inner")
    inner.write("a.md", "a", BEN)
    repository.git("submodule", "--quiet", "add", str(inner.top), "inner")
    repository.commit(ANN)
    assert "inner/a.md" not in _read(repository.top)
    assert _read(repository.top / "inner") == {"a.md": "Ben Birch"}


def test_a_shallow_clone_does_not_take_its_oldest_commit_for_the_origin_of_all(
    repository: Repository, tmp_path: Path
) -> None:
    for number, author in enumerate((ANN, BEN, BEN)):
        repository.write(f"{number}.md", "text", author)
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth=2", repository.top.as_uri(), str(clone))
    assert _read(clone) == {"2.md": "Ben Birch"}


def test_without_a_repository_a_commit_or_git_there_are_no_authors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _read(tmp_path) == {}
    repository = Repository(tmp_path / "empty")
    assert _read(repository.top) == {}
    repository.write("a.md", "a")
    assert _read(repository.top)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _read(repository.top) == {}


def test_a_bare_repository_within_a_folder_is_not_trusted(repository: Repository) -> None:
    repository.write("a.md", "a")
    repository.git("clone", "--quiet", "--bare", ".", "pages/bare")
    assert find_work_tree(repository.top / "pages" / "bare") is None


def _write_program(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_nothing_that_a_repository_names_is_run(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "was-run"
    program = _write_program(tmp_path / "program", f"echo $0 >> {mark}; exit 1")
    repository.write(".gitattributes", "*.md diff=own filter=own\n")
    path = repository.write("a.md", "a", ANN)
    for name in (
        *("core.fsmonitor", "core.pager", "pager.log", "core.editor", "core.sshCommand", "core.askPass", "gpg.program"),
        *("diff.external", "diff.own.command", "diff.own.textconv", "filter.own.clean", "filter.own.smudge"),
        *("alias.log", "alias.rev-parse", "gpg.ssh.program", "gpg.x509.program", "credential.helper"),
    ):
        repository.git("config", name, f"!{program}" if name.startswith("alias") else program)
    for name, value in (("log.showSignature", "true"), ("core.hooksPath", str(tmp_path)), ("diff.relative", "true")):
        repository.git("config", name, value)
    _rewrite(repository, _sign)
    for variable in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_SSH_COMMAND", "GIT_ASKPASS"):
        monkeypatch.setenv(variable, program)
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    mark.unlink(missing_ok=True)
    path.write_text("changed in the work tree")
    assert _read(repository.top)["a.md"] == "Ann Ash"
    assert not mark.exists()


def _sign(text: str) -> str:
    """A commit that looks signed: showing its signature would call a program."""
    head, _, message = text.partition("\n\n")
    return f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n{message}\n"


def _rewrite(repository: Repository, change: Callable[[str], str]) -> None:
    """Put another text in place of the last commit's."""
    written = repository.top / ".git" / "rewritten"
    written.write_text(change(repository.git("cat-file", "commit", "HEAD")))
    commit = repository.git("hash-object", "-t", "commit", "-w", "--literally", str(written))
    repository.git("update-ref", "HEAD", commit)


def test_a_partial_clone_fetches_nothing_and_runs_nothing(repository: Repository, tmp_path: Path) -> None:
    for number in range(3):
        repository.write(f"pages/{number}.md", "text")
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--no-checkout", "--filter=tree:0", repository.top.as_uri(), str(clone))
    mark = tmp_path / "was-run"
    program = _write_program(tmp_path / "program", f"echo run >> {mark}; exit 1")
    inside = Repository(clone)
    inside.git("config", "core.sshCommand", program)
    inside.git("config", "remote.origin.uploadpack", program)
    inside.git("config", "protocol.allow", "always")
    for url in (repository.top.as_uri(), "ssh://x.example/a", f"ext::{program}"):
        inside.git("config", "remote.origin.url", url)
        assert _read(clone) == {}
    assert not mark.exists()


def test_a_git_that_takes_too_long_is_gone_without(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    repository.write("a.md", "a")
    tree = find_work_tree(repository.top)
    assert tree
    _write_program(tmp_path / "git", "exec /bin/sleep 60")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(history, "_TIMEOUT_SECONDS", 0.2)
    assert read_last_changes(tree, tree.top) == {}
    assert "git took more than" in caplog.text


def test_git_is_given_none_of_our_secrets(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    _write_program(tmp_path / "git", f"/usr/bin/env > {seen}; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    assert find_work_tree(repository.top) is None
    assert "GIT_ALLOW_PROTOCOL=none" in seen.read_text()
    assert "xoxb-secret" not in seen.read_text()
