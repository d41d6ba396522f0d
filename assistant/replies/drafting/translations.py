"""Pages in the customer's language: those that are written in it, and those that stand for a page in another one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from assistant.domain import Chunk, SearchResult
from assistant.knowledge.search.retriever import Findings
from assistant.text.language import ENGLISH, UNKNOWN, reads_english

_MOST_CHUNKS = 400
_CODE_LENGTHS = (2, 3)

FindLanguages = Callable[[Sequence[int]], Mapping[int, str]]
"""The languages of chunks, by their ids; without those that are not known."""
ReadAround = Callable[[Chunk, int], Sequence[Chunk]]
"""The chunks of a document that lie at most so far from one of it."""
ReadTranslated = Callable[[str], Sequence[tuple[str, str]]]
"""The ids of a source's documents that say which page they translate, each with that page as it is named there."""


class Translations:
    """Tells which results a customer can read, and which page of another language stands for them."""

    def __init__(
        self,
        find_languages: FindLanguages,
        read_around: ReadAround,
        read_translated: ReadTranslated,
    ) -> None:
        self._find_languages = find_languages
        self._read_around = read_around
        self._read_translated = read_translated

    def keep_own(self, findings: Findings, lang: str) -> Sequence[SearchResult]:
        """The results in the customer's language, or those of the translation of the nearest page."""
        spoken = ENGLISH if reads_english(lang) else lang.partition("-")[0]
        if lang == UNKNOWN or not findings.results:
            return findings.results
        known = self._find_languages([result.chunk.chunk_id for result in findings.results])
        own = [one for one in findings.results if (one.chunk.lang or known.get(one.chunk.chunk_id, ENGLISH)) == spoken]
        if own and not findings.is_crossing:
            return own
        # Each passage once: beside itself none stands out.
        translated = self._translate(findings.results[0], spoken)
        known_ids = {one.chunk.chunk_id for one in translated}
        return [*translated, *(one for one in own if one.chunk.chunk_id not in known_ids)]

    def find_page(self, findings: Findings, lang: str) -> SearchResult | None:
        """The nearest page, where its best passage is the best of all; the customer cannot read it."""
        if not findings.is_crossing or lang == UNKNOWN:
            return None
        first, page = findings.results[0], findings.documents[0]
        is_same = (first.chunk.source, first.chunk.document_id) == (page.chunk.source, page.chunk.document_id)
        return first if is_same else None

    def _translate(self, result: SearchResult, spoken: str) -> list[SearchResult]:
        chunk = result.chunk
        named = list_named(chunk.document_id, self._read_translated(chunk.source))
        found = next(
            (chunks for one in named if (chunks := self._read(chunk, one)) and self._is_in(chunks, spoken)), []
        )
        lying = list_translations(chunk.document_id, spoken)
        found = found or next((chunks for one in lying if (chunks := self._read(chunk, one))), [])
        return [replace(result, chunk=one) for one in found]

    def _read(self, chunk: Chunk, document_id: str) -> list[Chunk]:
        """The chunks of another page for the same readers: a translation of a public page may be internal."""
        chunks = self._read_around(replace(chunk, document_id=document_id, position=0), _MOST_CHUNKS)
        return [one for one in chunks if one.audience in chunk.audience.readable]

    def _is_in(self, chunks: Sequence[Chunk], spoken: str) -> bool:
        known = self._find_languages([chunk.chunk_id for chunk in chunks])
        return any((chunk.lang or known.get(chunk.chunk_id)) == spoken for chunk in chunks)


def list_named(document_id: str, translated: Sequence[tuple[str, str]]) -> list[str]:
    """The pages that stand for this one in other languages by their own words: its translations, or what it translates
    and the other translations of that."""
    originals = {one: _find_original(one, named) for one, named in translated}
    family = {document_id, *originals.get(document_id, ())}
    named = [one for one, places in originals.items() if family & {*places}]
    return [one for one in (*named, *originals.get(document_id, ())) if one != document_id]


def _find_original(document_id: str, named: str) -> tuple[str, ...]:
    """Where the page that a translation names may lie: from its own folder, or from the top."""
    path = unquote(named.partition("#")[0]).lstrip("/")
    return tuple(dict.fromkeys(normpath(join(folder, path)) for folder in (dirname(document_id), "")))


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
