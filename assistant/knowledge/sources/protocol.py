"""What every source of documents offers: pages of what changed since a cursor, and the list of all that it holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from assistant.domain import Document
from assistant.knowledge.ingest.converted import Converted


@dataclass(frozen=True)
class SourceContent:
    """A document as it is now. `convert` runs in a child process, so pickle must be able to take it.

    `digest` tells whether it changed, also of what stands beside its text. `validator` is what the server wants to hear
    next time (an ETag), `changed_at` when it was changed at the source, where that is known to the second. `find_owner`
    is asked of a document that did not change, where owners change by themselves. `remarks` are what else
    there is to say of it, each to complete the sentence `document_id …`.
    """

    digest: str
    convert: Callable[[], Converted]
    build: Callable[[Converted], Document]
    validator: str = ""
    changed_at: datetime | None = None
    find_owner: Callable[[], str | None] | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceDocument:
    """A document that a source names, and the way to its content, which is gone only when it is needed.

    `place` is what people are told of it, its id if empty. With the same `stamp` as last time it is not loaded; in a
    full round only where the stamp `is_exact`, which a day is not. `load` gets the validator of last time, empty for
    none, and gives None where nothing changed since. It raises GoneError, and SourceError for what cannot be read.
    """

    document_id: str
    load: Callable[[str], SourceContent | None]
    stamp: str = ""
    is_exact: bool = True
    place: str = ""


@dataclass(frozen=True)
class SourcePage:
    """A part of what there is to read; `next` is the cursor to go on from, now or in the next round.

    `gone` are ids that the source says it deleted. `listed` are the ids of all that it holds, from sources that cannot
    name what changed without listing everything. `closed` are ids, and what people are told of each, that only some
    people may read there: they leave at once, however many they are.
    """

    documents: tuple[SourceDocument, ...]
    gone: frozenset[str] = frozenset()
    next: str = ""
    is_last: bool = True
    listed: frozenset[str] | None = None
    closed: Mapping[str, str] = field(default_factory=dict)


class Source(Protocol):
    """A place that documents come from. `root` is the source of its Documents."""

    root: str

    def read(self, cursor: str) -> SourcePage:
        """What changed since a cursor, everything for an empty one.

        Raises SourceError or NetworkError where the source cannot be read, CursorExpiredError where it can only be read
        anew.
        """

    def list_ids(self) -> frozenset[str]:
        """The ids of all documents that it holds now. Raises as `read` does; never gives a part of them for all."""


@runtime_checkable
class AskableSource(Source, Protocol):
    """A source whose lists may miss what is there: before a document leaves for that, it is asked for by itself."""

    def find_gone(self, document_ids: frozenset[str]) -> frozenset[str]:
        """Those that are not there. Raises as `read` does."""

    def close(self) -> None:
        """Close its connections; a later question opens new ones."""
