"""What people read in Slack is written as people write: no word that reads as translated, no name of a setting."""

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core.wording import read_messages
from assistant.errors import EarshotError

SLACK = Path(__file__).parent.parent / "assistant" / "slack"
# Contractions are how colleagues write; the rest are words that were listed when readers stumbled over them.
PROGRAM_WORDS = (  # commands for a terminal and their options, settings, files
    r"(?<![/\w])earshot [a-z]{3,}|(?<![\w-])--[a-z]|\.yaml\b|\.env\b|\bcron\b|\b(?!DIGEST_)[A-Z]{3,}_[A-Z_]{2,}\b"
    r"|\b(?:ADMINS|REVIEWERS|MANAGERS)\b|\benvironment\b"
)
MACHINE_TALK = (
    r"\b(?:stands?|shall|whom|anew|all the same|in vain|nobody is on|[Ii]t is no|whoever runs|must not leave|not leave"
    r"|(?:do|does|did|is|are|was|could|would|has|have) not|cannot|I am)\b"
)
AVOIDED = re.compile(f"{MACHINE_TALK}|{PROGRAM_WORDS}")
PROGRAM = re.compile(PROGRAM_WORDS)
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
    [path for path in sorted(SLACK.rglob("*.py")) if not str(path).endswith(NOT_FOR_STAFF)],
    ids=lambda path: str(path.relative_to(SLACK)),
)
def test_texts_read_as_people_write(path: Path) -> None:
    found = [f"{line}: {text}" for line, text in list_texts(path) if AVOIDED.search(text)]
    assert not found


# What these say stands on cards, in alerts and in summaries; their patterns, lists of words
# and the plain English that questions are put into are nobody's texts.
SHOWN = ("alerts", "replies/guards", "replies/review", "reports/digest", "listening/insights")
PATTERN = re.compile(r"\\[bW]|\(\?:|(?:\w+ ){9}\w+$")


@pytest.mark.parametrize("folder", SHOWN)
def test_texts_of_cards_alerts_and_summaries_read_as_people_write(folder: str) -> None:
    paths = sorted(path for path in (SLACK.parent / folder).rglob("*.py") if path.name != "phrasebook.py")
    texts = [(path, *one) for path in paths for one in list_texts(path)]
    talk = re.compile(MACHINE_TALK)
    assert not [
        f"{path.name}:{line}: {text}" for path, line, text in texts if talk.search(text) and not PATTERN.search(text)
    ]


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


@pytest.mark.parametrize(
    "path", sorted((SLACK.parent.parent / "prompts" / "messages").glob("*.yaml")), ids=lambda p: p.stem
)
def test_what_is_said_in_each_language_names_no_command_setting_or_file(path: Path) -> None:
    assert not [f"{key}: {said}" for key, said in read_messages(path).items() if PROGRAM.search(str(said))]


ASSISTANT = SLACK.parent
# Nobody in Slack waits for these: commands, what keeps `earshot run` from starting, and what other programs ask.
AT_THE_MACHINE = (
    *("cli", "service", "agents", "slack/setup", "privacy", "replies/lessons", "replies/tables/lessons.py"),
    *(
        "core/setting_files.py",
        "core/ports.py",
        "core/config.py",
        "core/env_file.py",
        "core/anchor.py",
        "core/wording.py",
    ),
    *("listening/collect.py", "listening/networks/webhook.py", "knowledge/ingest/files.py", "knowledge/ingest/web.py"),
)


def list_errors() -> Iterator[tuple[Path, ast.Call, type[EarshotError]]]:
    """Every error that is made in the program, but for those that reach nobody in Slack."""
    kinds = {kind.__name__: kind for kind in find_kinds(EarshotError)}
    for path in sorted(ASSISTANT.rglob("*.py")):
        if not str(path.relative_to(ASSISTANT)).startswith(AT_THE_MACHINE):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    name = node.func.id
                    if name.endswith("Error") and not hasattr(builtins, name):
                        yield path, node, kinds.get(name, EarshotError)


def find_kinds(kind: type[EarshotError]) -> Iterator[type[EarshotError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from find_kinds(below)


def read_constants(path: Path) -> dict[str, str]:
    """The texts that names stand for in a module, as far as they are written there."""
    named = dict[str, str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named[node.targets[0].id] = read_text(node.value, {})
    return named


def read_text(node: ast.AST, named: dict[str, str]) -> str:
    parts = [
        str(part.value) if isinstance(part, ast.Constant) else named.get(part.id, "")
        for part in ast.walk(node)
        if isinstance(part, ast.Constant | ast.Name)
    ]
    return " ".join(parts)


def test_no_error_sends_somebody_in_slack_to_a_terminal_or_a_file() -> None:
    found = []
    for path, call, kind in list_errors():
        named = read_constants(path)
        said = [read_text(part, named) for part in call.args]
        words = [read_text(part.value, named) for part in call.keywords if part.arg == "in_slack"]
        shown = [*said[:1], *(words or ([] if kind.usual_in_slack is not None else said[1:2]))]
        if any(map(PROGRAM.search, shown)) and not (kind.usual_in_slack and not words and not PROGRAM.search(said[0])):
            found.append(f"{path.relative_to(ASSISTANT)}:{call.lineno}: {shown}")
    assert not found, "\n".join(found)
