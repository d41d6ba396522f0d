"""What the properties of a page of Notion say: its title, and the fields of a row of a database."""

from collections.abc import Mapping
from typing import Any

_MOST_FIELDS = 60


def find_title(properties: Mapping[str, Any]) -> str:
    """The page's title; empty for one without."""
    for value in properties.values():
        if isinstance(value, dict) and value.get("type") == "title":
            return tell_value(value)
    return ""


def tell_fields(properties: Mapping[str, Any]) -> str:
    """The other fields, a line each, as Markdown."""
    lines = []
    for name, value in list(properties.items())[:_MOST_FIELDS]:
        if isinstance(value, dict) and value.get("type") != "title" and (said := tell_value(value)):
            lines.append(f"- {name}: {said}")
    return "\n".join(lines)


def tell_value(value: Mapping[str, Any]) -> str:
    """A field's value as people read it; empty for what is none, or only leads elsewhere."""
    kind = str(value.get("type"))
    held = value.get(kind)
    if kind in ("title", "rich_text"):
        return _join(held, "plain_text", "")
    if kind in ("select", "status"):
        return _name(held)
    if kind in ("multi_select", "people"):
        return _join(held, "name", ", ")
    if kind == "date":
        return _tell_span(held)
    if kind in ("formula", "unique_id"):
        return _tell_computed(kind, held)
    if kind == "checkbox":
        return "yes" if held is True else "no"
    return str(held) if kind in ("number", "url", "email", "phone_number") and held is not None else ""


def _name(held: Any) -> str:
    return str(held.get("name") or "") if isinstance(held, dict) else ""


def _join(held: Any, field: str, between: str) -> str:
    parts = held if isinstance(held, list) else []
    return between.join(str(one.get(field) or "") for one in parts if isinstance(one, dict)).strip()


def _tell_span(held: Any) -> str:
    if not isinstance(held, dict):
        return ""
    return " to ".join(str(held[end]) for end in ("start", "end") if held.get(end))


def _tell_computed(kind: str, held: Any) -> str:
    if not isinstance(held, dict):
        return ""
    if kind == "unique_id":
        return "-".join(str(held[part]) for part in ("prefix", "number") if held.get(part) is not None)
    found = held.get(str(held.get("type")))
    return _tell_span(found) if isinstance(found, dict) else "" if found is None else str(found)
