"""What every section of sources.yaml has."""

import re
from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field

from assistant.core.yaml_fields import SettingsSection
from assistant.domain import Audience
from assistant.knowledge.ingest.reader_names import read_name

_EVERY = re.compile(r"(\d{1,4}) ?(minute|hour|day)s?")
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=7)


def _read_every(value: str) -> str:
    found = _EVERY.fullmatch(value)
    if not found or not _SHORTEST <= timedelta(**{f"{found[2]}s": int(found[1])}) <= _LONGEST:
        raise ValueError("must be a time such as 10 minutes, 2 hours or 1 day")
    return value


def _split_names(value: object) -> object:
    return value.split(",") if isinstance(value, str) else value


def _refuse_sets(value: Audience) -> Audience:
    if value.set_names:
        raise ValueError("must be public or internal")
    return value


Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Every = Annotated[str, AfterValidator(_read_every)]
ReaderNames = Annotated[
    tuple[Annotated[str, AfterValidator(read_name)], ...],
    Field(min_length=1, max_length=200),
    BeforeValidator(_split_names),
]


class SourceSection(SettingsSection):
    """What every source has: its name, who may read its documents, and how often it is looked at.

    `readers` narrow the audience for all of its documents, `folders` for those below a path.
    """

    keys: ClassVar[tuple[str, ...]] = ()
    kind: str
    name: Name
    audience: Annotated[Audience, AfterValidator(_refuse_sets)] | None = None
    readers: ReaderNames | None = None
    folders: dict[str, ReaderNames] | None = None
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
        without = {name for name in ("readers", "folders") if getattr(self, name) is None}
        return self.model_dump_json(exclude={"every", "name", *without})

    def find_readers(self, document_id: str) -> tuple[tuple[str, ...], ...]:
        """The lists that all must name somebody who may read a document: the source's, and each folder's above it."""
        folders = (self.folders or {}).items()
        within = (names for folder, names in folders if is_within(document_id, folder))
        return (*([self.readers] if self.readers else []), *within)


def is_within(document_id: str, folder: str) -> bool:
    """Return whether a document is this one, or lies below it; in whatever case, as some disks know none."""
    path, above = document_id.lower(), folder.strip("/").lower()
    return not above or path == above or path.startswith(f"{above}/")
