"""A reader finds every command and setting in docs/, and every link leads somewhere."""

import re
from pathlib import Path

import pytest
import typer
import yaml

from assistant.cli.app import build_app
from assistant.service.doctor import SCOPES
from docs.tables import build_tables, list_commands, read_head

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", ["commands.md", "settings.md"])
def test_the_tables_are_those_of_the_code_else_run_make_tables(name: str) -> None:
    path = ROOT / "docs" / name
    assert path.read_text(encoding="utf-8") == read_head(path) + build_tables()[path]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_that_a_page_shows_exists(page: Path) -> None:
    names = [name for name, _ in list_commands(typer.main.get_command(build_app()))]
    allowed = [
        *(f"{name}[ `]" for name in [*names, "earshot summary"]),
        *(f"{name.rpartition(' ')[0]}`" for name in names),
    ]
    text = page.read_text(encoding="utf-8")
    shown = re.findall(r"(?:\$ |`|bin/|^    )(earshot [a-z].*)", text, re.MULTILINE)
    assert [each for each in shown if not any(re.match(name, f"{each} ") for name in allowed)] == []


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len(README.splitlines()) < 250


def test_the_manifest_asks_for_the_scopes_that_doctor_checks_and_the_page_on_slack_explains() -> None:
    manifest = yaml.safe_load((ROOT / "slack-manifest.yaml").read_text(encoding="utf-8"))
    asked = set(manifest["oauth_config"]["scopes"]["bot"])
    page = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
    assert asked == SCOPES
    assert all(f"`{scope}`" in page for scope in asked)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not link.startswith("http") and not (page.parent / link).exists()] == []
