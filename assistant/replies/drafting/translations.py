"""Pages in the customer's language: those that are written in it, and those that stand for a page in another one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from assistant.domain import Chunk, SearchResult
from assistant.knowledge.search.retriever import Findings
from assistant.text.language import ENGLISH, UNKNOWN, reads_english

_MOST_CHUNKS = 400
_CODE_LENGTHS = (2, 3)

FindLanguages = Callable[[Sequence[int]], Mapping[int, str]]
"""The languages of chunks, by their ids; without those that are not known."""
ReadAround = Callable[[Chunk, int], Sequence[Chunk]]
"""The chunks of a document that lie at most so far from one of it."""


class Translations:
    """Tells which results a customer can read, and which page of another language stands for them."""

    def __init__(self, find_languages: FindLanguages, read_around: ReadAround) -> None:
        self._find_languages = find_languages
        self._read_around = read_around

    def keep_own(self, findings: Findings, lang: str) -> Sequence[SearchResult]:
        """The results in the customer's language, or those of the translation of the nearest page."""
        spoken = ENGLISH if reads_english(lang) else lang.partition("-")[0]
        if lang == UNKNOWN or not findings.results:
            return findings.results
        known = self._find_languages([result.chunk.chunk_id for result in findings.results])
        own = [one for one in findings.results if known.get(one.chunk.chunk_id, ENGLISH) == spoken]
        return [*self._translate(findings.results[0], spoken), *own] if findings.is_crossing or not own else own

    def find_page(self, findings: Findings, lang: str) -> SearchResult | None:
        """The nearest page, where its best passage is the best of all; the customer cannot read it."""
        if not findings.is_crossing or lang == UNKNOWN:
            return None
        first, page = findings.results[0], findings.documents[0]
        is_same = (first.chunk.source, first.chunk.document_id) == (page.chunk.source, page.chunk.document_id)
        return first if is_same else None

    def _translate(self, result: SearchResult, spoken: str) -> list[SearchResult]:
        for document_id in list_translations(result.chunk.document_id, spoken):
            wanted = replace(result.chunk, document_id=document_id, position=0)
            if chunks := self._read_around(wanted, _MOST_CHUNKS):
                return [replace(result, chunk=chunk) for chunk in chunks]
        return []


def list_translations(document_id: str, lang: str) -> Iterator[str]:
    """Where the page in this language may lie: `de/page.md`, `page.de.md`, or for `en/page.md` in place of `en`."""
    path = PurePosixPath(document_id)
    folders = path.parts[:-1]
    for place, folder in enumerate(folders):
        if len(folder) in _CODE_LENGTHS and folder.islower() and folder != lang:
            yield str(PurePosixPath(*folders[:place], lang, *folders[place + 1 :], path.name))
    for place in range(len(folders), -1, -1):
        yield str(PurePosixPath(*folders[:place], lang, *folders[place:], path.name))
    stem, _, last = path.stem.rpartition(".")
    bare = stem if stem and len(last) in _CODE_LENGTHS else path.stem
    yield from (str(path.with_name(f"{bare}{mark}{lang}{path.suffix}")) for mark in ".-_")
