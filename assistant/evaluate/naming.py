"""Finds the document a file of questions means: what is `18f-handbook/18f/x.md` to one is `18f/x.md` to another."""

from collections.abc import Iterable, Iterator

from assistant.errors import InputError


class DocumentNames:
    """The documents of one corpus, found by name: the whole name, or one that ends with the other at a slash."""

    def __init__(self, document_ids: Iterable[str]) -> None:
        self._whole = {_without_ending(document_id): document_id for document_id in document_ids}
        self._by_tail: dict[str, list[str]] = {}
        for key, document_id in self._whole.items():
            for tail in _tails(key):
                self._by_tail.setdefault(tail, []).append(document_id)

    def find(self, doc_id: str) -> str | None:
        """The document, or None. Raises InputError when several end with the name: no choice would be right."""
        key = _without_ending(doc_id)
        if key in self._whole:
            return self._whole[key]
        longer = self._by_tail.get(key, [])
        if len(longer) > 1:
            raise InputError(
                f"{doc_id} may be {longer[0]} or {longer[1]}.", "Write more of its path, from the documents' folder on."
            )
        if longer:
            return longer[0]
        return next((self._whole[tail] for tail in _tails(key) if tail in self._whole), None)


def _without_ending(doc_id: str) -> str:
    return doc_id.strip("/").removesuffix(".md")


def _tails(key: str) -> Iterator[str]:
    """What is left of a path as its folders are taken away from the front, longest first."""
    while "/" in key:
        key = key.partition("/")[2]
        yield key
