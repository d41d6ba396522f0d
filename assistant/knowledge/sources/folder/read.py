"""A folder, or a single file: the files below it, as they lie there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

from assistant.domain import Audience, Document
from assistant.errors import SourceError
from assistant.knowledge.ingest import files
from assistant.knowledge.ingest.conversion import SUFFIXES
from assistant.knowledge.ingest.converted import Converted
from assistant.knowledge.ingest.owners import CODEOWNERS_PLACES, Owners
from assistant.knowledge.sources.protocol import SourceContent, SourceDocument, SourcePage


class FolderSource:
    """The files at or below `start`, which lies in `folder`; `address` is the rule for their addresses. Of a repository
    only what can be read as a document counts.

    Raises InputError for a folder that cannot be listed.
    """

    def __init__(
        self,
        folder: Path,
        max_bytes: int,
        audience: Audience | None = None,
        address: str | None = None,
        start: Path | None = None,
        root: str = "",
        is_repository: bool = False,
    ) -> None:
        self.root = root or str(folder)
        self.folder = folder
        self._start = start or folder
        self._max_bytes = max_bytes
        self._audience = audience
        self.address = address
        self._is_repository = is_repository
        self.changed_at: datetime | None = None  # of all of them; each file's own time if none
        self._owners = Owners(folder, self._start)

    @cached_property
    def found(self) -> list[files.FoundFile]:
        """All files, listed once: before anything is changed, for listing may fail."""
        found = [file for file in files.find_files(self.folder, self._start) if self._is_meant(file)]
        return files.name_links(found)

    def read(self, cursor: str) -> SourcePage:
        """All of them: whether one changed, its content says."""
        return SourcePage(self.offer(self.found), listed=self.list_ids())

    def list_ids(self) -> frozenset[str]:
        """The paths below the folder."""
        return frozenset(file.document_id for file in self.found)

    def offer(self, found: Sequence[files.FoundFile]) -> tuple[SourceDocument, ...]:
        """These files as documents."""
        return tuple(SourceDocument(file.document_id, partial(self._load, file)) for file in found)

    def find_digest(self, file: files.FoundFile) -> str | None:
        """The digest of a file's content; None for one that cannot be read."""
        try:
            return files.hash_content(files.read_content(file, self._max_bytes)[0], self._audience)
        except SourceError:
            return None

    def _is_meant(self, file: files.FoundFile) -> bool:
        """Say whether a file is there to be read: nobody wants to hear of the program beside a repository's pages."""
        suffix = file.path.suffix.lower()
        return suffix in SUFFIXES if self._is_repository else file.document_id not in CODEOWNERS_PLACES

    def _load(self, file: files.FoundFile, validator: str) -> SourceContent:
        content, missing = files.read_content(file, self._max_bytes)
        return SourceContent(
            files.hash_content(content, self._audience),
            partial(files.convert_file, file, content),
            partial(self._build, file, content),
            changed_at=self.changed_at or _read_time(file.path),
            find_owner=partial(self._owners.find, file.path),
            remarks=files.list_remarks(file, missing),
        )

    def _build(self, file: files.FoundFile, content: bytes, converted: Converted) -> Document:
        found = files.build_document(file, content, converted, self._audience, self._owners, self.address)
        return replace(found, source=self.root)


def _read_time(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None
