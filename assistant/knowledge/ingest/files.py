"""Documents from files: finds them below a folder and reads one at a time."""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from assistant.domain import Audience, Document
from assistant.errors import EmptyDocumentError, InputError, SourceError
from assistant.knowledge.ingest import includes
from assistant.knowledge.ingest.addresses import build_address
from assistant.knowledge.ingest.conversion import SUFFIXES, convert
from assistant.knowledge.ingest.converted import Converted
from assistant.knowledge.ingest.front_matter import is_nobody, to_date, to_language
from assistant.knowledge.ingest.includes import take_in
from assistant.knowledge.ingest.owners import Owners
from assistant.knowledge.ingest.reader_names import find_readers

_MOST_NAMES = 5
_RETIRED = frozenset({"superseded", "draft", "archived", "deprecated", "obsolete"})
_MOST_URL = 2_000
_FORMAT = b"7"  # raise it when converting or cutting changes, so that unchanged files are read again


@dataclass(frozen=True)
class FoundFile:
    """A file below a root: `document_id` is its path below it, with forward slashes. A single file is its own root.

    `names` are other places below the root where the very same file lies (hard links); `is_elsewhere` says that it lies
    outside of it too, where nobody can tell.
    """

    root: Path
    path: Path
    names: tuple[Path, ...] = ()
    is_elsewhere: bool = False

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


def name_links(found: list[FoundFile]) -> list[FoundFile]:
    """The files with the other names that each has: a hard link is no copy, but the file itself."""
    links = {file: status for file in found if (status := _find_links(file.path))}
    if not links:
        return found
    root = found[0].root
    names: dict[tuple[int, int], list[Path]] = {}
    for file in find_files(root, root):
        if status := _find_links(file.path):
            names.setdefault((status.st_dev, status.st_ino), []).append(file.path)
    return [_name_links(file, links[file], names) if file in links else file for file in found]


def _find_links(path: Path) -> os.stat_result | None:
    """The status of a file that has more than one name."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) and status.st_nlink > 1 else None


def _name_links(file: FoundFile, status: os.stat_result, names: Mapping[tuple[int, int], list[Path]]) -> FoundFile:
    here = names.get((status.st_dev, status.st_ino), [])
    others = tuple(path for path in here if path != file.path)
    return replace(file, names=others, is_elsewhere=len(others) + 1 < status.st_nlink)


def _refuse_folder(error: OSError) -> None:
    mend = "Fix permissions." if isinstance(error, PermissionError) else "Was it moved, or is its drive not mounted?"
    raise InputError(f"The folder {error.filename} cannot be read: {error.strerror}.", mend) from error


def read_content(file: FoundFile, max_bytes: int) -> tuple[bytes, tuple[str, ...]]:
    """The file's bytes with those of the files that it takes in, and the names of those that are not there.

    Raises SourceError for what is no document, too large, or unreadable.
    """
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
        content = file.path.read_bytes()
        return take_in(content, file.path, file.root) if suffix in includes.KINDS else (content, ())
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


def list_remarks(file: FoundFile, missing: tuple[str, ...]) -> tuple[str, ...]:
    """What there is to say of where a file lies, and of what it takes in."""
    told = []
    if file.is_elsewhere:
        told.append("is the same file as one outside of this folder (a hard link): only a mark makes it public")
    if missing:
        shown = ", ".join(missing[:_MOST_NAMES]) + (" and others" if len(missing) > _MOST_NAMES else "")
        told.append(f"takes in what is not there: {shown}")
    return tuple(told)


def read_document(file: FoundFile, content: bytes, audience: Audience | None, owners: Owners | None = None) -> Document:
    """Convert a file to a Document; `owners` are asked where it names none itself. Raises SourceError."""
    return build_document(file, content, convert_file(file, content), audience, owners)


def build_document(
    file: FoundFile,
    content: bytes,
    converted: Converted,
    audience: Audience | None,
    owners: Owners | None,
    address: str | None = None,
) -> Document:
    """Put what a file and its place say of it around its text; `address` is the rule for its folder."""
    marks = converted.marks
    named = str(marks.get("owner") or "").strip()
    owner = "" if is_nobody(named) else named
    content_hash = hash_content(content, audience)
    return Document(
        source=str(file.root),
        document_id=file.document_id,
        title=str(marks.get("title") or converted.title or _name_as_title(file.path)).strip(),
        text=converted.text,
        audience=find_audience(file, marks.get("audience"), audience),
        content_hash=mark_owned(content_hash) if owner else content_hash,
        url=_to_url(marks.get("url")) or (build_address(address, file.document_id) if address else None),
        owner=owner or (owners.find(file.path) if owners else None),
        updated_on=_find_date(file, marks, owners),
        review_by=to_date(marks.get("review_by")),
        lang=to_language(marks.get("lang")),
        translation_of=str(marks.get("translation_of") or "").strip(),
        readers=find_readers(marks),
    )


def _find_date(file: FoundFile, marks: Mapping[str, object], owners: Owners | None) -> date | None:
    """When a document was last changed: as it says itself, else as git says, else as its file says."""
    said = (to_date(marks.get(name)) for name in ("updated", "last_updated", "lastmod", "date"))
    written = next((day for day in said if day), None)
    if written or owners is None:
        return written
    return owners.find_date(file.path) or _read_file_date(file.path)


def _read_file_date(path: Path) -> date | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    except (OSError, ValueError, OverflowError):
        return None


def find_audience(file: FoundFile, mark: object, asked: Audience | None) -> Audience:
    """Public only where something says so and nothing says otherwise: the file's own mark, a folder, or the caller.

    A folder named `internal` anywhere above the file keeps it internal; `public` counts as the root itself or the
    first folder below it. A mark that is not `public`, like `staff`, keeps it internal too. Of a link both where it
    lies and where it leads count, and of a file with several names (hard links) each of them; where one of these is
    outside of the root, no folder makes it public.
    """
    names = (FoundFile(file.root, path) for path in file.names)
    places = (file, _follow_link(file), *names)
    is_vouched = asked is Audience.PUBLIC or str(mark or "").strip().lower() == Audience.PUBLIC
    is_public = all(_judge_place(place, mark, asked) is Audience.PUBLIC for place in places)
    return Audience.PUBLIC if is_public and (is_vouched or not file.is_elsewhere) else Audience.INTERNAL


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
    return url if url.startswith(("https://", "http://")) and len(url) <= _MOST_URL else None


def _name_as_title(path: Path) -> str:
    return path.stem.replace("-", " ").replace("_", " ").strip().capitalize() or path.name
