"""The documentation can be read as a site, without the internet, and no link in it is broken."""

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from docs.build_site import DOCS, build_site

pytest.importorskip("zensical", reason="the site needs the extra docs")


def test_it_builds_with_every_page_and_the_files_that_they_link(tmp_path: Path) -> None:
    built = build_site(tmp_path / "built")
    assert built.returncode == 0, built.stderr
    site = tmp_path / "built" / "site"
    assert all((site / path.relative_to(DOCS).with_suffix(".html")).exists() for path in DOCS.rglob("*.md"))
    assert "read_only: true" in re.sub("<[^>]+>", "", (site / "files" / "compose.yaml.html").read_text("utf-8"))


def test_a_browser_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    build_site(tmp_path / "built")
    page = (tmp_path / "built" / "site" / "index.html").read_text("utf-8")
    assert re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"?https?:[^>]+", page) == []


@pytest.mark.parametrize("link", ["nowhere.md", "slack.md#nowhere", "../nowhere.yaml.md"])
def test_a_broken_link_fails_it(tmp_path: Path, link: str) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(DOCS, docs, ignore=shutil.ignore_patterns("*.py"))
    shutil.copytree(DOCS.parent / "deploy", tmp_path / "deploy")
    (docs / "index.md").write_text(f"# Home\n\n[this]({link})\n", encoding="utf-8")
    built = build_site(tmp_path / "built", docs)
    assert built.returncode != 0
    assert "index.md:3" in built.stderr


def test_every_page_is_in_the_menu() -> None:
    menu = set(_list_pages(tomllib.loads((DOCS / "zensical.toml").read_text("utf-8"))["project"]["nav"]))
    assert {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - menu == set()


def _list_pages(entry: Any) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    below = entry.values() if isinstance(entry, dict) else entry
    return [page for each in below for page in _list_pages(each)]
