"""Tables of what was uploaded to Slack, so that a file is there once, and under which id."""

from dataclasses import dataclass
from datetime import datetime

from assistant.core.database import Store, to_text


@dataclass(frozen=True)
class Upload:
    """A file that was begun: without `is_done` nobody knows whether Slack has all of it."""

    file_id: str
    is_done: bool


class UploadTables:
    """Reads and writes uploads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, upload_key: str) -> Upload | None:
        """Find the progress of the upload with this key."""
        row = self._store.row("select file_id, is_done from uploads where upload_key = ?", upload_key)
        return Upload(row["file_id"], bool(row["is_done"])) if row else None

    def note_begun(self, upload_key: str, file_id: str, now: datetime) -> None:
        """Slack gave a file id, before its bytes leave; an earlier try that came to nothing is forgotten."""
        sql = "insert or replace into uploads (upload_key, file_id, is_done, begun_at) values (?, ?, 0, ?)"
        self._store.change(sql, upload_key, file_id, to_text(now))

    def note_done(self, upload_key: str) -> None:
        """Slack has the whole file."""
        self._store.change("update uploads set is_done = 1 where upload_key = ?", upload_key)
