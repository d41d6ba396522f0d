"""Notes the audit's last hash once a day, in a channel or in a file."""

from datetime import datetime

from assistant.core.anchor import find_channel, note_head
from assistant.core.home import Home
from assistant.slack.client.blocks import build_section
from assistant.slack.client.poster import Poster


class AnchorFlow:
    """Writes to where AUDIT_ANCHOR says, where it says anything."""

    def __init__(self, home: Home, posting: Poster) -> None:
        self._home = home
        self._posting = posting

    def note(self, due_at: datetime) -> None:
        """Note it for this day; once in a channel, however often it is tried."""
        place, head = self._home.settings.audit_anchor, self._home.audit.find_head()
        if not place or not head:
            return
        number, digest = head
        channel = find_channel(place)
        if not channel:
            note_head(place, due_at, number, digest)
            return
        day = due_at.astimezone(self._home.settings.zone).date()
        told = f"Audit, {day}: {number:,} decisions are logged. The last hash is `{digest}`"
        self._posting.post_once(f"audit:{day}", channel, told, [build_section(told)])
