"""Output of commands: one JSON document, JSONL, or plain text that nothing from outside can colour or steer."""

import dataclasses
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.errors import InputError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_STEERING = re.compile(r"[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LEAST_TEXT = 24


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(_to_json(value, indent=2) + "\n")


def print_line(value: object) -> None:
    """One line of JSONL on standard output, at once: whoever reads the other end need not wait for all."""
    sys.stdout.write(_to_json(value) + "\n")
    sys.stdout.flush()


def _to_json(value: object, indent: int | None = None) -> str:
    """Signs that steer a terminal are escaped, which changes nothing for a program; json escapes those below 32."""
    text = json.dumps(to_plain(value), ensure_ascii=False, indent=indent)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def say(text: str = "", style: str = "", bold: Sequence[str] = ()) -> None:
    """A line for a person; control characters from outside are dropped. `bold` are the words of it that matter most."""
    shown = Text(_CONTROL.sub("", text), style=style)
    shown.highlight_words([_CONTROL.sub("", words) for words in bold], "bold")
    Console(highlight=False, soft_wrap=True).print(shown)


def note(text: str) -> None:
    """A line for a person beside the output: progress and warnings go to standard error."""
    Console(highlight=False, soft_wrap=True, stderr=True).print(_CONTROL.sub("", text), style="dim", markup=False)


def print_table(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """A table for a person, as wide as the terminal: only the last column is folded, so that ids can be copied."""
    cells = [[Text(_CONTROL.sub("", str(cell))) for cell in row] for row in rows]
    grid = Table(box=None, pad_edge=False, header_style="bold")
    needed = _LEAST_TEXT
    for place, column in enumerate(columns[:-1]):
        grid.add_column(column, no_wrap=True)
        needed += max([len(column), *(row[place].cell_len for row in cells)]) + 1
    grid.add_column(columns[-1], overflow="fold")
    for row in cells:
        grid.add_row(*row)
    console = Console(highlight=False)
    console.width = max(console.width, needed)
    console.print(grid)


def to_plain(value: object) -> Any:
    """Nouns as JSON: the keys are their fields' names, times ISO 8601."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    return value


def answer_batch(path: Path, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """A line of JSONL for each line of a file; one that fails is reported by its number, the others go on."""
    for line in read_batch(path):
        try:
            print_line({"id": line.get("id"), **answer(line)})
        except InputError as error:
            note(f"{path}, line {line['line']}: {error.message} Left out.")


def find_text(line: dict[str, Any], name: str) -> str:
    """The text of a batch line under a name. Raises InputError when there is none, or what is there is no text."""
    value = line.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"There is no {name}.", f'Give a text, or --batch with lines like {{"id": 1, "{name}": "…"}}.')
    if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise InputError(f"The {name} is not valid UTF-8.", "Save it as UTF-8.")
    return value.strip()


def read_batch(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file; a line that is not one is reported on standard error by its number."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"The file {path} cannot be read: {error.strerror}.", "Give a JSONL file.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            yield {"line": number, **found}
        else:
            note(f"{path}, line {number} is no JSON object: left out.")
