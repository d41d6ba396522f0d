"""What people read in Slack is written as people write: no word that reads as translated, no name of a setting."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SLACK = Path(__file__).parent.parent / "assistant" / "slack"
# Contractions are how colleagues write; the rest are words that were listed when readers stumbled over them.
AVOIDED = re.compile(
    r"\b(?:stands?|shall|whom|anew|all the same|in vain|nobody is on|[Ii]t is no|whoever runs|must not leave|not leave"
    r"|(?:do|does|did|is|are|was|could|would|has|have) not|cannot|I am)\b|`earshot |\b(?!DIGEST_)[A-Z]{3,}_[A-Z_]{2,}\b"
)
# What operators read in the log and from `earshot doctor`, which name settings.
NOT_FOR_STAFF = ("client/client.py", "client/connection.py", "installation.py", "client/sessions.py")
SQL = re.compile(r"\s*(?:select|insert|update|delete)\b")
LOGGED = ("debug", "info", "warning", "error", "exception")


def list_texts(path: Path) -> Iterator[tuple[int, str]]:
    """Each text with a space in it that is no docstring, no SQL and nothing for the log."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr | ast.Raise)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOGGED)
        if not isinstance(node, ast.Expr) or isinstance(node.value, ast.Constant)
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in skipped:
            continue
        if " " in node.value and not SQL.match(node.value):
            yield node.lineno, node.value


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sorted(SLACK.rglob("*.py"))
        if "cards" not in path.parts and not str(path).endswith(NOT_FOR_STAFF)
    ],
    ids=lambda path: str(path.relative_to(SLACK)),
)
def test_texts_read_as_people_write(path: Path) -> None:
    found = [f"{line}: {text}" for line, text in list_texts(path) if AVOIDED.search(text)]
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "nobody is on it",
        "I do not know.",
        "It is no week.",
        "set OWNERS_IN_SLACK",
        "see `earshot gaps`",
        "Approve anew",
    ],
)
def test_what_readers_stumbled_over_is_found(text: str) -> None:
    assert AVOIDED.search(text)
