"""Backups by schedule: each is tried out before it counts, the latest so many are kept, here or in an object store."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.app import Assistant
from assistant.errors import ConfigError, StoreError
from assistant.service.backup import verify_backup, write_backup

LAST_BACKUP = "last_backup"
_NAME = re.compile(r"earshot-\d{8}T\d{6}Z\.zip")
_UNFINISHED = ".unfinished"
_log = logging.getLogger(__name__)


class BackupFolder:
    """The folder or address that BACKUP_FOLDER names."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def make(self, due_at: datetime) -> str:
        """Make one, restore it into a temporary home, keep it, and remove those that are too many; returns its name.

        Raises StoreError when the folder cannot be written to, InputError for a backup that would not restore: then
        all that were there stay.
        """
        settings = self._assistant.settings
        name = f"earshot-{due_at.astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"
        settings.earshot_home.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=settings.earshot_home, prefix="backup-") as room:
            file = Path(room) / name
            size = write_backup(self._assistant, file)
            verify_backup(file)
            with self._open() as (files, root):
                files.put_file(str(file), f"{root}/{name}{_UNFINISHED}")
                files.mv(f"{root}/{name}{_UNFINISHED}", f"{root}/{name}")
                for old in self._list(files, root)[: -settings.backup_keep]:
                    files.rm_file(f"{root}/{old}")
        self._assistant.slack.service_facts.note(LAST_BACKUP, name, self._assistant.clock())
        _log.info("backup %s made and tried out, %.1f MB", name, size / 1e6)
        return name

    def list_names(self) -> list[str]:
        """The names of those that are there, the oldest first. Raises StoreError, ConfigError."""
        with self._open() as (files, root):
            return self._list(files, root)

    def find_last(self) -> datetime | None:
        """When the last one was made."""
        fact = self._assistant.slack.service_facts.find(LAST_BACKUP)
        return datetime.fromisoformat(fact[1]) if fact else None

    def _list(self, files: Any, root: str) -> list[str]:
        names = (str(path).rpartition("/")[2] for path in files.ls(root, detail=False, refresh=True))
        return sorted(name for name in names if _NAME.fullmatch(name))

    @contextmanager
    def _open(self) -> Iterator[tuple[Any, str]]:
        """The file system and the path in it; its errors are told plainly, without the address: it may hold a key."""
        place = self._assistant.settings.backup_folder
        if not place:
            raise ConfigError("BACKUP_FOLDER is not set.", "Name a folder on another disk, or an address as s3://…")
        hint = "Check BACKUP_FOLDER, its rights and its network."
        try:
            import fsspec

            files, root = fsspec.core.url_to_fs(str(Path(place).expanduser()) if "://" not in place else place)
            files.makedirs(root, exist_ok=True)
            yield files, root.rstrip("/")
        except ImportError as error:
            raise ConfigError(
                f"BACKUP_FOLDER needs one more package: {error}.", "pip install 'earshot[objects]'"
            ) from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise StoreError(f"The backup folder cannot be used: {reason}.", hint) from error
