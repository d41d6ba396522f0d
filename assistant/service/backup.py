"""Backup and restore: the database and the outbox in one zip file; vectors are rebuilt, logs are left."""

import os
import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout

from assistant.app import Assistant
from assistant.core.database import Store, translated_errors
from assistant.core.schema import build_schema, read_shape
from assistant.errors import InputError
from assistant.knowledge.tables.documents import DocumentTables
from assistant.replies.tables.drafts import DraftTables
from assistant.replies.tables.send_ledger import LedgerTables

_DATABASE, _OUTBOX = "earshot.db", "outbox.jsonl"


def write_backup(assistant: Assistant, file: Path) -> int:
    """Write the backup and return its size in bytes. A backup that cannot be finished leaves no file behind."""
    home = assistant.settings.earshot_home
    unfinished = file.with_name(f"{file.name}.unfinished")
    with translated_errors(file), TemporaryDirectory(dir=home) as folder:
        copy = Path(folder) / _DATABASE
        assistant.home.store.backup_to(copy)
        try:
            with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(copy, _DATABASE)
                if (home / _OUTBOX).exists():
                    archive.write(home / _OUTBOX, _OUTBOX)
            os.replace(unfinished, file)
        finally:
            unfinished.unlink(missing_ok=True)
    return file.stat().st_size


def verify_backup(file: Path) -> None:
    """Restore a backup into a temporary home and look at it. Raises InputError for one that is not sound."""
    with TemporaryDirectory(dir=file.parent) as folder:
        store = Store(_unpack(file, Path(folder)))
        try:
            _check(store, file.name)
        finally:
            store.close()


def restore_backup(assistant: Assistant, file: Path) -> Path | None:
    """Put a backup in place and return where the database before it is kept.

    Replies may have gone out since the backup was made: drafts that it holds as approved are looked up on their
    network before anything is sent, and an outbox that exists is never rolled back.
    Raises InputError for a file that is no sound backup, before anything is changed.
    """
    home = assistant.settings.earshot_home
    with _nobody_runs(home), TemporaryDirectory(dir=home) as folder:
        fresh = _unpack(file, Path(folder))
        _prepare(fresh, tuple(assistant.replies.senders))
        kept = _swap(fresh, home)
        outbox = Path(folder) / _OUTBOX
        if outbox.exists() and not (home / _OUTBOX).exists():
            os.replace(outbox, home / _OUTBOX)
    return kept


def _unpack(file: Path, folder: Path) -> Path:
    hint = "Give a file that earshot backup wrote."
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if _DATABASE not in names:
                raise InputError(f"{file} is no backup of Earshot.", hint)
            for name in names & {_DATABASE, _OUTBOX}:
                archive.extract(name, folder)
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise InputError(f"{file} cannot be read as a backup: {reason}.", hint) from error
    return folder / _DATABASE


def _prepare(database: Path, networks: tuple[str, ...]) -> None:
    store = Store(database)
    _check(store, database.name)
    DocumentTables(store).forget_embeddings()
    LedgerTables(store, DraftTables(store)).doubt_unsent(networks)
    store.db.execute("pragma journal_mode = delete")  # one file, without a log beside it that could be left behind
    store.close()


def _check(store: Store, name: str) -> None:
    if store.value("pragma integrity_check") != "ok":
        raise InputError(f"The database in the backup {name} is damaged.", "Try another backup.")
    _refuse_foreign(store, name)


def _refuse_foreign(store: Store, name: str) -> None:
    """A trigger or view acts on its own: one that is not Earshot's could approve every draft."""
    ours, theirs = build_schema().build_shape(), read_shape(store.db.conn)
    for kind, called in sorted(ours.keys() | theirs.keys()):
        found, wanted = (shape.get((kind, called)) for shape in (theirs, ours))
        is_same = bool(found and wanted) if kind == "table" else found == wanted
        if kind != "index" and not is_same:
            raise InputError(f"In the backup {name} the {kind} {called} is not Earshot's.", "Nothing was changed.")


def _swap(fresh: Path, home: Path) -> Path | None:
    current = home / _DATABASE
    kept = _find_free_name(home / f"{_DATABASE}.before-restore") if current.exists() else None
    if kept:
        # With its log beside it, and unopened: the database may be damaged, which is why people restore.
        for ending in ("", "-wal", "-shm"):
            if Path(f"{current}{ending}").exists():
                os.replace(f"{current}{ending}", f"{kept}{ending}")
    os.replace(fresh, current)
    return kept


def _find_free_name(path: Path) -> Path:
    number = 1
    while path.exists():
        number += 1
        path = path.with_name(f"{path.name.rstrip('0123456789-')}-{number}")
    return path


def _nobody_runs(home: Path) -> FileLock:
    lock = FileLock(home / "run.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise InputError(f"Earshot is running on {home}.", "Stop earshot run first, then restore.") from error
    return lock
