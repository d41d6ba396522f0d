"""What reading a document gives, whatever its kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import SourceError


@dataclass(frozen=True)
class Converted:
    """Markdown text without its front matter, the title found in it, and the marks: names are in small letters.

    `unread` names what the document has besides, such as `2 hidden slides`; `remarks` are what else there is to say of
    how it was read, each to complete the sentence `document_id …`.
    """

    text: str
    title: str | None = None
    marks: Mapping[str, Any] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def list_remarks(self) -> tuple[str, ...]:
        """What it had that was not read, and how it was read."""
        return (*(f"was read without its {part}" for part in self.unread), *self.remarks)


def refuse_unreadable(suffix: str) -> SourceError:
    """The error for a file that is not what its name says."""
    return SourceError(f"is not a readable {suffix[1:].upper()} file")


def count(number: int, one: str, many: str = "") -> str:
    """`1 hidden slide`, `2 hidden slides`; empty for none."""
    return f"{number:,} {one if number == 1 else many or one + 's'}" if number else ""


def list_unread(*parts: str) -> tuple[str, ...]:
    """Those that there are."""
    return tuple(part for part in parts if part)
