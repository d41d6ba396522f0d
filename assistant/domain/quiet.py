"""The hours in which nobody wants to be disturbed."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class QuietHours:
    """From one local time to another, over midnight where the second is the earlier; equal ones are no hours at all."""

    begins: time
    ends: time
    zone: ZoneInfo

    def contains(self, moment: datetime) -> bool:
        """Whether an aware moment lies within."""
        local = moment.astimezone(self.zone).time()
        if self.begins <= self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends


def read_quiet_hours(text: str, zone: ZoneInfo) -> QuietHours:
    """`22:00-07:00` as hours; empty text means none. Raises ValueError that says what is wrong."""
    if not text.strip():
        return QuietHours(time(), time(), zone)
    found = _SPAN.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError
        return QuietHours(time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4])), zone)
    except ValueError as error:
        raise ValueError("write it like 22:00-07:00") from error
