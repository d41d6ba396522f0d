"""YAML files that people write, as plain values: what is wrong is told with its line, and no value is ever repeated."""

import difflib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from assistant.errors import ConfigError

_FIELD_NAME = re.compile(r"[a-z_]{1,24}")
_DEEPEST = 10
_QUICK = 40_000  # characters: hundreds of thousands of nested brackets would overflow the C loader's stack
_Place = tuple[str | int, ...]
Form = TypeVar("Form", bound=BaseModel)


def read_settings_file(path: Path, is_needed: bool, setting: str) -> str | None:
    """The text of a file that `setting` names; None where there is none, unless it is needed. Raises ConfigError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        if is_needed:
            raise ConfigError(f"{setting} {path} is not there.", "Write it, or correct the setting.") from error
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as UTF-8 text.", "Save it as UTF-8, or fix permissions.") from error


class _AliasError(yaml.MarkedYAMLError):
    """An alias such as `*name`."""


class _NoAliases(yaml.BaseLoader):
    """A few lines of aliases unfold to gigabytes, and no file of ours needs one."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Raise _AliasError with its line."""
        if self.check_event(yaml.AliasEvent):
            raise _AliasError(problem_mark=self.get_event().start_mark)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)


def _compose(text: str) -> yaml.Node | None:
    """The quick loader, but for aliases and for faults: of those the other one knows the line as people count."""
    if "*" not in text and len(text) <= _QUICK:
        try:
            return yaml.compose(text, Loader=yaml.CBaseLoader)
        except yaml.YAMLError:
            pass
    return yaml.compose(text, Loader=_NoAliases)


class FieldsFile:
    """One file: `mend` is the hint with every fault, `bare` are fields that mean something even when empty.

    In a file with `is_each_once` no name may stand in a list twice.
    """

    def __init__(self, name: str, mend: str, bare: frozenset[str] = frozenset(), is_each_once: bool = True) -> None:
        self._name = name
        self._mend = mend
        self._bare = bare
        self._is_each_once = is_each_once
        self._lines: dict[_Place, int] = {}

    def parse(self, text: str) -> Any:
        """Its values, all of them text; None for an empty file. Raises ConfigError with the line."""
        try:
            node = _compose(text)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = f", line {mark.line + 1}" if mark else ""
            if isinstance(error, _AliasError):
                raise ConfigError(f"{self._name}{place}: aliases (*) are not read here.", "Write it out.") from None
            look = "Look at that line and the one above: indentation, a missing colon, an open quote or bracket."
            raise ConfigError(f"{self._name}{place}: this is no YAML.", f"{look} {self._mend}") from None
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise ConfigError(
                f"{self._name}, line {line}: it holds a sign that YAML does not allow.", self._mend
            ) from None
        return self._convert(node, ()) if node else None

    def parse_form(self, text: str, form: type[Form], example: str, known_fields: Sequence[str]) -> Form | None:
        """Its values in this form; None for an empty file. Raises ConfigError: `example` is a field it may hold."""
        content = self.parse(text)
        if content is None:
            return None
        if not isinstance(content, dict):
            raise ConfigError(f"{self._name}, line 1: it must hold fields, such as {example}:", self._mend)
        try:
            return form.model_validate(content)
        except ValidationError as error:
            raise ConfigError(self.tell(error, known_fields), self._mend) from None

    def line_of(self, place: _Place) -> int:
        """The line on which what is parsed stands, by its fields and places in lists, from 0."""
        return self._lines[place]

    def tell(self, error: ValidationError, known_fields: Sequence[str], place: _Place = ()) -> str:
        """Describe each fault in the values, with its line; `place` is where in the file those values stand."""
        faults: list[Any] = error.errors(include_input=False, include_url=False, include_context=False)
        # A list whose entry is wrong counts as empty too: one fault is told once.
        inner = [f for f in faults if not any(g is not f and g["loc"][: len(f["loc"])] == f["loc"] for g in faults)]
        return "; ".join(self._tell(fault, known_fields, place) for fault in inner or faults)

    def _convert(self, node: yaml.Node, place: _Place) -> Any:
        """Nodes to plain values, all of them text: `no` is a country here, and no False."""
        self._lines[place] = node.start_mark.line + 1
        if len(place) > _DEEPEST:
            raise self._refuse(self._lines[place], "this is nested too deep.")
        if isinstance(node, yaml.MappingNode):
            return self._convert_fields(node, place)
        if isinstance(node, yaml.SequenceNode):
            return self._convert_items(node, place)
        is_empty = isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("", "~", "null")
        return None if is_empty else node.value

    def _convert_fields(self, node: yaml.MappingNode, place: _Place) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            field = str(key.value)
            if field in fields:
                raise self._refuse(line, f"{_show(field) or 'a field'} is here twice.", "Put both together.")
            fields[field] = self._convert(value, (*place, field))
            self._lines[(*place, field)] = line
        # An empty section or list counts as not written, but for those that need no fields.
        return {
            field: {} if field in self._bare and value is None else value
            for field, value in fields.items()
            if value is not None or field in self._bare
        }

    def _convert_items(self, node: yaml.SequenceNode, place: _Place) -> list[Any]:
        items: list[Any] = []
        seen: set[str] = set()
        for number, item in enumerate(node.value):
            items.append(self._convert(item, (*place, number)))
            known = str(item.value).casefold() if isinstance(item, yaml.ScalarNode) and self._is_each_once else ""
            if known and known in seen:
                line = item.start_mark.line + 1
                raise self._refuse(line, "this name is in the list twice.", "Take one of them away.")
            seen.add(known)
        return items

    def _refuse(self, line: int, what: str, mend: str = "") -> ConfigError:
        return ConfigError(f"{self._name}, line {line}: {what}", mend or self._mend)

    def _tell(self, fault: Any, known_fields: Sequence[str], base: _Place) -> str:
        place = (*base, *fault["loc"])
        known = next(place[:end] for end in range(len(place), -1, -1) if place[:end] in self._lines)
        return f"{self._name}, line {self._lines[known]}: {_describe(tuple(fault['loc']), fault, known_fields)}"


def tell_faults(error: ValidationError, known_fields: Sequence[str]) -> str:
    """Describe faults in values that are in no file, in the words used for files."""
    faults: list[Any] = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(_describe(tuple(fault["loc"]), fault, known_fields) for fault in faults)


def _show(part: str | int) -> str:
    """A part of a place, counted from 1; empty for a name that looks like no field: it may be a key."""
    if isinstance(part, int):
        return str(part + 1)
    return part if _FIELD_NAME.fullmatch(part) else ""


def _describe(place: _Place, fault: Any, known_fields: Sequence[str]) -> str:
    field = ".".join(_show(part) or "…" for part in place)
    if fault["type"] == "extra_forbidden":
        if not _show(place[-1]):
            return "there is no such field; it is not repeated here, for it may be a key"
        likely = difflib.get_close_matches(str(place[-1]), known_fields, n=1)
        if place[-1] in likely:
            return f"there is no field {field} here: look whether it is indented as it should be"
        return f"there is no field {field}" + (f", perhaps {likely[0]} is meant" if likely else "")
    messages = {
        "missing": f"{field} is missing",
        "tuple_type": f"{field} must be a list, each entry on a line of its own with a dash before it",
        "model_type": f"{field} must hold fields of its own, indented below it",
        "string_type": f"{field} must be a single text",
        "bool_parsing": f"{field} must be true or false",
        "bool_type": f"{field} must be true or false",
        "enum": f"{field} must be {fault['msg'].removeprefix('Input should be ')}",
        "string_pattern_mismatch": f"{field} is not written as it should be",
        "too_short": f"{field} must not be empty",
        "string_too_short": f"{field} must not be empty",
        "string_too_long": f"{field} is too long",
    }
    message: str = messages.get(fault["type"], f"{field} {fault['msg'].removeprefix('Value error, ')}")
    return message
