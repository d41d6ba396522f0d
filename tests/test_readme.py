"""Whoever reads README.md finds every command and every setting there, and the manifest asks for what doctor checks."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from assistant.cli.app import build_app
from assistant.core.config import Settings
from assistant.service.doctor import SCOPES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def list_commands(command: Any, name: str = "earshot") -> Iterator[str]:
    """Every command as it is typed."""
    if hasattr(command, "commands"):
        for word, below in command.commands.items():
            yield from list_commands(below, f"{name} {word}")
    else:
        yield name


@pytest.mark.parametrize("command", list(list_commands(typer.main.get_command(build_app()))))
def test_every_command_is_in_the_readme(command: str) -> None:
    group, _, last = command.rpartition(" ")
    assert re.search(rf"`{command}\b", README) or (f"`{group} " in README and f"`{last}`" in README)


@pytest.mark.parametrize("setting", [name.upper() for name in Settings.model_fields])
def test_every_setting_is_in_the_readme(setting: str) -> None:
    assert f"| `{setting}` |" in README


def test_the_manifest_asks_for_the_scopes_that_doctor_checks_and_the_readme_explains() -> None:
    manifest = yaml.safe_load((ROOT / "slack-manifest.yaml").read_text(encoding="utf-8"))
    asked = set(manifest["oauth_config"]["scopes"]["bot"])
    assert asked == SCOPES
    assert all(f"`{scope}`" in README for scope in asked)


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).exists()] == []
