"""Adds sources to sources.yaml and takes them out, leaving the rest of what people wrote there as it is."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from assistant.errors import ConfigError, InputError
from assistant.knowledge.sources.section import SourceSection
from assistant.knowledge.sources.settings import FORMS, MEND, SourceSettings, parse_sources

_ITEM = re.compile(r"^( *)- ", re.MULTILINE)
_PLACES = {"folder": "path", "page": "urls", "notion": "token", "intercom": "token"}
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


def add_source(path: Path, kind: str, place: str, fields: Mapping[str, str]) -> SourceSection:
    """Write a source at the end of the file, which is made where there is none. Raises ConfigError, InputError.

    Its name is made of its place where `fields` has none.
    """
    if kind not in FORMS:
        raise InputError(f"There is no kind of source {kind}.", f"Kinds are: {', '.join(FORMS)}.")
    text = _read(path) or "sources:\n"
    name = fields.get("name") or _make_name(place)
    field = _PLACES.get(kind, "url")
    entry = {"kind": kind, "name": name, field: [place] if field == "urls" else place, **fields}
    found = _ITEM.search(text)
    indent = found[1] if found else "  "
    written = yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=1000)
    added = "".join(f"{indent}{line}\n" for line in written.splitlines())
    changed = f"{text.rstrip()}\n{added}"
    section = parse_sources(changed, str(path)).find(name)
    _write(path, changed)
    return section


def remove_source(path: Path, name: str) -> None:
    """Take a source out of the file. Raises ConfigError where it is not in it."""
    text = _read(path)
    settings = parse_sources(text, str(path))
    settings.find(name)
    lines = text.splitlines(keepends=True)
    start, end = _find_lines(settings, name, lines)
    _write(path, "".join(lines[:start] + lines[end:]))


def _find_lines(settings: SourceSettings, name: str, lines: list[str]) -> tuple[int, int]:
    """Its lines, from and to, counted from 0; comments right above the next source are that one's."""
    number = next(number for number, section in enumerate(settings.sections) if section.name == name)
    start = settings.lines[number] - 1
    if number + 1 == len(settings.sections):
        return start, len(lines)
    end = settings.lines[number + 1] - 1
    while end > start + 1 and lines[end - 1].strip().startswith("#"):
        end -= 1
    return start, end


def _make_name(place: str) -> str:
    plain = place.partition("://")[2] or place
    return _NOT_IN_NAMES.sub("-", plain.lower()).strip("-")[:40].strip("-") or "source"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as UTF-8 text.", MEND) from error


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8")
        os.replace(fresh, path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}.", "Fix its permissions.") from error
