"""Replies to imported posts: one JSON line each in the outbox file, from where another tool takes them."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.domain import Mention
from assistant.errors import OPERATOR, NetworkError
from assistant.listening.networks.base.protocol import SentReply


class OutboxSender:
    """Appends to `path`. Sending the same key twice writes one line."""

    def __init__(self, path: Path, now: Any) -> None:
        self._path = path
        self._now = now

    def send(self, mention: Mention, text: str, send_key: str) -> SentReply:
        """Append the reply and make sure it is on the disk. Raises NetworkError when it is not."""
        moment: datetime = self._now()
        line = {
            "send_key": send_key,
            "mention_id": mention.mention_id,
            "in_reply_to": mention.external_id,
            "text": text,
            "sent_at": moment.isoformat(),
        }
        try:
            self._drop_torn_line()
            if self.find(mention, send_key) is None:
                self._append(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            hint = "Free some space or fix the folder's permissions; then: earshot review resume"
            raise NetworkError(
                f"The outbox {self._path.name} cannot be written: {error.strerror}.", hint, in_slack=OPERATOR
            ) from error
        return SentReply(send_key)

    def find(self, mention: Mention, send_key: str) -> SentReply | None:
        """Return whether a whole line with this key is there; half a line, from a crash, counts as none."""
        try:
            lines = self._path.read_bytes().split(b"\n")[:-1] if self._path.exists() else []
        except OSError as error:
            raise NetworkError(f"The outbox {self._path.name} cannot be read: {error.strerror}.") from error
        is_there = any(self._read_key(line) == send_key for line in lines if line.strip())
        return SentReply(send_key) if is_there else None

    def _read_key(self, line: bytes) -> str:
        try:
            return str(json.loads(line)["send_key"])
        except (ValueError, TypeError, KeyError) as error:
            hint = "Another program changed it: fix or move the file; then: earshot review resume"
            raise NetworkError(
                f"The outbox {self._path.name} has a line that is no reply of ours.", hint, in_slack=OPERATOR
            ) from error

    def _append(self, line: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def _drop_torn_line(self) -> None:
        content = self._path.read_bytes() if self._path.exists() else b""
        if content and not content.endswith(b"\n"):
            os.truncate(self._path, content.rfind(b"\n") + 1)
