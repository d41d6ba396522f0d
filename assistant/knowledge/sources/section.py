"""What every section of sources.yaml has."""

import re
from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from assistant.core.yaml_fields import SettingsSection
from assistant.domain import Audience

_EVERY = re.compile(r"(\d{1,4}) ?(minute|hour|day)s?")
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=7)


def _read_every(value: str) -> str:
    found = _EVERY.fullmatch(value)
    if not found or not _SHORTEST <= timedelta(**{f"{found[2]}s": int(found[1])}) <= _LONGEST:
        raise ValueError("must be a time such as 10 minutes, 2 hours or 1 day")
    return value


Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Every = Annotated[str, AfterValidator(_read_every)]


class SourceSection(SettingsSection):
    """What every source has: its name, who may read its documents, and how often it is looked at."""

    keys: ClassVar[tuple[str, ...]] = ()
    kind: str
    name: Name
    audience: Audience | None = None
    every: Every = "10 minutes"

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return ""

    @property
    def pause(self) -> timedelta:
        """The time between two readings."""
        found = _EVERY.fullmatch(self.every)
        return timedelta(**{f"{found[2]}s": int(found[1])}) if found else _SHORTEST

    @property
    def rule(self) -> str:
        """What its documents are read by: with another one all of them are read anew."""
        return self.model_dump_json(exclude={"every", "name"})
