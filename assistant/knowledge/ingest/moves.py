"""Follows documents that lie elsewhere now, by their content: a file that was renamed, a folder that was moved."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from assistant.knowledge.ingest.files import FoundFile, mark_owned
from assistant.knowledge.tables.documents import DocumentTables

_STALE = ""
"""The hash of a document that has to be read again: where it lies now may say another audience."""


def is_path(source: str) -> bool:
    """Return whether the source of a document is a folder or file; others are sites, and names in sources.yaml."""
    return Path(source).is_absolute()


def list_gone(documents: DocumentTables) -> list[str]:
    """The folders and files that have documents in the index and are not there any more."""
    return [source for source in documents.sources() if is_path(source) and not Path(source).exists()]


class Moves:
    """The documents of a root whose files are gone, by the hashes of their contents."""

    def __init__(self, documents: DocumentTables, root: str, known: dict[str, str], names: Iterable[str]) -> None:
        self._documents = documents
        self._root = root
        self._known = known
        here = set(names)
        self._lost = {digest: name for name, digest in known.items() if name not in here}

    def follow(self, document_id: str, digest: str) -> bool:
        """Take a new file for one that is gone and had the same content; returns whether there was one."""
        for seen in (digest, mark_owned(digest)):
            old = self._lost.pop(seen, None)
            if old is not None:
                self._documents.move(self._root, old, self._root, document_id)
                del self._known[old]
                self._known[document_id] = _STALE
                return True
        return False


def follow_root(
    documents: DocumentTables, root: Path, found: Sequence[FoundFile], find_digest: Callable[[FoundFile], str | None]
) -> str:
    """Take a new root for one that is gone and had mostly the same documents; returns the one that is gone, or nothing.

    The same are those with the same content; in the same parent folder, those with the same name too.
    """
    if str(root) in documents.sources() or not found:
        return ""
    gone = list_gone(documents)
    digests = {digest: file.document_id for file in found if gone and (digest := find_digest(file))}
    names = {file.document_id for file in found}
    for source in gone:
        known = documents.hashes(source)
        pairs = {old: new for old, digest in known.items() if (new := digests.get(digest.removesuffix("-owned")))}
        if Path(source).parent == root.parent:
            pairs = {**{old: old for old in known if old in names}, **pairs}
        if len(pairs) * 2 >= len(known):
            _move_all(documents, source, str(root), known, pairs)
            return source
    return ""


def _move_all(documents: DocumentTables, source: str, root: str, known: dict[str, str], pairs: dict[str, str]) -> None:
    """Also those that are found nowhere: whatever is not below the new root is removed like every deleted file."""
    taken: set[str] = set()
    for old in sorted(known, key=lambda name: name not in pairs):
        new = pairs.get(old, old)
        if new in taken:
            documents.remove(source, old)
        else:
            documents.move(source, old, root, new)
            taken.add(new)
