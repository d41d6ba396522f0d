"""A newcomer finds every file and folder that docs/architecture.md names, and every department on its page."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:assistant|docs|prompts)/[\w/.]*)`", PAGE))))
def test_what_the_page_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_department_is_on_the_page() -> None:
    departments = {folder.parent.name for folder in (ROOT / "assistant").glob("*/__init__.py")}
    assert departments == set(re.findall(r"^\| `assistant/(\w+)/` ", PAGE, flags=re.MULTILINE))


def test_no_two_public_classes_share_a_name() -> None:
    names = Counter(
        node.name
        for path in (ROOT / "assistant").rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []
