"""Documents from files: finds them below a folder and reads one at a time."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.domain import Audience, Document
from assistant.errors import EmptyDocumentError, InputError, SourceError
from assistant.knowledge.ingest.conversion import SUFFIXES, Converted, convert, to_date
from assistant.knowledge.ingest.owners import Owners

_RETIRED = frozenset({"superseded", "draft", "archived", "deprecated", "obsolete"})
_FORMAT = b"5"  # raise it when converting or cutting changes, so that unchanged files are read again


@dataclass(frozen=True)
class FoundFile:
    """A file below a root: `document_id` is its path below it, with forward slashes. A single file is its own root."""

    root: Path
    path: Path

    @property
    def document_id(self) -> str:
        """The path below the root; bytes of a name that are no UTF-8 are written out, like `caf\\xe9.md`."""
        below = self.path.name if self.path == self.root else self.path.relative_to(self.root).as_posix()
        return os.fsencode(below).decode("utf-8", errors="backslashreplace")


def find_files(root: Path, start: Path) -> Iterator[FoundFile]:
    """Every visible file at or below `start`, in order; links that lead out of the root are not followed.

    Raises InputError for a folder that cannot be listed: its documents must not be taken for deleted.
    """
    if start.is_file():
        yield FoundFile(root, start)
        return
    for folder, folders, names in os.walk(start, onerror=_refuse_folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder) / name
            if not name.startswith(".") and Path(os.path.realpath(path)).is_relative_to(root):
                yield FoundFile(root, path)


def _refuse_folder(error: OSError) -> None:
    raise InputError(f"The folder {error.filename} cannot be read: {error.strerror}.", "Fix permissions.") from error


def read_content(file: FoundFile, max_bytes: int) -> bytes:
    """The file's bytes. Raises SourceError for what is no document, too large, or unreadable."""
    suffix = file.path.suffix.lower()
    if suffix not in SUFFIXES:
        raise SourceError(f"is not a kind of document Earshot reads ({', '.join(sorted(SUFFIXES))})")
    try:
        status = file.path.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a pipe would wait for ever
            raise SourceError("is no ordinary file")
        size = status.st_size
        if size > max_bytes:
            raise SourceError(f"has {size / 1e6:.0f} MB, more than MAX_DOCUMENT_MB allows ({max_bytes / 1e6:.0f})")
        return file.path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}") from error


def hash_content(content: bytes, audience: Audience | None) -> str:
    """Tells whether a file, or the audience asked for it, changed since it was ingested."""
    return hashlib.sha256(b"|".join((_FORMAT, str(audience).encode(), content))).hexdigest()


def mark_owned(content_hash: str) -> str:
    """The hash of a file that names its owner itself: then it does not matter who others name."""
    return f"{content_hash}-owned"


def convert_file(file: FoundFile, content: bytes) -> Converted:
    """Convert a file. Raises SourceError; EmptyDocumentError too for a page that its front matter retires."""
    converted = convert(content, file.path.suffix.lower())
    status, successor = (str(converted.marks.get(name) or "").strip() for name in ("status", "superseded_by"))
    if successor:
        raise EmptyDocumentError(f"says that {successor} replaces it")
    if status.lower() in _RETIRED:
        raise EmptyDocumentError(f"says that it is {status.lower()}")
    return converted


def read_document(file: FoundFile, content: bytes, audience: Audience | None, owners: Owners | None = None) -> Document:
    """Convert a file to a Document; `owners` are asked where it names none itself. Raises SourceError."""
    return build_document(file, content, convert_file(file, content), audience, owners)


def build_document(
    file: FoundFile, content: bytes, converted: Converted, audience: Audience | None, owners: Owners | None
) -> Document:
    """Put what a file and its place say of it around its text."""
    marks = converted.marks
    owner = str(marks.get("owner") or "").strip()
    content_hash = hash_content(content, audience)
    return Document(
        source=str(file.root),
        document_id=file.document_id,
        title=str(marks.get("title") or converted.title or _name_as_title(file.path)).strip(),
        text=converted.text,
        audience=find_audience(file, marks.get("audience"), audience),
        content_hash=mark_owned(content_hash) if owner else content_hash,
        url=_to_url(marks.get("url")),
        owner=owner or (owners.find(file.path) if owners else None),
        updated_on=to_date(marks.get("updated")),
        review_by=to_date(marks.get("review_by")),
    )


def find_audience(file: FoundFile, mark: object, asked: Audience | None) -> Audience:
    """Public only where something says so and nothing says otherwise: the file's own mark, a folder, or the caller.

    A folder named `internal` anywhere above the file keeps it internal; `public` counts as the root itself or the
    first folder below it. A mark that is not `public`, like `staff`, keeps it internal too. Of a link both where it
    lies and where it leads count.
    """
    places = (file, _follow_link(file))
    is_public = all(_judge_place(place, mark, asked) is Audience.PUBLIC for place in places)
    return Audience.PUBLIC if is_public else Audience.INTERNAL


def _follow_link(file: FoundFile) -> FoundFile:
    """The file where it really lies; its root keeps its name, so that `public` may itself be a link."""
    real, real_root = Path(os.path.realpath(file.path)), Path(os.path.realpath(file.root))
    if file.root == file.path or not real.is_relative_to(real_root):
        return FoundFile(real, real)
    return FoundFile(file.root, file.root / real.relative_to(real_root))


def _judge_place(file: FoundFile, mark: object, asked: Audience | None) -> Audience:
    marked = str(mark or "").strip().lower()
    folders = [part.lower() for part in file.path.parent.parts]
    if Audience.INTERNAL in folders or asked is Audience.INTERNAL or marked not in ("", Audience.PUBLIC):
        return Audience.INTERNAL
    folder = file.root.parent if file.root == file.path else file.root
    said = {marked, folder.name.lower(), Path(file.document_id).parts[0].lower()}
    return Audience.PUBLIC if Audience.PUBLIC in said or asked is Audience.PUBLIC else Audience.INTERNAL


def _to_url(mark: object) -> str | None:
    url = str(mark or "").strip()
    return url if url.startswith(("https://", "http://")) else None


def _name_as_title(path: Path) -> str:
    return path.stem.replace("-", " ").replace("_", " ").strip().capitalize() or path.name
