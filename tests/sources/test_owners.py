"""Who may know: what a CODEOWNERS file says, else the person who changed a file last."""

import os
from pathlib import Path

import pytest
from sources.repositories import ANN, BEN, Repository

from assistant.knowledge.ingest.owners import Owners, parse_rules


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def _find(root: Path, path: Path) -> str | None:
    return Owners(root, root).find(path)


RULES = """\ufeff# Owners of the pages
*                 @everybody
*.md              @org/writers # not @ben
docs/*            d@x.example
/deep/            @org/deep @ann ann@x.example @ann
docs/a\\ b.md     @space
**/logs           @logs #and nobody else
app/[id/page.md   @broken
app/[z-a]/page.md @broken
drafts/
[Section]
"""


@pytest.mark.parametrize(
    ("name", "owners"),
    [
        ("a.txt", "@everybody"),
        ("a.md", "@org/writers"),
        ("docs/a.txt", "d@x.example"),
        ("docs/two words.txt", "d@x.example"),
        ("docs/below/a.txt", "@everybody"),
        ("docs/a b.md", "@space"),
        ("deep/below/a b.md", "@org/deep, @ann, ann@x.example"),
        ("other/deep/a.txt", "@everybody"),
        ("build/logs/a.txt", "@logs"),
        ("drafts/a.txt", None),
        ("app/[id/page.txt", "@everybody"),
    ],
)
def test_the_last_pattern_that_fits_names_the_owners(tmp_path: Path, name: str, owners: str | None) -> None:
    (tmp_path / "CODEOWNERS").write_text(RULES)
    assert _find(tmp_path, tmp_path / name) == owners


def test_no_line_of_any_kind_breaks_the_rules() -> None:
    rules = parse_rules("!a.md @b\n/ @a\n\\ @a\n# @a\n[ @a\n*** @a\n@a\n\n\x00 @a\n")
    assert rules.of("a.md") == [("USERNAME", "@a")]


@pytest.mark.parametrize("place", [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"])
def test_owners_are_read_from_the_places_that_github_reads(tmp_path: Path, place: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("* @team")
    assert _find(tmp_path, tmp_path / "a.md") == "@team"


def test_of_two_files_the_one_in_the_github_folder_counts(tmp_path: Path) -> None:
    for place in ("CODEOWNERS", ".github/CODEOWNERS"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(f"* @{place}")
    assert _find(tmp_path, tmp_path / "a.md") == "@.github/CODEOWNERS"


def test_a_file_of_owners_that_is_none_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / "secret").write_text("* @outside")
    folder = tmp_path / "folder"
    (folder / "docs").mkdir(parents=True)
    os.mkfifo(folder / "CODEOWNERS")
    (folder / "docs" / "CODEOWNERS").symlink_to(tmp_path / "secret")
    assert _find(folder, folder / "a.md") is None


def test_what_the_rules_leave_open_is_known_by_the_last_author(repository: Repository) -> None:
    repository.write("CODEOWNERS", "/ruled/ @team")
    ruled, free = repository.write("ruled/a.md", "a"), repository.write("free/a.md", "a")
    assert (_find(repository.top, ruled), _find(repository.top, free)) == ("@team", "Ann Ash")


def test_the_rules_of_the_work_tree_count_for_a_folder_below_it(repository: Repository) -> None:
    path = repository.write("pages/a.md", "a")
    repository.write("pages/CODEOWNERS", "* @folder")
    assert _find(repository.top / "pages", path) == "@folder"
    repository.write(".github/CODEOWNERS", "/pages/*.md @tree")
    assert _find(repository.top / "pages", path) == "@tree"


def test_a_single_file_has_the_owner_that_it_has_in_its_folder(repository: Repository) -> None:
    path = repository.write("pages/a.md", "a", BEN)
    assert Owners(path, path).find(path) == "Ben Birch"
    repository.write("pages/CODEOWNERS", "a.md @folder")
    assert Owners(path, path).find(path) == "@folder"


def test_a_link_has_the_owner_of_the_file_that_it_leads_to(repository: Repository) -> None:
    target = repository.write("a.md", "a", BEN)
    link = repository.top / "link.md"
    link.symlink_to(target)
    repository.commit(ANN)
    assert _find(repository.top, link) == "Ben Birch"
