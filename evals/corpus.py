"""The documents that are measured on, in an EARSHOT_HOME of their own: nothing a company has indexed is touched.

Finds the document a file of questions means: what is `18f-handbook/18f/x.md` to one is `18f/x.md` to another.

Reads what is measured with: questions with their right documents, and pages, from JSONL that may be gzipped.
"""

import filecmp
import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.app import Assistant
from assistant.core.database import translated_errors
from assistant.core.home import Home
from assistant.domain import Audience, Question, Turn
from assistant.errors import InputError
from assistant.knowledge.build import Knowledge
from assistant.knowledge.ingest.conversion import SUFFIXES
from assistant.knowledge.ingest.files import find_files
from assistant.knowledge.sources.ingest import Progress


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


_QUESTION_HINT = 'A line looks like {"id": "1", "question": "…", "doc_ids": ["folder/page.md"]}.'
_PAGE_HINT = 'A line looks like {"doc_id": "folder/page.md", "text": "…"}.'


@dataclass(frozen=True)
class Asked:
    """A question and what is known of it: `doc_ids` answer it, as the file names them; `answers` are written ones."""

    question_id: str
    question: Question
    doc_ids: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    is_unanswerable: bool = False

    @property
    def is_answerable(self) -> bool:
        """Some document answers it, so that a refusal would be wrong."""
        return bool(self.doc_ids) and not self.is_unanswerable


@dataclass(frozen=True)
class Page:
    """A text and the name its file gives it; `place` says where it stood, for messages."""

    doc_id: str
    text: str
    place: str


def read_questions(path: Path, limit: int | None = None) -> list[Asked]:
    """The first `limit` questions of a file, or all. Raises InputError that names the line which is none."""
    found: list[Asked] = []
    for place, line in read_lines(path, _QUESTION_HINT):
        if limit is not None and len(found) == limit:
            break
        found.append(_to_asked(place, line, len(found) + 1))
    if not found:
        raise InputError(f"{path} has no questions.", _QUESTION_HINT)
    return found


def read_pages(path: Path) -> Iterator[Page]:
    """The pages of a file. Raises InputError that names the line which is none."""
    for place, line in read_lines(path, _PAGE_HINT):
        doc_id, text = line.get("doc_id"), line.get("text")
        if not isinstance(doc_id, str) or not doc_id.strip():
            raise InputError(f"{place} has no doc_id.", _PAGE_HINT)
        if not isinstance(text, str):
            raise InputError(f"{place} has no text.", _PAGE_HINT)
        yield Page(doc_id.strip(), text, place)


def is_pages_file(path: Path) -> bool:
    """Return whether a name is one of a JSONL file, gzipped or not."""
    return path.name.endswith((".jsonl", ".jsonl.gz"))


def _to_asked(place: str, line: dict[str, Any], number: int) -> Asked:
    text = line.get("question")
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{place} has no question.", _QUESTION_HINT)
    return Asked(
        question_id=str(line.get("id") or number),
        question=Question(text.strip(), history=_to_history(place, line.get("history"))),
        doc_ids=_to_texts(place, "doc_ids", line.get("doc_ids")),
        answers=_to_texts(place, "answers", line.get("answers")),
        is_unanswerable=line.get("unanswerable") is True,
    )


def _to_texts(place: str, name: str, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(f"{place}: {name} is no list of texts.", _QUESTION_HINT)
    return tuple(value)


def _to_history(place: str, value: object) -> tuple[Turn, ...]:
    turns = [] if value is None else value
    if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
        raise InputError(f"{place}: history is no list of turns.", 'A turn looks like {"role": "user", "text": "…"}.')
    return tuple(Turn(str(turn.get("role", "user")), str(turn.get("text", ""))) for turn in turns)


def read_lines(path: Path, hint: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, object) of each line that is not blank: a measure over some of the lines would be of something else."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    place = f"{path}, line {number}"
                    yield place, _to_object(place, line, hint)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"The file {path} cannot be read: {reason}.", "Give a JSONL file.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not valid UTF-8.", "Save it as UTF-8.") from error


def _to_object(place: str, line: str, hint: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError(f"{place} is no JSON object.", hint)
    return found


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
    """Find which documents answer which question. Raises InputError when none of them is among the documents."""
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
    return Assistant(settings, assistant.clock, assistant.knowledge.embedder, assistant.knowledge.multilingual)


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
            raise InputError(f"{page.place}: {page.doc_id} matches none of the documents.", "Leave the line out.")
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
