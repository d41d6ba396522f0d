"""Every pattern of the package, on what strangers write: four times the text is about four times the work."""

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_linear import TWICE_LINEAR, UNITS, make_mix, make_repeat

import assistant
from assistant.domain.outside import POST, bound

SHORT, LONG = 2_000, 6_000
LEAST_SECONDS = 0.02
MORE = (
    "12 ",
    "+1",
    "<p>",
    "&amp;",
    "www.",
    "A ",
    "Aa ",
    "a\u0301",
    "the ",
    "please ",
    "1:",
    "~",
    "a/",
    "=a",
    "'",
    '"',
    ", ",
    "if ",
    "dot ",
    "punkt\n",
    "k1",
)
# What some patterns begin with, each of which looked for its end from each of its beginnings.
BEGINNINGS = (", ", "if ", "dot ", "punkt\n", "between 1 ", "k1")
# What only reads our own text: the package's SQL.
OURS = ("assistant.core.schema._NO_CODE",)
GROUPS = 8


def list_patterns() -> Iterator[tuple[str, re.Pattern[str], bool]]:
    """Each compiled pattern with its place, and whether it is only ever matched from a text's beginning."""
    for module in pkgutil.walk_packages(assistant.__path__, "assistant."):
        loaded = importlib.import_module(module.name)
        source = Path(str(loaded.__file__)).read_text()
        for name, value in vars(loaded).items():
            methods = set(re.findall(rf"\b{re.escape(name)}\.(\w+)\(", source))
            is_anchored = bool(methods) and methods <= {"match", "fullmatch"}
            for pattern in _find_patterns(value):
                yield f"{module.name}.{name}", pattern, is_anchored
        for call in ast.walk(ast.parse(source)):
            if _is_inline(call):
                yield f"{module.name}:{call.lineno}", re.compile(call.args[0].value), False  # type: ignore[attr-defined]


def _find_patterns(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple | list) and len(value) < 200:
        for one in value:
            yield from _find_patterns(one)
    elif isinstance(value, dict) and len(value) < 200:
        yield from _find_patterns([*value, *value.values()])


def _is_inline(node: ast.AST) -> bool:
    """A call such as re.sub("…", …), whose pattern is no constant of its module."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
        return False
    owner, first = node.func.value, node.args[0]
    is_re = isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr not in ("compile", "escape")
    return is_re and isinstance(first, ast.Constant) and isinstance(first.value, str)


@pytest.mark.parametrize("group", range(GROUPS))
def test_no_pattern_takes_more_than_twice_its_share(group: int) -> None:
    texts = {
        (unit, make.__name__): (bound(make(unit, SHORT), POST), bound(make(unit, LONG), POST))
        for unit in (*UNITS, *MORE, *BEGINNINGS)
        for make in (make_repeat, make_mix)
    }
    patterns = {(pattern, is_anchored): place for place, pattern, is_anchored in list_patterns() if place not in OURS}
    slow = []
    for (pattern, is_anchored), place in list(patterns.items())[group::GROUPS]:
        for unit, (short, long) in texts.items():
            if _measure(pattern, is_anchored, long) < LEAST_SECONDS:
                continue
            seconds = min(_measure(pattern, is_anchored, long) for _ in range(2))
            share = min(_measure(pattern, is_anchored, short) for _ in range(3)) * len(long) / len(short)
            if seconds > max(LEAST_SECONDS, TWICE_LINEAR * share):
                slow.append(f"{place} on {unit}: {seconds:.2f} s in place of {share:.2f} s")
    assert not slow, "\n".join(slow)


def _measure(pattern: re.Pattern[str], is_anchored: bool, text: str) -> float:
    began = time.thread_time()
    if is_anchored:
        pattern.match(text)
        pattern.fullmatch(text)
    else:
        for _ in pattern.finditer(text):
            pass
    return time.thread_time() - began
