"""The documents that are measured on, in an EARSHOT_HOME of their own: nothing a company has indexed is touched."""

import filecmp
import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.app import Assistant
from assistant.core.database import translated_errors
from assistant.core.home import Home
from assistant.domain import Audience
from assistant.errors import InputError
from assistant.evaluate.naming import DocumentNames
from assistant.evaluate.reading import Asked, Page, is_pages_file, read_pages
from assistant.knowledge.build import Knowledge
from assistant.knowledge.ingest.converting import SUFFIXES
from assistant.knowledge.ingest.files import find_files
from assistant.knowledge.ingest.ingest import Progress

_LONGEST_NAME = 200  # bytes of a file name; file systems take 255

_Write = Callable[[Path], None]


@dataclass(frozen=True)
class Corpus:
    """Documents ready to be asked about; `documents` and `chunks` count them."""

    assistant: Assistant
    names: DocumentNames
    documents: int
    chunks: int


@dataclass(frozen=True)
class Gold:
    """The documents that answer each question, by its place; `missing` of them are not in the corpus: misses."""

    by_place: Mapping[int, frozenset[str]]
    missing: int


def prepare(
    assistant: Assistant, documents: Path, masked: Path | None, progress: Progress, is_fresh: bool = False
) -> Corpus:
    """Stage and ingest documents below EARSHOT_HOME/eval; what is there from an earlier run and unchanged stays."""
    home = _find_home(assistant.home, assistant.knowledge, documents, masked)
    folder = home / "documents"
    with translated_errors(folder):
        _stage(documents, masked, folder)
    measured = _open(assistant, home)
    if is_fresh:
        # Not by deleting the files: another run may have them open.
        for document_id in measured.knowledge.documents.hashes(str(folder)):
            measured.knowledge.documents.remove(str(folder), document_id)
    measured.knowledge.ingest.run([str(folder)], Audience.INTERNAL, measured.clock(), progress)
    document_ids = list(measured.knowledge.documents.hashes(str(folder)))
    if not document_ids:
        raise InputError(f"{documents} has no documents.", "Give a folder of documents, or JSONL of doc_id and text.")
    return Corpus(
        measured, DocumentNames(document_ids), len(document_ids), measured.knowledge.documents.count()["chunks"]
    )


def find_gold(corpus: Corpus, questions: list[Asked]) -> Gold:
    """Which documents answer which question. Raises InputError when none of them is among the documents."""
    by_place, missing, found = dict[int, frozenset[str]](), set[str](), 0
    for place, asked in enumerate(questions):
        named = {doc_id: corpus.names.find(doc_id) for doc_id in asked.doc_ids}
        missing |= {doc_id for doc_id, document_id in named.items() if document_id is None}
        found += len(named) - sum(document_id is None for document_id in named.values())
        if named:
            by_place[place] = frozenset(document_id or doc_id for doc_id, document_id in named.items())
    if by_place and not found:
        raise InputError(
            f"None of the questions' doc_ids is among the documents, for example {min(missing)}.",
            "Give the documents that belong to these questions.",
        )
    return Gold(by_place, len(missing))


def _find_home(home: Home, knowledge: Knowledge, documents: Path, masked: Path | None) -> Path:
    # The embedder is part of it: an index refuses another one's vectors, and to compare two is what one measures for.
    parts = [knowledge.embedder.name, *(str(path.resolve()) for path in (documents, masked) if path)]
    name = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return home.settings.earshot_home.resolve() / "eval" / name


def _open(assistant: Assistant, home: Path) -> Assistant:
    # Never on a Chroma server: its collections hold the company's own documents.
    settings = assistant.settings.model_copy(update={"earshot_home": home, "earshot_chroma_url": ""})
    return Assistant(settings, assistant.clock, assistant.knowledge.embedder)


def _stage(documents: Path, masked: Path | None, folder: Path) -> None:
    """Make `folder` hold exactly the documents, the masked ones in place of their originals."""
    if not documents.exists():
        raise InputError(f"There is no file or folder {documents}.", "Give a path that exists.")
    if documents.is_dir():
        root = documents.resolve()
        found = (file for file in find_files(root, root) if file.path.suffix.lower() in SUFFIXES)
        writers = {file.path.relative_to(root).as_posix(): _copier(file.path) for file in found}
    elif is_pages_file(documents):
        writers = _read_passages(documents)
    else:
        raise InputError(f"{documents} is neither a folder nor JSONL.", "Give a folder, .jsonl or .jsonl.gz.")
    if masked:
        writers |= _read_masked(masked, writers)
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in writers.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write(folder / name)
    for file in list(_find_all(folder)):
        if file.relative_to(folder).as_posix() not in writers:
            file.unlink()


def _copier(source: Path) -> _Write:
    def write(target: Path) -> None:
        # Copies keep the time of their change, so that size and time tell whether the original changed since.
        if not target.exists() or not filecmp.cmp(source, target):
            shutil.copy2(source, target)
            target.chmod(0o600)

    return write


def _text_writer(text: str) -> _Write:
    def write(target: Path) -> None:
        content = text.encode("utf-8", "replace")
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)

    return write


def _read_passages(documents: Path) -> dict[str, _Write]:
    found = dict[str, _Write]()
    for page in read_pages(documents):
        name = _to_file_name(page)
        if name in found:
            raise InputError(
                f"{page.place}: {page.doc_id} is there already.", "Give every passage a doc_id of its own."
            )
        found[name] = _text_writer(page.text)
    return found


def _read_masked(masked: Path, writers: Mapping[str, _Write]) -> dict[str, _Write]:
    names, found = DocumentNames(writers), dict[str, _Write]()
    for page in read_pages(masked):
        name = names.find(page.doc_id)
        if name is None:
            # To go on would measure with an original that says the question itself.
            raise InputError(f"{page.place}: {page.doc_id} stands for none of the documents.", "Leave the line out.")
        found[name] = _text_writer(page.text)
    return found


def _to_file_name(page: Page) -> str:
    path = PurePosixPath(page.doc_id)
    parts = [part for part in path.parts if not part.startswith(".") and "\0" not in part]
    is_long = any(len(part.encode("utf-8", "replace")) > _LONGEST_NAME for part in parts)
    if path.is_absolute() or len(parts) != len(path.parts) or is_long or str(path) != page.doc_id:
        raise InputError(
            f"{page.place}: the doc_id {page.doc_id[:80]} cannot be a path below a folder.",
            "Parts between slashes may not begin with a dot or be longer than 200 bytes.",
        )
    return page.doc_id if path.suffix in (".md", ".txt") else f"{page.doc_id}.md"


def _find_all(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
