"""The names of those who alone may read a document: user groups by id or handle, and e-mail addresses."""

import re
from collections.abc import Mapping

from assistant.domain import ReaderSet

_GROUP_ID = re.compile(r"S[A-Z0-9]{5,20}")
_NAME = re.compile(r"[A-Za-z0-9][\w.+-]*(?:@[\w-]+(?:\.[\w-]+)+)?")


def read_name(written: str) -> str:
    """A name as it is compared. Raises ValueError for what can be none."""
    name = written.strip().removeprefix("@")
    if not _NAME.fullmatch(name):
        raise ValueError("must be a user group, such as S012ABC345 or @people-team, or an e-mail address")
    return name if _GROUP_ID.fullmatch(name) else name.lower()


def find_readers(marks: Mapping[str, object]) -> ReaderSet | None:
    """The readers that a page names itself, None where it says nothing of them; what is no name is nobody's."""
    said = marks.get("readers")
    if said is None:
        return None
    written = said if isinstance(said, list | tuple) else str(said).split(",")
    return ReaderSet((tuple(filter(None, map(_try_name, written))),))


def _try_name(written: object) -> str:
    try:
        return read_name(str(written))
    except ValueError:
        return ""
