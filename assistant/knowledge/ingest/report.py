"""What an ingest did, for people and programs."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Skipped:
    """A file or page that was not read; `reason` completes the sentence `document_id …`."""

    document_id: str
    reason: str


@dataclass(frozen=True)
class DocumentChange:
    """A document that answers know anew, or no more; `changed_at` is when that happened at its source, if known."""

    document_id: str
    changed_at: datetime | None = None


@dataclass
class IngestReport:
    """The result of an ingest: documents and chunks written, documents unchanged, moved or removed, what was skipped.

    `unread` are remarks on documents that were read; `kept` are roots most of whose documents are not there any more,
    and which nobody said to remove; `gone` are roots in the index that are not there at all; `changes` are the
    documents that were written or removed.
    """

    documents: int = 0
    chunks: int = 0
    unchanged: int = 0
    moved: int = 0
    removed: int = 0
    embedded: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    unread: list[Skipped] = field(default_factory=list)
    kept: list[Skipped] = field(default_factory=list)
    gone: list[Skipped] = field(default_factory=list)
    changes: list[DocumentChange] = field(default_factory=list)

    @property
    def has_failed(self) -> bool:
        """True where there was something to read and none of it is in the index, or where somebody has to decide."""
        return bool(self.kept) or (bool(self.skipped) and not self.documents and not self.unchanged)
